"""Decisions on constraints: that a gap is borne for a while, or that a constraint does not apply."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scanner.jobs.base import JobQueue
from scanner.model.clause import ClausePack, constraint_in
from scanner.model.connection import Product
from scanner.model.deed import OPERATOR, Act, Deed
from scanner.model.display import day, shown
from scanner.model.job import Priority
from scanner.model.waiver import LONGEST_DAYS, Waiver, WaiverKind
from scanner.pipeline.orders import review_job
from scanner.store.store import Store, Unit


class NotDecided(Exception):
    """A decision that cannot be made; its text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Takes decisions, from wherever people make them. Each method raises KeyError for no such product."""

    store: Store
    queue: JobQueue
    packs: tuple[ClausePack, ...]
    now: Callable[[], datetime]

    def make(
        self,
        product_id: str,
        constraint_id: str,
        *,
        clause: str,
        kind: WaiverKind,
        reason: str,
        approver: str,
        until: date,
        by: str = "",
    ) -> Waiver:
        """Keep a decision that somebody (`by`) enters and somebody answers for (`approver`), and ask for a review.

        A later one on the same constraint takes its place. Raises NotDecided, and KeyError for no such constraint.
        """
        pack, constraint = constraint_in(self.packs, clause, constraint_id)
        if kind is WaiverKind.NOT_APPLICABLE and not constraint.may_not_apply:
            raise NotDecided(f"{constraint.id} applies to every product of this clause; its gap can only be waived.")
        now = self.now()
        made = Waiver(
            id=0,
            product=product_id,
            clause=pack.id,
            constraint=constraint.id,
            kind=kind,
            reason=said(reason, 500, otherwise="Say why."),
            approver=said(approver, 120, otherwise="Say who answers for it."),
            decided_at=now,
            until=_until(until, now.date()),
            by=shown(by, 120),
        )
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            kept = unit.waivers.add(made)
            _note(unit, product, Act.WAIVED, kept, by=by, now=now)
        self.review(product)
        return kept

    def end(self, product_id: str, waiver_id: int, *, by: str = "") -> bool:
        """End a decision before its day, and ask for a review; False where it is not known or ended before."""
        now = self.now()
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            done = unit.waivers.end(product_id, waiver_id, now=now)
            for one in unit.waivers.of_product(product_id) if done else ():
                if one.id == waiver_id:
                    _note(unit, product, Act.WAIVER_ENDED, one, by=by, now=now)
        if done:
            self.review(product)
        return done

    def review(self, product: Product) -> None:
        """Ask for a review of the product, soon."""
        self.queue.enqueue([review_job(product.connection, product.id, priority=Priority.PERSON)])


def _note(unit: Unit, product: Product, act: Act, decided: Waiver, *, by: str, now: datetime) -> None:
    deed = Deed(by=by or OPERATOR, act=act, about=decided.constraint, at=now, product=product.id)
    unit.deeds.add(product.connection, deed)


def said(text: str, most: int, *, otherwise: str) -> str:
    """Return what a person wrote, on one line and safe to show. Raises NotDecided with that sentence where it is ""."""
    written = shown(text, most).strip()
    if not written:
        raise NotDecided(otherwise)
    return written


def _until(until: date, today: date) -> date:
    if until < today:
        raise NotDecided(f"Name a day to come: {until.isoformat()} is past.")
    longest = today + timedelta(days=LONGEST_DAYS)
    if until > longest:
        raise NotDecided(f"{day(longest)} is the last day that can be named: then it is to be decided again.")
    return until
