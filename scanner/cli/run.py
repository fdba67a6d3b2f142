"""The commands that keep running: serve, worker, schedule; and demo."""

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from starlette.types import ASGIApp

from scanner import web
from scanner.app import App
from scanner.cli.assembled import running_app
from scanner.cli.console import err, plainly, plainly_saying
from scanner.cli.inside import log_as_set, seen
from scanner.cli.prompt import Prompt
from scanner.settings import Settings, load


@plainly_saying("Stopped. Run it again to see the whole story: the demo starts anew each time.")
def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Stay up afterwards with the web page open for a look.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the demo's web page; 0 takes a free one.")] = 0,
) -> None:
    """Show the main job, start to finish, on an invented company: no Google account, nothing leaves this machine."""
    try:
        # Its writers of documents take as long to load as all the rest, and come with the extra `demo` only.
        from scanner.demo.google import DemoError  # noqa: PLC0415
        from scanner.demo.story import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        err.print(f"error: the demo needs {error.name}: install crosswalk with its extra `demo`.", markup=False)
        raise typer.Exit(2) from None
    try:
        run(serve=serve, port=port)
    except DemoError as error:
        err.print(f"error: {error}", markup=False)
        raise typer.Exit(1) from None


@plainly
def serve(
    web_only: Annotated[
        bool, typer.Option("--web-only", help="Only the page: `crosswalk worker` and `schedule` run elsewhere.")
    ] = False,
) -> None:
    """Run the web page, one worker and the nightly schedule together, until SIGTERM or ctrl-C."""
    _log()
    # NOTE: uvicorn raises the signal again after its own shutdown; our handler then sets `stop` once more.
    with running_app() as assembled, seen(assembled, stored=True), _until_signal() as stop:
        settings = assembled.settings
        site = web.build(assembled)
        listener = web.listening(settings.host, settings.port)
        threads = [] if web_only else _background(assembled, stop)
        config = server_config(site, settings)
        err.print(f"Crosswalk is at {settings.base_url} — ctrl-C ends it.", markup=False)
        try:
            _Server(config, stop).run(sockets=[listener])
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def server_config(site: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return how the web server serves."""
    return uvicorn.Config(
        site,
        http=Prompt,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.grace_seconds),
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
    )


@plainly
def worker() -> None:
    """Work the queue until SIGTERM or ctrl-C; start as many as you like."""
    _log()
    with running_app() as assembled, seen(assembled, stored=False), _until_signal() as stop:
        err.print("The worker is waiting for jobs — ctrl-C ends it.")
        assembled.work(until_idle=False, stop=stop)


@plainly
def schedule() -> None:
    """Enqueue each product's night at its hour; a second one beside it waits, and follows when the first ends."""
    _log()
    with running_app() as assembled, seen(assembled, stored=False), _until_signal() as stop:
        settings = assembled.settings
        err.print(f"Nights start at {settings.night_hour:02}:{settings.night_minute:02} {settings.timezone}.")
        assembled.scheduler().run_forever(stop)


def _background(assembled: App, stop: threading.Event) -> list[threading.Thread]:
    scheduler = assembled.scheduler()
    threads = [
        threading.Thread(target=assembled.work, kwargs={"until_idle": False, "stop": stop}, name="worker"),
        threading.Thread(target=scheduler.run_forever, args=(stop,), name="schedule"),
    ]
    for thread in threads:
        thread.start()
    return threads


class _Server(uvicorn.Server):
    """The web server, which tells the others of the signal at once: all of them have the same grace."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stop.set()
        super().handle_exit(sig, frame)


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM or ctrl-C sets, so that running jobs may end or be released."""
    stop = threading.Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _log() -> None:
    log_as_set(load())
