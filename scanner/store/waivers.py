"""What people have decided about constraints of their products."""

from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.waiver import Waiver, WaiverKind
from scanner.store.decided_tables import WaiverRow


class Waivers:
    """The decisions on every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, waiver: Waiver) -> Waiver:
        """Keep the decision and return it with its id; one that held on the same constraint ends with it."""
        for known in self.of_product(waiver.product, waiver.clause):
            if known.constraint == waiver.constraint and known.ended_at is None:
                self.end(waiver.product, known.id, now=waiver.decided_at)
        row = WaiverRow(
            product_id=waiver.product,
            clause=waiver.clause,
            constraint_id=waiver.constraint,
            kind=waiver.kind,
            reason=waiver.reason,
            approver=waiver.approver,
            decided_at=waiver.decided_at,
            until=waiver.until,
            entered_by=waiver.by,
        )
        self._session.add(row)
        self._session.flush()
        return _waiver(row)

    def of_product(self, product_id: str, clause: str = "") -> tuple[Waiver, ...]:
        """List the decisions on a product, those that ended too, the oldest first; of one clause, or of all."""
        query = select(WaiverRow).where(WaiverRow.product_id == product_id)
        query = query.where(WaiverRow.clause == clause) if clause else query
        return tuple(_waiver(row) for row in self._session.exec(query.order_by(col(WaiverRow.id))))

    def end(self, product_id: str, waiver_id: int, *, now: datetime) -> bool:
        """End the product's decision; False where there is none of that id, or it ended before."""
        row = self._session.get(WaiverRow, waiver_id)
        if row is None or row.product_id != product_id or row.ended_at is not None:
            return False
        row.ended_at = now
        self._session.add(row)
        return True


def _waiver(row: WaiverRow) -> Waiver:
    assert row.id is not None  # noqa: S101 -- narrows the type: it was flushed
    return Waiver(
        id=row.id,
        product=row.product_id,
        clause=row.clause,
        constraint=row.constraint_id,
        kind=WaiverKind(row.kind),
        reason=row.reason,
        approver=row.approver,
        decided_at=row.decided_at,
        until=row.until,
        ended_at=row.ended_at,
        by=row.entered_by,
    )
