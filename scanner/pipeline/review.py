"""review: all current verdicts of a product become a gap report, with its drift."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connector import Completeness
from scanner.gaps.release import newest, previous, waiting
from scanner.gaps.report import Picture, is_news, reads_alike, report_of
from scanner.jobs.base import JobQueue
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, Product, ScanState
from scanner.model.display import counted
from scanner.model.gap import CorpusLine, CoverageLine, DriftCause, GapReport, WholeLook
from scanner.model.job import Priority
from scanner.model.release import Release
from scanner.pipeline.orders import summarize_job
from scanner.pipeline.outage import note_night
from scanner.pipeline.releases import note_releases
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Judges a product's documents as a set."""

    store: Store
    queue: JobQueue
    packs: tuple[ClausePack, ...]
    judge: str
    now: Callable[[], datetime]

    def __call__(self, product_id: str, *, priority: Priority) -> tuple[GapReport, ...]:
        """Store one report a pack and ask for the email where there is something to tell; () for no such product.

        A report that would read like the last one is not stored again: that one notes the new review instead. While
        a sync is under way or candidates wait to be scanned there is nothing to say yet, nor before the first sync: a
        release that is told then would find every constraint missing. Their end asks again.
        """
        with self.store.transaction() as unit:
            product = unit.products.get(product_id)
            connection = unit.connections.get(product.connection) if product else None
            if product is None or connection is None:
                return ()
            if connection.synced_at is None or connection.under_way or unit.candidates.to_scan(connection.id, limit=1):
                return ()
            reports = tuple(self._review(unit, product, connection, pack) for pack in self.packs)
            if not unit.reviews_due(connection, but=product.id):  # a night ends with the last of its products
                note_night(unit, connection, now=self.now())
        made = counted(len(reports), "report")
        log.info("%s made.", made, extra={"event": "review.made", "product": product_id})
        self.queue.enqueue([summarize_job(connection.id, priority=priority)])
        return reports

    def _review(self, unit: Unit, product: Product, connection: Connection, pack: ClausePack) -> GapReport:
        picture = self._look(unit, product, connection, pack)
        before = picture.before
        made = report_of(pack, picture, id=uuid.uuid4().hex, now=self.now(), judge=self.judge)
        report = replace(made, created_at=_after(before, made.created_at))
        if before is not None and not is_news(report) and reads_alike(report, before):
            unit.reports.reviewed(before.id, now=report.created_at)
            return replace(before, reviewed_at=report.created_at)
        unit.reports.add(product.id, report, worth_telling=before is None or bool(report.drift))
        return report

    def _look(self, unit: Unit, product: Product, connection: Connection, pack: ClausePack) -> Picture:
        """Read all that the review looks at, in one transaction."""
        evidence, unchecked = unit.candidates.evidence(connection.id, pack.id, extent=product.extent)
        note_releases(unit, product, evidence, now=self.now())
        releases = _out(unit.products.releases(product.id), self.now().date())
        before = unit.reports.latest(product.id, pack.id)
        return Picture(
            called=unit.products.called(product),
            evidence=evidence,
            unchecked=unchecked,
            coverage=_coverage(unit, product, connection, pack),
            release=newest(releases),
            previous=previous(releases),
            waiting=waiting(releases),
            waivers=unit.waivers.of_product(product.id, pack.id),
            before=before,
            gone=_gone(unit, product, before),
        )


def _out(releases: Sequence[Release], today: date) -> tuple[Release, ...]:
    """Leave out what is announced for a later day."""
    return tuple(one for one in releases if one.released_on is None or one.released_on <= today)


def _after(before: GapReport | None, now: datetime) -> datetime:
    """Return when a report counts as made: never before the last one, even where the clock was set back meanwhile."""
    return now if before is None else max(now, before.last_run + timedelta(microseconds=1))


def _coverage(unit: Unit, product: Product, connection: Connection, pack: ClausePack) -> CoverageLine:
    counts = unit.candidates.counts(connection.id, pack.id, extent=product.extent)
    strays, _ = unit.listings.strays(connection.id, pack.id)
    seen = connection.coverage
    return CoverageLine(
        complete=seen is not None and seen.completeness is Completeness.COMPLETE,
        because=seen.because if seen else "no sync has ended yet",
        files=unit.belonging.count(connection.id, product.extent),
        candidates=sum(counts.values()),
        scanned=counts[ScanState.SCANNED],
        whole=_whole_look(connection, named=not product.extent),
        strays=strays,
    )


def _whole_look(connection: Connection, *, named: bool) -> WholeLook | None:
    """Set what the last look at the whole source has listed beside the one before it.

    Whoever sees one product by its folders is not told what the rest of the source is called.
    """
    if connection.walk is None or connection.walked_at is None:
        return None
    now, before = connection.walk.listed, connection.walk_before.listed if connection.walk_before else None
    if not named:
        total = CorpusLine(name="all of it", files=sum(now.values()), before=sum(before.values()) if before else None)
        return WholeLook(at=connection.walked_at, corpora=(total,), unreadable=connection.walk.unreadable)
    names = sorted({*now, *(before or ())})
    corpora = (
        CorpusLine(name=one, files=now.get(one, 0), before=None if before is None else before.get(one, 0))
        for one in names
    )
    return WholeLook(at=connection.walked_at, corpora=tuple(corpora), unreadable=connection.walk.unreadable)


def _gone(unit: Unit, product: Product, before: GapReport | None) -> dict[str, str]:
    """Return why files that the last report cites are no longer the product's: gone, or in none of its folders."""
    cited = {citation.file.id for standing in before.standings for citation in standing.citations} if before else set()
    found = {file_id: unit.files.get(product.connection, file_id) for file_id in cited}
    inside = unit.belonging.inside(product.connection, product.extent, cited)
    why = {file_id: known[1] or DriftCause.MOVED_AWAY.value for file_id, known in found.items() if known}
    return {file_id: because for file_id, because in why.items() if file_id not in inside}
