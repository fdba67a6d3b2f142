"""What every JobQueue promises; the embedded one and the one on PostgreSQL are held to the same."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Lock

import pytest
from sqlalchemy import text

from scanner.jobs.base import JobQueue, Limits
from scanner.jobs.engine import queue_of
from scanner.jobs.policy import KEPT
from scanner.model.job import Job, JobKind, JobState, Priority, Waiting
from tests.postgres import Server
from tests.queue_builders import Bases, Engine, a_job, eventually, scans, work, working


@pytest.fixture(scope="module")
def bases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bases]:
    def url() -> str:
        server: Server = request.getfixturevalue("postgres")
        return server.new_database("queue")

    bases = Bases(tmp_path_factory.mktemp("queues"), url)
    yield bases
    bases.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def engine(request: pytest.FixtureRequest, bases: Bases) -> Iterator[Engine]:
    with bases.on(request.param) as engine:
        yield engine


@pytest.fixture
def embedded(bases: Bases) -> Iterator[Engine]:
    """The one whose clock can be turned; on PostgreSQL a job that is due at once has no time."""
    with bases.on("sqlite") as engine:
        yield engine


@pytest.fixture
def queue(engine: Engine) -> JobQueue:
    return engine.queue()


class Passing(Exception):
    """A failure that trying again may heal."""

    transient = True
    retry_after = 90.0


class Final(Exception):
    """A failure for good."""

    transient = False


class Held:
    """A handler that holds its job until it is let go."""

    def __init__(self, *, then: Exception | None = None) -> None:
        self.begun: list[Job] = []
        self.go = Event()
        self.then = then

    def has_begun(self) -> bool:
        return bool(self.begun)

    def __call__(self, job: Job) -> None:
        self.begun.append(job)
        assert self.go.wait(60)
        if self.then is not None:
            raise self.then


def fail_with(error: Exception) -> Callable[[Job], None]:
    def fail(_: Job) -> None:
        raise error

    return fail


def states(queue: JobQueue) -> dict[str, JobState]:
    return {job.key: job.state for job in queue.list()}


def test_a_job_is_done_once_and_a_twin_is_not_queued_while_it_lives(queue: JobQueue) -> None:
    assert queue.enqueue([a_job("a"), a_job("a"), a_job("b")]) == 2
    assert queue.enqueue([a_job("a")]) == 0
    done: list[str] = []

    def handle(job: Job) -> None:
        done.append(job.key)
        assert queue.enqueue([a_job(job.key)]) == 0  # not while it runs either

    assert work(queue, handle) == []
    assert sorted(done) == ["a", "b"]
    assert set(states(queue).values()) == {JobState.DONE}
    assert queue.enqueue([a_job("a")]) == 1


def test_what_a_handler_is_given_is_what_was_queued(queue: JobQueue) -> None:
    args = {"file": "id-1", "clause": "iec/1"}
    queue.enqueue([a_job("a", args=args, priority=Priority.PERSON)])
    got: list[Job] = []
    work(queue, got.append)
    (job,) = got
    assert (job.kind, job.connection, job.key, dict(job.args)) == (JobKind.SCAN, "mine", "a", args)
    assert (job.priority, job.state, job.attempts, job.max_attempts) == (Priority.PERSON, JobState.RUNNING, 1, 3)


def test_many_who_queue_the_same_at_once_queue_it_once(engine: Engine) -> None:
    wishes = [a_job(f"{number}", f"c{number % 3}") for number in range(40)]
    orders = (wishes, wishes[::-1], [*wishes[20:], *wishes[:20]])
    with ThreadPoolExecutor(3) as threads:
        new = list(threads.map(lambda order: engine.queue().enqueue(order), orders))
    assert sum(new) == len(engine.queue().list()) == 40


def test_jobs_are_listed_part_by_part_while_others_come(queue: JobQueue) -> None:
    queue.enqueue([a_job(f"{number}") for number in range(5)])
    first = queue.list(connection="mine", limit=2)
    queue.enqueue([a_job("later"), a_job("another's", "theirs")])
    rest = queue.list(connection="mine", before=first[-1].id)
    assert [job.key for job in (*first, *rest)] == ["4", "3", "2", "1", "0"]
    assert queue.list(connection="mine", before=rest[-1].id) == ()


def test_a_night_of_many_connections_is_queued_at_once(queue: JobQueue) -> None:
    assert queue.enqueue([a_job(f"{number}", f"c{number}") for number in range(6000)]) == 6000
    assert queue.live("c5999") == 1


def test_a_final_failure_is_given_up_at_once_and_told_with_its_sentence(queue: JobQueue) -> None:
    queue.enqueue([a_job("a")])
    assert work(queue, fail_with(Final("Google said no."))) == [("a", "Google said no.")]
    (failed,) = queue.list(states=[JobState.FAILED])
    assert (failed.error, failed.attempts) == ("Google said no.", 1)


def test_a_passing_failure_waits_as_long_as_the_source_asked(queue: JobQueue, engine: Engine) -> None:
    queue.enqueue([a_job("a")])
    asked_at = engine.now()
    with working(queue, fail_with(Passing("Google is busy."))):
        eventually(lambda: queue.list()[0].error)
    (job,) = queue.list()
    assert (job.state, job.error) == (JobState.QUEUED, "Google is busy.")
    assert job.run_at >= asked_at + timedelta(seconds=90)
    again: list[int] = []
    engine.let_pass(timedelta(seconds=92))
    work(queue, lambda job: again.append(job.attempts))
    assert again == [2]
    assert queue.list()[0].error == ""


def test_after_the_last_attempt_a_job_is_failed_and_can_be_queued_anew(queue: JobQueue, engine: Engine) -> None:
    queue.enqueue([a_job("a")])

    def failed_once_more(attempt: int) -> bool:
        (job,) = queue.list()
        waits = job.state is not JobState.RUNNING  # only then is it the next attempt that time brings nearer
        return waits and job.attempts >= attempt and job.error == "busy"

    with working(queue, fail_with(Passing("busy"))) as lost:
        for attempt in (1, 2):
            eventually(partial(failed_once_more, attempt))
            engine.let_pass(timedelta(hours=1))
        eventually(lambda: lost, within=30)
    assert lost == [("a", "busy")]
    (failed,) = queue.list(states=[JobState.FAILED])
    assert failed.attempts == 3
    assert queue.unhealed() == (failed,)
    assert queue.retry(failed.id)
    done: list[int] = []
    work(queue, lambda job: done.append(job.attempts))
    assert done == [1]
    assert not queue.retry(failed.id)
    assert not queue.retry("no such job")
    assert queue.unhealed() == ()


def test_a_failure_that_a_later_job_of_the_same_key_made_good_is_healed(queue: JobQueue) -> None:
    queue.enqueue([a_job("a"), a_job("b")])
    work(queue, fail_with(Final("no")))
    queue.enqueue([a_job("a")])
    work(queue, lambda _: None)
    assert [job.key for job in queue.unhealed()] == ["b"]


def test_a_failed_job_is_not_queued_anew_beside_a_living_twin(queue: JobQueue) -> None:
    queue.enqueue([a_job("a")])
    work(queue, fail_with(Final("no")))
    queue.enqueue([a_job("a")])
    (failed,) = queue.list(states=[JobState.FAILED])
    assert not queue.retry(failed.id)


def test_a_programming_error_is_kept_by_its_kind_and_never_by_its_text(
    queue: JobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.enqueue([a_job("a")])
    with caplog.at_level(0), working(queue, fail_with(ValueError("Mrs Miller, born 1950"))):
        eventually(lambda: queue.list()[0].error)
    assert queue.list()[0].error == "an error on our side (ValueError)"
    assert "Miller" not in caplog.text
    (failed,) = [vars(record) for record in caplog.records if vars(record).get("event") == "jobs.failed"]
    assert (failed["job"], failed["kind"], failed["connection"]) == (queue.list()[0].id, "scan", "mine")


def test_what_waits_is_counted_by_kind_and_what_is_not_due_yet_does_not_age(queue: JobQueue) -> None:
    assert queue.waiting() == ()
    queue.enqueue([a_job("one"), a_job("two", "theirs"), a_job("later", kind=JobKind.SYNC, after=timedelta(hours=1))])
    waiting = {(one.kind, one.state): one for one in queue.waiting()}
    assert {key: one.count for key, one in waiting.items()} == {
        (JobKind.SCAN, JobState.QUEUED): 2,
        (JobKind.SYNC, JobState.QUEUED): 1,
    }
    oldest = waiting[JobKind.SCAN, JobState.QUEUED].oldest
    assert oldest is not None
    assert abs(datetime.now(UTC) - oldest) < timedelta(minutes=1)
    assert waiting[JobKind.SYNC, JobState.QUEUED].oldest is None


def test_a_persons_wish_goes_before_the_nights_and_makes_a_waiting_twin_as_urgent(queue: JobQueue) -> None:
    queue.enqueue([a_job("night-1"), a_job("night-2"), a_job("other", "zz"), a_job("now", priority=Priority.PERSON)])
    queue.enqueue([a_job("night-2", priority=Priority.PERSON)])
    order: list[str] = []
    work(queue, lambda job: order.append(job.key))
    assert set(order[:2]) == {"now", "night-2"}
    assert len(order) == 4


def test_a_persons_wish_does_not_wait_for_the_hour_of_a_waiting_twin(queue: JobQueue) -> None:
    queue.enqueue([a_job("a", after=timedelta(hours=1))])
    queue.enqueue([a_job("a", priority=Priority.PERSON)])
    done: list[str] = []
    work(queue, lambda job: done.append(job.key))
    assert done == ["a"]


def test_connections_take_turns_however_much_one_of_them_has_queued(queue: JobQueue) -> None:
    queue.enqueue([a_job(f"big-{n}", "big") for n in range(12)])
    queue.enqueue([a_job("a-1", "a"), a_job("a-2", "a"), a_job("z-1", "z")])
    order: list[str] = []
    work(queue, lambda job: order.append(job.connection))
    assert set(order[:3]) == {"a", "big", "z"}
    assert sorted(order[3:5]) == ["a", "big"]
    assert len(order) == 15


def test_no_connection_runs_more_than_its_cap_over_all_workers_and_none_is_held_up_by_it(engine: Engine) -> None:
    one, two = engine.queue(), engine.queue()
    one.enqueue([a_job(f"big-{n}", "big") for n in range(5)] + [a_job("small", "small")])
    held = Held()
    with working(one, held, slots=3), working(two, held, slots=3):
        eventually(lambda: len(held.begun) >= 3)
        time.sleep(0.3)  # time to take one too many
        assert Counter(job.connection for job in held.begun) == {"big": 2, "small": 1}
        held.go.set()
        eventually(lambda: set(states(one).values()) == {JobState.DONE}, within=5)  # a place that is free is taken


def test_a_job_of_many_slices_gives_way_between_them_and_keeps_its_urgency(queue: JobQueue) -> None:
    queue.enqueue([a_job("long", priority=Priority.PERSON), a_job("short", "other", priority=Priority.PERSON)])
    queue.enqueue([a_job("night", "zz")])
    order: list[tuple[str, int]] = []

    def slices(job: Job, _: object) -> bool:
        order.append((job.key, job.attempts))
        return job.key == "long" and len([key for key, _ in order if key == "long"]) < 4

    ended = queue.work({JobKind.SCAN: slices}, gave_up=lambda *_: None, until_idle=True, stop=Event(), slots=1)
    assert ended == 3
    assert [key for key, _ in order].count("long") == 4
    assert ("short", 1) in order[:2]
    assert order[-1] == ("night", 1)
    assert {attempts for _, attempts in order} == {1}
    assert set(states(queue).values()) == {JobState.DONE}


def test_a_job_of_many_slices_that_is_cancelled_ends_with_its_slice(queue: JobQueue) -> None:
    queue.enqueue([a_job("long")])

    def slices(_: Job, __: object) -> bool:
        queue.cancel("mine")
        return True

    queue.work({JobKind.SCAN: slices}, gave_up=lambda *_: None, until_idle=True, stop=Event(), slots=1)
    assert set(states(queue).values()) <= {JobState.CANCELLED}


def test_a_job_that_is_wanted_later_waits(queue: JobQueue, engine: Engine) -> None:
    queue.enqueue([a_job("later", after=timedelta(minutes=5)), a_job("now")])
    done: list[str] = []
    with working(queue, lambda job: done.append(job.key)):
        eventually(lambda: done)
        time.sleep(0.3)
        assert done == ["now"]
        engine.let_pass(timedelta(minutes=6))
        eventually(lambda: done == ["now", "later"])


def test_a_clock_that_is_set_back_holds_no_job_up(embedded: Engine) -> None:
    """What was queued while it was ahead keeps its twins out of the queue: it is due itself."""
    engine = embedded
    engine.let_pass(timedelta(days=400))
    queue = engine.queue()
    queue.enqueue([a_job("now"), a_job("soon", after=timedelta(minutes=5))])
    engine.let_pass(timedelta(days=-400))
    queue.enqueue([a_job("tonight"), a_job("later", after=timedelta(hours=20))])
    assert queue.enqueue([a_job("now")]) == 0
    (waiting,) = queue.waiting()
    assert waiting.oldest is not None
    assert waiting.oldest <= engine.now()
    done: list[str] = []
    with working(queue, lambda job: done.append(job.key)):
        eventually(lambda: len(done) == 3)
    assert sorted(done) == ["now", "soon", "tonight"]


def test_a_lease_of_a_clock_that_was_ahead_is_not_waited_for(embedded: Engine) -> None:
    """Its worker may have been in a container that is no more."""
    engine = embedded
    first, second = engine.queue(), engine.queue()
    first.enqueue([a_job("a")])
    engine.let_pass(timedelta(days=400))
    late, again = Held(), Held()
    with working(first, late):
        eventually(lambda: late.begun)
        engine.let_pass(timedelta(days=-400))
        with working(second, again):
            eventually(lambda: again.begun)
            again.go.set()
            eventually(lambda: states(first) == {"a": JobState.DONE})
        late.go.set()


@pytest.mark.parametrize("then", [None, Final("too late")], ids=["ended well", "failed"])
def test_a_worker_that_is_not_heard_of_loses_its_job_and_its_late_outcome_is_refused(
    engine: Engine, then: Exception | None
) -> None:
    first, second = engine.queue(), engine.queue()
    first.enqueue([a_job("a")])
    late, again = Held(then=then), Held()
    with working(first, late) as lost:
        eventually(lambda: late.begun)
        engine.let_pass(timedelta(seconds=31))
        with working(second, again):
            eventually(lambda: again.begun)
            assert again.begun[0].attempts == 2
            late.go.set()
            time.sleep(0.5)
            assert states(first) == {"a": JobState.RUNNING}
            again.go.set()
            eventually(lambda: states(first) == {"a": JobState.DONE})
    assert lost == []


def test_a_job_that_takes_longer_than_the_lease_is_kept_by_its_beat(engine: Engine) -> None:
    first, second = engine.queue(lease_seconds=1.5), engine.queue(lease_seconds=1.5)
    first.enqueue([a_job("a")])
    long = Held()
    with working(first, long), working(second, long):
        eventually(lambda: long.begun)
        time.sleep(3)
        assert len(long.begun) == 1
        long.go.set()
        eventually(lambda: states(first) == {"a": JobState.DONE})


def test_a_job_whose_workers_die_each_time_fails_after_its_last_attempt(engine: Engine) -> None:
    queue = engine.queue()
    queue.enqueue([a_job("poison"), a_job("good", "other")])
    held = [Held() for _ in range(3)]
    done: list[str] = []
    lost: list[tuple[str, str]] = []

    def handle(job: Job, poison: Held) -> None:
        if job.key == "poison":
            poison(job)
        done.append(job.key)

    with ThreadPoolExecutor(3) as threads:
        stop = Event()
        for poison in held:
            handlers = scans(partial(handle, poison=poison))
            gave_up = {"gave_up": lambda job, why: lost.append((job.key, why))}
            options = {**gave_up, "until_idle": False, "stop": stop, "slots": 1}
            threads.submit(engine.queue(grace_seconds=0).work, handlers, **options)  # type: ignore[arg-type]
            eventually(poison.has_begun)
            engine.let_pass(timedelta(seconds=31))
        lost += work(queue, lambda job: done.append(job.key))
        stop.set()
    for poison in held:
        poison.go.set()
    assert lost == [("poison", "the worker was killed while it ran")]
    assert states(queue) == {"poison": JobState.FAILED, "good": JobState.DONE}
    assert "good" in done


def test_cancel_ends_what_waits_at_once_and_what_runs_when_it_ends(queue: JobQueue) -> None:
    queue.enqueue([a_job("running"), a_job("waiting"), a_job("other", "theirs", after=timedelta(hours=1))])
    held = Held()
    with working(queue, held):
        eventually(lambda: held.begun)
        assert queue.cancel("mine") == 2
        assert queue.live("mine") == 1
        held.go.set()
        eventually(lambda: queue.live("mine") == 0)
    assert len(held.begun) == 1
    assert queue.live("theirs", JobKind.SCAN) == 1
    assert set(states(queue).values()) <= {JobState.CANCELLED, JobState.QUEUED}


def test_a_forgotten_connection_leaves_no_row_once_its_running_job_has_ended(engine: Engine) -> None:
    queue = engine.queue()
    queue.enqueue([a_job("running"), a_job("waiting"), a_job("kept", "theirs", after=timedelta(hours=1))])
    held = Held()
    with working(queue, held):
        eventually(lambda: held.begun)
        queue.forget("mine")
        assert [job.key for job in queue.list() if job.connection == "mine"] == [held.begun[0].key]
        held.go.set()
        eventually(lambda: queue.live("mine") == 0)
    with working(queue, held):  # whoever starts tidies up
        eventually(lambda: {job.connection for job in queue.list()} == {"theirs"})


def test_a_worker_that_is_stopped_gives_back_what_it_cannot_end_and_the_next_one_takes_it_at_once(
    engine: Engine,
) -> None:
    queue = engine.queue(grace_seconds=0.2)
    queue.enqueue([a_job("a")])
    held = Held()
    with working(engine.queue(), lambda job: done.append(job.attempts)):
        done: list[int] = []
        eventually(lambda: done)
    queue.enqueue([a_job("b")])
    with working(queue, held):
        eventually(lambda: held.begun)
    (given_back,) = queue.list(states=[JobState.QUEUED])
    assert (given_back.key, given_back.attempts) == ("b", 0)
    started = time.monotonic()
    work(engine.queue(), lambda job: done.append(job.attempts))
    assert time.monotonic() - started < 5
    assert done == [1, 1]
    held.go.set()


def test_a_job_that_ends_within_the_grace_is_done(engine: Engine) -> None:
    queue = engine.queue(grace_seconds=10)
    queue.enqueue([a_job("a")])
    with working(queue, lambda _: time.sleep(0.8)):
        eventually(lambda: states(queue) == {"a": JobState.RUNNING})
    assert states(queue) == {"a": JobState.DONE}


def test_a_job_that_a_stopping_worker_still_ends_is_not_begun_by_another_one(engine: Engine) -> None:
    queue = engine.queue(grace_seconds=10, lease_seconds=1.5)
    queue.enqueue([a_job("a")])
    begun: list[str] = []

    def handle(job: Job) -> None:
        begun.append(job.key)
        time.sleep(3)

    with ExitStack() as other, ExitStack() as stopping:
        stopping.enter_context(working(queue, handle))
        eventually(lambda: begun)
        other.enter_context(working(engine.queue(lease_seconds=1.5), handle))
        stopping.close()
    assert begun == ["a"]
    assert states(queue) == {"a": JobState.DONE}


def test_what_waits_ages_until_it_runs(queue: JobQueue, engine: Engine) -> None:
    queue.enqueue([a_job("one"), a_job("two"), a_job("later", after=timedelta(hours=3))])
    engine.let_pass(timedelta(hours=1))
    queue.enqueue([a_job("three")])
    (scans,) = queue.waiting()
    assert (scans.kind, scans.state, scans.count) == (JobKind.SCAN, JobState.QUEUED, 4)
    assert scans.oldest is not None
    assert timedelta(minutes=59) < engine.now() - scans.oldest < timedelta(minutes=61)
    engine.let_pass(timedelta(hours=4))
    seen: list[Waiting] = []
    work(queue, lambda _: seen.extend(queue.waiting()))
    running = [one for one in seen if one.state is JobState.RUNNING]
    assert [(one.count, one.oldest) for one in running] == [(1, None)] * 4
    assert sorted(one.count for one in seen if one.state is JobState.QUEUED) == [1, 2, 3]
    assert queue.waiting() == ()


def test_progress_is_kept_for_people(queue: JobQueue) -> None:
    queue.enqueue([a_job("a")])
    seen: list[str] = []

    def handle(_: Job, report: Callable[[str], None]) -> None:
        report("12 files listed")
        seen.extend(one.progress for one in queue.list(states=[JobState.RUNNING]))

    queue.work({JobKind.SCAN: handle}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    assert seen == ["12 files listed"]


def test_ended_jobs_are_forgotten_after_a_while(queue: JobQueue, engine: Engine) -> None:
    queue.enqueue([a_job("done"), a_job("waits", kind=JobKind.REVIEW)])
    with working(queue, lambda _: None):
        eventually(lambda: states(queue)["done"] is JobState.DONE)
    engine.let_pass(KEPT + timedelta(days=1))
    with working(queue, lambda _: None):
        eventually(lambda: set(states(queue)) == {"waits"})


def test_whether_a_connection_has_a_job_that_waits_is_known_by_kind(queue: JobQueue) -> None:
    queue.enqueue([a_job("a"), a_job("b", "other", kind=JobKind.SYNC, priority=Priority.PERSON)])
    seen: list[bool] = []
    assert queue.waits("mine", JobKind.SCAN)
    work(queue, lambda _: seen.append(queue.waits("mine", JobKind.SCAN)))
    assert seen == [False]  # while it runs it does not wait
    assert queue.waits("other", JobKind.SYNC)
    assert not queue.waits("other", JobKind.SCAN)
    assert not queue.waits("nobody", JobKind.SYNC)


def test_kinds_without_a_handler_are_left_for_others(queue: JobQueue) -> None:
    queue.enqueue([a_job("a"), a_job("later", kind=JobKind.REVIEW)])
    work(queue, lambda _: None)
    assert queue.live("mine", JobKind.REVIEW) == 1


def test_several_workers_do_each_job_once(engine: Engine) -> None:
    engine.queue().enqueue([a_job(f"{number}", f"c{number % 4}") for number in range(60)])
    done: Counter[str] = Counter()
    lock = Lock()

    def count(job: Job) -> None:
        with lock:
            done[job.key] += 1

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: work(engine.queue(per_connection=3), count, slots=2), range(3)))
    assert set(done.values()) == {1}
    assert len(done) == 60


def test_an_idle_worker_sees_a_new_job_at_once(queue: JobQueue, engine: Engine) -> None:
    begun: list[float] = []
    with working(queue, lambda _: begun.append(time.monotonic())):
        time.sleep(1)
        queued = time.monotonic()
        queue.enqueue([a_job("a")])
        eventually(lambda: begun)
    assert begun[0] - queued < (1.0 if engine.database.is_sqlite else 0.5)


def test_an_idle_worker_looks_for_work_that_nobody_has_queued(engine: Engine) -> None:
    queue = engine.queue(idle_seconds=0.2)
    looked = Event()
    queue.work(scans(print), gave_up=lambda *_: None, until_idle=False, stop=looked, idle=looked.set)
    assert looked.is_set()


def test_an_interrupted_worker_gives_its_jobs_back_without_waiting_for_them(queue: JobQueue) -> None:
    queue.enqueue([a_job()])
    hold = Event()

    def handle(_: Job) -> None:
        hold.wait(0.5)
        os.kill(os.getpid(), signal.SIGINT)  # ctrl-C while it runs
        hold.wait(60)

    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have it ignored in the background
    with pytest.raises(KeyboardInterrupt):
        work(queue, handle)
    (job,) = queue.list()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    hold.set()
    signal.signal(signal.SIGINT, heeded)


WORKER = """
import sys, threading, time
from scanner.jobs.base import Limits
from scanner.jobs.engine import queue_of
from scanner.model.job import JobKind
from scanner.store.database import Database

def hold(job, report):
    print("begun", job.key, flush=True)
    time.sleep(600)

queue = queue_of(Database(sys.argv[1]), Limits(lease_seconds=5))
queue.work({JobKind.SCAN: hold}, gave_up=print, until_idle=False, stop=threading.Event(), slots=2)
"""


def test_what_a_killed_process_was_at_is_done_by_another_one(engine: Engine) -> None:
    queue = queue_of(engine.database, Limits(lease_seconds=5))
    queue.enqueue([a_job("a"), a_job("b", "other")])
    url = engine.database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert {process.stdout.readline(), process.stdout.readline()} == {"begun a\n", "begun b\n"}
    process.kill()
    process.communicate()
    killed = time.monotonic()
    done: list[tuple[str, int]] = []
    work(queue, lambda job: done.append((job.key, job.attempts)))
    assert sorted(done) == [("a", 2), ("b", 2)]
    assert time.monotonic() - killed < 2 * 5 + 2  # of the lease: with the default of 30 s it is less than 60


def test_a_worker_goes_on_when_the_database_comes_back(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Two workers in the midst of short jobs, each of which writes its outcome: none is lost and none fails."""
    if engine.database.is_sqlite:
        pytest.skip("SQLite does not go away")
    server: Server = request.getfixturevalue("postgres")
    queue, keys = engine.queue(), {f"{number:03}" for number in range(200)}
    with engine.database.transaction() as session:
        session.connection().exec_driver_sql("CREATE TABLE outcome (key text PRIMARY KEY)")

    def outcomes() -> set[str]:
        with engine.database.reading() as session:
            return set(session.scalars(text("SELECT key FROM outcome")))

    def handle(job: Job) -> None:
        time.sleep(0.01)
        with engine.database.transaction() as session:
            wanted = text("INSERT INTO outcome VALUES (:key) ON CONFLICT DO NOTHING")
            session.execute(wanted, {"key": job.key})

    queue.enqueue([a_job(key, f"c{key[-1]}") for key in sorted(keys)])
    with working(queue, handle, slots=2) as lost, working(engine.queue(), handle, slots=2) as lost_too:
        eventually(lambda: len(outcomes()) >= 50)
        server.restart()
        assert len(outcomes()) < len(keys)  # it was in the midst of it
        eventually(lambda: not queue.list(states=[JobState.QUEUED, JobState.RUNNING]), within=60)
    assert outcomes() == keys
    assert Counter(job.state for job in queue.list(limit=1000)) == {JobState.DONE: 200}
    assert (lost, lost_too) == ([], [])
