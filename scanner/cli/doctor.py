"""doctor: what works on this machine and what does not, with the one thing to do about it."""

import os
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import typer

from scanner.app import App
from scanner.clauses.load import load_packs
from scanner.cli.console import Format, FormatOption, plainly
from scanner.cli.machine import Finding, clock, disk, waiting
from scanner.cli.rows import print_rows
from scanner.extract.base import Unreadable
from scanner.model.display import counted, shown
from scanner.model.job import Job, JobKind
from scanner.notify.email import Email
from scanner.notify.server import smtp_of
from scanner.parts import asker_of, reader
from scanner.settings import Settings, load, unknown

SMTP_SECONDS = 10.0  # without an answer


@plainly
def doctor(output: FormatOption = Format.TABLE) -> None:
    """Look at settings, disk, packs, readers, database, clock, queue, vault, Google, email and language model.

    The mail server is called as far as the sign-in, and no mail is sent. Exit code 1 when something is not fine.
    """
    settings = load()
    findings = [
        _variables(),
        _try("disk", lambda: disk(settings)),
        _try("clause packs", lambda: _packs(settings)),
        _try("readers", lambda: _readers(settings)),
        *_assembled(settings),
        _try("email", lambda: _email(settings)),
        _try("language model", lambda: _model(settings)),
    ]
    print_rows(
        [
            {"looked at": one.what, "state": "fine" if one.fine else "not fine", "what": shown(one.said)}
            for one in findings
        ],
        output,
    )
    if not all(one.fine for one in findings):
        raise typer.Exit(1)


def _variables() -> Finding:
    said = " ".join(unknown(os.environ))
    return Finding(what="settings", fine=not said, said=said or "each can be used, and none is unknown")


def _packs(settings: Settings) -> Finding:
    packs = load_packs(settings.clause_folder)
    return Finding(what="clause packs", fine=True, said=", ".join(pack.id for pack in packs))


def _readers(settings: Settings) -> Finding:
    try:
        with reader(settings) as pool:
            document = pool.extract(BytesIO(b"Crosswalk reads this sentence."), name="doctor.txt")
    except (Unreadable, OSError) as error:
        return Finding(what="readers", fine=False, said=f"a one-line text could not be read: {error}")
    return Finding(what="readers", fine=document.words == 4, said="an isolated process reads a text")


def _assembled(settings: Settings) -> list[Finding]:
    try:
        app = App(settings)
    except Exception as error:  # noqa: BLE001 -- the doctor says what is wrong instead of stopping at it
        return [Finding(what="database", fine=False, said=str(error))]
    try:
        return [
            Finding(what="database", fine=True, said=_database(app)),
            _try("clock", lambda: clock(app)),
            _try("connections", lambda: _connections(app)),
            _try("queue", lambda: _queue(app)),
            _try("worker", lambda: waiting(app)),
            _try("vault", lambda: _vault(app)),
            _try("Google client", lambda: _google(app)),
        ]
    finally:
        app.close()


def _try(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 -- the doctor says what is wrong instead of stopping at it
        return Finding(what=what, fine=False, said=str(error))


def _database(app: App) -> str:
    schema, kind = app.database.schema(), "SQLite" if app.database.is_sqlite else "PostgreSQL"
    if schema.newer:
        return f"{kind}; its schema ({schema.here}) is of a newer Crosswalk and serves this one ({schema.ours}) too"
    return f"{kind}; its schema is up to date ({schema.here})"


def _connections(app: App) -> Finding:
    with app.store.reading() as unit:
        known = unit.connections.all()
    lost = [one for one in known if one.state_because]
    said = "; ".join(f"{shown(one.email)}: {one.state_because}" for one in lost) or f"{len(known)} can be read"
    return Finding(what="connections", fine=not lost, said=said)


def _queue(app: App) -> Finding:
    """A scan that failed is left out: its file stands in the report as one that could not be checked."""
    failed = [job for job in app.queue.unhealed() if job.kind is not JobKind.SCAN]
    if not failed:
        return Finding(what="queue", fine=True, said="no job has failed that was not made good since")
    newest: dict[str, Job] = {}
    for job in failed:
        newest.setdefault(job.key, job)
    said = "; ".join(f"{job.kind.value} (job {job.id}): {job.error.rstrip('.')}" for job in newest.values())
    jobs = counted(len(failed), "job")
    told = f"{jobs} failed and nothing made them good since. {said}. `crosswalk jobs retry --failed` queues them again."
    return Finding(what="queue", fine=False, said=told)


def _vault(app: App) -> Finding:
    state = app.connector.vault()
    if state.unopened:
        said = f"no key opens the consent of {', '.join(state.unopened)}: put back the key that sealed it"
        return Finding(what="vault", fine=False, said=said)
    spare = [key.name for key in state.keys[1:] if not key.tokens]
    held = sum(key.tokens for key in state.keys)
    said = f"{held} consents open" + (f"; no longer needed: {', '.join(spare)} (`crosswalk vault`)" if spare else "")
    return Finding(what="vault", fine=True, said=said)


def _google(app: App) -> Finding:
    account = app.connector.service_account
    ready = ["an OAuth client"] if app.connector.configured else []
    ready += [f"the service account {account}"] if account else []
    if ready:
        silent = "; ".join(app.connector.unreachable())
        said = silent or f"set: {' and '.join(ready)}; Google answers"
        return Finding(what="Google client", fine=not silent, said=said)
    said = "set CROSSWALK_GOOGLE_CLIENT_ID and CROSSWALK_GOOGLE_CLIENT_SECRET (README, Your own Drive)"
    return Finding(what="Google client", fine=False, said=said)


def _email(settings: Settings) -> Finding:
    server = smtp_of(settings)
    if server is None:
        said = f"no SMTP host is set: emails are written to {settings.outbox}"
        return Finding(what="email", fine=True, said=said)
    quick = replace(server, timeout=SMTP_SECONDS)
    return Finding(what="email", fine=True, said=Email(quick, sender=settings.smtp_from).check())


def _model(settings: Settings) -> Finding:
    asker = asker_of(settings)
    if asker is None:
        return Finding(
            what="language model", fine=True, said="off: the rules judge alone, and no text leaves this process"
        )
    because = asker.unreachable()
    said = f"it {because}: until it answers, the rules judge alone. " if because else "it answers. "
    return Finding(what="language model", fine=not because, said=said + asker.address.where)
