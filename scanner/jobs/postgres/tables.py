"""Procrastinate's table of jobs as this queue reads it, and what is noted beside it.

Procrastinate's word on the left, ours on the right: queue_name is the connection, task_name the kind, queueing_lock
the key, a higher priority is sooner, and `lock` is the place of a running job among those of its connection.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB
from sqlalchemy.engine import Row
from sqlalchemy.sql import Select

from scanner.model.job import Job, JobKind, JobState, Priority

STATES = {
    "todo": JobState.QUEUED,
    "doing": JobState.RUNNING,
    "succeeded": JobState.DONE,
    "failed": JobState.FAILED,
    "cancelled": JobState.CANCELLED,  # while it waited
    "aborted": JobState.CANCELLED,  # while it ran
}

_metadata = MetaData()  # Procrastinate's schema is its own: our migrations do not hold it
_Status = ENUM(*STATES, "aborting", name="procrastinate_job_status", create_type=False)

jobs = Table(
    "procrastinate_jobs",
    _metadata,
    Column("id", BigInteger, primary_key=True),
    Column("queue_name", String),
    Column("task_name", String),
    Column("priority", Integer),
    Column("lock", Text),
    Column("queueing_lock", Text),
    Column("args", JSONB),
    Column("status", _Status),
    Column("scheduled_at", DateTime(timezone=True)),
    Column("attempts", Integer),
    Column("abort_requested", Boolean),
    Column("worker_id", BigInteger),
)
events = Table(
    "procrastinate_events",
    _metadata,
    Column("job_id", BigInteger),
    Column("type", ENUM("deferred", name="procrastinate_job_event_type", create_type=False)),
    Column("at", DateTime(timezone=True)),
)
notes = Table(
    "job_note",
    _metadata,
    Column("job_id", BigInteger, primary_key=True),
    Column("error", Text),
    Column("progress", Text),
    Column("ended_at", DateTime(timezone=True)),
)

LIVE = jobs.c.status.in_(
    [literal_column("'todo'"), literal_column("'doing'")]
)  # literals: as the partial indexes say it


def in_states(states: Sequence[JobState]) -> list[str]:
    """Return Procrastinate's words for these states."""
    return [word for word, state in STATES.items() if state in states]


def seen() -> Select[tuple[object, ...]]:
    """Select jobs with their notes, for `job_of`."""
    queued_at = select(events.c.at).where(events.c.job_id == jobs.c.id, events.c.type == "deferred")
    return select(
        jobs, notes.c.error, notes.c.progress, notes.c.ended_at, queued_at.limit(1).scalar_subquery().label("queued_at")
    ).join(notes, notes.c.job_id == jobs.c.id, isouter=True)


def job_of(row: Row[tuple[object, ...]], *, max_attempts: int) -> Job:
    """Return a job from a row of `seen`."""
    return Job(
        id=str(row.id),
        kind=JobKind(row.task_name),
        connection=row.queue_name,
        key=row.queueing_lock,
        args=row.args,
        priority=Priority(-row.priority),
        state=STATES[row.status],
        attempts=row.attempts + (row.status == "doing"),  # Procrastinate counts a start when it has ended
        max_attempts=max_attempts,
        run_at=row.scheduled_at or row.queued_at,
        error=row.error or "",
        progress=row.progress or "",
    )
