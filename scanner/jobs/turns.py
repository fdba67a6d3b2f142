"""Whose turn it is in the embedded queue: from connection to connection, the most urgent first."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, exists, literal_column
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from scanner.jobs.tables import JobRow
from scanner.model.job import JobKind, JobState, Priority


class Turn(TypedDict):
    """What decides whose turn it is."""

    kinds: Sequence[JobKind]
    cap: int  # jobs of one connection that run at a time
    served: str  # the connection that was served last
    now: datetime


def next_job(session: Session, *, kinds: Sequence[JobKind], cap: int, served: str, now: datetime) -> JobRow | None:
    """Find the job to claim: on from the connection that was served last, in the order of their ids, then around."""
    for priority in Priority:
        due = (col(JobRow.kind).in_(kinds), *_queued(priority), col(JobRow.run_at) <= now)
        for after in dict.fromkeys((served, "")):
            connection = session.exec(_turn(priority, due, cap=cap, after=after)).first()
            if connection is not None:
                mine = select(JobRow).where(*due, JobRow.connection == connection)
                return session.exec(mine.order_by(col(JobRow.run_at), col(JobRow.id)).limit(1)).one()
    return None


def _turn(priority: Priority, due: Sequence[ColumnElement[bool]], *, cap: int, after: str) -> SelectOfScalar[str]:
    """Ask for the next connection that has a due job and a place for it.

    Each step is one look into ix_job_turn, so the length of the backlog does not matter.
    """
    waiting = select(func.min(JobRow.connection).label("connection")).where(*_queued(priority))
    turn = waiting.where(col(JobRow.connection) > after).cte("turn", recursive=True)
    following = waiting.where(col(JobRow.connection) > turn.c.connection).scalar_subquery()
    turn = turn.union_all(select(following).where(turn.c.connection.is_not(None)))
    other = aliased(JobRow)
    running = select(func.count()).where(other.connection == turn.c.connection, other.state == JobState.RUNNING)
    return (
        select(turn.c.connection)
        .where(turn.c.connection.is_not(None), running.scalar_subquery() < cap)
        .where(exists().where(*due, col(JobRow.connection) == turn.c.connection))
        .limit(1)
    )


def _queued(priority: Priority) -> tuple[ColumnElement[bool], ...]:
    """Say it in literals: SQLite takes a partial index only where the statement names its condition."""
    return (col(JobRow.state) == literal_column(f"'{JobState.QUEUED}'"), col(JobRow.priority) == priority)
