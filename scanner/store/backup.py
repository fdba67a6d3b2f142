"""A copy of the database while it is in use: SQLite's own online backup; PostgreSQL has pg_dump."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from scanner.store.database import Database
from scanner.store.errors import DatabaseError

PAGES = 2_048  # copied at a time, so that writers come in between


def back_up(database: Database, to: Path) -> int:
    """Copy an SQLite database to a new file, whole as of one moment, and return its size. Raises DatabaseError."""
    if not database.is_sqlite or database.url.database is None:
        raise DatabaseError(
            "PostgreSQL is backed up by its own tools: pg_dump --format=custom --file=FILE DATABASE (deploy/README.md)."
        )
    if to.exists():
        raise DatabaseError(f"{to} is there already: name a file that is not.")
    unfinished = to.with_name(f".{to.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            _copy(Path(database.url.database), unfinished)
            unfinished.rename(to)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"No backup was made at {to}: {error}.") from error
    return to.stat().st_size


def _copy(database: Path, to: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        (state,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({state})")
    with to.open("rb") as written:
        os.fsync(written.fileno())
