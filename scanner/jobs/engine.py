"""Which queue a database has: the embedded one on SQLite, Procrastinate on PostgreSQL."""

from scanner.jobs.base import JobQueue, Limits
from scanner.jobs.leased import LeasedQueue
from scanner.store.database import Database
from scanner.store.errors import DatabaseError


def queue_of(database: Database, limits: Limits | None = None) -> JobQueue:
    """Return the database's queue, its tables up to date. Raises DatabaseError."""
    if database.is_sqlite:
        return LeasedQueue(database, limits)
    try:
        from scanner.jobs.postgres.queue import PostgresQueue  # noqa: PLC0415 -- an extra, only loaded where it is used
    except ModuleNotFoundError as error:
        raise DatabaseError(f"PostgreSQL needs the extra crosswalk[postgres]: {error.name} is missing.") from error
    queue = PostgresQueue(database, limits)
    queue.upgrade()
    return queue
