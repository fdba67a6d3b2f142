"""Gap reports as reviewed, their drift in rows of its own, and whether their emails were handed over."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, func, select

from scanner.model.gap import Drift, DriftCause, DriftKind, GapReport
from scanner.model.verdict import Outcome
from scanner.store import values
from scanner.store.columns import UtcDateTime
from scanner.store.tables import DriftRow, ProductRow, ReportRow


class Reports:
    """The reports of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, product_id: str, report: GapReport, *, worth_telling: bool) -> None:
        """Keep the report, and its drift as rows."""
        self._session.add(
            ReportRow(
                id=report.id,
                product_id=product_id,
                clause=report.clause,
                created_at=report.created_at,
                body=values.to_json(values.REPORT, replace(report, drift=(), ours=(), reviewed_at=None)),
                worth_telling=worth_telling,
            )
        )
        self._session.flush()
        told = [(one, False) for one in report.drift] + [(one, True) for one in report.ours]
        self._session.add_all(_drift_row(report.id, place, one, ours=ours) for place, (one, ours) in enumerate(told))

    def reviewed(self, report_id: str, *, now: datetime) -> None:
        """Note that a review has found just what this report says."""
        row = self._session.get(ReportRow, report_id)
        if row is None:
            raise KeyError(report_id)
        row.reviewed_at = now
        self._session.add(row)

    def get(self, report_id: str) -> GapReport | None:
        """Return the report of that id."""
        row = self._session.get(ReportRow, report_id)
        return self._report(row) if row else None

    def ids(self, connection: str) -> tuple[str, ...]:
        """List the reports on every product of the connection."""
        query = select(ReportRow.id).join(ProductRow, col(ProductRow.id) == col(ReportRow.product_id))
        return tuple(self._session.exec(query.where(ProductRow.connection_id == connection)))

    def latest(self, product_id: str, clause: str) -> GapReport | None:
        """Return the product's newest report on the clause."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        row = self._session.exec(query.order_by(col(ReportRow.created_at).desc()).limit(1)).first()
        return self._report(row) if row else None

    def last_told(self, product_id: str, clause: str) -> GapReport | None:
        """Return the newest report that was worth an email: the first one, or one with drift."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        query = query.where(col(ReportRow.worth_telling)).order_by(col(ReportRow.created_at).desc()).limit(1)
        row = self._session.exec(query).first()
        return self._report(row) if row else None

    def last_run(self, connection: str) -> datetime | None:
        """Return when a product of the connection was last reviewed, whether or not anything was new."""
        moment = func.coalesce(ReportRow.reviewed_at, ReportRow.created_at, type_=UtcDateTime)
        query = select(func.max(moment, type_=UtcDateTime)).join(
            ProductRow, col(ProductRow.id) == col(ReportRow.product_id)
        )
        return self._session.exec(query.where(ProductRow.connection_id == connection)).first()

    def undelivered(self, product_id: str | None = None) -> tuple[GapReport, ...]:
        """List the reports that are worth telling and were not handed over yet, the oldest first."""
        query = select(ReportRow).where(col(ReportRow.delivered_at).is_(None), col(ReportRow.worth_telling))
        if product_id is not None:
            query = query.where(ReportRow.product_id == product_id)
        rows = self._session.exec(query.order_by(col(ReportRow.created_at)))
        return tuple(self._report(row) for row in rows)

    def delivered(self, report_id: str, *, where: str, now: datetime) -> None:
        """Mark the report as handed over, and where its email went."""
        row = self._session.get(ReportRow, report_id)
        if row is None:
            raise KeyError(report_id)
        row.delivered_at, row.delivered_where = now, where
        self._session.add(row)

    def delivery(self, report_id: str) -> tuple[datetime, str] | None:
        """Return when and where the report's email went, None while it has not."""
        row = self._session.get(ReportRow, report_id)
        return (row.delivered_at, row.delivered_where) if row and row.delivered_at else None

    def _report(self, row: ReportRow) -> GapReport:
        query = select(DriftRow).where(DriftRow.report_id == row.id).order_by(col(DriftRow.place))
        rows = self._session.exec(query).all()
        return replace(
            values.from_json(values.REPORT, row.body),
            drift=_drift(one for one in rows if not one.ours),
            ours=_drift(one for one in rows if one.ours),
            reviewed_at=row.reviewed_at,
        )


def _drift_row(report_id: str, place: int, drift: Drift, *, ours: bool) -> DriftRow:
    return DriftRow(
        report_id=report_id,
        place=place,
        ours=ours,
        kind=drift.kind,
        cause=drift.cause,
        constraint_id=drift.constraint,
        before_outcome=drift.before,
        now_outcome=drift.now,
        reason=drift.reason,
        file=values.to_json(values.FILE, drift.file) if drift.file else None,
        old_quote=drift.old_quote,
        waiver=values.to_json(values.WAIVER, drift.waiver) if drift.waiver else None,
    )


def _drift(rows: Iterable[DriftRow]) -> tuple[Drift, ...]:
    return tuple(
        Drift(
            kind=DriftKind(row.kind),
            cause=DriftCause(row.cause),
            constraint=row.constraint_id,
            before=Outcome(row.before_outcome),
            now=Outcome(row.now_outcome),
            reason=row.reason,
            file=values.from_json(values.FILE, row.file) if row.file else None,
            old_quote=row.old_quote,
            waiver=values.from_json(values.WAIVER, row.waiver) if row.waiver else None,
        )
        for row in rows
    )
