"""A full disk, a read-only one, a clock that jumps, a file that ends its readers: what is said, and nothing is lost."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from connector import SourceUnavailable, SyncKind
from scanner.app import App
from scanner.model.connection import ScanState
from scanner.model.job import JobKind, Priority
from scanner.pipeline.orders import sync_job
from scanner.pipeline.sync import PageDone
from scanner.settings import load
from scanner.store.errors import DatabaseError
from tests.pipeline_builders import Bench, a_bench

POISON = b"Close port 23.\n\n" * 60_001


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(ballast: Path) -> None:
    """Leave no room."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))


def scanned(bench: Bench) -> dict[ScanState, int]:
    """How the candidates stand."""
    return {state: count for state, count in bench.states().items() if count}


def looked(bench: Bench) -> None:
    """Let the scheduler queue what is due, and do it; there is nothing more to queue, and nothing is overdue."""
    nights = bench.app.scheduler()._nights
    assert nights() == 1
    bench.work()
    assert nights() == 0
    bench.app.sweep()
    assert bench.connection().outage is None


def whole(database: Path) -> bool:
    with sqlite3.connect(database) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def test_a_full_disk_is_said_and_with_room_again_the_night_goes_on(small: Path) -> None:
    with a_bench(small / "home") as bench:
        ballast = small / "ballast"
        fill(ballast)
        with pytest.raises(DatabaseError, match=r"crosswalk\.db cannot be used: database or disk is full\.$"):
            bench.night()
        ballast.unlink()
        bench.work()
        assert "Change the default password" in str(bench.report().standings)
        assert scanned(bench) == {ScanState.SCANNED: 1}
    assert whole(small / "home" / "crosswalk.db")


def test_a_disk_that_is_read_only_is_said_and_once_it_is_not_the_night_goes_on(small: Path) -> None:
    with a_bench(small / "home") as bench:
        bench.work(JobKind.SYNC)
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with pytest.raises(DatabaseError, match=r"db cannot be written \(Read-only file system\): set CROSSWALK_"):
        App(load(home=small / "home", database_url="", clauses=""))
    subprocess.run(["mount", "-o", "remount,rw", str(small)], check=True)
    with a_bench(small / "home") as bench:
        bench.night()
        assert scanned(bench) == {ScanState.SCANNED: 1}
    assert whole(small / "home" / "crosswalk.db")


@pytest.mark.parametrize("leap", [timedelta(days=400), timedelta(days=-400), timedelta(minutes=-90)])
def test_a_clock_that_jumps_costs_no_night(tmp_path: Path, leap: timedelta) -> None:
    """The night's note, its sync's end and its report are then of another time; the next night comes all the same."""
    with a_bench(tmp_path, jitter_seconds=0) as bench:
        bench.work()
        bench.clock.later(timedelta(days=1))
        looked(bench)
        before = bench.report()
        bench.memory.put("guide", b"# Monitor Security Guide\n\nNothing.\n", name="Monitor Security Guide.md")
        bench.clock.later(leap + timedelta(days=1, hours=2))
        looked(bench)
        after = bench.report()
        assert after.id != before.id
        assert "Change the default password" not in str([one.citations for one in after.standings])


def test_a_sync_that_another_one_overtook_keeps_nothing_and_loses_nothing(tmp_path: Path) -> None:
    """Such as that of a worker whose machine slept, while another one took its job and brought it to its end."""
    with a_bench(tmp_path) as bench:
        late = bench.handlers().sync

        def overtaken(_: PageDone) -> None:
            bench.app.queue.enqueue([sync_job("mine")])
            bench.work(JobKind.SYNC)

        with pytest.raises(SourceUnavailable, match="was changed meanwhile"):
            late("mine", on_page=overtaken)
        rest = bench.connection().cursor
        bench.night()
        assert bench.files() == set(bench.memory._files)
        coverage = bench.connection().coverage
        assert coverage is not None
        assert coverage.kind is SyncKind.INCREMENTAL
        assert bench.connection().cursor == rest


def test_two_workers_told_to_do_the_same_file_give_one_outcome(tmp_path: Path) -> None:
    with a_bench(tmp_path) as bench:
        bench.work(JobKind.SYNC)
        with bench.app.store.reading() as unit:
            (todo,) = unit.candidates.to_scan("mine")
        scan = replace(bench.app.scan, source=bench.opened)
        file_id, clause, revision = todo
        with ThreadPoolExecutor(2) as workers:
            told = [
                workers.submit(scan, "mine", file_id=file_id, clause=clause, revision=revision, priority=Priority.NIGHT)
                for _ in range(2)
            ]
            assert [one.exception() for one in told] == [None, None]
        bench.work()
        assert scanned(bench) == {ScanState.SCANNED: 1}
        with bench.app.store.reading() as unit:
            assert len(unit.candidates.all("mine", clause)) == 1
            assert not unit.reports.unweighed("mine")
            assert not unit.mails.owed("mine")


@contextmanager
def killed_readers() -> Iterator[None]:
    """Kill every reader process of this test as soon as it has the poison."""
    over = Event()

    def kill() -> None:
        while not over.wait(0.02):
            for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                for pid in child.read_text().split():
                    if holds_the_poison(pid):
                        os.kill(int(pid), signal.SIGSEGV)

    killer = Thread(target=kill)
    killer.start()
    yield
    over.set()
    killer.join()


def holds_the_poison(pid: str) -> bool:
    """A reader has what it reads open: by its size it is known."""
    for one in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if one.stat().st_size == len(POISON):
                return True
        except OSError:  # it was closed meanwhile
            continue
    return False


def test_a_file_that_ends_its_readers_every_time_blocks_no_other(tmp_path: Path) -> None:
    with a_bench(tmp_path) as bench:
        bench.memory.put("poison", POISON, name="Security Hardening Guide.txt")
        with killed_readers():
            bench.night()
        assert scanned(bench) == {ScanState.SCANNED: 1, ScanState.UNDETERMINED: 1}
        (unchecked,) = bench.report().unchecked
        assert unchecked.file.name == "Security Hardening Guide.txt"
        assert unchecked.because == "its reader crashed on it, twice"
