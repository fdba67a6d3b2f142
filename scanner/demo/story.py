"""The demo: an invented company's Drive goes in, a gap summary comes out; then a night passes and drift is told."""

import os
import shutil
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from rich.console import Console
from rich.rule import Rule

from scanner import web
from scanner.app import App
from scanner.demo.company.build import Change, PutItem, build_seed, second_night
from scanner.demo.google import DemoError, LocalGoogle, local_google
from scanner.demo.show import show_candidates, show_coverage, show_next, show_scan, show_sent
from scanner.model.gap import GapReport
from scanner.report.registry import FORMATS
from scanner.settings import PREFIX, Settings, SettingsError, load
from scanner.verbs import Verbs

HOME = Path("var/demo")


@contextmanager
def _sealed_off() -> Iterator[None]:
    """Take every setting out of the environment: nothing of a person's own database, mail or Google may come in."""
    held = {name: os.environ.pop(name) for name in tuple(os.environ) if name.upper().startswith(PREFIX)}
    try:
        yield
    finally:
        os.environ.update(held)


@_sealed_off()
def run(*, serve: bool, port: int, home: Path = HOME, console: Console | None = None) -> tuple[GapReport, ...]:
    """Tell the story and return the reports of its two nights. Raises DemoError, or SettingsError before it begins."""
    with web.listening("127.0.0.1", port, port_is_set_by="--port") as listener:
        _make_anew(home)
        return _tell(console or Console(highlight=False), home, listener, serve=serve)


def _tell(console: Console, home: Path, listener: socket.socket, *, serve: bool) -> tuple[GapReport, ...]:
    today = datetime.now(UTC).date()
    _chapter(console, "A Drive to read", "An invented maker of a bedside monitor; its Drive runs on this machine.")
    seed = build_seed(home / "drive", today=today)
    console.print(f"{seed.files} files of {seed.email}: My Drive, shared drives and shared-with-me.", markup=False)
    with local_google(home / "drive") as google, _crosswalk(home, listener, google, serve=serve) as app:
        _authorise(console, app)
        first = _night(console, app, google)
        _chapter(console, "A release ships", "What happens in the Drive before the second night:")
        for change in second_night(today):
            console.print(f"  • {_said(change)}", markup=False)
            _apply(google, change)
        second = _night(console, app, google)
        show_next(console, app.settings, serving=serve)
        if serve:
            _stay_up(console, app)
    return (*first, *second)


def _make_anew(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    try:
        home.mkdir(parents=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(
            f"Start the demo in a folder that you can write to; {home.absolute()} cannot be made anew: {why}."
        ) from error


def _authorise(console: Console, app: App) -> None:
    _chapter(
        console, "One click", "The real OAuth web flow over HTTP: authorize, consent, code, token (PKCE, read-only)."
    )
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        answer = browser.get(f"{app.settings.base_url}/connections/connect")
    trail = [response.url for response in answer.history] + [answer.url]
    for url in trail:
        console.print(f"  {url.host}:{url.port}{url.path}", markup=False)
    connections = app.readable_connections()
    if answer.status_code != 200 or not connections:
        raise DemoError(f"The authorisation did not end in a connection (the last page answered {answer.status_code}).")


def _night(console: Console, app: App, google: LocalGoogle) -> tuple[GapReport, ...]:
    verbs = Verbs(app, console)
    mark, _ = google.calls()
    _chapter(console, "sync", "Which files are there, and which of them may be evidence?")
    synced = verbs.sync(app.readable_connections())
    _, calls = google.calls(since=mark)
    show_coverage(console, synced, calls)
    show_candidates(console, tuple(synced.flagged.values()))
    _chapter(console, "scan", "Each candidate is read in an isolated process and judged, then forgotten.")
    show_scan(console, app, verbs.scan())
    _chapter(console, "review", "The clause is judged over all documents together.")
    _say_yes(console, app)
    reports = verbs.review()
    for report in reports:
        pack = next(pack for pack in app.packs if pack.id == report.clause)
        FORMATS["table"].write_report(report, pack=pack, out=console.file)
    _chapter(console, "summarize", "One honest email.")
    sent, failed = verbs.summarize()
    if failed:
        raise DemoError(f"The email could not be handed over: {failed[0].error}")
    show_sent(console, sent)
    return reports


def _say_yes(console: Console, app: App) -> None:
    """Confirm the first release that was found in release notes, as the invented person does on the page."""
    for product, release in app.releases.found(app.packs):
        console.print(f"Found {release.line}; its maker says: yes, that is our newest.", markup=False)
        app.releases.confirm(product, release.version)


def _said(change: Change) -> str:
    match change:
        case PutItem(new=True):
            return f"{change.name} appears"
        case PutItem():
            return f"{change.name} is edited"
        case _:
            return f"{change.name} is deleted"


def _apply(google: LocalGoogle, change: Change) -> None:
    if isinstance(change, PutItem):
        google.put(change.wire)
    else:
        google.delete(change.id)


@contextmanager
def _crosswalk(home: Path, listener: socket.socket, google: LocalGoogle, *, serve: bool) -> Iterator[App]:
    """Run the product's web page, on settings that lead to the local Google, in a thread of this process."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings: Settings = load(home=home, base_url=address)
    # A page that is gone when the story is told is nothing that an email should lead to.
    app = App(settings, google=google.settings(), page_link=None if serve else "")
    server = uvicorn.Server(uvicorn.Config(web.build(app), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="web")
    thread.start()
    try:
        _until(lambda: server.started, thread)
        yield app
    finally:
        server.should_exit = True
        thread.join()
        app.close()


def _until(ready: Callable[[], bool], thread: threading.Thread) -> None:
    while not ready():
        if not thread.is_alive():
            raise DemoError("The web page did not start; the lines above say why.")
        thread.join(0.02)


def _stay_up(console: Console, app: App) -> None:
    # The real way in: the stand-in consents at once and sends the browser back, signed in.
    link = f"{app.settings.base_url}/connections/connect"
    console.print(f"\nOpen {link} — it signs you in as the invented person; ctrl-C ends it.", style="bold")
    with suppress(webbrowser.Error):
        webbrowser.open(link)
    with suppress(KeyboardInterrupt):
        app.work(until_idle=False)


def _chapter(console: Console, title: str, sentence: str) -> None:
    console.print()
    console.print(Rule(f"[bold]{title}[/]", align="left", style="dim"))
    console.print(sentence, style="dim", markup=False)
