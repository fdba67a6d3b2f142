"""Which queue a database has: the embedded one on SQLite, Procrastinate on PostgreSQL."""

from scanner.jobs.base import JobQueue
from scanner.jobs.leased import LeasedQueue
from scanner.store.database import Database
from scanner.store.errors import DatabaseError


def queue_of(
    database: Database,
    *,
    per_connection: int = 4,
    lease_seconds: float = 30.0,
    max_attempts: int = 5,
    idle_seconds: float = 300.0,
    grace_seconds: float = 30.0,
) -> JobQueue:
    """Return the database's queue, its tables up to date. Raises DatabaseError.

    At most `per_connection` jobs of one connection run at a time, over all workers. A worker that was not heard of for
    the lease is dead, and its jobs go to another; after `max_attempts` a job is given up. An idle worker looks every
    `idle_seconds` for work that nobody has queued. One that is stopped gives its jobs the grace to end, and back then.
    """
    if database.is_sqlite:
        return LeasedQueue(
            database,
            per_connection=per_connection,
            lease_seconds=lease_seconds,
            max_attempts=max_attempts,
            idle_seconds=idle_seconds,
            grace_seconds=grace_seconds,
        )
    try:
        from scanner.jobs.postgres.queue import PostgresQueue  # noqa: PLC0415 -- an extra, only loaded where it is used
    except ModuleNotFoundError as error:
        raise DatabaseError(f"PostgreSQL needs the extra crosswalk[postgres]: {error.name} is missing.") from error
    queue = PostgresQueue(
        database,
        per_connection=per_connection,
        lease_seconds=lease_seconds,
        max_attempts=max_attempts,
        idle_seconds=idle_seconds,
        grace_seconds=grace_seconds,
    )
    queue.upgrade()
    return queue
