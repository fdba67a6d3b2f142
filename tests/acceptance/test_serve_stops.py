"""`crosswalk serve` is web, worker and schedule in one process, and ends within its grace without losing anything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from scanner.model.job import JobKind, JobState, Priority
from scanner.pipeline.orders import sync_job
from scanner.store.leader import Leader
from tests.consent_builders import Place, a_place, told
from tests.emulator_process import running_emulator, write_seed
from tests.integration.test_email_smtp import a_free_port
from tests.queue_builders import eventually

GRACE = 1.0
PORT = a_free_port()


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    items = [{"id": f"menu-{number}", "text": "lunch"} for number in range(30)]
    with running_emulator(write_seed(tmp_path_factory.mktemp("seed"), items=items)) as root:
        yield root


@contextmanager
def serving(place: Place) -> Iterator[subprocess.Popen[str]]:
    """Run the command on the place's home; yield the process."""
    environment = {f"CROSSWALK_{name.upper()}": str(value) for name, value in told(place.google).items()}
    environment |= {
        "CROSSWALK_HOME": str(place.app.settings.home),
        "CROSSWALK_DATABASE_URL": place.app.settings.database_url,
        "CROSSWALK_GRACE_SECONDS": str(GRACE),
        "CROSSWALK_LEASE_SECONDS": "20",
        "CROSSWALK_PORT": str(PORT),
        "CROSSWALK_READERS": "1",
    }
    command = [sys.executable, "-c", "from scanner.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def place(google: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with a_place(tmp_path, google, database_url=url) as made:
        yield made


def states(place: Place) -> list[JobState]:
    return [job.state for job in place.app.queue.list() if job.kind is JobKind.SYNC]


def test_a_sync_that_hangs_is_given_back_within_the_grace_and_taken_at_once_by_the_next_worker(place: Place) -> None:
    ident = place.connect()
    place.fault("GET /drive/v3/files", times=None, delay_seconds=30)
    with serving(place) as process:
        eventually(lambda: states(place) == [JobState.RUNNING], within=60)
        stopped = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert time.monotonic() - stopped < GRACE + 10  # on a busy machine
        assert process.returncode in {0, -signal.SIGTERM}
    (given_back,) = [job for job in place.app.queue.list() if job.kind is JobKind.SYNC]
    assert (given_back.state, given_back.attempts) == (JobState.QUEUED, 0)
    httpx.delete(f"{place.google}/_emulator/faults").raise_for_status()
    started = time.monotonic()
    place.work(JobKind.SYNC)
    assert time.monotonic() - started < 10
    assert states(place) == [JobState.DONE]
    assert place.connection(ident).coverage is not None


def test_it_serves_the_page_works_and_keeps_the_clock_and_ends_well_when_idle(google: str, tmp_path: Path) -> None:
    with a_place(tmp_path, google) as place:
        ident = place.connect()
        with serving(place) as process:
            eventually(lambda: states(place) == [JobState.DONE], within=60)  # the worker
            assert httpx.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200
            leader = Leader(place.app.database)
            assert not leader.leads()  # the schedule does
            place.app.queue.enqueue([sync_job(ident, priority=Priority.PERSON)])
            eventually(lambda: states(place) == [JobState.DONE, JobState.DONE], within=10)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
            assert process.returncode in {0, -signal.SIGTERM}
        assert leader.leads()
        leader.release()
    assert "Traceback" not in said
