"""The embedded queue: a table of leased work on SQLite, for one machine."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event

from sqlalchemy import exists, insert, literal_column
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select, update

from scanner.jobs.base import GaveUp, Handler, Idle, Limits
from scanner.jobs.owner import is_dead, me
from scanner.jobs.policy import KEPT, LONGEST, WORKER_LOST, most_urgent, retry_in, sentence
from scanner.jobs.tables import JobRow, is_in
from scanner.jobs.turns import Turn, next_job, waits
from scanner.jobs.waiting import waiting
from scanner.jobs.worker import Worker
from scanner.model.job import Job, JobKind, JobState, NewJob, Priority, Waiting
from scanner.store.database import Database
from scanner.store.files import batches

LIVE = (JobState.QUEUED, JobState.RUNNING)


class LeasedQueue:
    """A JobQueue on SQLite's own transactions, one at a time: a claim never sees a half-made other one."""

    def __init__(
        self,
        database: Database,
        limits: Limits | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Random | None = None,
    ) -> None:
        """Work on this database."""
        self.limits = limits or Limits()
        self._database = database
        self._now = now
        self._random = random or Random()  # noqa: S311 -- jitter, not a secret
        self._served = ""

    def enqueue(self, jobs: Sequence[NewJob]) -> int:
        """See JobQueue."""
        by_key = most_urgent(jobs)
        with self._database.transaction() as session:
            live = {
                key
                for keys in batches(list(by_key))
                for key in session.exec(select(JobRow.key).where(col(JobRow.key).in_(keys), is_in(*LIVE)))
            }
            for key in live:
                self._hurry(session, by_key[key])
            fresh = [self._row(job) for key, job in by_key.items() if key not in live]
            if fresh:
                session.connection().execute(insert(JobRow), fresh)
        return len(fresh)

    def work(
        self,
        handlers: Mapping[JobKind, Handler],
        *,
        gave_up: GaveUp,
        until_idle: bool,
        stop: Event,
        slots: int = 2,
        idle: Idle | None = None,
    ) -> int:
        """See JobQueue."""
        return Worker(self, handlers, gave_up=gave_up, slots=slots, idle=idle).run(until_idle=until_idle, stop=stop)

    def list(
        self, *, states: Sequence[JobState] = (), connection: str = "", before: str = "", limit: int = 100
    ) -> tuple[Job, ...]:
        """See JobQueue."""
        newest = select(JobRow.id).order_by(col(JobRow.id).desc()).limit(limit)  # whole rows are not put in order
        if states:
            newest = newest.where(is_in(*states))
        if connection:
            newest = newest.where(JobRow.connection == connection)
        if before:
            newest = newest.where(col(JobRow.id) < int(before))
        query = select(JobRow).where(col(JobRow.id).in_(newest)).order_by(col(JobRow.id).desc())
        with self._database.reading() as session:
            return tuple(_job(row) for row in session.exec(query))

    def unhealed(self, connection: str = "") -> tuple[Job, ...]:
        """See JobQueue."""
        later = aliased(JobRow)
        healed = exists().where(
            col(later.key) == col(JobRow.key),
            col(later.state) == literal_column(f"'{JobState.DONE}'"),
            col(later.ended_at) >= col(JobRow.ended_at),
        )
        query = select(JobRow).where(is_in(JobState.FAILED), ~healed).order_by(col(JobRow.id).desc())
        if connection:
            query = query.where(JobRow.connection == connection)
        with self._database.reading() as session:
            return tuple(_job(row) for row in session.exec(query))

    def live(self, connection: str, kind: JobKind | None = None) -> int:
        """See JobQueue."""
        query = select(func.count()).where(JobRow.connection == connection, is_in(*LIVE))
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        with self._database.reading() as session:
            return session.exec(query).one()

    def waits(self, connection: str, kind: JobKind) -> bool:
        """See JobQueue."""
        with self._database.reading() as session:
            return waits(session, connection, kind)

    def waiting(self) -> tuple[Waiting, ...]:
        """See JobQueue."""
        with self._database.reading() as session:
            return waiting(session, now=self._now())

    def retry(self, job_id: str) -> bool:
        """See JobQueue."""
        try:
            with self._database.transaction() as session:
                row = session.get(JobRow, int(job_id)) if job_id.isdigit() else None
                if row is None or row.state not in (JobState.FAILED, JobState.CANCELLED):
                    return False
                row.state, row.attempts, row.unwanted, row.ended_at = JobState.QUEUED, 0, False, None
                row.run_at = self._now()
                session.add(row)
                session.flush()
        except IntegrityError:  # a live twin does the work already
            return False
        return True

    def cancel(self, connection: str) -> int:
        """See JobQueue."""
        mine = col(JobRow.connection) == connection
        with self._database.transaction() as session:
            queued = session.exec(
                update(JobRow)
                .where(mine, col(JobRow.state) == JobState.QUEUED)
                .values(state=JobState.CANCELLED, ended_at=self._now())
            ).rowcount
            running = session.exec(
                update(JobRow).where(mine, col(JobRow.state) == JobState.RUNNING).values(unwanted=True)
            ).rowcount
        return queued + running

    def forget(self, connection: str) -> None:
        """See JobQueue; what runs now is deleted by the reaper after it ended."""
        self.cancel(connection)
        with self._database.transaction() as session:
            mine = col(JobRow.connection) == connection
            session.exec(delete(JobRow).where(mine, col(JobRow.state) != JobState.RUNNING))

    def any_live(self, kinds: Sequence[JobKind]) -> bool:
        """Tell whether a job of these kinds is queued or running, anywhere."""
        query = select(JobRow.id).where(col(JobRow.kind).in_(kinds), is_in(*LIVE)).limit(1)
        with self._database.reading() as session:
            return session.exec(query).first() is not None

    def claim(self, kinds: Sequence[JobKind]) -> tuple[Job, str] | None:
        """Lease one due job: the most urgent, of the connection whose turn it is and that is under its cap."""
        turn: Turn = {"kinds": kinds, "cap": self.limits.per_connection, "served": self._served, "now": self._now()}
        with self._database.reading() as session:  # an idle worker only reads, and takes no lock
            if next_job(session, **turn) is None:
                return None
        with self._database.transaction() as session:
            row = next_job(session, **turn)
            if row is None:
                return None
            row.state, row.owner, row.token = JobState.RUNNING, me(), secrets.token_hex(16)
            row.lease_until, row.attempts = self._leased_until(), row.attempts + 1
            session.add(row)
            self._served = row.connection
            return _job(row), row.token

    def beat(self, tokens: Sequence[str]) -> None:
        """Extend the leases of running jobs."""
        with self._database.transaction() as session:
            session.exec(update(JobRow).where(col(JobRow.token).in_(tokens)).values(lease_until=self._leased_until()))

    def report(self, token: str, progress: str) -> None:
        """Keep a line of progress of a running job."""
        with self._database.transaction() as session:
            session.exec(update(JobRow).where(col(JobRow.token) == token).values(progress=progress[:200]))

    def done(self, token: str) -> bool:
        """End a job well; False when the lease was lost meanwhile."""
        return self._end(token, state=JobState.DONE, error="")

    def failed(self, job: Job, token: str, error: BaseException) -> bool:
        """Queue the job again or give it up, as the policy says; True when it was given up."""
        wait = retry_in(error, attempts=job.attempts, max_attempts=job.max_attempts, chance=self._random.random())
        if wait is None:
            return self._end(token, state=JobState.FAILED, error=sentence(error))
        self._release(token, after=timedelta(seconds=wait), error=sentence(error))
        return False

    def again(self, token: str) -> None:
        """Queue a job again of which a slice is done; its attempts count anew."""
        self._release(token, after=timedelta(0), error="", attempts=lambda _: 0)

    def give_back(self, token: str) -> None:
        """Release a job that the worker has no time left for; the attempt does not count."""
        self._release(token, after=timedelta(0), error="", attempts=lambda started: started - 1)

    def reap(self) -> tuple[Job, ...]:
        """Take back jobs whose worker is dead or whose lease ran out; return those that have no attempt left."""
        now = self._now()
        lost: list[Job] = []
        with self._database.transaction() as session:
            for row in session.exec(select(JobRow).where(col(JobRow.token).is_not(None))).all():
                expired = row.lease_until is None or not now <= row.lease_until <= now + LONGEST
                if not expired and not (row.owner and is_dead(row.owner)):
                    continue
                spent = row.attempts >= row.max_attempts
                row.token = row.owner = row.lease_until = None
                row.state = JobState.CANCELLED if row.unwanted else JobState.FAILED if spent else JobState.QUEUED
                row.error, row.run_at = WORKER_LOST, now
                row.ended_at = None if row.state == JobState.QUEUED else now
                session.add(row)
                if row.state == JobState.FAILED:
                    lost.append(_job(row))
            session.exec(delete(JobRow).where(col(JobRow.ended_at) < now - KEPT))
            session.exec(delete(JobRow).where(col(JobRow.state) == JobState.CANCELLED, col(JobRow.unwanted)))
        return tuple(lost)

    def _leased_until(self) -> datetime:
        return self._now() + timedelta(seconds=self.limits.lease_seconds)

    def _row(self, job: NewJob) -> dict[str, object]:
        return {
            "kind": job.kind,
            "connection": job.connection,
            "key": job.key,
            "args": dict(job.args),
            "priority": job.priority,
            "state": JobState.QUEUED,
            "run_at": self._now() + job.after,
            "attempts": 0,
            "max_attempts": self.limits.max_attempts,
            "unwanted": False,
            "error": "",
            "progress": "",
        }

    def _hurry(self, session: Session, job: NewJob) -> None:
        """Make a waiting twin as urgent as a person's wish."""
        session.exec(
            update(JobRow)
            .where(col(JobRow.key) == job.key, is_in(JobState.QUEUED), col(JobRow.priority) > job.priority)
            .values(priority=job.priority, run_at=self._now())
        )

    def _end(self, token: str, *, state: JobState, error: str) -> bool:
        with self._database.transaction() as session:
            row = session.exec(select(JobRow).where(JobRow.token == token)).first()
            if row is None:
                return False
            row.state = JobState.CANCELLED if row.unwanted else state
            row.token = row.owner = row.lease_until = None
            row.error, row.ended_at = error, self._now()
            session.add(row)
            return row.state is state

    def _release(
        self, token: str, *, after: timedelta, error: str, attempts: Callable[[int], int] = lambda started: started
    ) -> None:
        with self._database.transaction() as session:
            row = session.exec(select(JobRow).where(JobRow.token == token)).first()
            if row is None:
                return
            row.state = JobState.CANCELLED if row.unwanted else JobState.QUEUED
            row.token = row.owner = row.lease_until = None
            row.error, row.run_at = error, self._now() + after
            row.attempts = attempts(row.attempts)
            session.add(row)


def _job(row: JobRow) -> Job:
    return Job(
        id=str(row.id),
        kind=JobKind(row.kind),
        connection=row.connection,
        key=row.key,
        args=dict(row.args),
        priority=Priority(row.priority),
        state=JobState(row.state),
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        run_at=row.run_at,
        error=row.error,
        progress=row.progress,
    )
