"""sync: a page of the source becomes files, candidates and scan jobs, with the next cursor in one transaction."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from connector import Completeness, ConsentLost, Coverage, FileSource, Page, RemovedBecause, SourceFile, SyncKind
from scanner.clauses.match import candidate
from scanner.jobs.base import JobQueue
from scanner.model.candidate import Candidate
from scanner.model.clause import ClausePack
from scanner.model.connection import ConnectionState
from scanner.model.job import NewJob, Priority
from scanner.pipeline.orders import review_job, revision_of, scan_job
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

NOT_SEEN = "no longer listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDone:
    """What one page of a sync came to; told to whoever shows progress."""

    coverage: Coverage
    candidates: tuple[Candidate, ...]  # on this page
    to_scan: int  # of them, how many are to be scanned
    removed: int  # files that left the picture with this page


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Brings our picture of one connection's files up to date."""

    store: Store
    queue: JobQueue
    source: Callable[[str], FileSource]  # of a connection; raises ConnectorError
    packs: tuple[ClausePack, ...]
    judge: str  # the judge's version
    now: Callable[[], datetime]

    def __call__(
        self,
        connection: str,
        *,
        priority: Priority = Priority.NIGHT,
        on_page: Callable[[PageDone], None] = lambda _: None,
    ) -> None:
        """Go on from the stored cursor, page by page, to the end of the source.

        Raises ConnectorError: what was done until then is kept, and the next call goes on from there.
        """
        with self.store.reading() as unit:
            known = unit.connections.get(connection)
        if known is None or known.state is ConnectionState.DISCONNECTED:
            return
        self._match_again(connection, known.pack_digest, priority)
        try:
            for page in self.source(connection).pages(known.cursor):
                on_page(self._keep(connection, page, priority))
        except ConsentLost as error:
            with self.store.transaction() as unit:
                unit.connections.set_state(connection, ConnectionState.CONSENT_LOST, str(error))
            raise
        self._finish(connection, priority)

    def _keep(self, connection: str, page: Page, priority: Priority) -> PageDone:
        """Store a page's effects and its cursor together, then queue what it asks for."""
        with self.store.transaction() as unit:
            flagged = [
                found
                for file in page.files
                for found in self._see(unit, connection, file, sync_id=page.coverage.sync_id, priority=priority)
            ]
            removed = _forget(unit, connection, page)
            unit.connections.remember(connection, cursor=page.cursor, coverage=page.coverage)
        jobs = [job for _, job in flagged if job is not None]
        self.queue.enqueue(jobs)
        log.info(
            "A page of %d files was kept.",
            len(page.files),
            extra={"event": "sync.page", "connection": connection, "calls": page.coverage.calls},
        )
        return PageDone(
            coverage=page.coverage,
            candidates=tuple(found for found, _ in flagged),
            to_scan=len(jobs),
            removed=removed,
        )

    def _see(
        self, unit: Unit, connection: str, file: SourceFile, *, sync_id: str, priority: Priority
    ) -> list[tuple[Candidate, NewJob | None]]:
        unit.files.saw(connection, file, sync_id=sync_id)
        return self._match(unit, connection, file, priority)

    def _match(
        self, unit: Unit, connection: str, file: SourceFile, priority: Priority
    ) -> list[tuple[Candidate, NewJob | None]]:
        """Flag the file for every pack whose signals fire, with a scan job where its revision is to be scanned."""
        found = []
        for pack in self.packs:
            match = candidate(file, pack)
            if match is None:
                unit.candidates.unflag(connection, file.id, pack.id)
                continue
            revision = revision_of(file, pack_digest=pack.digest, judge=self.judge)
            due = unit.candidates.flag(connection, match, revision=revision)
            job = scan_job(connection, file.id, pack.id, revision, priority=priority) if due else None
            found.append((match, job))
        return found

    def _match_again(self, connection: str, matched_with: str, priority: Priority) -> None:
        """After a change of packs or of the judge, match the files that are known already; no call to the source."""
        digest = _digest(self.packs, self.judge)
        if matched_with == digest:
            return
        jobs: list[NewJob] = []
        with self.store.transaction() as unit:
            for file in list(unit.files.present(connection)):
                jobs += [job for _, job in self._match(unit, connection, file, priority) if job]
            unit.connections.matched_with(connection, digest)
        self.queue.enqueue(jobs)

    def _finish(self, connection: str, priority: Priority) -> None:
        with self.store.transaction() as unit:
            unit.connections.synced(connection, now=self.now())
            waiting = unit.candidates.to_scan(connection, limit=1)
            products = unit.products.of_connection(connection)
        if not waiting:
            self.queue.enqueue([review_job(connection, product.id, priority=priority) for product in products])


def _forget(unit: Unit, connection: str, page: Page) -> int:
    """Mark what the page says is gone; an unseen file only at the end of a full sync that is complete."""
    by_reason: dict[RemovedBecause, list[str]] = {}
    for removed in page.removed:
        by_reason.setdefault(removed.because, []).append(removed.id)
    count = sum(unit.files.lost(connection, ids, because=because.value) for because, ids in by_reason.items())
    for drive in page.drives_lost:
        count += unit.files.lost_drive(connection, drive, because=RemovedBecause.DRIVE_LOST.value)
    coverage = page.coverage
    if coverage.kind is SyncKind.FULL and coverage.completeness is Completeness.COMPLETE:
        count += unit.files.lost_unless_seen(connection, sync_id=coverage.sync_id, because=NOT_SEEN)
    return count


def _digest(packs: Sequence[ClausePack], judge: str) -> str:
    return " ".join([*(pack.digest[:16] for pack in packs), judge])
