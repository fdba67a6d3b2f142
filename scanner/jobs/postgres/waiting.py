"""How much waits in Procrastinate's table, and for how long: for figures."""

from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlmodel import Session

from scanner.jobs.postgres.tables import LIVE, STATES, events, jobs
from scanner.model.job import JobKind, Waiting


def waiting(session: Session) -> tuple[Waiting, ...]:
    """Count the live jobs by kind and state, with when the oldest due one could first run.

    A job with a moment is due from then on. One without was due when it was queued, which only its event says: so that
    is looked up of the first of each kind alone.
    """
    queued = jobs.c.status == literal_column("'todo'")
    due = func.min(jobs.c.scheduled_at).filter(queued, jobs.c.scheduled_at <= func.now())
    first = func.min(jobs.c.id).filter(queued, jobs.c.scheduled_at.is_(None))
    counted = select(jobs.c.task_name, jobs.c.status, func.count(), due, first).where(LIVE)
    rows = session.execute(counted.group_by(jobs.c.task_name, jobs.c.status)).all()
    since = _queued_at(session, [row[4] for row in rows if row[4] is not None])
    return tuple(
        Waiting(kind=JobKind(kind), state=STATES[status], count=count, oldest=_oldest(moment, since.get(job)))
        for kind, status, count, moment, job in rows
    )


def _queued_at(session: Session, ids: list[int]) -> dict[int, datetime]:
    query = select(events.c.job_id, func.min(events.c.at)).where(events.c.job_id.in_(ids), events.c.type == "deferred")
    return {row[0]: row[1] for row in session.execute(query.group_by(events.c.job_id))}


def _oldest(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
