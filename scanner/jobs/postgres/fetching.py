"""Procrastinate's job manager, with a fair claim, a cap for each connection, and outcomes that only the holder writes.

Its own claim takes the oldest job of all, so one connection's backlog would be everybody's; its own end asks nobody
whether the job is still the worker's.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from scanner.jobs.policy import WORKER_LOST
from scanner.model.job import JobKind, Priority

# A worker's few statements are all answered by indexes, in their order. The planner is told, because until the table
# was analyzed it takes a sorted backlog for as cheap.
PLAN = "SET enable_sort = off; SET enable_bitmapscan = off; SET enable_seqscan = off; SET jit = off"
RACES = 20  # how often a claim is tried again that another worker won

# From connection to connection in the order of their ids, on from the one that was served last; the first that is
# under its cap and has a due job gets it. Each step is one look into ix_queue_turn, however long the backlog is. The
# lock is the job's place among those of its connection: that it is unique among running jobs makes the cap hold,
# whatever other workers claim in this moment.
CLAIM = """
WITH RECURSIVE turn (connection) AS (
    (SELECT queue_name FROM procrastinate_jobs
        WHERE status = 'todo' AND priority = %(priority)s AND queue_name > %(after)s
        ORDER BY queue_name LIMIT 1)
    UNION ALL
    SELECT (SELECT queue_name FROM procrastinate_jobs
        WHERE status = 'todo' AND priority = %(priority)s AND queue_name > turn.connection
        ORDER BY queue_name LIMIT 1)
        FROM turn WHERE turn.connection IS NOT NULL
), due AS MATERIALIZED (
    SELECT job.id, turn.connection FROM turn CROSS JOIN LATERAL (
        SELECT id FROM procrastinate_jobs
            WHERE status = 'todo' AND priority = %(priority)s AND queue_name = turn.connection
                AND task_name = ANY(%(kinds)s) AND (scheduled_at IS NULL OR scheduled_at <= now())
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS job
    WHERE turn.connection IS NOT NULL AND %(cap)s >
        (SELECT count(*) FROM procrastinate_jobs AS running
            WHERE running.status = 'doing' AND running.queue_name = turn.connection)
    LIMIT 1
), place AS (
    SELECT due.id, due.connection || ':' || number AS lock FROM due CROSS JOIN generate_series(1, %(cap)s) AS number
        WHERE NOT EXISTS (SELECT FROM procrastinate_jobs AS running
            WHERE running.status = 'doing' AND running.lock = due.connection || ':' || number)
        ORDER BY number LIMIT 1
)
UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker)s, lock = place.lock
    FROM place WHERE job.id = place.id
    RETURNING job.*
"""

HELD = "id = %(id)s AND status = 'doing' AND attempts = %(attempts)s AND worker_id IS NOT DISTINCT FROM %(worker)s"
NOTED = """
INSERT INTO job_note (job_id, error, ended_at)
    SELECT id, %(error)s, CASE WHEN status <> 'todo' THEN now() END FROM held
    ON CONFLICT (job_id) DO UPDATE SET error = excluded.error, ended_at = excluded.ended_at
"""
# Procrastinate only tells of new jobs. A job that is back is told of as well, and a place where there was none.
WOKEN = """
SELECT held.status, CASE WHEN held.status = 'todo' OR %(cap)s <= (
    SELECT count(*) FROM procrastinate_jobs AS running
        WHERE running.status = 'doing' AND running.queue_name = held.queue_name
) THEN pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', held.id)::text) END
FROM held
"""

END = f"""
WITH held AS (
    UPDATE procrastinate_jobs SET attempts = attempts + 1, abort_requested = false, status = CASE
        WHEN abort_requested THEN 'aborted'::procrastinate_job_status ELSE %(status)s::procrastinate_job_status END
    WHERE {HELD} RETURNING *
), noted AS ({NOTED}) {WOKEN}
"""  # noqa: S608 -- put together from the constants above
BACK = f"""
WITH held AS (
    UPDATE procrastinate_jobs SET attempts = %(attempts_now)s, abort_requested = false, status = CASE
        WHEN abort_requested THEN 'aborted'::procrastinate_job_status ELSE 'todo' END,
        scheduled_at = now() + make_interval(secs => %(wait)s), lock = NULL, worker_id = NULL
    WHERE {HELD} RETURNING *
), noted AS ({NOTED}) {WOKEN}
"""  # noqa: S608 -- same


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Why a job is not done by this attempt."""

    error: str  # in a sentence; "" for a slice that is done while there is more
    wait: float | None  # seconds until the next one, None for none


class FairJobs(JobManager):
    """Claims and ends the jobs of one worker; Procrastinate's worker calls it where it would call its own."""

    def __init__(
        self,
        connector: BaseConnector,
        *,
        kinds: Sequence[JobKind],
        cap: int,
        ended: Callable[[Job, Status, str], Awaitable[None]],
    ) -> None:
        """Claim jobs of these kinds, of each connection at most `cap` at a time over all workers.

        `ended` is told of each job that this worker ended for good, with the error.
        """
        super().__init__(connector)
        self.attempts: dict[int | None, Attempt] = {}  # by job, from the failure to its being written down
        self._kinds = [kind.value for kind in kinds]
        self._cap = cap
        self._ended = ended
        self._served = ""

    async def fetch_job(self, queues: object, worker_id: int) -> Job | None:  # noqa: ARG002 -- as it is called
        """Claim a due job: the most urgent, of the connection whose turn it is."""
        for priority in Priority:
            for after in dict.fromkeys((self._served, "")):
                job = await self._claim(priority, after, worker_id)
                if job is not None:
                    self._served = job.queue
                    return job
        return None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: ARG002, FBT001 -- same
        """End a job for good, unless there is more of it; nothing when it is not the worker's any more."""
        attempt = self.attempts.get(job.id)
        if attempt is not None and attempt.wait is not None:
            await self.retry_job(job)
            return
        self.attempts.pop(job.id, None)
        error = attempt.error if attempt else ""
        rows = await self._write(END, job, status=status.value, error=error)
        if [row["status"] for row in rows] == [status.value]:  # neither lost nor unwanted
            await self._ended(job, status, error)

    async def retry_job(self, job: Job, *_: object, **__: object) -> None:
        """Queue a job again, as its attempt says; one without a failure was given back, and does not count."""
        attempt = self.attempts.pop(job.id, None)
        back = attempt or Attempt(error="", wait=0.0)
        started = job.attempts if attempt is None else job.attempts + 1 if attempt.error else 0
        await self._write(BACK, job, error=back.error, wait=back.wait, attempts_now=started)

    async def rescue(self, *, silent_for: float, max_attempts: int, myself: int | None) -> None:
        """Take back the jobs of workers that were not heard of for so long; fail those that have no attempt left."""
        for job in await self.get_stalled_jobs(seconds_since_heartbeat=silent_for):
            if myself is not None and job.worker_id == myself:
                continue
            spent = job.attempts + 1 >= max_attempts
            self.attempts[job.id] = Attempt(error=WORKER_LOST, wait=None if spent else 0.0)
            await (self.finish_job(job, Status.FAILED, delete_job=False) if spent else self.retry_job(job))

    async def _claim(self, priority: Priority, after: str, worker_id: int) -> Job | None:
        wanted = {"priority": -priority, "after": after, "worker": worker_id, "kinds": self._kinds, "cap": self._cap}
        for _ in range(RACES):
            try:
                rows = await self.connector.execute_query_all_async(CLAIM, **wanted)
            except UniqueViolation:  # another worker took the place
                continue
            return Job.from_row(rows[0]) if rows else None
        return None

    async def _write(self, statement: Any, job: Job, **values: object) -> list[dict[str, Any]]:
        held = {"id": job.id, "attempts": job.attempts, "worker": job.worker_id, "cap": self._cap}
        return await self.connector.execute_query_all_async(statement, **held, **values)
