"""How things stand over all connections: counts and moments for figures, nothing of anybody's."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from scanner.model.connection import ScanState
from scanner.model.unchecked import Uncheckable, uncheckable
from scanner.store.decided_tables import ObjectionRow, WaiverRow
from scanner.store.people_tables import MemberRow
from scanner.store.tables import (
    CandidateRow,
    ConnectionRow,
    FileRow,
    MailRow,
    ProductRow,
    RecipientRow,
    ReleaseRow,
    ReportRow,
    VerdictRow,
)
from scanner.store.telling_tables import HookRow


class Counts:
    """Counts over all connections, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def unchecked(self) -> Mapping[Uncheckable, int]:
        """Count the candidates in the picture that could not be checked, by reason."""
        same = (FileRow.connection_id == CandidateRow.connection_id) & (FileRow.file_id == CandidateRow.file_id)
        query = (
            select(CandidateRow.because, func.count())
            .join(FileRow, same)  # type: ignore[arg-type]  # a column expression
            .where(CandidateRow.state == ScanState.UNDETERMINED, col(FileRow.gone).is_(None))
            .group_by(CandidateRow.because)
        )
        found: Counter[Uncheckable] = Counter()
        for because, count in self._session.exec(query):
            found[uncheckable(because)] += count
        return found

    def connections(self) -> Mapping[str, int]:
        """Count the connections by state."""
        query = select(ConnectionRow.state, func.count()).group_by(ConnectionRow.state)
        return dict(self._session.exec(query).all())

    def complete(self) -> Mapping[str, datetime]:
        """Return when the last complete sync of each product ended; one that had none is left out."""
        query = (
            select(ProductRow.id, ConnectionRow.complete_at)
            .join(ConnectionRow, col(ConnectionRow.id) == col(ProductRow.connection_id))
            .where(col(ConnectionRow.complete_at).is_not(None))
        )
        return {product: when for product, when in self._session.exec(query) if when is not None}

    def held_of(self, product_id: str) -> Mapping[str, int]:
        """Count what is kept about one product, in words for its owner: all of it goes with the product."""
        tables = {
            "report": ReportRow,
            "release": ReleaseRow,
            "decision": WaiverRow,
            "objection": ObjectionRow,
            "recipient": RecipientRow,
            "person": MemberRow,
            "hook": HookRow,
        }
        found = {noun: self._count_of(table, product_id) for noun, table in tables.items()}
        return {noun: count for noun, count in found.items() if count}

    def _count_of(self, table: Any, product_id: str) -> int:
        return self._session.exec(select(func.count()).select_from(table).where(table.product_id == product_id)).one()

    def held(self, connection: str) -> Mapping[str, int]:
        """Count what is kept of one connection, in words for its person; what there is none of is left out."""
        products = select(ProductRow.id).where(ProductRow.connection_id == connection)
        counts = {
            "file name": select(func.count()).select_from(FileRow).where(FileRow.connection_id == connection),
            "candidate": select(func.count()).select_from(CandidateRow).where(CandidateRow.connection_id == connection),
            "verdict": select(func.count()).select_from(VerdictRow).where(VerdictRow.connection_id == connection),
            "report": select(func.count()).select_from(ReportRow).where(col(ReportRow.product_id).in_(products)),
            "mail": select(func.count()).select_from(MailRow).where(MailRow.connection_id == connection),
        }
        found = {noun: self._session.exec(query).one() for noun, query in counts.items()}
        return {noun: count for noun, count in found.items() if count}
