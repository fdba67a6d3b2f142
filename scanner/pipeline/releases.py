"""Word of releases: where it comes from, whose is taken at once, and what waits for a person to say yes."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.gaps.assess import retired
from scanner.gaps.release import detected, waiting
from scanner.jobs.base import JobQueue
from scanner.model.clause import ClausePack
from scanner.model.connection import Product
from scanner.model.deed import OPERATOR, Act, Deed
from scanner.model.gap import Evidence
from scanner.model.job import Priority
from scanner.model.release import Release, ReleaseState
from scanner.pipeline.orders import review_job
from scanner.store.products import Products
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)


def note_releases(unit: Unit, product: Product, evidence: Sequence[Evidence], *, now: datetime) -> None:
    """Keep the releases that a product's documents tell of; the first of a source waits for a person's word."""
    current = [one for one in evidence if not retired(one)]
    for release in detected(current, now.date(), called=unit.products.called(product)):
        unit.products.released(product.id, release, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """Takes word of releases from people and programs."""

    store: Store
    queue: JobQueue
    now: Callable[[], datetime]

    def found(self, packs: Sequence[ClausePack]) -> tuple[tuple[str, Release], ...]:
        """Look for releases in what was read, and return those that wait for a person's word, with their products."""
        waits: list[tuple[str, Release]] = []
        with self.store.transaction() as unit:
            for connection in unit.connections.all():
                for product in unit.products.of_connection(connection.id):
                    for pack in packs:
                        evidence, _ = unit.candidates.evidence(connection.id, pack.id, extent=product.extent)
                        note_releases(unit, product, evidence, now=self.now())
                    waits += [(product.id, one) for one in waiting(unit.products.releases(product.id))]
        return tuple(waits)

    def tell(self, product_id: str, release: Release, *, by: str = OPERATOR) -> ReleaseState | None:
        """Take word of a release and return what became of it; None where it was known already.

        One that is confirmed at once asks for a review. Telling it again changes nothing. Raises KeyError for no such
        product. `by` is whose word it is, for the trail.
        """
        with self.store.transaction() as unit:
            product = unit.products.get(product_id)
            if product is None:
                raise KeyError(product_id)
            state = unit.products.released(product_id, release, now=self.now())
            if state is not None:
                self._note(unit, product, Act.RELEASE_TOLD, release.version, by=by)
        if state is not None:
            log.info(
                "A release was told.",
                extra={"event": "release.told", "product": product_id, "origin": release.origin.value},
            )
        if state is ReleaseState.CONFIRMED:
            self._review(product.connection, product_id)
        return state

    def confirm(self, product_id: str, version: str, *, by: str = OPERATOR) -> bool:
        """Say yes to a release that waits, and with it to its source; False where none of that version waits."""
        return self._answered(product_id, version, by, Act.RELEASE_CONFIRMED, Products.confirm)

    def refuse(self, product_id: str, version: str, *, by: str = OPERATOR) -> bool:
        """Say no to a release, or take it back; its source is not heard on this version again."""
        return self._answered(product_id, version, by, Act.RELEASE_REFUSED, Products.refuse)

    def _answered(
        self, product_id: str, version: str, by: str, act: Act, answer: Callable[[Products, str, str], bool]
    ) -> bool:
        with self.store.transaction() as unit:
            product = unit.products.get(product_id)
            done = product is not None and answer(unit.products, product_id, version)
            if done and product is not None:
                self._note(unit, product, act, version, by=by)
        if done and product is not None:
            self._review(product.connection, product_id)
        return done

    def _note(self, unit: Unit, product: Product, act: Act, version: str, *, by: str) -> None:
        deed = Deed(by=by, act=act, about=version, at=self.now(), product=product.id)
        unit.deeds.add(product.connection, deed)

    def _review(self, connection: str, product_id: str) -> None:
        self.queue.enqueue([review_job(connection, product_id, priority=Priority.PERSON)])
