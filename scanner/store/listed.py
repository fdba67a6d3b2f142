"""Long lists a part at a time: each begins behind the last entry that was given, so that no later one moves it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, tuple_

from scanner.model.candidate import Scanned
from scanner.model.connection import ScanState
from scanner.model.gap import GapReport
from scanner.model.ruling import Ruling
from scanner.model.verdict import Outcome
from scanner.store.belonging import belongs
from scanner.store.candidates import scanned_of
from scanner.store.joins import CANDIDATE_FILE
from scanner.store.listings import RULED, ruling_of
from scanner.store.reports import Reports
from scanner.store.tables import CandidateRow, FileRow, ReportRow, VerdictRow


class Listed:
    """The lists of every connection and product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def candidates(
        self,
        connection: str,
        clause: str,
        *,
        extent: str,
        states: Sequence[ScanState] = (),
        after: str = "",
        limit: int,
    ) -> tuple[Scanned, ...]:
        """List candidates in the picture by their files' ids, those behind one; of all states where none is named."""
        query = (
            select(CandidateRow, FileRow)
            .join(FileRow, CANDIDATE_FILE)
            .where(CandidateRow.connection_id == connection, CandidateRow.clause == clause)
            .where(col(FileRow.gone).is_(None), col(CandidateRow.file_id) > after, *belongs(extent))
            .order_by(CandidateRow.file_id)
            .limit(limit)
        )
        if states:
            query = query.where(col(CandidateRow.state).in_(states))
        return tuple(scanned_of(row, file) for row, file in self._session.exec(query))

    def verdicts(
        self,
        connection: str,
        clause: str,
        constraint: str,
        *,
        extent: str,
        outcomes: Sequence[Outcome] = (),
        after: str = "",
        limit: int,
    ) -> tuple[Ruling, ...]:
        """List how single documents in the picture were judged on a constraint, by their files' ids."""
        query = (
            RULED.where(VerdictRow.connection_id == connection, VerdictRow.clause == clause)
            .where(VerdictRow.constraint_id == constraint, col(VerdictRow.file_id) > after)
            .where(col(FileRow.gone).is_(None), *belongs(extent))
            .order_by(VerdictRow.file_id)
            .limit(limit)
        )
        if outcomes:
            query = query.where(col(VerdictRow.outcome).in_(outcomes))
        return tuple(ruling_of(row) for row in self._session.exec(query))

    def reports(
        self, product_id: str, clause: str, *, before: tuple[datetime, str] | None = None, limit: int
    ) -> tuple[GapReport, ...]:
        """List a product's reports on the clause, the newest first: those before one, by its moment and id."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        if before is not None:
            query = query.where(tuple_(col(ReportRow.created_at), col(ReportRow.id)) < before)
        query = query.order_by(col(ReportRow.created_at).desc(), col(ReportRow.id).desc())
        reports = Reports(self._session)
        return tuple(reports.whole(row) for row in self._session.exec(query.limit(limit)).all())
