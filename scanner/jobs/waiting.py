"""How much waits in the embedded queue, and for how long: for figures."""

from datetime import datetime

from sqlalchemy import case, literal
from sqlmodel import Session, col, func, select

from scanner.jobs.policy import LONGEST
from scanner.jobs.tables import JobRow
from scanner.model.job import JobKind, JobState, Waiting
from scanner.store.columns import UtcDateTime


def waiting(session: Session, *, now: datetime) -> tuple[Waiting, ...]:
    """Count the live jobs by kind and state, with when the oldest due one could first run."""
    live = col(JobRow.state).in_((JobState.QUEUED, JobState.RUNNING))
    queued, run_at = col(JobRow.state) == JobState.QUEUED, col(JobRow.run_at)
    due = case((queued & (run_at <= now), run_at), (queued & (run_at > now + LONGEST), literal(now, UtcDateTime())))
    query = select(JobRow.kind, JobRow.state, func.count(), func.min(due)).where(live)
    return tuple(
        Waiting(kind=JobKind(kind), state=JobState(state), count=count, oldest=oldest)
        for kind, state, count, oldest in session.exec(query.group_by(JobRow.kind, JobRow.state))
    )
