"""What tests of the pages and the API share: a served application, people, products, browsers."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from hypothesis import HealthCheck, settings
from starlette.requests import Request
from starlette.responses import Response

from scanner.app import App
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import Product, product_id_of
from scanner.model.person import Person
from scanner.settings import load
from scanner.web import build, listening
from scanner.web.scope import place_of
from scanner.web.session import Sessions
from tests.builders import a_file
from tests.pipeline_builders import migrated

NOW = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
CLAUSE = "iec-81001-5-1/5.8.2"


@contextmanager
def an_app(home: Path, *, base_url: str = "http://127.0.0.1:8765", **settings: int) -> Iterator[App]:
    """Assemble Crosswalk over an empty home folder, at a time that stands still."""
    app = App(load(home=migrated(home), base_url=base_url, **settings), now=lambda: NOW)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def served(app: App, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve the pages while the block runs, on a free port unless one is given."""
    config = uvicorn.Config(build(app), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    with listener or listening("127.0.0.1", 0) as bound:  # as in production: without Nagle's 40 ms for each answer
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def connect(app: App, name: str) -> str:
    """Give a person a connection with a product, as a consent would; return the connection's id."""
    ident = f"c-{name}"
    with app.store.transaction() as unit:
        unit.connections.connect(connection_id=ident, subject=f"subject-{name}", email=f"{name}@maker.example", now=NOW)
        product = Product(id=product_id_of(ident), connection=ident, name="PulseView")
        unit.products.add(product, notify=f"{name}@maker.example")
    return ident


def flag(app: App, connection: str, name: str) -> None:
    """Let a file of the connection be a candidate."""
    file = a_file(name, id=f"file-{name}", modified_at=None, link="https://drive.google.com/file/d/x/view")
    hit = SignalHit(signal="file-name", field="name", text="Security Guide")
    with app.store.transaction() as unit:
        unit.files.saw(connection, [file], sync_id="s1")
        unit.candidates.flag(connection, Candidate(file=file, clause=CLAUSE, hits=(hit,)), revision="r1")


def place(name: str) -> str:
    """Where the pages of a person's product are."""
    return place_of(product_id_of(f"c-{name}"))


def cookies(app: App, name: str) -> dict[str, str]:
    """Sign a person in by her name and return her browser's cookies."""
    return signed_in(app, Person(subject=f"subject-{name}", email=f"{name}@maker.example"), now=NOW)


def signed_in(app: App, person: Person, *, now: datetime) -> dict[str, str]:
    """Sign a person in and return her browser's cookies."""
    response = Response()
    sessions = Sessions(app.store, now=lambda: now, secure=False)
    sessions.start(Request({"type": "http", "headers": []}), response, person)
    key, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
    return {key: value}


def browser(site: str, held: dict[str, str] | None = None) -> httpx.Client:
    """Return a browser that does not follow redirects by itself."""
    return httpx.Client(base_url=site, cookies=held, timeout=10, trust_env=False)


def as_many(variable: str, *, few: int) -> settings:
    """Have as many requests made up as a variable says, other ones each time; without it a few, always the same."""
    examples = int(os.environ.get(variable, few))
    return settings(
        max_examples=examples,
        derandomize=examples == few,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
