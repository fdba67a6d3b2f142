"""Crosswalk over a source in memory, with a clock that tests can turn."""

import atexit
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from connector import FileSource
from connector.testing import InMemorySource
from scanner.app import App
from scanner.extract.isolation import ExtractPool
from scanner.model.connection import Connection, ScanState
from scanner.model.gap import GapReport
from scanner.model.job import JobKind
from scanner.pipeline.handlers import Handlers
from scanner.pipeline.orders import sync_job
from scanner.settings import load
from scanner.store.backup import back_up
from scanner.store.database import Database

GUIDE = b"""# Monitor Security Guide

Applies to Monitor 2.1.0.

## Accounts

| Role | May do |
|---|---|
| Nurse | read values |
| Administrator | read values, add and remove users |

Change the default password of the account before first use; passwords have at least 12 characters.
When somebody leaves, disable the account on the same day.
"""


@dataclass
class Bench:
    """Crosswalk over a source in memory."""

    app: App
    memory: InMemorySource
    clock: "Clock"

    def night(self) -> None:
        self.clock.later(timedelta(days=1))
        self.app.queue.enqueue([sync_job("mine")])
        self.work()

    def handlers(self) -> Handlers:
        """The verbs, over the source in memory."""
        handlers = self.app.handlers()
        sync = replace(handlers.sync, source=self.opened)
        return replace(handlers, sync=sync, scan=lambda: replace(self.app.scan, source=self.opened))

    def work(self, *kinds: JobKind) -> None:
        handlers = self.handlers()
        chosen = {kind: one for kind, one in handlers.by_kind().items() if not kinds or kind in kinds}
        self.app.queue.work(chosen, gave_up=handlers.gave_up, until_idle=True, stop=Event())

    def report(self) -> GapReport:
        with self.app.store.reading() as unit:
            (product,) = unit.products.of_connection("mine")
            report = unit.reports.latest(product.id, self.app.packs[0].id)
        assert report is not None
        return report

    def opened(self, _: str, /, *, within: Sequence[str] = ()) -> FileSource:  # noqa: ARG002 -- one for all
        return self.memory

    def connection(self) -> Connection:
        with self.app.store.reading() as unit:
            connection = unit.connections.get("mine")
        assert connection is not None
        return connection

    def files(self) -> set[str]:
        with self.app.store.reading() as unit:
            return {file.id for file in unit.files.present("mine")}

    def states(self) -> dict[ScanState, int]:
        with self.app.store.reading() as unit:
            return unit.candidates.counts("mine")


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = datetime(2026, 3, 1, 2, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, passed: timedelta) -> None:
        self.now += passed


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/crosswalk.db")
        database.upgrade()
        database.dispose()
        return Path(folder, "crosswalk.db").read_bytes()


def migrated(home: Path) -> Path:
    """Lay a database of the newest schema into a home that has none: migrating each test's own costs more."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = home / "crosswalk.db"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(_migrated())
    return home


class Reader(ExtractPool):
    """One that lasts as long as the tests: each that closed its own would start one anew, for half of its time."""

    def close(self) -> None:
        """Go on: the next test reads with it."""

    def end(self) -> None:
        """End it."""
        super().close()


@cache
def _reader() -> Reader:
    reader = Reader(workers=1)
    atexit.register(reader.end)
    return reader


def kept(bench: Bench) -> bytes:
    """Return the bench's database, to begin others from: reading documents takes most of a test's time."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "copy.db")
        back_up(bench.app.database, copy)
        return copy.read_bytes()


@cache
def _rested() -> bytes:
    with TemporaryDirectory() as folder, a_bench(Path(folder, "home")) as bench:
        bench.night()
        return kept(bench)


@contextmanager
def a_rested_bench(home: Path, database: Callable[[], bytes] = _rested) -> Iterator[Bench]:
    """The same after a night that has come to its end, or with a database that was `kept` on the first day."""
    home.mkdir(parents=True, mode=0o700)
    file = home / "crosswalk.db"
    file.touch(mode=0o600)
    file.write_bytes(database())
    with a_bench(home, connect=False) as bench:
        bench.clock.later(timedelta(days=1))
        yield bench


@contextmanager
def a_bench(
    home: Path, *, clauses: str = "", database_url: str = "", connect: bool = True, **limits: int
) -> Iterator[Bench]:
    """One connection to a source with a security guide and five other files; `clauses` is a folder of packs.

    Without `connect` the database has it already.
    """
    clock = Clock()
    app = App(load(home=migrated(home), database_url=database_url, clauses=clauses, **limits), now=clock)
    app.reader = _reader()
    if connect:
        app.connected(connection_id="mine", subject="s", email="owner@example.org")
    memory = InMemorySource(page_size=2)
    memory.put("guide", GUIDE, name="Monitor Security Guide.md", media_type="text/markdown")
    for number in range(5):
        memory.put(f"noise-{number}", b"lunch", name=f"menu {number}.txt")
    yield Bench(app, memory, clock)
    app.close()
