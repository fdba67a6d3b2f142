"""The four verbs as job handlers, and the sweep that makes lost jobs again from the tables."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from scanner.jobs.base import Handler, JobQueue, Report
from scanner.model.connection import Connection, ConnectionState, Product
from scanner.model.job import Job, JobKind, NewJob, Priority
from scanner.pipeline.hints import Hints
from scanner.pipeline.orders import review_job, summarize_job, sync_job
from scanner.pipeline.outage import PATIENCE, note_failure, to_be_told
from scanner.pipeline.review import Review
from scanner.pipeline.scan import Scan, scans_again
from scanner.pipeline.summarize import Summarize
from scanner.pipeline.sync import PageDone, Sync
from scanner.pipeline.watch import Watch
from scanner.seeing.ids import about
from scanner.seeing.meters import Meters
from scanner.seeing.traces import span
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Runs each kind of job by its verb."""

    store: Store
    queue: JobQueue
    sync: Sync
    scan: Callable[[], Scan]  # built when the first scan comes: it brings reader processes with it
    review: Review
    summarize: Callable[[], Summarize]
    watch: Watch
    hints: Hints
    now: Callable[[], datetime]
    meters: Meters = field(default_factory=Meters)

    def by_kind(self) -> Mapping[JobKind, Handler]:
        """Return the handler of every kind."""
        return {
            JobKind.SYNC: self._seen(self._sync),
            JobKind.SCAN: self._seen(self._scan),
            JobKind.REVIEW: self._seen(self._review),
            JobKind.SUMMARIZE: self._seen(self._summarize),
        }

    def gave_up(self, job: Job, because: str) -> None:
        """Take a job that failed for good: a scan leaves something open that the product's review waits for, and
        without a sync or a review the night has no end.
        """
        match job.kind:
            case JobKind.SCAN:
                with _about(job):
                    self.scan().gave_up(job, because)
                self.watch.scanned(job.args["file"])
            case JobKind.SYNC | JobKind.REVIEW:
                note_failure(self.store, job.connection, because, now=self.now())
            case JobKind.SUMMARIZE:
                pass  # what is owed stays in the outbox, and the sweep asks again

    def _seen(self, handler: Handler) -> Handler:
        """Let all that a job does be known as its own, in the log, in the figures and in the traces."""
        leaving_nothing = self._leaving_nothing(handler)

        def run(job: Job, report: Report) -> bool | None:
            with _about(job), span(job.kind.value), self.meters.job(job.kind):
                more = leaving_nothing(job, report)
                log.debug("A job ended.", extra={"event": "job.ended"})
            return more

        return run

    def _leaving_nothing(self, handler: Handler) -> Handler:
        """Forget what a job has queued for a connection that was forgotten while it ran."""

        def run(job: Job, report: Report) -> bool | None:
            try:
                return handler(job, report)
            finally:
                with self.store.reading() as unit:
                    known = unit.connections.get(job.connection)
                if known is None:
                    self.queue.forget(job.connection)

        return run

    def _sync(self, job: Job, report: Report) -> bool:
        def page(done: PageDone) -> None:
            report(f"{sum(done.coverage.listed.values())} files listed")
            self.watch.page(done)

        if not self.sync.under_way(job.connection):
            self.hints.begin(job.connection)
        more = self.sync(job.connection, priority=job.priority, on_page=page)
        if not more:
            self.hints.renew(job.connection)
        return more

    def _scan(self, job: Job, report: Report) -> None:
        report("reading")
        args = job.args
        self.scan()(
            job.connection,
            file_id=args["file"],
            clause=args["clause"],
            revision=args["revision"],
            priority=job.priority,
        )
        self.watch.scanned(args["file"])

    def _review(self, job: Job, _: Report) -> bool:
        before = self._look(lambda unit: _ends(unit, job.connection))
        self.watch.reviewed(self.review(job.args["product"], priority=job.priority))
        return self._look(lambda unit: _ends(unit, job.connection)) != before

    def _summarize(self, job: Job, _: Report) -> bool:
        before = self._look(lambda unit: unit.reports.unweighed(job.connection))
        self.watch.sent(self.summarize()(job.connection))
        return bool(self._look(lambda unit: unit.reports.unweighed(job.connection)) - before)

    def _look(self, at: Callable[[Unit], T]) -> T:
        """Look at what a job starts from: where that changed while it ran it runs once more, since whoever asked for
        it meanwhile was told that a twin is at it.
        """
        with self.store.reading() as unit:
            return at(unit)


def _ends(unit: Unit, connection: str) -> tuple[datetime | None, datetime | None]:
    """Return when the last sync and the last scan ended."""
    known = unit.connections.get(connection)
    return (known.synced_at if known else None, unit.candidates.last_scan(connection))


def _about(job: Job) -> AbstractContextManager[None]:
    return about(job=job.id, kind=job.kind.value, connection=job.connection)


def sweep(
    store: Store, queue: JobQueue, *, now: datetime, settle: timedelta = timedelta(0), patience: timedelta = PATIENCE
) -> int:
    """Queue what the tables say is to be done and no live job does; return how many jobs were new.

    The sync that a hint waits for comes `settle` later. Nights that fail are told after `patience`.

    A kill between a commit and its enqueue loses nothing: the next sweep makes the job again.
    """
    jobs = []
    given_up = {job.key for job in queue.unhealed()}  # until its next night
    with store.reading() as unit:
        for connection in unit.connections.all():
            products = unit.products.of_connection(connection.id)
            if connection.state is ConnectionState.ACTIVE:
                jobs += _to_sync(connection, given_up, settle=settle)
                jobs += _to_read(unit, queue, connection, products)
            if connection.state is not ConnectionState.DISCONNECTED and _owes(unit, connection, now, patience):
                jobs.append(summarize_job(connection.id, priority=Priority.NIGHT))
    return queue.enqueue(jobs) if jobs else 0  # an idle worker only reads


def _to_sync(connection: Connection, given_up: Collection[str], *, settle: timedelta) -> list[NewJob]:
    """Go on with a sync that has begun, and follow a hint."""
    begun = sync_job(connection.id)
    if connection.under_way and begun.key not in given_up:
        return [begun]
    return [sync_job(connection.id, after=settle)] if connection.hinted else []


def _owes(unit: Unit, connection: Connection, now: datetime, patience: timedelta) -> bool:
    lost = connection.lost is not None and not connection.lost.told
    news = connection.state is ConnectionState.ACTIVE and bool(unit.reports.unweighed(connection.id))
    return lost or news or to_be_told(connection, now, patience) or unit.mails.owed(connection.id)


def _to_read(unit: Unit, queue: JobQueue, connection: Connection, products: Sequence[Product]) -> list[NewJob]:
    if unit.candidates.to_scan(connection.id, limit=1):
        wanted = not queue.waits(connection.id, JobKind.SCAN)  # of those that wait, the last looks again
        return scans_again(unit, connection.id, priority=Priority.NIGHT) if wanted else []
    due = unit.reviews_due(connection)
    return [review_job(connection.id, product.id, priority=Priority.NIGHT) for product in products] if due else []
