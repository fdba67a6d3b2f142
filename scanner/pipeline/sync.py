"""sync: a page of the source becomes files, candidates and scan jobs, with the next cursor in one transaction.

One call is a slice of it: so many pages, and all that the next one needs is in the tables and in the cursor.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from connector import (
    Completeness,
    ConsentLost,
    Coverage,
    Cursor,
    FileSource,
    Page,
    RemovedBecause,
    SourceUnavailable,
    SyncKind,
)
from scanner.jobs.base import JobQueue
from scanner.model.candidate import Candidate
from scanner.model.connection import Connection
from scanner.model.display import counted
from scanner.model.job import Priority
from scanner.pipeline.choosing import Choose, take_wish
from scanner.pipeline.flagging import Flagging
from scanner.pipeline.gone import NOT_SEEN, doubtful, forget, suspect
from scanner.pipeline.lost import note_loss, readable
from scanner.pipeline.orders import review_job
from scanner.pipeline.suggest import suggest
from scanner.seeing.ids import about, also
from scanner.seeing.traces import span
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)


class Sources(Protocol):
    """Opens connections."""

    def __call__(self, connection: str, /, *, within: Sequence[str]) -> FileSource:
        """Return the files behind a connection, or only those below some folders. Raises ConnectorError."""
        ...


class LookForReleases(Protocol):
    """Looks where releases are told of in public."""

    def __call__(self, connection: str, /, *, priority: Priority) -> None:
        """Look for releases of the connection's products; that it could not is kept, and raised by nobody."""
        ...


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
    source: Sources
    choose: Choose  # tells the folders that a person wishes
    flagging: Flagging
    walk_every: timedelta  # how often the whole source is looked at, whatever its feed says
    look_for_releases: LookForReleases  # where products have a feed of them
    pages: int  # so many pages that hold something are one slice; what leads up to them has to be listed anew in each
    now: Callable[[], datetime]

    def __call__(
        self,
        connection: str,
        *,
        priority: Priority = Priority.NIGHT,
        on_page: Callable[[PageDone], None] = lambda _: None,
    ) -> bool:
        """Go on from the stored cursor towards the end of the source, then look at all of it where due; True for more.

        Raises ConnectorError: what was done until then is kept, and the next call goes on from there.
        """
        known = self._known(connection)
        if known is None:
            return False
        if take_wish(self.store, known, self.choose):
            known = self._known(connection)
            if known is None:
                return False
        self._match_again(known, priority)
        if self._look(known, known.cursor, priority, on_page):
            return True
        known = self._known(connection)
        if known is None:
            return False
        if self._walk_due(known) and self._look(known, None, priority, on_page):
            return True
        self.look_for_releases(connection, priority=priority)
        self._finish(connection, priority)
        self._suggest(connection)
        return False

    def under_way(self, connection: str) -> bool:
        """Tell whether the next call goes on with a sync that has begun."""
        with self.store.reading() as unit:
            known = unit.connections.get(connection)
        return known is not None and known.under_way

    def _known(self, connection: str) -> Connection | None:
        with self.store.reading() as unit:
            return readable(unit.connections.get(connection))

    def _walk_due(self, known: Connection) -> bool:
        """Feeds were seen to leave changes out, so the whole is looked at now and then, and after an incomplete look.

        What the feed can explain is taken from it first: what a walk then does not list has no explanation.
        """
        if known.coverage is None or known.coverage.kind is SyncKind.FULL:
            return False
        if known.walk is None or known.walked_at is None or known.walk.completeness is not Completeness.COMPLETE:
            return True
        return self.now() - known.walked_at >= self.walk_every

    def _look(
        self, known: Connection, since: Cursor | None, priority: Priority, on_page: Callable[[PageDone], None]
    ) -> bool:
        """Keep the pages of one slice; True when the look has not come to its end with them."""
        left, at = self.pages, known.cursor
        try:
            with about():  # the sync's id is known with the first page, and ends with the slice
                for page in self.source(known.id, within=known.within).pages(since):
                    also(sync=page.coverage.sync_id)
                    with span("sync page"):
                        done = self._keep(known, page, priority, at=at)
                    at = page.cursor
                    on_page(done)
                    left -= bool(page.files or page.removed)
                    if left <= 0 and page.coverage.completeness is Completeness.RUNNING:
                        return True
        except ConsentLost as error:
            note_loss(self.store, self.queue, known, error.because, now=self.now())
            raise
        return False

    def _keep(self, known: Connection, page: Page, priority: Priority, *, at: Cursor | None) -> PageDone:
        """Store a page's effects and its cursor together, then queue what it asks for; `at` is the place before it."""
        with self.store.transaction() as unit:
            if not unit.connections.still_at(known, at):
                raise SourceUnavailable("What is to be read was changed meanwhile; it begins anew.")
            sync_id = page.coverage.sync_id
            if unit.folders.saw(known.id, page.folders, sync_id=sync_id):
                unit.belonging.reckon(known.id)
            unit.files.saw(known.id, page.files, sync_id=sync_id)
            flagged = self.flagging(unit, known.id, page.files, priority=priority)
            coverage, removed = self._close(unit, known, page)
            unit.connections.remember(known.id, cursor=page.cursor, coverage=coverage)
        jobs = [job for _, job in flagged if job is not None]
        self.queue.enqueue(jobs)
        log.info(
            "A page of %s was kept.",
            counted(len(page.files), "file"),
            extra={"event": "sync.page", "connection": known.id, "calls": coverage.calls},
        )
        return PageDone(
            coverage=coverage,
            candidates=tuple(found for found, _ in flagged),
            to_scan=len(jobs),
            removed=removed,
        )

    def _close(self, unit: Unit, known: Connection, page: Page) -> tuple[Coverage, int]:
        """Mark what the page says is gone; an unseen file only after a whole look that is complete and believable."""
        count = forget(unit, known.id, page)
        coverage = page.coverage
        if coverage.kind is not SyncKind.FULL or coverage.completeness is Completeness.RUNNING:
            return coverage, count
        coverage, doubted = unit.files.recounted(known.id, coverage), 0
        if coverage.completeness is Completeness.COMPLETE:
            unseen, present = unit.files.unseen(known.id, sync_id=coverage.sync_id), unit.files.count(known.id)
            chosen_anew = bool(known.within) and known.walk is None
            if suspect(unseen, of=present) and not known.doubted and not chosen_anew:
                coverage, doubted = doubtful(coverage, unseen, of=present), unseen
            else:
                because = RemovedBecause.MOVED_OUT.value if chosen_anew else NOT_SEEN
                count += unit.files.lost_unless_seen(known.id, sync_id=coverage.sync_id, because=because)
                unit.folders.lost_unless_seen(known.id, sync_id=coverage.sync_id)
        unit.connections.walked(known.id, coverage=coverage, doubted=doubted, now=self.now())
        return coverage, count

    def _match_again(self, known: Connection, priority: Priority) -> None:
        """After a change of packs, judge or naming, match the files that are known already; no call to the source."""
        with self.store.reading() as unit:
            digest = self.flagging.digest(unit.products.of_connection(known.id))
        if known.pack_digest == digest:
            return
        last: str | None = ""
        while last is not None:
            with self.store.transaction() as unit:
                files = unit.files.present(known.id, after=last)
                jobs = [job for _, job in self.flagging(unit, known.id, files, priority=priority) if job]
                last = files[-1].id if files else None
                if last is None:
                    unit.connections.matched_with(known.id, digest)
            self.queue.enqueue(jobs)

    def _finish(self, connection: str, priority: Priority) -> None:
        with self.store.transaction() as unit:
            unit.connections.synced(connection, now=self.now())
            waiting = unit.candidates.to_scan(connection, limit=1)
            products = unit.products.of_connection(connection)
        if not waiting:
            self.queue.enqueue([review_job(connection, product.id, priority=priority) for product in products])

    def _suggest(self, connection: str) -> None:
        """After the end of a sync: ask the source for what no name gives away; a lost consent is told elsewhere."""
        known = self._known(connection)
        if known is not None:
            packs = tuple(one.pack for one in self.flagging.flags)
            suggest(self.store, known, lambda: self.source(known.id, within=known.within), packs, self.now())
