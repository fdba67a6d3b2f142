"""Gap reports as reviewed, and whether their emails were handed over."""

from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.gap import GapReport
from scanner.store import values
from scanner.store.tables import ProductRow, ReportRow


class Reports:
    """The reports of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, product_id: str, report: GapReport, *, worth_telling: bool) -> None:
        """Keep the report."""
        self._session.add(
            ReportRow(
                id=report.id,
                product_id=product_id,
                clause=report.clause,
                created_at=report.created_at,
                body=values.to_json(values.REPORT, report),
                worth_telling=worth_telling,
            )
        )

    def get(self, report_id: str) -> GapReport | None:
        """Return the report of that id."""
        row = self._session.get(ReportRow, report_id)
        return values.from_json(values.REPORT, row.body) if row else None

    def ids(self, connection: str) -> tuple[str, ...]:
        """List the reports on every product of the connection."""
        query = select(ReportRow.id).join(ProductRow, col(ProductRow.id) == col(ReportRow.product_id))
        return tuple(self._session.exec(query.where(ProductRow.connection_id == connection)))

    def latest(self, product_id: str, clause: str) -> GapReport | None:
        """Return the product's newest report on the clause."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        row = self._session.exec(query.order_by(col(ReportRow.created_at).desc()).limit(1)).first()
        return values.from_json(values.REPORT, row.body) if row else None

    def last_told(self, product_id: str, clause: str) -> GapReport | None:
        """Return the newest report that was worth an email: the first one, or one with drift."""
        query = select(ReportRow).where(ReportRow.product_id == product_id, ReportRow.clause == clause)
        query = query.where(col(ReportRow.worth_telling)).order_by(col(ReportRow.created_at).desc()).limit(1)
        row = self._session.exec(query).first()
        return values.from_json(values.REPORT, row.body) if row else None

    def last_made(self, connection: str) -> datetime | None:
        """Return when the newest report on any product of the connection was made."""
        query = select(ReportRow.created_at).join(ProductRow, col(ProductRow.id) == col(ReportRow.product_id))
        query = query.where(ProductRow.connection_id == connection)
        return self._session.exec(query.order_by(col(ReportRow.created_at).desc()).limit(1)).first()

    def undelivered(self, product_id: str | None = None) -> tuple[GapReport, ...]:
        """List the reports that are worth telling and were not handed over yet, the oldest first."""
        query = select(ReportRow).where(col(ReportRow.delivered_at).is_(None), col(ReportRow.worth_telling))
        if product_id is not None:
            query = query.where(ReportRow.product_id == product_id)
        rows = self._session.exec(query.order_by(col(ReportRow.created_at)))
        return tuple(values.from_json(values.REPORT, row.body) for row in rows)

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
