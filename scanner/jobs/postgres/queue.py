"""A JobQueue on PostgreSQL, for any number of hosts: Procrastinate's jobs, claimed fairly and ended by their holder."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from typing import Any
from zlib import crc32

from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job as Deferred
from procrastinate.manager import JobManager
from sqlalchemy import delete, exists, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from scanner.jobs.base import GaveUp, Handler, Idle, Limits
from scanner.jobs.policy import most_urgent
from scanner.jobs.postgres.schema import upgrade
from scanner.jobs.postgres.tables import LIVE, in_states, job_of, jobs, notes, seen
from scanner.jobs.postgres.waiting import waiting
from scanner.model.job import Job, JobKind, JobState, NewJob, Priority, Waiting
from scanner.store.database import Database
from scanner.store.files import batches

ENQUEUE_LOCK, ENQUEUE_LOCKS = 5_813_204, 64  # any fixed number of an advisory lock, and how many there are of it
WAKE = text(
    "SELECT pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', 0)::text)"
)


class PostgresQueue:
    """See JobQueue."""

    def __init__(
        self,
        database: Database,
        limits: Limits | None = None,
        *,
        random: Random | None = None,
    ) -> None:
        """Work on this database, by its clock, whatever the hosts' clocks say."""
        self.limits = limits or Limits()
        self.database = database
        self.random = random or Random()  # noqa: S311 -- jitter, not a secret
        self._defer = JobManager(SyncPsycopgConnector())  # it is always given a connection

    def upgrade(self) -> None:
        """Bring Procrastinate's tables up to date, and ours beside them."""
        upgrade(self.database)

    def enqueue(self, new: Sequence[NewJob]) -> int:
        """See JobQueue."""
        by_key = most_urgent(new)
        if not by_key:
            return 0
        with self.database.transaction() as session:
            _alone(session, (job.connection for job in by_key.values()))
            live = self._live_twins(session, list(by_key))
            for key in live:
                _hurry(session, by_key[key])
            now = session.scalar(select(func.now())) or datetime.now(UTC)
            fresh = [_deferred(job, now=now) for job in by_key.values() if job.key not in live]
            for some in batches(fresh):
                self._defer.batch_defer_jobs(some, connection=session.connection().connection.driver_connection)
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
        # A process that only enqueues does without the worker's half of Procrastinate.
        from scanner.jobs.postgres.worker import Shift  # noqa: PLC0415

        shift = Shift(self, handlers, gave_up=gave_up, until_idle=until_idle, stop=stop, slots=slots, idle=idle)
        return shift.run()

    def list(
        self, *, states: Sequence[JobState] = (), connection: str = "", before: str = "", limit: int = 100
    ) -> tuple[Job, ...]:
        """See JobQueue."""
        query = seen().order_by(jobs.c.id.desc()).limit(limit)
        if connection:
            query = query.where(jobs.c.queue_name == connection)
        if before:
            query = query.where(jobs.c.id < int(before))
        return self._seen(query.where(jobs.c.status.in_(in_states(states))) if states else query)

    def unhealed(self, connection: str = "") -> tuple[Job, ...]:
        """See JobQueue."""
        later, later_note = jobs.alias(), notes.alias()
        healed = exists().where(
            later.c.queueing_lock == jobs.c.queueing_lock,
            later.c.status == "succeeded",
            later_note.c.job_id == later.c.id,
            later_note.c.ended_at >= notes.c.ended_at,
        )
        query = seen().where(jobs.c.status == literal_column("'failed'"), ~healed).order_by(jobs.c.id.desc())
        return self._seen(query.where(jobs.c.queue_name == connection) if connection else query)

    def live(self, connection: str, kind: JobKind | None = None) -> int:
        """See JobQueue."""
        query = select(func.count()).select_from(jobs)
        query = query.where(jobs.c.queue_name == connection, LIVE)
        if kind is not None:
            query = query.where(jobs.c.task_name == kind.value)
        with self.database.reading() as session:
            return session.scalar(query) or 0

    def waits(self, connection: str, kind: JobKind) -> bool:
        """See JobQueue."""
        every = [-priority for priority in Priority]  # for ix_queue_turn, which begins with it
        query = select(jobs.c.id).where(jobs.c.priority.in_(every), jobs.c.queue_name == connection)
        query = query.where(jobs.c.task_name == kind.value, jobs.c.status == literal_column("'todo'"))
        with self.database.reading() as session:
            return session.execute(query.limit(1)).first() is not None

    def waiting(self) -> tuple[Waiting, ...]:
        """See JobQueue."""
        with self.database.reading() as session:
            return waiting(session)

    def retry(self, job_id: str) -> bool:
        """See JobQueue."""
        if not job_id.isdigit():
            return False
        again = (
            update(jobs)
            .where(jobs.c.id == int(job_id), jobs.c.status.in_(in_states([JobState.FAILED, JobState.CANCELLED])))
            .values(status="todo", attempts=0, scheduled_at=None, lock=None, worker_id=None)
        )
        try:
            with self.database.transaction() as session:
                queued: int = session.execute(again).rowcount  # type: ignore[attr-defined]  # of an update
                session.execute(update(notes).where(notes.c.job_id == int(job_id)).values(ended_at=None))
                session.execute(WAKE)
        except IntegrityError:  # a live twin does the work already
            return False
        return queued == 1

    def cancel(self, connection: str) -> int:
        """See JobQueue."""
        mine = jobs.c.queue_name == connection
        queued = update(jobs).where(mine, jobs.c.status == "todo").values(status="cancelled").returning(jobs.c.id)
        running = update(jobs).where(mine, jobs.c.status == "doing").values(abort_requested=True)
        with self.database.transaction() as session:
            ended = session.scalars(queued).all()
            if ended:
                rows = [{"job_id": one, "error": "", "progress": "", "ended_at": datetime.now(UTC)} for one in ended]
                noted = upsert(notes)
                at = {"ended_at": noted.excluded.ended_at}
                session.execute(noted.on_conflict_do_update(index_elements=["job_id"], set_=at), rows)
            marked: int = session.execute(running).rowcount  # type: ignore[attr-defined]  # same
        return len(ended) + marked

    def forget(self, connection: str) -> None:
        """See JobQueue; what runs now is deleted by a worker after it ended."""
        self.cancel(connection)
        with self.database.transaction() as session:
            session.execute(delete(jobs).where(jobs.c.queue_name == connection, jobs.c.status != "doing"))

    def any_live(self, kinds: Sequence[JobKind]) -> bool:
        """Tell whether a job of these kinds is queued or running, anywhere."""
        query = select(jobs.c.id).where(jobs.c.task_name.in_([kind.value for kind in kinds]), LIVE)
        with self.database.reading() as session:
            return session.execute(query.limit(1)).first() is not None

    def report(self, job_id: str, progress: str) -> None:
        """Keep a line of progress of a job."""
        line = upsert(notes).values(job_id=int(job_id), error="", progress=progress[:200])
        with self.database.transaction() as session:
            known = {"progress": line.excluded.progress}
            session.execute(line.on_conflict_do_update(index_elements=["job_id"], set_=known))

    def trim(self, *, kept: timedelta) -> None:
        """Forget jobs that ended so long ago, and those that were cancelled while they ran."""
        old = select(notes.c.job_id).where(notes.c.ended_at < func.now() - kept)
        with self.database.transaction() as session:
            session.execute(delete(jobs).where(jobs.c.id.in_(old)))
            session.execute(delete(jobs).where(jobs.c.status == literal_column("'aborted'")))

    def _live_twins(self, session: Session, keys: Sequence[str]) -> set[str]:
        query = select(jobs.c.queueing_lock).where(LIVE)
        return {key for some in batches(keys) for key in session.scalars(query.where(jobs.c.queueing_lock.in_(some)))}

    def _seen(self, query: Any) -> tuple[Job, ...]:
        with self.database.reading() as session:
            return tuple(job_of(row, max_attempts=self.limits.max_attempts) for row in session.execute(query))


def _alone(session: Session, connections: Iterable[str]) -> None:
    """Let nobody else queue jobs of these connections before the commit.

    Connections share a few locks, since PostgreSQL has room for some thousands; taken in order, so that none waits in
    a ring.
    """
    lock = text("SELECT pg_advisory_xact_lock(:place, :number)")
    for number in sorted({crc32(connection.encode()) % ENQUEUE_LOCKS for connection in connections}):
        session.execute(lock, {"place": ENQUEUE_LOCK, "number": number})


def _hurry(session: Session, job: NewJob) -> None:
    """Make a waiting twin as urgent as a person's wish."""
    waiting = (jobs.c.queueing_lock == job.key, jobs.c.status == "todo", jobs.c.priority < -job.priority)
    session.execute(update(jobs).where(*waiting).values(priority=-job.priority, scheduled_at=None))
    session.execute(WAKE)


def _deferred(job: NewJob, *, now: datetime) -> Deferred:
    return Deferred(
        queue=job.connection,
        task_name=job.kind.value,
        priority=-job.priority,
        lock=None,
        queueing_lock=job.key,
        task_kwargs=dict(job.args),
        scheduled_at=now + job.after if job.after else None,
    )
