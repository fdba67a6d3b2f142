"""The database: SQLite on one machine, PostgreSQL by URL; its transactions, and its schema brought up to date."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from scanner.store.errors import DatabaseError, may_not_migrate
from scanner.store.schema import Schema, bring_up, schema_of, take_back

BUSY_SECONDS = 30  # how long a writer waits for another one
CONNECT_SECONDS = 10  # how long a server may take to answer at all
NO_RIGHT = "42501"  # PostgreSQL's insufficient_privilege
UPGRADE_LOCK = 5_813_201  # any fixed number: one of PostgreSQL's advisory locks


class Database:
    """One database and its connections."""

    def __init__(self, url: str) -> None:
        """Open the database; an SQLite file is made with its folder, for this user only. Raises DatabaseError."""
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _private_file(self.url)
        self.engine = _engine(self.url, sqlite=self.is_sqlite)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that writes: committed at the end, rolled back on an exception. Raises DatabaseError."""
        with self._session(begin="BEGIN IMMEDIATE") as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and takes no write lock. Raises DatabaseError."""
        with self._session(begin="BEGIN") as session:
            yield session
            session.rollback()

    def upgrade(self) -> None:
        """Bring the schema to the newest version; of two processes at it at once, one waits. Raises DatabaseError.

        One of a newer Crosswalk is left as it is where it serves this one too.
        """
        self._alter(bring_up)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to a revision. Raises DatabaseError."""
        self._alter(lambda connection: take_back(connection, revision))

    def schema(self) -> Schema:
        """Return how the schema stands. Raises DatabaseError when the database does not answer."""
        try:
            with self.engine.connect() as connection:
                connection.info["begin"] = "BEGIN"
                return schema_of(connection)
        except OperationalError as error:
            raise self._unusable(error) from error

    def unready(self) -> str:
        """Say why nothing can be done with the database now, "" where it can."""
        try:
            return self.schema().unfit
        except DatabaseError as error:
            return str(error)

    def clock_ahead(self, *, now: datetime) -> float | None:
        """Return how many seconds a moment of ours is ahead of the server's clock, None where there is no server."""
        if self.is_sqlite:
            return None
        with self.engine.connect() as connection:
            theirs: datetime = connection.exec_driver_sql("SELECT now()").scalar_one()
        return (now - theirs).total_seconds()

    def dispose(self) -> None:
        """Let all connections go."""
        self.engine.dispose()

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that changes the schema, alone."""
        with self.engine.connect() as connection:
            connection.info["begin"] = "BEGIN IMMEDIATE"
            with _unbound(connection) if self.is_sqlite else nullcontext(), connection.begin():
                if not self.is_sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
                yield connection

    def _alter(self, change: Callable[[Connection], None]) -> None:
        """Change the schema. Raises DatabaseError."""
        try:
            with self.altering() as connection:
                change(connection)
        except OperationalError as error:
            raise self._unusable(error) from error
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") != NO_RIGHT:
                raise
            raise may_not_migrate() from error

    def _unusable(self, error: DBAPIError) -> DatabaseError:
        where = self.url.render_as_string(hide_password=True)
        return DatabaseError(f"The database at {where} cannot be used: {error.orig}.")

    @contextmanager
    def _session(self, *, begin: str) -> Iterator[Session]:
        try:
            with self.engine.connect() as connection:
                connection.info["begin"] = begin
                with Session(connection, expire_on_commit=False) as session:
                    yield session
        except (OperationalError, InterfaceError) as error:
            raise self._unusable(error) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, ImportError, ValueError) as error:
        raise DatabaseError(
            "Set CROSSWALK_DATABASE_URL to sqlite:////path/to/file.db or postgresql+psycopg://user:password@host/name: "
            "the value given is neither."
        ) from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise DatabaseError(f"Crosswalk runs on SQLite and PostgreSQL, not on {parsed.get_backend_name()}.")
    return parsed


def _private_file(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("An SQLite database needs a file: sqlite:////path/to/file.db.")
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError(
            f"The database file {path} cannot be written ({error.strerror}): set CROSSWALK_HOME or "
            "CROSSWALK_DATABASE_URL to a place that can be."
        ) from error


def _engine(url: URL, *, sqlite: bool) -> Engine:
    if not sqlite:
        patience = {"connect_timeout": CONNECT_SECONDS}
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
    """WAL lets readers go on beside a writer; FULL keeps a committed job through a power cut."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 -- narrows the driver's type
    connection.isolation_level = None  # the driver would begin for us, and deferred: a later write could then fail
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _unbound(connection: Connection) -> Iterator[None]:
    """Let no row follow another one away meanwhile: to take a column from a table, SQLite's is made anew and dropped.

    See https://www.sqlite.org/lang_altertable.html, 7. The pragma does nothing within a transaction.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    """Take the write lock at once where the transaction will write, so that it waits instead of failing later."""
    connection.exec_driver_sql(connection.info.get("begin", "BEGIN IMMEDIATE"))
