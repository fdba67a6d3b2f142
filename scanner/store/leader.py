"""Who leads: a lock that the system takes from a process that dies, so that another one follows."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from scanner.store.database import Database

LOCK = 5_813_205  # any fixed number: one of PostgreSQL's advisory locks


class Leader:
    """At one database at most one leads: by the lock of a session on PostgreSQL, of a file beside SQLite's."""

    def __init__(self, database: Database) -> None:
        """Stand at this database; nothing is taken yet."""
        self._database = database
        self._asking = Lock()  # a second thread of ours would find the lock taken, by us
        self._session: Connection | None = None
        self._file: int | None = None

    def leads(self) -> bool:
        """Tell whether we lead; taken where nobody has it, and lost with the connection."""
        with self._asking:
            return self._has_file() if self._database.is_sqlite else self._has_session()

    def release(self) -> None:
        """Leave it to another one."""
        with self._asking:
            self._release()

    def _release(self) -> None:
        if self._file is not None:
            os.close(self._file)
        if self._session is not None:
            with suppress(SQLAlchemyError):  # the server sees that a session is over some time after its end
                self._session.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            self._session.invalidate()  # not back into the pool: the lock ends with the session
            self._session.close()
        self._file = self._session = None

    def _has_file(self) -> bool:
        if self._file is not None:
            return True
        held = os.open(Path(f"{self._database.url.database}.schedule"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            return False
        self._file = held
        return True

    def _has_session(self) -> bool:
        try:
            if self._session is None:
                self._session = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                taken = self._session.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar()
            else:
                taken = self._session.exec_driver_sql("SELECT true").scalar()  # whoever answers still holds it
        except SQLAlchemyError:
            taken = False
        if not taken:
            self._release()
        return bool(taken)
