"""What people say against verdicts."""

from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.objection import Judged, Objection
from scanner.model.verdict import Outcome
from scanner.store.decided_tables import ObjectionRow


class Objections:
    """The objections on every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, objection: Objection) -> Objection:
        """Keep it and return it with its id; one that stood against the same verdict is withdrawn with it."""
        for known in self.of_product(objection.product, objection.clause):
            same = (known.constraint, known.file) == (objection.constraint, objection.file)
            if same and known.withdrawn_at is None:
                self.withdraw(objection.product, known.id, now=objection.made_at)
        row = ObjectionRow(
            product_id=objection.product,
            clause=objection.clause,
            constraint_id=objection.constraint,
            file_id=objection.file,
            revision=objection.judged.revision,
            pack_digest=objection.judged.pack_digest,
            judge=objection.judged.judge,
            given=objection.given,
            claimed=objection.claimed,
            reason=objection.reason,
            objector=objection.by,
            made_at=objection.made_at,
        )
        self._session.add(row)
        self._session.flush()
        return _objection(row)

    def of_product(self, product_id: str, clause: str = "", constraint: str = "") -> tuple[Objection, ...]:
        """List the objections on a product, the oldest first: of one clause or constraint, or all of them."""
        query = select(ObjectionRow).where(ObjectionRow.product_id == product_id)
        query = query.where(ObjectionRow.clause == clause) if clause else query
        query = query.where(ObjectionRow.constraint_id == constraint) if constraint else query
        return tuple(_objection(row) for row in self._session.exec(query.order_by(col(ObjectionRow.id))))

    def withdraw(self, product_id: str, objection_id: int, *, now: datetime) -> Objection | None:
        """Withdraw the product's objection and return it; None where none of that id stands."""
        row = self._session.get(ObjectionRow, objection_id)
        if row is None or row.product_id != product_id or row.withdrawn_at is not None:
            return None
        row.withdrawn_at = now
        self._session.add(row)
        return _objection(row)


def _objection(row: ObjectionRow) -> Objection:
    assert row.id is not None  # noqa: S101 -- narrows the type: it was flushed
    return Objection(
        id=row.id,
        product=row.product_id,
        clause=row.clause,
        constraint=row.constraint_id,
        file=row.file_id,
        judged=Judged(revision=row.revision, pack_digest=row.pack_digest, judge=row.judge),
        given=Outcome(row.given),
        claimed=Outcome(row.claimed),
        reason=row.reason,
        by=row.objector,
        made_at=row.made_at,
        withdrawn_at=row.withdrawn_at,
    )
