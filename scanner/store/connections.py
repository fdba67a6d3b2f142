"""Connections and their sealed tokens."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from connector import Completeness, Coverage, Cursor, LostBecause
from scanner.model.connection import Connection, ConnectionState, Lost, Outage
from scanner.store import values
from scanner.store.database import Database
from scanner.store.people_tables import ApiTokenRow, SignInRow
from scanner.store.tables import ConnectionRow, SealedTokenRow


class Connections:
    """The connections, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def connect(self, *, connection_id: str, subject: str, email: str, now: datetime) -> Connection:
        """Add the connection, or make a known one active again; what was seen of its files is kept, and its cursor."""
        row = self._session.get(ConnectionRow, connection_id)
        if row is None:
            row = ConnectionRow(
                id=connection_id, subject=subject, email=email, state="", connected_at=now, consented_at=now
            )
        row.subject, row.email, row.state, row.state_because = subject, email, ConnectionState.ACTIVE, ""
        row.consented_at, row.lost, row.lost_at, row.told_at = now, "", None, None
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
        """Limit the connection to some folders and shared drives (ids); the next sync looks at everything anew.

        Until it has, no whole look is known: what it does not list lies outside of what was chosen.
        """
        row = self._session.get_one(ConnectionRow, connection_id, with_for_update=True)
        row.within, row.cursor, row.doubted = list(within), None, 0
        row.walk, row.walked_at = {}, None
        self._session.add(row)

    def still_within(self, known: Connection) -> bool:
        """Tell whether the connection is there and limited as it was; nobody changes that before the commit."""
        row = self._session.get(ConnectionRow, known.id, with_for_update=True)
        return row is not None and tuple(row.within) == known.within

    def still_at(self, known: Connection, cursor: Cursor | None) -> bool:
        """Tell whether the connection is there, limited as it was and at this place; nobody moves it before the commit.

        Where another process moved it, two syncs go on at once: what each saw, the other would take for lost.
        """
        if not self.still_within(known):
            return False
        return self._row(known.id).cursor == (cursor.value if cursor else None)

    def synced(self, connection_id: str, *, now: datetime) -> None:
        """Note that a sync ended."""
        row = self._row(connection_id)
        row.synced_at = now
        if row.coverage and values.from_json(values.COVERAGE, row.coverage).completeness is Completeness.COMPLETE:
            row.complete_at = now
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

    def lost(self, known: Connection, because: LostBecause, *, now: datetime) -> bool:
        """Note that the consent which the work began with no longer holds; True when that was news.

        A connection whose person has consented again meanwhile stays as it is.
        """
        row = self._session.get(ConnectionRow, known.id, with_for_update=True)
        if row is None or row.state != ConnectionState.ACTIVE or row.consented_at != known.consented_at:
            return False
        row.state, row.state_because = ConnectionState.CONSENT_LOST, because.words
        row.lost, row.lost_at, row.told_at = because.value, now, None
        _forget_outage(row)  # this has words of its own
        self._session.add(row)
        return True

    def failed(self, connection_id: str, because: str, *, now: datetime) -> None:
        """Note that a night did not come to its end, and why; that others before it did not is kept."""
        row = self._session.get(ConnectionRow, connection_id, with_for_update=True)
        if row is None or row.state != ConnectionState.ACTIVE:  # a lost consent has words of its own
            return
        row.outage, row.outage_at, row.outage_over_at = because, row.outage_at or now, None
        self._session.add(row)

    def works(self, connection_id: str, *, now: datetime) -> None:
        """Note that a night came to its end; where nobody was told that others did not, they are forgotten."""
        row = self._session.get(ConnectionRow, connection_id, with_for_update=True)
        if row is None or row.outage_at is None or row.outage_over_at is not None:
            return
        if row.outage_told_at is None:
            _forget_outage(row)
        else:
            row.outage_over_at = now
        self._session.add(row)

    def outage_told(self, known: Connection, *, now: datetime) -> None:
        """Note that the mails were made about this outage, or about its end."""
        row = self._session.get(ConnectionRow, known.id, with_for_update=True)
        if row is None or known.outage is None or row.outage_at != known.outage.at:
            return
        if known.outage.over_at is not None:
            _forget_outage(row)
        else:
            row.outage_told_at = now
        self._session.add(row)

    def told(self, known: Connection, *, now: datetime) -> None:
        """Note that the person was told of this loss."""
        row = self._session.get(ConnectionRow, known.id, with_for_update=True)
        if row is not None and known.lost is not None and row.lost_at == known.lost.at:
            row.told_at = now
            self._session.add(row)

    def ending(self, connection_id: str) -> bool:
        """Note that the connection is to be forgotten; False when there is none."""
        row = self._session.get(ConnectionRow, connection_id, with_for_update=True)
        if row is None:
            return False
        row.state, row.state_because = ConnectionState.DISCONNECTED, ""
        self._session.add(row)
        return True

    def hinted(self, connection_id: str, *, waits: bool = True) -> None:
        """Note that a hint waits for a sync, or that one began; nothing for a connection that is gone."""
        mine = col(ConnectionRow.id) == connection_id
        self._session.exec(update(ConnectionRow).where(mine, col(ConnectionRow.hinted) != waits).values(hinted=waits))

    def may_hint(self, connection_id: str) -> bool:
        """Tell whether the connection can be read; nobody ends it before the commit."""
        row = self._session.get(ConnectionRow, connection_id, with_for_update=True)
        return row is not None and row.state == ConnectionState.ACTIVE

    def purge(self, connection_id: str) -> None:
        """Forget the connection and all that hangs on it: files, verdicts, products, reports, its sealed token.

        Its person is signed out of every browser, and her tokens end.
        """
        of_its_person = select(ConnectionRow.subject).where(ConnectionRow.id == connection_id).scalar_subquery()
        self._session.exec(delete(SignInRow).where(col(SignInRow.subject) == of_its_person))
        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.subject) == of_its_person))
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

    def replace(self, connection_id: str, old: bytes, new: bytes) -> bool:
        """Keep the new one where the old one still is."""
        here = (col(SealedTokenRow.connection_id) == connection_id, col(SealedTokenRow.sealed) == old)
        with self._database.transaction() as session:
            return session.exec(update(SealedTokenRow).where(*here).values(sealed=new)).rowcount == 1

    def remove(self, connection_id: str) -> None:
        """Forget it."""
        with self._database.transaction() as session:
            session.exec(delete(SealedTokenRow).where(col(SealedTokenRow.connection_id) == connection_id))

    def ids(self) -> tuple[str, ...]:
        """List the connections that a token is kept for."""
        with self._database.reading() as session:
            return tuple(session.exec(select(SealedTokenRow.connection_id).order_by(SealedTokenRow.connection_id)))


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
        consented_at=row.consented_at,
        hinted=row.hinted,
        lost=_lost(row),
        outage=_outage(row),
    )


def _forget_outage(row: ConnectionRow) -> None:
    row.outage, row.outage_at, row.outage_told_at, row.outage_over_at = "", None, None, None


def _outage(row: ConnectionRow) -> Outage | None:
    if row.outage_at is None:
        return None
    told = row.outage_told_at is not None
    return Outage(because=row.outage, at=row.outage_at, told=told, over_at=row.outage_over_at)


def _lost(row: ConnectionRow) -> Lost | None:
    if row.lost_at is None:
        return None
    return Lost(because=LostBecause.of(row.lost), at=row.lost_at, told=row.told_at is not None)
