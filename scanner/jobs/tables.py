"""The embedded queue's own table; on PostgreSQL it stays empty, so that one set of migrations serves both."""

from datetime import datetime

from sqlalchemy import JSON, Column, ColumnElement, Index, Text, literal_column, text
from sqlmodel import Field, SQLModel, col

from scanner.model.job import JobState
from scanner.store.columns import UtcDateTime

LIVE = text("state IN ('queued', 'running')")
QUEUED = text("state = 'queued'")
HELD = text("token IS NOT NULL")
DONE = text("state = 'done'")
FAILED = text("state = 'failed'")


class JobRow(SQLModel, table=True):
    """One durable unit of work."""

    __tablename__ = "job"
    __table_args__ = (
        Index("uq_job_live_key", "key", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_job_turn", "priority", "connection", "run_at", "id", sqlite_where=QUEUED, postgresql_where=QUEUED),
        Index("ix_job_connection", "connection", "state"),
        Index("ix_job_token", "token", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_job_failed", "id", sqlite_where=FAILED, postgresql_where=FAILED),
        Index("ix_job_done_key", "key", sqlite_where=DONE, postgresql_where=DONE),
        Index("ix_job_ended", "ended_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    connection: str
    key: str = Field(sa_type=Text)
    args: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    priority: int
    state: str
    run_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    max_attempts: int
    owner: str | None = None  # "host:pid:start" of the worker that runs it
    token: str | None = None  # fencing: only the current lease may end the job
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unwanted: bool = False  # cancelled while it runs
    error: str = Field(default="", sa_type=Text)
    progress: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def is_in(*states: JobState) -> ColumnElement[bool]:
    """Say in literals which states are meant: SQLite takes a partial index only where it reads its very condition."""
    said: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return col(JobRow.state) == said[0] if len(said) == 1 else col(JobRow.state).in_(said)
