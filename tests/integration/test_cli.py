"""The commands in one process: what they refuse before anything is started, and what the doctor finds."""

import base64
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from typer.core import TyperOption
from typer.testing import CliRunner

from scanner.app import App
from scanner.cli.main import app, commands
from scanner.jobs.leased import LeasedQueue
from scanner.model.job import Job, JobKind, JobState
from scanner.model.release import Release, ReleaseOrigin
from scanner.model.verdict import Outcome
from scanner.pipeline.orders import summarize_job, sync_job
from scanner.settings import load
from tests.report_builders import a_report


def newest_revision() -> str:
    """The number of the newest migration, as its file is named."""
    files = (Path(__file__).parents[2] / "scanner/store/migrations/versions").glob("0*.py")
    return max(file.name[:4] for file in files)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROSSWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CROSSWALK_READERS", "1")
    return tmp_path / "home"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def refused(*command: str, code: int = 2) -> str:
    """What a command says that must refuse a setting, or what it is asked for."""
    done = CliRunner().invoke(app, command)
    assert done.exit_code == code, (done.stderr, done.exception)
    assert done.stdout == ""
    return done.stderr


def test_a_port_in_use_is_refused_before_anything_starts(
    home: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSWALK_PORT", str(taken))
    assert refused("serve") == f"error: Set CROSSWALK_PORT to a free port; {taken} on 127.0.0.1 is in use.\n"
    assert not (home / "outbox").exists()


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "a..b"])
def test_a_host_that_is_not_this_machine_is_refused(home: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_PORT", "0")
    monkeypatch.setenv("CROSSWALK_HOST", host)
    said = refused("serve")
    assert said.startswith("error: Set CROSSWALK_HOST to an address of this machine")
    assert f"'{host}' is none." in said
    assert home.exists()


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/below", "/proc/nowhere"])
@pytest.mark.parametrize("command", ["serve", "worker", "sync"])
def test_a_home_that_cannot_be_is_one_sentence(place: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", place)
    assert refused(command).startswith(f"error: Set CROSSWALK_HOME to a folder that can be written to; {place} cannot")


@pytest.mark.parametrize("command", [["sync"], ["serve"], ["clauses", "check"], ["clauses", "show"], ["scan", "."]])
def test_a_folder_without_packs_is_refused_everywhere(
    home: Path, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("/nowhere", str(tmp_path)):
        monkeypatch.setenv("CROSSWALK_CLAUSES", folder)
        said = refused(*command)
        assert said.startswith(f"error: {folder}: there is no clause pack (*.yaml) here; set CROSSWALK_CLAUSES to")
    assert not home.exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GOOGLE_TOKEN_URL", "http://example.com/token"), ("VAULT_KEY", base64.b64encode(b"short").decode())],
)
@pytest.mark.parametrize("command", ["serve", "worker", "schedule", "sync"])
@pytest.mark.usefixtures("home")
def test_what_the_connector_cannot_use_is_refused_before_anything_starts(
    variable: str, value: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CROSSWALK_{variable}", value)
    assert f"Set CROSSWALK_{variable} to" in refused(command)


@pytest.mark.usefixtures("home")
def test_a_password_in_the_clear_is_refused_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "mail.example.com"), ("SECURITY", "none"), ("USER", "anna")):
        monkeypatch.setenv(f"CROSSWALK_SMTP_{name}", value)
    assert "Set CROSSWALK_SMTP_SECURITY to starttls or tls" in refused("worker")


@pytest.mark.usefixtures("home")
def test_a_misspelt_variable_is_named_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_SLOT", "2")
    done = CliRunner().invoke(app, ["clauses", "check"])
    assert done.exit_code == 0
    assert "warning: CROSSWALK_SLOT is no setting of Crosswalk; did you mean CROSSWALK_SLOTS?\n" in done.stderr


def test_the_demo_refuses_a_port_in_use_and_a_folder_that_it_cannot_write(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").write_text("a file where the demo wants a folder")
    assert "Set --port to a free port" in refused("demo", "--port", str(taken))
    assert "Start the demo in a folder that you can write to" in refused("demo")


def found(**environment: str) -> dict[str, tuple[str, str]]:
    """What the doctor finds, by what it looked at."""
    done = CliRunner().invoke(app, ["doctor", "--format", "json"], env=environment)
    rows: list[dict[str, str]] = json.loads(done.stdout)
    assert {tuple(row) for row in rows} == {("looked_at", "state", "what")}
    assert done.exit_code == any(row["state"] != "fine" for row in rows)
    return {row["looked_at"]: (row["state"], row["what"]) for row in rows}


@pytest.mark.usefixtures("home")
def test_the_doctor_calls_the_mail_server() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    state, said = found(CROSSWALK_SMTP_HOST="127.0.0.1", CROSSWALK_SMTP_PORT=port)["email"]
    assert state == "not fine"
    assert "cannot be reached" in said
    state, said = found(CROSSWALK_SMTP_HOST="nowhere.invalid")["email"]
    assert (state, said) == (
        "not fine",
        "nowhere.invalid:587 is no host that is known here: set CROSSWALK_SMTP_HOST",
    )


@pytest.mark.usefixtures("home")
def test_the_doctor_finds_a_server_fine_that_takes_mail_and_sends_none() -> None:
    mailbox: list[Any] = []

    class Box:
        async def handle_DATA(self, _: object, __: object, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
            mailbox.append(envelope)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    where = {"CROSSWALK_SMTP_HOST": "127.0.0.1", "CROSSWALK_SMTP_PORT": str(port)}
    try:
        plain = found(**where, CROSSWALK_SMTP_SECURITY="none")["email"]
        secured = found(**where)["email"]
    finally:
        server.stop()
    assert plain == ("fine", f"127.0.0.1:{port} takes mail (none)")
    assert secured[0] == "not fine"
    assert "cannot do STARTTLS: set CROSSWALK_SMTP_SECURITY" in secured[1]
    assert mailbox == []


class Broken(Exception):
    """A failure for good."""

    transient = False


def run_jobs(crosswalk: App, *, well: bool) -> None:
    from threading import Event

    def handle(_: Job, __: object) -> None:
        if not well:
            raise Broken("The mail server was away.")

    kinds = dict.fromkeys((JobKind.SUMMARIZE, JobKind.SCAN, JobKind.SYNC), handle)
    crosswalk.queue.work(kinds, gave_up=lambda *_: None, until_idle=True, stop=Event())


@pytest.mark.usefixtures("home")
def test_the_doctor_counts_failed_jobs_until_something_made_them_good() -> None:
    crosswalk = App(load())
    for _ in range(2):
        crosswalk.queue.enqueue([summarize_job("mine", priority=sync_job("mine").priority)])
        run_jobs(crosswalk, well=False)
    failed = crosswalk.queue.list(states=[JobState.FAILED])
    assert found()["queue"] == (
        "not fine",
        (
            f"2 jobs failed and nothing made them good since. summarize (job {failed[0].id}): The mail server was "
            "away. `crosswalk jobs retry --failed` queues them again."
        ),
    )
    done = CliRunner().invoke(app, ["jobs", "retry", "--failed"])
    assert "queued again" in done.stderr
    run_jobs(crosswalk, well=True)
    assert found()["queue"] == ("fine", "no job has failed that was not made good since")
    crosswalk.close()


def lines(*command: str, code: int = 0) -> list[dict[str, Any]]:
    """What a command prints for programs."""
    done = CliRunner().invoke(app, [*command, "--format", "jsonl"])
    assert done.exit_code == code, (done.stderr, done.exception)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def product(home: Path) -> Path:
    """A connection whose product no document has named yet."""
    crosswalk = App(load())
    crosswalk.connected(connection_id="mine", subject="s", email="owner@example.org")
    crosswalk.close()
    return home


@pytest.mark.usefixtures("product")
def test_a_release_needs_a_version_and_a_product() -> None:
    assert "Name the version" in refused("release", "add", " ", "--product", "Monitor")
    assert "name it with --product" in refused("release", "add", "4.3.0")
    assert lines("release", "list") == []
    row = {"product": "Monitor", "version": "4.3.0", "date": "2026-11-20", "source": "added by hand"}
    added = lines("release", "add", "4.3.0", "--product", "Monitor", "--date", "2026-11-20")
    assert added == [{**row, "state": "new"}]
    assert lines("release", "add", "4.3.0") == [{**row, "date": "", "state": "known"}]
    assert lines("release", "list") == [{**row, "state": "confirmed"}]


@pytest.mark.usefixtures("product")
def test_a_release_that_was_found_is_confirmed_or_refused() -> None:
    crosswalk = App(load())
    with crosswalk.store.transaction() as unit:
        (target,) = unit.products.of_connection("mine")
        for version in ("4.2.0", "4.3.0"):
            release = Release(
                product="", version=version, released_on=None, source="release record: x", origin=ReleaseOrigin.RECORD
            )
            unit.products.released(target.id, release, now=crosswalk.now())
    crosswalk.close()
    assert "No release 9.9 waits" in refused("release", "confirm", "9.9", code=1)
    assert CliRunner().invoke(app, ["release", "refuse", "4.2.0"]).exit_code == 0
    assert CliRunner().invoke(app, ["release", "confirm", "4.3.0"]).exit_code == 0
    assert [(one["version"], one["state"]) for one in lines("release", "list")] == [
        ("4.2.0", "refused"),
        ("4.3.0", "confirmed"),
    ]


UNTIL = (datetime.now(UTC).date() + timedelta(days=300)).isoformat()
DECIDED = ("--reason", "The log-in comes with 4.4.", "--by", "Mara Voss", "--until", UNTIL)


@pytest.mark.usefixtures("product")
def test_a_decision_on_a_constraint_is_made_listed_and_ended() -> None:
    (made,) = lines("waiver", "add", "account-management", *DECIDED, "--not-applicable")
    assert made == {
        "id": 1,
        "constraint": "account-management",
        "decision": "not applicable",
        "until": UNTIL,
        "state": "in force",
        "by": "Mara Voss",
        "reason": "The log-in comes with 4.4.",
    }
    assert lines("waiver", "list") == [made]
    assert CliRunner().invoke(app, ["waiver", "end", "1"]).exit_code == 0
    assert "not known, or ended before" in refused("waiver", "end", "1", code=1)
    assert lines("waiver", "list") == [{**made, "state": "ended"}]


@pytest.mark.usefixtures("product")
def test_a_decision_needs_a_constraint_a_reason_a_name_and_a_day_to_come() -> None:
    assert "There are: secure-operation" in refused("waiver", "add", "rubbish", *DECIDED)
    assert "Say why" in refused("waiver", "add", "residual-risks", *DECIDED[2:], "--reason", " ")
    past = (*DECIDED[:4], "--until", "2020-01-01")
    assert "2020-01-01 is past" in refused("waiver", "add", "residual-risks", *past)
    assert "is the last day that can be named" in refused(
        "waiver", "add", "residual-risks", *DECIDED[:4], "--until", "2099-12-31"
    )
    assert "applies to every product" in refused("waiver", "add", "residual-risks", *DECIDED, "--not-applicable")
    assert lines("waiver", "list") == []


@pytest.mark.usefixtures("product")
def test_objections_are_listed_for_programs_and_withdrawn() -> None:
    crosswalk = App(load())
    with crosswalk.store.transaction() as unit:
        ((product, *_),) = [unit.products.of_connection(one.id) for one in unit.connections.all()]
        unit.reports.add(product.id, a_report(), worth_telling=True)
    said = {"claimed": Outcome.MISSING, "reason": "Page 4 says it.", "by": "anna@maker.example"}
    crosswalk.people.objecting.object(product.id, "account-management", clause="iec-81001-5-1/5.8.2", **said)  # type: ignore[arg-type]  # of several types
    crosswalk.close()
    (one,) = lines("objections", "list")
    assert {key: one[key] for key in ("constraint", "file", "given", "claimed", "reason", "by", "state")} == {
        "constraint": "account-management",
        "file": "",
        "given": "satisfied",
        "claimed": "missing",
        "reason": "Page 4 says it.",
        "by": "anna@maker.example",
        "state": "stands",
    }
    assert all(one[key] for key in ("revision", "pack", "judge", "made"))
    assert CliRunner().invoke(app, ["objections", "withdraw", "1"]).exit_code == 0
    assert "is not known, or was withdrawn before" in refused("objections", "withdraw", "1", code=1)
    assert lines("objections", "list") == [{**one, "state": "withdrawn"}]


@pytest.mark.usefixtures("product")
def test_a_hook_shows_its_secret_once_and_ends() -> None:
    (made,) = lines("hook", "add", "github")
    assert made["address"].endswith(f"/hooks/{made['id']}")
    assert made["id"].isalnum()  # with a dash in front it would be an option, of which no command knows
    (listed,) = lines("hook", "list")
    assert (listed["id"], listed["kind"], listed["last_heard"]) == (made["id"], "GitHub", "never")
    assert made["secret"] not in str(listed)
    assert CliRunner().invoke(app, ["hook", "end", made["id"]]).exit_code == 0
    assert "is not known" in refused("hook", "end", made["id"], code=1)


@pytest.mark.usefixtures("product")
def test_a_sync_that_failed_says_so_to_programs_too() -> None:
    (row,) = lines("sync", code=1)
    assert list(row) == ["sync", "status", "reason", "listed", "calls", "to_scan", "removed", "candidates"]
    assert (row["status"], row["candidates"]) == ("failed", [])
    assert "Connect Google Drive again" in row["reason"]


@pytest.mark.usefixtures("home")
def test_packs_that_were_checked_are_listed_for_programs() -> None:
    (row,) = lines("clauses", "check")
    assert (row["pack"], row["state"], row["constraints"]) == ("iec-81001-5-1/5.8.2", "fine", 10)


def test_the_version_is_told() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"crosswalk {metadata.version('crosswalk')}\n")


def ends(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = (
        {name: command.get_command(None, name) for name in command.list_commands(None)}
        if hasattr(command, "list_commands")
        else {}
    )
    for name, each in inner.items():
        yield from ends(each, (*path, name))
    if not inner:
        yield path, command


HELPED = dict(ends(commands()))


@pytest.mark.parametrize("path", HELPED, ids=" ".join)
def test_every_command_teaches_with_an_example_and_names_its_values(path: tuple[str, ...]) -> None:
    command = HELPED[path]
    assert f"crosswalk {' '.join(path)}" in f"{command.help} {command.epilog}"
    options = command.get_params(command.make_context(path[-1], [], resilient_parsing=True))
    unnamed = [each for each in options if isinstance(each, TyperOption) and each.metavar is None]
    assert all(each.type_descriptor.is_choice for each in unnamed)  # their values are listed instead
    assert {each.metavar for each in options if isinstance(each, TyperOption) and each.is_flag} == {""}


@pytest.mark.usefixtures("home")
def test_the_doctor_says_when_nobody_takes_what_is_due() -> None:
    early = datetime.now(UTC) - timedelta(hours=1)
    crosswalk = App(load(), now=lambda: early)
    assert isinstance(crosswalk.queue, LeasedQueue)
    LeasedQueue(crosswalk.database, now=lambda: early).enqueue([sync_job("mine")])
    crosswalk.close()
    assert found()["worker"] == (
        "not fine",
        "the oldest of 1 job has waited for 60 minutes and none runs: start a worker (`crosswalk worker`)",
    )


@pytest.mark.usefixtures("home")
def test_the_doctor_looks_at_disk_database_and_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = found()
    assert seen["disk"][0] == "fine"
    assert "GB free at" in seen["disk"][1]
    assert seen["database"] == ("fine", f"SQLite; its schema is up to date ({newest_revision()})")
    assert seen["clock"] == ("fine", "there is no other one here to hold it against")
    monkeypatch.setattr("tempfile.tempdir", "/proc")  # a place without any room
    state, said = found()["disk"]
    assert state == "not fine"
    assert said.startswith("make room at /proc, or move it: CROSSWALK_HOME and TMPDIR say where.")


class Late(BaseHTTPRequestHandler):
    """A Google whose clock is two minutes behind."""

    def do_HEAD(self) -> None:
        self.send_response_only(200)
        self.send_header("Date", formatdate(time.time() - 120, usegmt=True))
        self.end_headers()


@pytest.mark.usefixtures("home")
def test_the_doctor_holds_the_clock_against_googles() -> None:
    with HTTPServer(("127.0.0.1", 0), Late) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        root = f"http://127.0.0.1:{server.server_port}"
        names = ("API_ROOT", "AUTH_URL", "TOKEN_URL", "REVOKE_URL", "CERTS_URL")
        client = {"CROSSWALK_GOOGLE_CLIENT_ID": "id", "CROSSWALK_GOOGLE_CLIENT_SECRET": "s"}
        state, said = found(**client, **{f"CROSSWALK_GOOGLE_{name}": root for name in names})["clock"]
        server.shutdown()
        thread.join()
    assert state == "not fine"
    assert re.fullmatch(r"it is 1(19|20|21) s ahead of Google: let the machine keep time \(timedatectl.*", said)


@pytest.mark.usefixtures("home")
def test_the_doctor_calls_google_where_a_client_is_set() -> None:
    client = {"CROSSWALK_GOOGLE_CLIENT_ID": "id", "CROSSWALK_GOOGLE_CLIENT_SECRET": "s"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{probe.getsockname()[1]}"
    names = ("API_ROOT", "AUTH_URL", "TOKEN_URL", "REVOKE_URL", "CERTS_URL")
    state, said = found(**client, **{f"CROSSWALK_GOOGLE_{name}": f"{closed}/x" for name in names})["Google client"]
    assert (state, said) == (
        "not fine",
        f"{closed} does not answer (ConnectionError): let this machine reach it, or set CROSSWALK_GOOGLE_API_ROOT",
    )
