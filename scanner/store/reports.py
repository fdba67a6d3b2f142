"""Gap reports as reviewed, with their drift in rows of its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, func, select, update

from scanner.model.gap import Drift, DriftCause, DriftKind, GapReport
from scanner.model.verdict import Outcome
from scanner.store import values
from scanner.store.columns import UtcDateTime
from scanner.store.moves import Moves
from scanner.store.tables import DriftRow, ProductRow, ReportRow


class Reports:
    """The reports of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, product_id: str, report: GapReport, *, worth_telling: bool) -> None:
        """Keep the report, its drift as rows, and which constraints moved."""
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
        Moves(self._session).note(product_id, report)

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
        return self.whole(row) if row else None

    def latest(self, product_id: str, clause: str) -> GapReport | None:
        """Return the product's newest report on the clause."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        row = self._session.exec(query.order_by(col(ReportRow.created_at).desc()).limit(1)).first()
        return self.whole(row) if row else None

    def last_told(self, product_id: str, clause: str) -> GapReport | None:
        """Return the newest report that was worth an email: the first one, or one with drift."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        query = query.where(col(ReportRow.worth_telling)).order_by(col(ReportRow.created_at).desc()).limit(1)
        row = self._session.exec(query).first()
        return self.whole(row) if row else None

    def last_runs(self, connection: str) -> dict[str, datetime | None]:
        """Return when each product of the connection was last reviewed, whether or not anything was new."""
        moment = func.coalesce(ReportRow.reviewed_at, ReportRow.created_at, type_=UtcDateTime)
        query = select(ProductRow.id, func.max(moment, type_=UtcDateTime)).outerjoin(
            ReportRow, col(ProductRow.id) == col(ReportRow.product_id)
        )
        return dict(
            self._session.exec(query.where(ProductRow.connection_id == connection).group_by(ProductRow.id)).all()
        )

    def news(self, product_id: str, clause: str, *, since: GapReport, until: datetime) -> tuple[GapReport, ...]:
        """List the reports after that one and until then, the oldest first: those with drift, and the newest."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        query = query.where(col(ReportRow.created_at) > since.created_at, col(ReportRow.created_at) <= until)
        newest = self._session.exec(query.order_by(col(ReportRow.created_at).desc()).limit(1)).first()
        rows = self._session.exec(query.where(col(ReportRow.worth_telling)).order_by(col(ReportRow.created_at)))
        found = {row.id: row for row in (*rows, newest) if row is not None}
        return tuple(self.whole(row) for row in found.values())

    def closed(self, product_id: str, clause: str, *, until: datetime) -> frozenset[str]:
        """Return the constraints of which a report until then has told that a gap was closed."""
        query = select(DriftRow.constraint_id).join(ReportRow, col(ReportRow.id) == col(DriftRow.report_id))
        query = query.where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        query = query.where(col(ReportRow.created_at) <= until, DriftRow.kind == DriftKind.WON, ~col(DriftRow.ours))
        return frozenset(self._session.exec(query.distinct()))

    def unweighed(self, connection: str) -> frozenset[str]:
        """Return the ids of the reports of which it is still to be decided who is mailed about them."""
        query = select(ReportRow.id).join(ProductRow, col(ProductRow.id) == col(ReportRow.product_id))
        query = query.where(ProductRow.connection_id == connection, col(ReportRow.weighed_at).is_(None))
        return frozenset(self._session.exec(query))

    def weighed(self, product_id: str, *, now: datetime) -> None:
        """Note that for all reports on the product it was decided who is mailed."""
        due = (col(ReportRow.product_id) == product_id, col(ReportRow.weighed_at).is_(None))
        self._session.exec(update(ReportRow).where(*due).values(weighed_at=now))

    def of_product(self, product_id: str, report_id: str) -> GapReport | None:
        """Return the product's report of that id."""
        row = self._session.get(ReportRow, report_id)
        return self.whole(row) if row is not None and row.product_id == product_id else None

    def whole(self, row: ReportRow) -> GapReport:
        """Return the report that a row holds, with its drift."""
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
