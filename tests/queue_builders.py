"""A queue on either engine, and time that a test lets pass."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread

from sqlalchemy import text

from scanner.jobs.base import Handler, JobQueue, Limits
from scanner.jobs.leased import LeasedQueue
from scanner.jobs.postgres.queue import PostgresQueue
from scanner.model.job import Job, JobKind, NewJob
from scanner.store.database import Database
from tests.pipeline_builders import migrated

Handle = Callable[[Job], object]


@dataclass(kw_only=True)
class Engine:
    """A migrated database without jobs."""

    database: Database
    passed: timedelta = field(default_factory=timedelta)

    def queue(self, **changes: float) -> JobQueue:
        """Return another queue on it, as another process would have one."""
        limits = replace(Limits(per_connection=2, max_attempts=3, grace_seconds=0.2), **changes)  # type: ignore[arg-type]  # as named
        if self.database.is_sqlite:
            return LeasedQueue(self.database, limits, now=self.now, random=Random(1))
        return PostgresQueue(self.database, limits, random=Random(1))

    def now(self) -> datetime:
        """Return the queue's time."""
        return datetime.now(UTC) + (self.passed if self.database.is_sqlite else timedelta(0))

    def let_pass(self, span: timedelta) -> None:
        """Move the embedded queue's clock on; on PostgreSQL, whose clock nobody moves, move the moments back."""
        self.passed += span
        if self.database.is_sqlite:
            return
        with self.database.transaction() as session:
            for table, column in (
                ("procrastinate_jobs", "scheduled_at"),
                ("procrastinate_events", "at"),
                ("procrastinate_workers", "last_heartbeat"),
                ("job_note", "ended_at"),
            ):
                session.connection().execute(
                    text(f"UPDATE {table} SET {column} = {column} - make_interval(secs => :span)"),  # noqa: S608 -- ours
                    {"span": span.total_seconds()},
                )


class Bases:
    """Makes engines cheaply: the schema of each is made once."""

    def __init__(self, folder: Path, postgres_url: Callable[[], str]) -> None:
        """Keep SQLite's files in this folder."""
        self._folder = folder
        self._postgres_url = postgres_url
        self._postgres: Database | None = None

    @contextmanager
    def on(self, engine: str) -> Iterator[Engine]:
        """Yield an engine without jobs."""
        if engine == "sqlite":
            database = self._sqlite()
            yield Engine(database=database)
            database.dispose()
            return
        if self._postgres is None:
            self._postgres = Database(self._postgres_url())
            self._postgres.upgrade()
            PostgresQueue(self._postgres).upgrade()
        with self._postgres.transaction() as session:
            session.connection().exec_driver_sql("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
        yield Engine(database=self._postgres)

    def close(self) -> None:
        """Let the databases go."""
        if self._postgres is not None:
            self._postgres.dispose()

    def _sqlite(self) -> Database:
        home = migrated(self._folder / f"{time.monotonic_ns()}")
        return Database(f"sqlite:///{home}/crosswalk.db")


def a_job(key: str = "k", connection: str = "mine", **changes: object) -> NewJob:
    """Build a wish for a scan."""
    fields: dict[str, object] = {"kind": JobKind.SCAN, "connection": connection, "key": key}
    return NewJob(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def scans(handle: Handle) -> Mapping[JobKind, Handler]:
    """Return handlers that know scans only."""
    return {JobKind.SCAN: lambda job, _: (handle(job), None)[1]}


def work(queue: JobQueue, handle: Handle, *, slots: int = 1) -> list[tuple[str, str]]:
    """Run everything to its end; return what was given up, with the reason."""
    lost: list[tuple[str, str]] = []
    queue.work(
        scans(handle),
        gave_up=lambda job, why: lost.append((job.key, why)),
        until_idle=True,
        stop=Event(),
        slots=slots,
    )
    return lost


@contextmanager
def working(queue: JobQueue, handle: Handle, *, slots: int = 1) -> Iterator[list[tuple[str, str]]]:
    """Run a worker beside the test until the block ends; yield what it gives up."""
    lost: list[tuple[str, str]] = []
    stop = Event()
    options = {"gave_up": lambda job, why: lost.append((job.key, why)), "until_idle": False, "stop": stop}
    worker = Thread(target=queue.work, args=(scans(handle),), kwargs={**options, "slots": slots})
    worker.start()
    try:
        yield lost
    finally:
        stop.set()
        worker.join(30)
        assert not worker.is_alive()


def eventually(true: Callable[[], object], *, within: float = 20.0) -> None:
    """Wait until it is so."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "it did not become so"
        time.sleep(0.02)
