"""The database: SQLite on one machine, PostgreSQL by URL; its transactions, and its schema brought up to date."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from scanner.store.errors import DatabaseError

BUSY_SECONDS = 30  # how long a writer waits for another one
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
        """Yield a session that writes: committed at the end, rolled back on an exception."""
        with self._session(begin="BEGIN IMMEDIATE") as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and takes no write lock."""
        with self._session(begin="BEGIN") as session:
            yield session
            session.rollback()

    def upgrade(self) -> None:
        """Bring the schema to the newest version; of two processes at it at once, one waits. Raises DatabaseError."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        try:
            with self.engine.connect() as connection:
                connection.info["begin"] = "BEGIN IMMEDIATE"
                with connection.begin():
                    if not self.is_sqlite:
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
                    config.attributes["connection"] = connection
                    command.upgrade(config, "head")
        except OperationalError as error:
            where = self.url.render_as_string(hide_password=True)
            raise DatabaseError(f"The database at {where} cannot be used: {error.orig}.") from error

    def dispose(self) -> None:
        """Let all connections go."""
        self.engine.dispose()

    @contextmanager
    def _session(self, *, begin: str) -> Iterator[Session]:
        with self.engine.connect() as connection:
            connection.info["begin"] = begin
            with Session(connection, expire_on_commit=False) as session:
                yield session


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
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
    """WAL lets readers go on beside a writer; FULL keeps a committed job through a power cut."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 -- narrows the driver's type
    connection.isolation_level = None  # the driver would begin for us, and deferred: a later write could then fail
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Take the write lock at once where the transaction will write, so that it waits instead of failing later."""
    connection.exec_driver_sql(connection.info.get("begin", "BEGIN IMMEDIATE"))
