"""Nights: each product's sync is queued once at its hour, by whichever scheduler leads."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from typer.testing import CliRunner

from scanner.cli.main import app as command
from scanner.model.job import JobKind, JobState
from scanner.model.night import Night
from scanner.schedule import Scheduler
from scanner.store.database import Database
from scanner.store.leader import Leader
from tests.pipeline_builders import Bench, a_bench
from tests.queue_builders import eventually


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path, jitter_seconds=0) as made:
        made.clock.now = datetime(2026, 11, 24, 1, tzinfo=UTC)  # nights begin at 02:15 UTC
        made.work()
        yield made


def syncs(bench: Bench) -> list[JobState]:
    return [job.state for job in bench.app.queue.list() if job.kind is JobKind.SYNC]


def look(bench: Bench) -> None:
    scheduler = bench.app.scheduler()
    scheduler.leading(scheduler._nights)
    scheduler._leader.release()


def test_a_night_is_queued_once_at_its_hour_however_many_look(bench: Bench) -> None:
    look(bench)
    assert syncs(bench) == [JobState.DONE]  # the first one, when the connection was made
    bench.clock.later(timedelta(hours=1, minutes=15))
    look(bench)
    look(bench)
    assert syncs(bench) == [JobState.QUEUED, JobState.DONE]
    bench.work()
    bench.clock.later(timedelta(hours=1))
    look(bench)
    assert syncs(bench) == [JobState.DONE, JobState.DONE]
    bench.clock.later(timedelta(hours=23))
    look(bench)
    assert syncs(bench) == [JobState.QUEUED, JobState.DONE, JobState.DONE]


def test_a_night_that_nobody_was_there_for_is_caught_up_once(bench: Bench) -> None:
    bench.clock.later(timedelta(days=4))
    look(bench)
    bench.work()
    look(bench)
    assert syncs(bench) == [JobState.DONE, JobState.DONE]


def test_a_product_has_its_own_hour_in_its_own_zone(bench: Bench) -> None:
    with bench.app.store.transaction() as unit:
        (product,) = unit.products.of_connection("mine")
        unit.nights.set(product.id, Night(hour=4, minute=30, zone="Asia/Kathmandu"))  # 22:45 UTC
    bench.clock.later(timedelta(hours=12))
    look(bench)
    assert syncs(bench) == [JobState.DONE]
    bench.clock.later(timedelta(hours=10))
    look(bench)
    assert syncs(bench) == [JobState.QUEUED, JobState.DONE]


def test_a_connection_that_cannot_be_read_has_no_night(bench: Bench) -> None:
    with bench.app.store.transaction() as unit:
        unit.connections.ending("mine")
    with bench.app.store.reading() as unit:
        assert unit.nights.all() == ()


def test_a_person_sets_the_hour_and_the_zone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", str(bench.app.settings.home))
    with bench.app.store.reading() as unit:
        (product,) = unit.products.of_connection("mine")
    run = CliRunner().invoke(command, ["products", "night", product.id, "--at", "3:30", "--zone", "America/Chicago"])
    assert "Its nights begin at 03:30 America/Chicago." in run.stderr
    listed = CliRunner().invoke(command, ["products", "list", "--format", "jsonl"]).stdout
    assert '"night": "03:30", "zone": "America/Chicago"' in listed
    run = CliRunner().invoke(command, ["products", "night", product.id, "--at", "04:00"])
    assert "04:00 America/Chicago" in run.stderr
    run = CliRunner().invoke(command, ["products", "night", product.id, "--usual"])
    assert "Its nights begin at 02:15 UTC." in run.stderr
    for wrong in (["--zone", "Mars/Base"], ["--at", "25:00"], [], ["--usual", "--at", "01:00"]):
        assert CliRunner().invoke(command, ["products", "night", product.id, *wrong]).exit_code == 2
    assert CliRunner().invoke(command, ["products", "night", "nobody", "--at", "01:00"]).exit_code == 1


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/leader.db"
    address: str = request.getfixturevalue("postgres_url")
    return address


HOLD = """
import sys, time
from scanner.store.database import Database
from scanner.store.leader import Leader
leader = Leader(Database(sys.argv[1]))
print(leader.leads(), flush=True)
time.sleep(600)
"""


def test_of_two_processes_one_leads_and_the_other_follows_when_it_is_killed(url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    database = Database(url)
    leader = Leader(database)
    assert not leader.leads()
    process.kill()
    process.communicate()
    eventually(leader.leads, within=5)
    assert leader.leads()
    leader.release()
    other = Leader(database)
    assert other.leads()
    other.release()
    database.dispose()


def test_all_looks_of_a_process_lead_though_they_ask_at_once(url: str) -> None:
    database = Database(url)
    for _ in range(20):
        leader, together = Leader(database), Barrier(8)

        def ask(leader: Leader = leader, together: Barrier = together) -> bool:
            together.wait(10)
            return leader.leads()

        with ThreadPoolExecutor(8) as threads:
            asked = [threads.submit(ask) for _ in range(8)]
        assert all(one.result() for one in asked)
        leader.release()
    database.dispose()


def test_a_scheduler_begins_with_a_look_and_lets_go_at_its_end(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/leader.db")
    looked, swept, stop = Event(), Event(), Event()
    leader = Leader(database)
    scheduler = Scheduler(nights=looked.set, sweep=swept.set, leader=leader)
    running = Thread(target=scheduler.run_forever, args=(stop,))
    running.start()
    assert looked.wait(10)
    assert swept.wait(10)
    idle = Event()
    second = Leader(database)
    Scheduler(nights=idle.set, sweep=idle.set, leader=second).leading(idle.set)
    assert not idle.is_set()
    stop.set()
    running.join(10)
    assert second.leads()
    second.release()
    database.dispose()
