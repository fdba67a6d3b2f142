"""Measures one, two and four worker processes over one PostgreSQL, and four that are killed now and then."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from scanner.jobs.base import Limits
from scanner.jobs.engine import queue_of
from scanner.model.job import JobKind, JobState, NewJob
from scanner.store.database import Database
from tests.postgres import Server, running_postgres

JOBS, CONNECTIONS, SLOTS = 10_000, 40, 2
WEIGHTS = (20, 20, 20, 20, 20, 20, 20, 20, 90, 180)  # milliseconds of waiting, as for Google and a reader process
KILL_EVERY = 3.0  # seconds

WORKER = """
import sys, threading, time
from sqlalchemy import create_engine, text
from scanner.jobs.base import Limits
from scanner.jobs.engine import queue_of
from scanner.model.job import JobKind
from scanner.store.database import Database

outcomes = create_engine(sys.argv[1])

def scan(job, report):
    time.sleep(int(job.args["ms"]) / 1000)
    with outcomes.begin() as rows:
        rows.execute(
            text("INSERT INTO outcome VALUES (:key) ON CONFLICT (key) DO UPDATE SET written = outcome.written + 1"),
            {"key": job.key},
        )

queue = queue_of(Database(sys.argv[1]), Limits(lease_seconds=5, per_connection=16))
print("ready", flush=True)
sys.stdin.readline()
queue.work({JobKind.SCAN: scan}, gave_up=print, until_idle=False, stop=threading.Event(), slots=int(sys.argv[2]))
"""


def main(console: Console, *, jobs: int = JOBS) -> None:
    """Print the table; says so where no PostgreSQL is installed."""
    with running_postgres() as server:
        if server is None:
            console.print("Workers over PostgreSQL: left out, no server is installed.")
            return
        table = Table(
            "workers", "seconds", "jobs a second", "ratio", "done", "written again", title=f"{jobs:,} scan jobs"
        )
        alone = 0.0
        for number, killing in ((1, False), (2, False), (4, False), (4, True)):
            taken, done, again, killed = _run(server, jobs, number, killing=killing)
            alone = alone or taken
            who = f"{number}, {killed} killed" if killing else str(number)
            row = (f"{taken:.1f}", f"{jobs / taken:.0f}", f"{alone / taken:.2f}×", f"{done:,}", f"{again}")
            table.add_row(who, *row)
        console.print(table)
        console.print("The weights are waits, not processor: what is measured is the queue.")


def _run(server: Server, jobs: int, workers: int, *, killing: bool) -> tuple[float, int, int, int]:
    """Return the seconds taken, the outcomes, how many of them were written again, and the kills."""
    url = server.new_database(f"w{workers}{'k' if killing else ''}")
    queue = queue_of(Database(url), Limits(lease_seconds=5))
    outcomes = create_engine(url)
    with outcomes.begin() as rows:
        rows.execute(text("CREATE TABLE outcome (key text PRIMARY KEY, written int NOT NULL DEFAULT 1)"))
    random, killed = Random(1), 0
    queue.enqueue([_job(number, random) for number in range(jobs)])
    with _working(url, workers) as processes:
        began = last = time.monotonic()
        while queue.waiting():
            time.sleep(0.2)
            if killing and time.monotonic() - last > KILL_EVERY:
                last, killed = time.monotonic(), killed + 1
                victim = random.randrange(workers)
                processes[victim].kill()
                processes[victim].wait()
                processes[victim] = _started(url)
                _go(processes[victim])
        taken = time.monotonic() - began
    assert not queue.list(states=[JobState.FAILED])
    with outcomes.begin() as rows:
        done, written = rows.execute(text("SELECT count(*), sum(written) FROM outcome")).one()
    outcomes.dispose()
    again = written - done
    assert done == jobs
    assert again <= killed * SLOTS  # what ran when its worker was killed is run once more
    return taken, done, again, killed


def _job(number: int, random: Random) -> NewJob:
    connection = f"c{random.randrange(CONNECTIONS)}"
    return NewJob(
        kind=JobKind.SCAN, connection=connection, key=f"scan:{number}", args={"ms": str(random.choice(WEIGHTS))}
    )


@contextmanager
def _working(url: str, number: int) -> Iterator[list["subprocess.Popen[str]"]]:
    processes = [_started(url) for _ in range(number)]
    for process in processes:
        _go(process)
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _started(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url, str(SLOTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _go(process: "subprocess.Popen[str]") -> None:
    """Let it begin once it has loaded: loading is not what is measured."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()


if __name__ == "__main__":
    main(Console(), **({"jobs": int(sys.argv[1])} if sys.argv[1:] else {}))
