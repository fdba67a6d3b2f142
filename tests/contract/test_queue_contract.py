"""What every JobQueue promises; the embedded one is held to it on SQLite and on PostgreSQL."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event

import pytest

from scanner.jobs.leased import KEPT, LeasedQueue
from scanner.model.job import Job, JobKind, JobState, NewJob, Priority
from scanner.store.database import Database

MAX_ATTEMPTS = 3


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Passing(Exception):
    """A failure that trying again may heal."""

    transient = True
    retry_after = 90.0


class Final(Exception):
    """A failure for good."""

    transient = False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    database = Database(f"sqlite:///{tmp_path}/queue.db" if sqlite else request.getfixturevalue("postgres_url"))
    database.upgrade()
    yield database
    database.dispose()


@pytest.fixture
def queue(database: Database, clock: Clock) -> LeasedQueue:
    return LeasedQueue(database, per_connection=2, max_attempts=MAX_ATTEMPTS, now=clock, random=Random(1))


def a_job(key: str = "k", connection: str = "mine", **changes: object) -> NewJob:
    fields: dict[str, object] = {"kind": JobKind.SCAN, "connection": connection, "key": key}
    return NewJob(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def work(queue: LeasedQueue, handler: Callable[[Job], None]) -> list[tuple[str, str]]:
    """Run everything that is due, one job at a time; return what was given up, with the reason."""
    lost: list[tuple[str, str]] = []
    queue.work(
        {JobKind.SCAN: lambda job, _: handler(job)},
        gave_up=lambda job, why: lost.append((job.key, why)),
        until_idle=True,
        stop=Event(),
        slots=1,
    )
    return lost


def test_a_job_is_done_once_and_a_twin_is_not_queued_while_it_lives(queue: LeasedQueue) -> None:
    assert queue.enqueue([a_job("a"), a_job("a"), a_job("b")]) == 2
    assert queue.enqueue([a_job("a")]) == 0
    done: list[str] = []
    work(queue, lambda job: done.append(job.key))
    assert sorted(done) == ["a", "b"]
    assert queue.enqueue([a_job("a")]) == 1
    assert {job.state for job in queue.list(states=[JobState.DONE])} == {JobState.DONE}


def test_a_final_failure_is_given_up_at_once_and_told_with_its_sentence(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("a")])

    def fail(_: Job) -> None:
        raise Final("Google said no.")

    assert work(queue, fail) == [("a", "Google said no.")]
    (failed,) = queue.list(states=[JobState.FAILED])
    assert (failed.error, failed.attempts) == ("Google said no.", 1)


def test_a_passing_failure_waits_as_long_as_the_source_asked(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("a")])
    lease = queue.claim([JobKind.SCAN])
    assert lease is not None
    assert queue.failed(lease[0], lease[1], Passing("Google is busy.")) is False
    assert queue.claim([JobKind.SCAN]) is None
    clock.moment += timedelta(seconds=89)
    assert queue.claim([JobKind.SCAN]) is None
    clock.moment += timedelta(seconds=2)
    again = queue.claim([JobKind.SCAN])
    assert again is not None
    assert again[0].attempts == 2


def test_after_the_last_attempt_a_job_is_failed_and_can_be_queued_anew(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("a")])
    for attempt in range(1, MAX_ATTEMPTS + 1):
        clock.moment += timedelta(hours=1)
        lease = queue.claim([JobKind.SCAN])
        assert lease is not None
        assert queue.failed(lease[0], lease[1], Passing("busy")) is (attempt == MAX_ATTEMPTS)
    (failed,) = queue.list(states=[JobState.FAILED])
    assert queue.retry(failed.id)
    done: list[int] = []
    work(queue, lambda job: done.append(job.attempts))
    assert done == [1]
    assert not queue.retry(failed.id)
    assert not queue.retry("no such job")


def test_a_programming_error_is_kept_by_its_kind_and_never_by_its_text(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("a")])
    lease = queue.claim([JobKind.SCAN])
    assert lease is not None
    queue.failed(lease[0], lease[1], ValueError("Mrs Miller, born 1950"))
    (job,) = queue.list()
    assert job.error == "an error on our side (ValueError)"


def test_a_persons_wish_goes_before_the_nights_and_makes_a_waiting_twin_as_urgent(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("night-1"), a_job("night-2"), a_job("now", priority=Priority.PERSON)])
    queue.enqueue([a_job("night-2", priority=Priority.PERSON)])
    order: list[str] = []
    work(queue, lambda job: order.append(job.key))
    assert order[-1] == "night-1"


def test_connections_take_turns_and_none_runs_more_than_its_cap(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job(f"big-{n}", "big") for n in range(5)] + [a_job("small", "small")])
    claimed = []
    for _ in range(4):
        clock.moment += timedelta(seconds=1)
        lease = queue.claim([JobKind.SCAN])
        claimed.append(lease[0].connection if lease else None)
    assert sorted(str(one) for one in claimed[:2]) == ["big", "small"]
    assert claimed.count("big") == 2
    assert claimed[3] is None


def test_a_job_that_is_wanted_later_waits(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("a", after=timedelta(minutes=5))])
    assert queue.claim([JobKind.SCAN]) is None
    clock.moment += timedelta(minutes=6)
    assert queue.claim([JobKind.SCAN]) is not None


def test_a_lease_that_ran_out_goes_to_another_worker_and_the_late_finisher_is_refused(
    queue: LeasedQueue, clock: Clock
) -> None:
    queue.enqueue([a_job("a")])
    first = queue.claim([JobKind.SCAN])
    assert first is not None
    clock.moment += timedelta(seconds=31)
    assert queue.reap() == ()
    second = queue.claim([JobKind.SCAN])
    assert second is not None
    assert second[0].attempts == 2
    assert queue.done(first[1]) is False
    assert queue.done(second[1]) is True


def test_a_beat_keeps_the_lease(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("a")])
    lease = queue.claim([JobKind.SCAN])
    assert lease is not None
    for _ in range(5):
        clock.moment += timedelta(seconds=20)
        queue.beat([lease[1]])
        assert queue.reap() == ()
    assert queue.done(lease[1])


def test_a_job_whose_workers_die_each_time_fails_after_its_last_attempt(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("poison")])
    lost: tuple[Job, ...] = ()
    for _ in range(MAX_ATTEMPTS):
        assert queue.claim([JobKind.SCAN]) is not None
        clock.moment += timedelta(minutes=1)
        lost = queue.reap()
    assert [job.key for job in lost] == ["poison"]
    assert lost[0].error == "the worker was killed while it ran"


def test_cancel_ends_what_waits_at_once_and_what_runs_when_it_ends(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("running"), a_job("waiting"), a_job("other", "theirs")])
    lease = queue.claim([JobKind.SCAN])
    assert lease is not None
    connection = lease[0].connection
    assert queue.cancel(connection) == (2 if connection == "mine" else 1)
    assert queue.live(connection) == 1
    queue.done(lease[1])
    assert queue.live(connection) == 0


def test_a_forgotten_connection_leaves_no_row_once_its_running_job_has_ended(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("running"), a_job("waiting"), a_job("kept", "theirs")])
    lease = next(
        one for one in (queue.claim([JobKind.SCAN]), queue.claim([JobKind.SCAN])) if one and one[0].connection == "mine"
    )
    queue.forget("mine")
    assert [job.key for job in queue.list() if job.connection == "mine"] == [lease[0].key]
    queue.done(lease[1])
    queue.reap()
    assert {job.connection for job in queue.list()} == {"theirs"}


def test_a_job_that_the_worker_has_no_time_for_is_given_back_without_counting(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("a")])
    lease = queue.claim([JobKind.SCAN])
    assert lease is not None
    queue.give_back(lease[1])
    again = queue.claim([JobKind.SCAN])
    assert again is not None
    assert again[0].attempts == 1


def test_progress_is_kept_for_people(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("a")])
    seen: list[str] = []

    def handle(_: Job, report: Callable[[str], None]) -> None:
        report("12 files listed")
        seen.extend(one.progress for one in queue.list(states=[JobState.RUNNING]))

    queue.work({JobKind.SCAN: handle}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    assert seen == ["12 files listed"]


def test_ended_jobs_are_forgotten_after_a_while(queue: LeasedQueue, clock: Clock) -> None:
    queue.enqueue([a_job("a")])
    work(queue, lambda _: None)
    clock.moment += KEPT + timedelta(days=1)
    queue.reap()
    assert queue.list() == ()


def test_kinds_without_a_handler_are_left_for_others(queue: LeasedQueue) -> None:
    queue.enqueue([a_job("a"), a_job("later", kind=JobKind.REVIEW)])
    work(queue, lambda _: None)
    assert queue.live("mine", JobKind.REVIEW) == 1


def test_several_workers_do_each_job_once(database: Database) -> None:
    one = LeasedQueue(database, per_connection=3)
    one.enqueue([a_job(f"{number}", f"c{number % 4}") for number in range(60)])
    done: Counter[str] = Counter()

    def run() -> None:
        queue = LeasedQueue(database, per_connection=3)
        handlers = {JobKind.SCAN: lambda job, _: done.update([job.key])}
        queue.work(handlers, gave_up=lambda *_: None, until_idle=True, stop=Event())

    with ThreadPoolExecutor(3) as threads:
        for worker in [threads.submit(run) for _ in range(3)]:
            worker.result()
    assert set(done.values()) == {1}
    assert len(done) == 60


def test_an_interrupted_worker_gives_its_jobs_back_without_waiting_for_them(queue: LeasedQueue) -> None:
    queue.enqueue([a_job()])
    hold = Event()

    def handle(_: Job, __: object) -> None:
        hold.wait(0.5)
        os.kill(os.getpid(), signal.SIGINT)  # ctrl-C while it runs
        hold.wait(60)

    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have it ignored in the background
    with pytest.raises(KeyboardInterrupt):
        queue.work({JobKind.SCAN: handle}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    (job,) = queue.list()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    hold.set()
    signal.signal(signal.SIGINT, heeded)
