"""Objections: a person says that a verdict is wrong; the verdict stays, and its makers can learn from what she says."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connector import SourceFile
from scanner.model.clause import ClausePack, constraint_in
from scanner.model.connection import Product
from scanner.model.deed import OPERATOR, Act, Deed
from scanner.model.gap import Standing
from scanner.model.objection import MAX_REASON, Judged, Objected, Objection, revision_of_standing
from scanner.model.verdict import Outcome
from scanner.pipeline.decisions import NotDecided, said
from scanner.pipeline.orders import revision_of
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objecting:
    """Takes objections. Each method raises KeyError for no such product."""

    store: Store
    packs: tuple[ClausePack, ...]
    judge: str  # the judge's version
    now: Callable[[], datetime]

    def object(
        self,
        product_id: str,
        constraint_id: str,
        *,
        clause: str,
        claimed: Outcome,
        reason: str,
        by: str,
        file: str = "",
    ) -> Objection:
        """Keep what a person says against a document's verdict, or without `file` against where the constraint stands.

        A later one against the same takes its place. Raises NotDecided, and KeyError for no such constraint.
        """
        pack, constraint = constraint_in(self.packs, clause, constraint_id)
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            if file:
                given, judged = self._verdict(unit, product, pack, constraint.id, file)
            else:
                given, judged = _standings(unit, product.id, pack).get(constraint.id) or _refuse()
            if given is claimed:
                raise NotDecided(f"The outcome is {given.words} already: choose the one that is right.")
            kept = unit.objections.add(
                Objection(
                    id=0,
                    product=product.id,
                    clause=pack.id,
                    constraint=constraint.id,
                    file=file,
                    judged=judged,
                    given=given,
                    claimed=claimed,
                    reason=said(reason, MAX_REASON, otherwise="Say in a few words why."),
                    by=said(by, 120, otherwise="Say who objects."),
                    made_at=self.now(),
                )
            )
            deed = Deed(by=kept.by, act=Act.OBJECTED, about=kept.constraint, at=kept.made_at, product=product.id)
            unit.deeds.add(product.connection, deed)
        log.info("A person objects to a verdict.", extra={"event": "objection.made", "product": product.id})
        return kept

    def withdraw(self, product_id: str, objection_id: int, *, by: str = OPERATOR) -> bool:
        """Withdraw an objection; False where it is not known or was withdrawn before."""
        now = self.now()
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            done = unit.objections.withdraw(product_id, objection_id, now=now)
            if done is None:
                return False
            deed = Deed(by=by, act=Act.OBJECTION_WITHDRAWN, about=done.constraint, at=now, product=product_id)
            unit.deeds.add(product.connection, deed)
        return True

    def listed(self, product_id: str, *, constraint: str = "") -> tuple[Objected, ...]:
        """List the objections on a product or one constraint, the oldest first, each beside what is there now."""
        with self.store.reading() as unit:
            return self.said_of(unit, unit.products.known(product_id), constraint=constraint)

    def said_of(self, unit: Unit, product: Product, *, constraint: str) -> tuple[Objected, ...]:
        """Do the same within a unit that its caller reads anyway."""
        known = unit.objections.of_product(product.id, constraint=constraint)
        named = {one.file for one in known if one.file}
        files = unit.files.some(product.connection, unit.belonging.inside(product.connection, product.extent, named))
        whole = {one.clause for one in known if not one.file}
        standings = {pack.id: _standings(unit, product.id, pack) for pack in self.packs if pack.id in whole}
        return tuple(
            self._of_document(one, files) if one.file else _of_standing(one, standings.get(one.clause, {}))
            for one in known
        )

    def _verdict(
        self, unit: Unit, product: Product, pack: ClausePack, constraint: str, file_id: str
    ) -> tuple[Outcome, Judged]:
        file = unit.files.some(product.connection, [file_id]).get(file_id)
        if file is None or not unit.belonging.inside(product.connection, product.extent, [file_id]):
            raise NotDecided("There is no such document any more.")
        revision = revision_of(file, pack_digest=pack.digest, judge=self.judge)
        given = unit.candidates.judged(product.connection, file_id, pack.id, constraint, revision=revision)
        if given is None:
            raise NotDecided("The document was not judged as it is now: wait until it is read.")
        return given, Judged(revision=file.fingerprint, pack_digest=pack.digest, judge=self.judge)

    def _of_document(self, one: Objection, files: Mapping[str, SourceFile]) -> Objected:
        file = files.get(one.file)
        if file is None:
            return Objected(objection=one, name="", older="the document is gone")
        digest = next((pack.digest for pack in self.packs if pack.id == one.clause), "")
        now = Judged(revision=file.fingerprint, pack_digest=digest, judge=self.judge)
        return Objected(objection=one, name=file.name, older=now.changed_since(one.judged))


def _of_standing(one: Objection, standings: Mapping[str, tuple[Outcome, Judged]]) -> Objected:
    now = standings.get(one.constraint)
    return Objected(objection=one, name="", older=now[1].changed_since(one.judged) if now else "it is judged no more")


def _standings(unit: Unit, product_id: str, pack: ClausePack) -> dict[str, tuple[Outcome, Judged]]:
    report = unit.reports.latest(product_id, pack.id)
    if report is None:
        return {}

    def judged(one: Standing) -> Judged:
        return Judged(revision=revision_of_standing(one), pack_digest=report.pack_digest, judge=report.judge)

    return {one.constraint: (one.outcome, judged(one)) for one in report.standings}


def _refuse() -> tuple[Outcome, Judged]:
    raise NotDecided("Nothing was judged yet.")
