"""A worker on PostgreSQL: Procrastinate's, kept going over the database's absences, its jobs in threads of ours."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job as Claimed
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from scanner.jobs.base import GaveUp, Handler, Idle
from scanner.jobs.policy import KEPT, retry_in, sentence
from scanner.jobs.postgres.fetching import PLAN, Attempt, FairJobs
from scanner.jobs.reporting import sparing, tell_failure
from scanner.jobs.threads import in_thread
from scanner.jobs.worker import AWAY_SECONDS, AWAY_TRIES
from scanner.model.job import Job, JobKind, JobState, Priority
from scanner.store.errors import DatabaseError

if TYPE_CHECKING:
    from scanner.jobs.postgres.queue import PostgresQueue

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2  # how soon a wish to stop is seen, and that nothing is left to do
POLL_SECONDS = 2.0  # how soon a job is seen that fell due; a new one is told of at once
CONNECT_SECONDS = 5
AWAY = (ConnectorException, psycopg.Error, DatabaseError)


class Failed(Exception):
    """An attempt that failed; what of it may be kept was noted, and nothing of its text goes into a log."""


class Policy(BaseRetryStrategy):
    """Hands the decision on: what is to become of the job stands in its attempt."""

    def __init__(self, attempts: Mapping[int | None, Attempt]) -> None:
        """Read it there."""
        self._attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Claimed) -> RetryDecision | None:
        """Queue it again, unless it was given up; without a failure the worker stops, and gives it back."""
        attempt = self._attempts.get(job.id)
        again = isinstance(exception, asyncio.CancelledError) if attempt is None else attempt.wait is not None
        return RetryDecision() if again else None


class _Worker(Worker):
    """Procrastinate's, without its clock: nights are the schedule's business."""

    async def _periodic_deferrer(self) -> None:
        """Never end: with it would end the watch over heartbeat and listener (seen in Procrastinate 3.10.0)."""
        await asyncio.Event().wait()

    if TYPE_CHECKING:  # there they have no types

        async def run(self) -> None: ...

        def stop(self) -> None: ...


class Shift:
    """One call of PostgresQueue.work."""

    def __init__(
        self,
        queue: "PostgresQueue",
        handlers: Mapping[JobKind, Handler],
        *,
        gave_up: GaveUp,
        until_idle: bool,
        stop: Event,
        slots: int,
        idle: Idle | None,
    ) -> None:
        """See JobQueue.work."""
        self._queue = queue
        self._handlers = handlers
        self._gave_up = gave_up
        self._until_idle = until_idle
        self._stop = stop
        self._slots = slots
        self._idle = idle
        self._kinds = tuple(handlers)
        self._ended = 0
        self._over = False
        self._next_rescue = 0.0
        self._next_idle = time.monotonic() + queue.limits.idle_seconds

    def run(self) -> int:
        """Work until told to stop or until no job of our kinds is live; return how many ended."""
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # we tell it ourselves, in sentences
        asyncio.run(self._keep_going())
        return self._ended

    async def _keep_going(self) -> None:
        """Procrastinate's worker ends with the database's connection: begin another one when it is back."""
        away = 0
        while not self._over and not self._stop.is_set():
            try:
                await asyncio.to_thread(self._queue.any_live, self._kinds)  # refused at once, where a pool would wait
                await self._until_the_database_leaves()
            except AWAY as error:
                away += 1
                if self._until_idle and away >= AWAY_TRIES:  # somebody waits for the end
                    raise DatabaseError("The queue cannot be reached.") from error
                log.warning(
                    "The worker lost the queue; it begins anew.",
                    extra={"event": "jobs.away", "error": type(error).__name__},
                )
                await asyncio.sleep(AWAY_SECONDS)

    async def _until_the_database_leaves(self) -> None:
        url = self._queue.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        kwargs = {"connect_timeout": CONNECT_SECONDS}
        app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, kwargs=kwargs, configure=_plan))
        jobs = FairJobs(app.connector, kinds=self._kinds, cap=self._queue.limits.per_connection, ended=self._note_end)
        app.job_manager = jobs
        for kind, handler in self._handlers.items():
            app.task(name=kind.value, pass_context=True, retry=Policy(jobs.attempts))(self._task(handler, jobs))
        async with app.open_async():
            worker = _Worker(
                app,
                concurrency=self._slots,
                fetch_job_polling_interval=LOOK_SECONDS if self._until_idle else POLL_SECONDS,
                shutdown_graceful_timeout=self._queue.limits.grace_seconds,
                install_signal_handlers=False,
                update_heartbeat_interval=self._queue.limits.lease_seconds / 3,
                stalled_worker_timeout=self._queue.limits.lease_seconds,
            )
            await self._watch(worker, jobs)

    async def _watch(self, worker: _Worker, jobs: FairJobs) -> None:
        """Run the worker until it is over; ctrl-C cancels this, and what runs is given back at once."""
        await self._rescue(jobs, None)  # first, so that the worker's first claim finds what was lost
        running = asyncio.create_task(worker.run())
        try:
            while not running.done() and not self._over:
                await self._look(worker, jobs)
                await asyncio.wait([running], timeout=LOOK_SECONDS)
        except asyncio.CancelledError:
            worker.shutdown_graceful_timeout = 0.0
            raise
        finally:
            worker.stop()
            await self._see_out(running, worker, jobs)

    async def _see_out(self, running: "asyncio.Task[None]", worker: _Worker, jobs: FairJobs) -> None:
        """Go on telling that the worker lives while its last jobs end: Procrastinate's tells no more once it stops."""
        while not running.done():
            if worker.worker_id is not None:
                await jobs.update_heartbeat(worker.worker_id)
            await asyncio.wait([running], timeout=self._queue.limits.lease_seconds / 3)
        await running

    async def _look(self, worker: _Worker, jobs: FairJobs) -> None:
        queue, now = self._queue, time.monotonic()
        if self._stop.is_set():
            self._over = True
            return
        if now >= self._next_rescue:
            await self._rescue(jobs, worker.worker_id)
        if self._until_idle and not await asyncio.to_thread(queue.any_live, self._kinds):
            self._over = True
        elif self._idle is not None and now >= self._next_idle:
            self._next_idle = now + queue.limits.idle_seconds
            if not await asyncio.to_thread(queue.any_live, self._kinds):
                await asyncio.to_thread(self._idle)

    async def _rescue(self, jobs: FairJobs, myself: int | None) -> None:
        queue = self._queue
        self._next_rescue = time.monotonic() + queue.limits.lease_seconds / 3
        await jobs.rescue(silent_for=queue.limits.lease_seconds, max_attempts=queue.limits.max_attempts, myself=myself)
        await asyncio.to_thread(queue.trim, kept=KEPT)

    def _task(self, handler: Handler, jobs: FairJobs) -> Callable[..., Coroutine[None, None, None]]:
        async def run(context: JobContext, **_: object) -> None:
            job = self._job(context.job)
            work = in_thread(handler, job, sparing(partial(self._queue.report, job.id)))
            try:
                if await _outcome(work, context):
                    jobs.attempts[context.job.id] = Attempt(error="", wait=0.0)
            except Exception as error:  # noqa: BLE001 -- whatever a handler raises is the job's failure
                tell_failure(job, error)
                jobs.attempts[context.job.id] = Attempt(error=sentence(error), wait=self._wait(job, error))
                raise Failed from None

        return run

    def _wait(self, job: Job, error: BaseException) -> float | None:
        chance = self._queue.random.random()
        return retry_in(error, attempts=job.attempts, max_attempts=job.max_attempts, chance=chance)

    async def _note_end(self, claimed: Claimed, status: Status, error: str) -> None:
        if status is Status.FAILED:
            await asyncio.to_thread(self._gave_up, self._job(claimed, error), error)
        self._ended += 1

    def _job(self, claimed: Claimed, error: str = "") -> Job:
        return Job(
            id=str(claimed.id),
            kind=JobKind(claimed.task_name),
            connection=claimed.queue,
            key=claimed.queueing_lock or "",
            args={name: str(value) for name, value in claimed.task_kwargs.items()},
            priority=Priority(-claimed.priority),
            state=JobState.FAILED if error else JobState.RUNNING,
            attempts=claimed.attempts + 1,
            max_attempts=self._queue.limits.max_attempts,
            run_at=claimed.scheduled_at or datetime.now(UTC),
            error=error,
        )


async def _plan(connection: psycopg.AsyncConnection) -> None:
    await connection.execute(PLAN)
    await connection.commit()


async def _outcome(work: Future[bool | None], context: JobContext) -> bool | None:
    """Wait for the thread; one that is no longer wanted ends by itself, and is waited for all the same."""
    while True:
        try:
            return await asyncio.shield(asyncio.wrap_future(work))
        except asyncio.CancelledError:
            if context.abort_reason() is not AbortReason.USER_REQUEST:
                raise
