"""Procrastinate's schema and what stands beside it, brought up to date by each process that starts."""

from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from psycopg.errors import InsufficientPrivilege

from scanner.store.database import Database
from scanner.store.errors import may_not_migrate

UPGRADE_LOCK = 5_813_203  # any fixed number: an advisory lock, so that of two processes one waits

# One step a migration file of Procrastinate's, and one what stands beside it: what is written down here was applied.
STEPS = "CREATE TABLE job_schema (step text PRIMARY KEY)"

# Run again when its text has changed, and after a new file, which may have rebuilt a table: each statement does nothing
# where it was done.
BESIDE = """
CREATE TABLE IF NOT EXISTS job_note (
    job_id bigint PRIMARY KEY REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    error text NOT NULL DEFAULT '',
    progress text NOT NULL DEFAULT '',
    ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS ix_job_note_ended ON job_note (ended_at) WHERE ended_at IS NOT NULL;
-- A twin is not queued while a job runs either, which makes every way back into the queue free of collisions.
CREATE UNIQUE INDEX IF NOT EXISTS uq_queue_live_key ON procrastinate_jobs (queueing_lock)
    WHERE status IN ('todo', 'doing');
-- The claim goes from connection to connection and takes the oldest of each; see fetching.py.
CREATE INDEX IF NOT EXISTS ix_queue_turn ON procrastinate_jobs (priority, queue_name, id) WHERE status = 'todo';
CREATE INDEX IF NOT EXISTS ix_queue_running ON procrastinate_jobs (queue_name) WHERE status = 'doing';
CREATE INDEX IF NOT EXISTS ix_queue_unwanted ON procrastinate_jobs (id) WHERE status = 'aborted';
CREATE INDEX IF NOT EXISTS ix_queue_failed ON procrastinate_jobs (id) WHERE status = 'failed';
CREATE INDEX IF NOT EXISTS ix_queue_done_key ON procrastinate_jobs (queueing_lock) WHERE status = 'succeeded';
"""


def upgrade(database: Database) -> None:
    """Apply what of Procrastinate's schema is not there yet, in its order, and ours; does nothing where all of it is.

    Raises DatabaseError where this database user may not.
    """
    try:
        _upgrade(database)
    except InsufficientPrivilege as error:
        raise may_not_migrate() from error


def _upgrade(database: Database) -> None:
    with database.transaction() as session:
        connection: Any = session.connection().connection.driver_connection
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [UPGRADE_LOCK])
        if connection.execute("SELECT to_regclass('job_schema')").fetchone() == (None,):
            connection.execute(STEPS)  # not IF NOT EXISTS: that asks for the right to make tables where nothing is made
        done = {step for (step,) in connection.execute("SELECT step FROM job_schema").fetchall()}
        files = _migrations()
        new = [file for file in files if file.name not in done]
        if not done:
            connection.execute(SchemaManager.get_schema())
        else:
            for file in new:
                connection.execute(file.read_text(encoding="utf-8"))
        for file in new:
            connection.execute("INSERT INTO job_schema VALUES (%s)", [file.name])
        beside = f"beside {sha256(BESIDE.encode()).hexdigest()[:16]}"
        if new or beside not in done:
            connection.execute(BESIDE)
            connection.execute("INSERT INTO job_schema VALUES (%s) ON CONFLICT DO NOTHING", [beside])


def _migrations() -> list[Path]:
    """List Procrastinate's migration files; their names sort in the order in which they are to be applied."""
    folder = Path(str(resources.files("procrastinate"))) / "sql" / "migrations"
    return sorted(folder.glob("*.sql"))
