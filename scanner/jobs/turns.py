"""Whose turn it is in the embedded queue: from connection to connection, the most urgent first."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import bindparam, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from scanner.jobs.policy import LONGEST
from scanner.jobs.tables import JobRow, is_in
from scanner.model.job import JobKind, JobState, Priority
from scanner.store.columns import UtcDateTime


class Turn(TypedDict):
    """What decides whose turn it is."""

    kinds: Sequence[JobKind]
    cap: int  # jobs of one connection that run at a time
    served: str  # the connection that was served last
    now: datetime


def next_job(session: Session, *, kinds: Sequence[JobKind], cap: int, served: str, now: datetime) -> JobRow | None:
    """Find the job to claim: on from the connection that was served last, in the order of their ids, then around."""
    whose, *which = _statements()
    wanted = {"kinds": [kind.value for kind in kinds], "cap": cap, "now": now, "ahead": now + LONGEST}
    for priority in Priority:
        for after in dict.fromkeys((served, "")):
            turn = {**wanted, "priority": priority.value, "after": after}
            connection = session.scalar(whose, turn)
            if connection is not None:
                oldest = (session.scalar(one, {**turn, "connection": connection}) for one in which)
                return next((found for found in oldest if found is not None), None)
    return None


def waits(session: Session, connection: str, kind: JobKind) -> bool:
    """Tell whether a job of this kind is queued for the connection."""
    every = [priority.value for priority in Priority]  # for ix_job_turn, which begins with it
    query = select(JobRow.id).where(is_in(JobState.QUEUED), col(JobRow.priority).in_(every))
    query = query.where(JobRow.connection == connection, JobRow.kind == kind)
    return session.exec(query.limit(1)).first() is not None


@cache
def _statements() -> tuple[Any, Any, Any]:
    """Build once the question for the next connection that has a due job and a place for it, and for its oldest job.

    The last one is for its oldest of a clock that was ahead. Each step is one look into ix_job_turn, so the length of
    the backlog does not matter.
    """
    queued = (is_in(JobState.QUEUED), col(JobRow.priority) == bindparam("priority"))
    ours = (*queued, col(JobRow.kind).in_(bindparam("kinds", expanding=True)))
    due = (*ours, col(JobRow.run_at) <= bindparam("now", type_=UtcDateTime()))
    ahead = (*ours, col(JobRow.run_at) > bindparam("ahead", type_=UtcDateTime()))
    waiting = select(func.min(JobRow.connection).label("connection")).where(*queued)
    turn = waiting.where(col(JobRow.connection) > bindparam("after")).cte("turn", recursive=True)
    following = waiting.where(col(JobRow.connection) > turn.c.connection).scalar_subquery()
    turn = turn.union_all(select(following).where(turn.c.connection.is_not(None)))
    other = aliased(JobRow)
    running = select(func.count()).where(other.connection == turn.c.connection, other.state == JobState.RUNNING)
    whose = (
        select(turn.c.connection)
        .where(turn.c.connection.is_not(None), running.scalar_subquery() < bindparam("cap"))
        .where(or_(*(exists().where(*one, col(JobRow.connection) == turn.c.connection) for one in (due, ahead))))
        .limit(1)
    )
    mine = select(JobRow).where(col(JobRow.connection) == bindparam("connection"))
    first = mine.order_by(col(JobRow.run_at), col(JobRow.id)).limit(1)
    return whose, first.where(*due), first.where(*ahead)
