"""The schema's version: brought up to date, held against the code's, and taken back.

A revision that only adds serves older code as well, so that old and new processes may run side by side; one that takes
something away says so in schema_serves, and code that is older refuses to run on it.
"""

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from scanner.store.errors import DatabaseError

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What a database's schema is, beside what this code brings."""

    here: str  # the database's revision, "" for an empty one
    ours: str  # the newest that this code knows
    serves: str  # the oldest code's that runs on it, "" where it does not say

    @property
    def newer(self) -> bool:
        """Tell whether a newer Crosswalk made it: revisions are numbered in a row."""
        return self.here > self.ours

    @property
    def unfit(self) -> str:
        """Say why this code cannot run on it and what to do, "" where it can."""
        if self.newer and not "" < self.serves <= self.ours:
            return (
                f"The database is of a newer Crosswalk: its schema is {self.here}, and serves code that knows at least "
                f"{self.serves or self.here}; this one knows {self.ours}. Install the newer version again, or take the "
                f"schema back with it first: `crosswalk database downgrade {self.ours}`."
            )
        if self.here < self.ours:
            return (
                f"The database's schema is {self.here or 'empty'}, and this Crosswalk needs {self.ours}: "
                "run `crosswalk database upgrade`, or start a process anew, which does the same."
            )
        return ""


def schema_of(connection: Connection) -> Schema:
    """Return how the database's schema stands."""
    here = MigrationContext.configure(connection).get_current_revision() or ""
    serves = ""
    if inspect(connection).has_table("schema_serves"):
        serves = connection.execute(text("SELECT max(oldest) FROM schema_serves")).scalar() or ""
    return Schema(here=here, ours=_revisions()[0], serves=serves)


def bring_up(connection: Connection) -> None:
    """Bring the schema to the newest version that we know; leave a newer one that serves us. Raises DatabaseError."""
    found = schema_of(connection)
    if found.here == found.ours:
        return
    if not found.newer:
        command.upgrade(_config(connection), "head")
    elif found.unfit:
        raise DatabaseError(found.unfit)
    else:
        log.warning(
            "The schema is of a newer Crosswalk (%s) and serves this one too (%s).",
            *(found.here, found.ours),
            extra={"event": "schema.newer"},
        )


def take_back(connection: Connection, revision: str) -> None:
    """Take the schema back to a revision; what only newer ones have room for is lost. Raises DatabaseError."""
    known = _revisions()
    here = schema_of(connection).here
    if revision not in known or here not in known or revision >= here:
        raise DatabaseError(
            f"Name a revision before {here or 'the first'} that this Crosswalk knows; {revision} is none."
        )
    command.downgrade(_config(connection), revision)


@cache
def _revisions() -> tuple[str, ...]:
    """List the revisions that this code knows, the newest first: alembic loads every script to tell."""
    return tuple(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
