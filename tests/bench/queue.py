"""What a claim costs behind a long backlog, and how soon an idle worker sees a job, on both engines."""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from scanner.jobs.base import JobQueue
from scanner.jobs.engine import queue_of
from scanner.model.connection import ConnectionState, ScanState
from scanner.model.job import Job, JobKind, NewJob
from scanner.model.night import Night
from scanner.pipeline.handlers import sweep
from scanner.pipeline.nights import Nights
from scanner.pipeline.scan import REMADE
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.store.tables import CandidateRow, ConnectionRow, FileRow, ProductRow
from tests.postgres import running_postgres

TENANTS = 200
BATCH = 2000


def enqueue_backlog(queue: JobQueue, jobs: int) -> float:
    """Queue the jobs, half of them for one connection; return the seconds."""
    started = time.perf_counter()
    for first in range(0, jobs, BATCH):
        queue.enqueue(
            [
                NewJob(
                    kind=JobKind.SCAN, connection=f"c{number // 2 % TENANTS if number % 2 else 0:04}", key=f"{number}"
                )
                for number in range(first, first + BATCH)
            ]
        )
    return time.perf_counter() - started


def work_some(queue: JobQueue, jobs: int) -> tuple[float, list[str]]:
    """Let one worker with one slot end so many empty jobs; return the seconds a job and whose each was."""
    stop, served = Event(), list[str]()
    moments: list[float] = []

    def handle(job: Job, _: Callable[[str], None]) -> None:
        served.append(job.connection)
        moments.append(time.perf_counter())
        if len(served) >= jobs:
            stop.set()

    queue.work({JobKind.SCAN: handle}, gave_up=lambda *_: None, until_idle=False, stop=stop, slots=1)
    return (moments[-1] - moments[0]) / (len(moments) - 1), served


def idle(queue: JobQueue, *, seconds: float = 10.0) -> tuple[float, float]:
    """Return the share of a core that an idle worker takes, and the median seconds until it begins a new job."""
    stop, begun = Event(), Event()
    handlers = {JobKind.REVIEW: lambda _job, _report: begun.set()}
    options = {"gave_up": lambda *_: None, "until_idle": False, "stop": stop}
    worker = Thread(target=queue.work, args=(handlers,), kwargs=options)
    worker.start()
    time.sleep(2)
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    waits = []
    for number in range(7):
        begun.clear()
        queued = time.perf_counter()
        queue.enqueue([NewJob(kind=JobKind.REVIEW, connection="idle", key=f"idle-{number}")])
        begun.wait(10)
        waits.append(time.perf_counter() - queued)
        time.sleep(0.7)
    stop.set()
    worker.join()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / seconds, median(waits)


def measure(new: Callable[[str], str], table: Table, name: str, *, backlog: int) -> None:
    """Add an engine's row; `new` makes an empty database and returns its address."""
    database, swept = Database(new("queue")), Database(new("sweep"))
    database.upgrade()
    swept.upgrade()
    queue = queue_of(database)
    share, wakes = idle(queue)
    enqueue_backlog(queue, TENANTS * 2)
    short, _ = work_some(queue, TENANTS)
    taken = enqueue_backlog(queue, backlog)
    long, served = work_some(queue, 2 * TENANTS)
    look, idle_look = nights(database)
    database.dispose()
    lost, found = sweeps(swept)
    swept.dispose()
    table.add_row(
        name,
        f"{look:.1f} s",
        f"{idle_look:.2f} s",
        f"{lost:.1f} s",
        f"{found:.2f} s",
        f"{backlog / taken:,.0f}",
        f"{short * 1000:.1f} ms",
        f"{long * 1000:.1f} ms",
        f"{len(set(served[:TENANTS]))} of {TENANTS}",
        f"{wakes * 1000:.0f} ms",
        f"{share:.2%}",
    )


def nights(database: Database, *, products: int = 10_000) -> tuple[float, float]:
    """Queue the night of so many products; return the seconds of the look, and of one with nothing due."""
    store, queue, now = Store(database), queue_of(database), datetime.now(UTC)
    zones = ("Europe/Berlin", "America/Chicago", "Asia/Tokyo", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe")
    with store.transaction() as unit:
        unit.products._session.add_all([_connection(f"{number:05}", now) for number in range(products)])
        unit.products._session.flush()
        unit.products._session.add_all(
            [
                ProductRow(
                    id=f"p{number:05}",
                    connection_id=f"{number:05}",
                    night_hour=number % 24,
                    night_minute=number % 60,
                    night_zone=zones[number % len(zones)],
                )
                for number in range(products)
            ]
        )
    usual = Night(hour=2, minute=15, zone="UTC")
    tomorrow = now + timedelta(days=1)
    look = Nights(store=store, queue=queue, usual=usual, jitter_seconds=900, now=lambda: tomorrow)
    started = time.perf_counter()
    queued = look()
    queueing = time.perf_counter() - started
    started = time.perf_counter()
    again = look()
    assert queued > 0.95 * products  # the others are within their jitter
    assert again == 0
    return queueing, time.perf_counter() - started


def sweeps(database: Database, *, connections: int = 1_000, files: int = 100) -> tuple[float, float]:
    """Let so many connections wait for so many scans; return the seconds of the sweep that queues them, and of one
    that finds all of them queued.
    """
    store, queue, now = Store(database), queue_of(database), datetime.now(UTC)
    idents = [f"s{number:05}" for number in range(connections)]
    with store.transaction() as unit:
        session = unit.products._session
        session.add_all([_connection(ident, now) for ident in idents])
        session.flush()
        which = [{"connection_id": ident, "file_id": f"{number:05}"} for ident in idents for number in range(files)]
        seen = {"name": "x", "path": "x", "media_type": "text/plain", "fingerprint": "x", "sync_id": "x"}
        session.connection().execute(insert(FileRow), [{**one, **seen} for one in which])
        to_scan = {"clause": "c", "state": ScanState.TO_SCAN, "revision": "x", "hits": [], "facts": {}}
        session.connection().execute(insert(CandidateRow), [{**one, **to_scan} for one in which])
    started = time.perf_counter()
    queued = sweep(store, queue, now=now)
    queueing = time.perf_counter() - started
    started = time.perf_counter()
    again = sweep(store, queue, now=now)
    assert (queued, again) == (connections * min(files, REMADE), 0)
    return queueing, time.perf_counter() - started


def _connection(ident: str, now: datetime) -> ConnectionRow:
    return ConnectionRow(
        id=ident,
        subject=ident,
        email="x@example.org",
        state=ConnectionState.ACTIVE,
        connected_at=now,
        consented_at=now,
    )


def main(console: Console, *, backlog: int = 200_000) -> None:
    """Print the table."""
    table = Table(
        "engine",
        "10,000 nights",
        "look without any",
        "sweep, 1,000 connections lost 100 scans each",
        "sweep, all queued",
        "queued a second",
        f"a job, behind {2 * TENANTS}",
        f"a job, behind {backlog:,}",
        f"served in {TENANTS} turns",
        "idle worker begins after",
        "idle worker's core",
        title=f"The queue: {TENANTS} connections, half of the backlog is one's, an empty job's claim, start and end",
    )
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        measure(lambda name: f"sqlite:///{Path(folder)}/{name}.db", table, "SQLite", backlog=backlog)
        if server is not None:
            measure(lambda name: server.new_database(f"{name}{os.getpid()}"), table, "PostgreSQL", backlog=backlog)
    console.print(table)


if __name__ == "__main__":
    main(Console(width=160))
