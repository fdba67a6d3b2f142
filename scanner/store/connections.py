"""Connections and their sealed tokens."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, delete, select

from connector import Coverage, Cursor
from scanner.model.connection import Connection, ConnectionState
from scanner.store import values
from scanner.store.database import Database
from scanner.store.tables import ConnectionRow, SealedTokenRow


class Connections:
    """The connections, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def connect(self, *, connection_id: str, subject: str, email: str, now: datetime) -> Connection:
        """Add the connection, or make a known one active again; what was seen of its files is kept."""
        row = self._session.get(ConnectionRow, connection_id)
        if row is None:
            row = ConnectionRow(
                id=connection_id, subject=subject, email=email, state=ConnectionState.ACTIVE, connected_at=now
            )
        row.subject, row.email, row.state, row.state_because = subject, email, ConnectionState.ACTIVE, ""
        self._session.add(row)
        self._session.flush()
        return _connection(row)

    def get(self, connection_id: str) -> Connection | None:
        """Return the connection of that id."""
        row = self._session.get(ConnectionRow, connection_id)
        return _connection(row) if row else None

    def all(self) -> tuple[Connection, ...]:
        """List every connection, in the order in which they were made."""
        rows = self._session.exec(select(ConnectionRow).order_by(col(ConnectionRow.connected_at)))
        return tuple(_connection(row) for row in rows)

    def remember(self, connection_id: str, *, cursor: Cursor, coverage: Coverage) -> None:
        """Keep where the sync is, in the same transaction as the page's effects."""
        row = self._row(connection_id)
        row.cursor = cursor.value
        row.coverage = values.to_json(values.COVERAGE, coverage)
        self._session.add(row)

    def walked(self, connection_id: str, *, coverage: Coverage, doubted: int, now: datetime) -> None:
        """Note that a look at the whole source ended, and how many files it doubtfully left out."""
        row = self._row(connection_id)
        row.walk_before = row.walk
        row.walk, row.walked_at, row.doubted = values.to_json(values.COVERAGE, coverage), now, doubted
        self._session.add(row)

    def limit(self, connection_id: str, within: Iterable[str]) -> None:
        """Limit the connection to some folders and shared drives (ids); the next sync looks at everything anew."""
        row = self._row(connection_id)
        row.within, row.cursor, row.doubted = list(within), None, 0
        self._session.add(row)

    def synced(self, connection_id: str, *, now: datetime) -> None:
        """Note that a sync ended."""
        row = self._row(connection_id)
        row.synced_at = now
        self._session.add(row)

    def matched_with(self, connection_id: str, pack_digest: str) -> None:
        """Note which pack the candidates were matched with."""
        row = self._row(connection_id)
        row.pack_digest = pack_digest
        self._session.add(row)

    def start_over(self, connection_id: str) -> None:
        """Forget where the sync is: the next one lists everything."""
        row = self._row(connection_id)
        row.cursor = None
        self._session.add(row)

    def set_state(self, connection_id: str, state: ConnectionState, because: str = "") -> None:
        """Change whether the connection can be read, and why not."""
        row = self._row(connection_id)
        row.state, row.state_because = state, because
        self._session.add(row)

    def purge(self, connection_id: str) -> None:
        """Forget the connection and all that hangs on it: files, verdicts, products, reports, its sealed token."""
        self._session.exec(delete(SealedTokenRow).where(col(SealedTokenRow.connection_id) == connection_id))
        self._session.exec(delete(ConnectionRow).where(col(ConnectionRow.id) == connection_id))

    def _row(self, connection_id: str) -> ConnectionRow:
        row = self._session.get(ConnectionRow, connection_id)
        if row is None:
            raise KeyError(connection_id)
        return row


class SealedTokens:
    """The shelf on which the connector's vault keeps sealed refresh tokens; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    def read(self, connection_id: str) -> bytes | None:
        """Return what was sealed for the connection."""
        with self._database.reading() as session:
            row = session.get(SealedTokenRow, connection_id)
            return row.sealed if row else None

    def write(self, connection_id: str, sealed: bytes) -> None:
        """Keep it, replacing what was there."""
        with self._database.transaction() as session:
            session.merge(SealedTokenRow(connection_id=connection_id, sealed=sealed))

    def remove(self, connection_id: str) -> None:
        """Forget it."""
        with self._database.transaction() as session:
            session.exec(delete(SealedTokenRow).where(col(SealedTokenRow.connection_id) == connection_id))


def _connection(row: ConnectionRow) -> Connection:
    return Connection(
        id=row.id,
        subject=row.subject,
        email=row.email,
        state=ConnectionState(row.state),
        state_because=row.state_because,
        connected_at=row.connected_at,
        cursor=Cursor(row.cursor) if row.cursor is not None else None,
        pack_digest=row.pack_digest,
        coverage=values.from_json(values.COVERAGE, row.coverage) if row.coverage else None,
        synced_at=row.synced_at,
        walk=values.from_json(values.COVERAGE, row.walk) if row.walk else None,
        walked_at=row.walked_at,
        walk_before=values.from_json(values.COVERAGE, row.walk_before) if row.walk_before else None,
        doubted=row.doubted,
        within=tuple(row.within),
    )
