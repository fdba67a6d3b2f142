"""How each constraint of a product moved from report to report, without the reports themselves."""

from datetime import datetime

from sqlmodel import Session, col, func, select, tuple_

from scanner.model.gap import GapReport, Move
from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind
from scanner.store.decided_tables import MoveRow
from scanner.store.tables import DriftRow


class Moves:
    """The moves in every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def note(self, product_id: str, report: GapReport) -> None:
        """Note which constraints stand otherwise in this report than in the last one that moved them."""
        before = self._now(product_id, report.clause)
        for standing in report.standings:
            decided = standing.waiver.kind.value if standing.waiver else ""
            if before.get(standing.constraint) != (standing.outcome.value, decided):
                self._session.add(
                    MoveRow(
                        report_id=report.id,
                        constraint_id=standing.constraint,
                        product_id=product_id,
                        clause=report.clause,
                        moved_at=report.created_at,
                        outcome=standing.outcome,
                        decided=decided,
                    )
                )
        self._session.flush()

    def of_constraint(
        self,
        product_id: str,
        clause: str,
        constraint: str,
        *,
        before: tuple[datetime, str] | None = None,
        limit: int,
    ) -> tuple[Move, ...]:
        """List how a constraint moved, the newest first, each with what its report said of it.

        `before` is a move's moment and report, to list those that are older.
        """
        query = select(MoveRow.report_id, MoveRow.moved_at, MoveRow.outcome, MoveRow.decided).where(
            MoveRow.product_id == product_id, MoveRow.clause == clause, MoveRow.constraint_id == constraint
        )
        if before is not None:
            query = query.where(tuple_(col(MoveRow.moved_at), col(MoveRow.report_id)) < before)
        newest = (col(MoveRow.moved_at).desc(), col(MoveRow.report_id).desc())
        rows = self._session.exec(query.order_by(*newest).limit(limit)).all()
        told = select(DriftRow.report_id, DriftRow.reason).where(
            col(DriftRow.report_id).in_([report for report, *_ in rows]), DriftRow.constraint_id == constraint
        )
        reasons: dict[str, list[str]] = {}
        for report, reason in self._session.exec(told.order_by(col(DriftRow.place))):
            reasons.setdefault(report, []).append(reason)
        return tuple(
            Move(
                report=report,
                at=at,
                outcome=Outcome(outcome),
                decided=WaiverKind(decided) if decided else None,
                reasons=tuple(reasons.get(report, ())),
            )
            for report, at, outcome, decided in rows
        )

    def _now(self, product_id: str, clause: str) -> dict[str, tuple[str, str]]:
        """Return the last move of each constraint."""
        mine = (MoveRow.product_id == product_id, MoveRow.clause == clause)
        last = select(MoveRow.constraint_id, func.max(MoveRow.moved_at).label("at")).where(*mine)
        newest = last.group_by(MoveRow.constraint_id).subquery()
        query = select(MoveRow).join(
            newest,
            (col(MoveRow.constraint_id) == newest.c.constraint_id) & (col(MoveRow.moved_at) == newest.c.at),
        )
        return {row.constraint_id: (row.outcome, row.decided) for row in self._session.exec(query.where(*mine))}
