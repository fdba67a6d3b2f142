"""What the pages show, as values: built from a report and a few counts, without any query."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState, ScanState
from scanner.model.display import counted, shown
from scanner.model.feed import Feed
from scanner.model.gap import GapReport
from scanner.model.hook import Hook
from scanner.model.job import Job, JobKind, JobState
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.notify.letter import Caps, Letter, Part, letter

_EVERYTHING = Caps(drift=200, gaps=200, unchecked=200, standings=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is being done for a connection right now."""

    live: bool  # whether a job is queued or running
    doing: tuple[str, ...]  # a sentence for each verb at work
    scanned: int  # candidates that are done
    candidates: int
    failed: tuple[str, ...]  # why jobs failed, newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The product: where its clause stands, and what is being done."""

    connection: Connection
    pack: ClausePack
    letter: Letter | None  # None before the first review
    progress: Progress
    can_read: bool  # False once the consent was lost
    next_night: datetime | None  # None while the connection cannot be read
    zone: str

    @property
    def last_run(self) -> datetime | None:
        """Say when the documents were last reviewed, or at least looked through."""
        return self.letter.report.last_run if self.letter else self.connection.synced_at

    @property
    def score(self) -> tuple[tuple[Outcome, int], ...]:
        """Count the constraints of each outcome that there is, in the order of outcomes."""
        counts = Counter(one.outcome for one in self.letter.report.standings) if self.letter else Counter()
        return tuple((outcome, counts[outcome]) for outcome in Outcome if counts[outcome])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesPage:
    """The releases of a product, and what tells of them: hooks, and a feed."""

    waiting: tuple[Release, ...]  # for the person's word
    known: tuple[Release, ...]  # all, the newest first
    hooks: tuple[Hook, ...]
    feed: Feed | None


def overview_page(
    *,
    connection: Connection,
    pack: ClausePack,
    report: GapReport | None,
    progress: Progress,
    night: tuple[datetime, str] | None = None,
) -> OverviewPage:
    """Put the overview together; `night` is when the next one begins, in which zone."""
    moment, zone = night or (None, "")
    return OverviewPage(
        next_night=moment,
        zone=zone,
        connection=connection,
        pack=pack,
        letter=letter(Part(report=report, pack=pack, quotes=True), caps=_EVERYTHING) if report else None,
        progress=progress,
        can_read=connection.state is ConnectionState.ACTIVE,
    )


def progress_of(
    jobs: Sequence[Job], *, at_work: Collection[JobKind], counts: Mapping[ScanState, int], connection: Connection
) -> Progress:
    """Say what a connection's jobs are doing, by the newest of them; jobs of others are left out here once more.

    A failed scan is told by its document, and a failure that a later sync has healed is told no more.
    """
    own = [job for job in jobs if job.connection == connection.id]
    live = [job for job in own if job.state in {JobState.QUEUED, JobState.RUNNING}]
    total = sum(counts.values())
    scanned = total - counts.get(ScanState.TO_SCAN, 0)
    doing = tuple(_doing(kind, live, connection, scanned, total) for kind in JobKind if kind in at_work)
    failed = [job for job in own if job.state is JobState.FAILED and job.kind is not JobKind.SCAN]
    fresh = [job for job in failed if connection.synced_at is None or job.run_at > connection.synced_at]
    told = dict.fromkeys(f"{job.kind.value}: {job.error or 'no reason was given'}" for job in fresh)
    return Progress(live=bool(at_work), doing=doing, scanned=scanned, candidates=total, failed=tuple(told)[:3])


def _doing(kind: JobKind, live: Sequence[Job], connection: Connection, scanned: int, total: int) -> str:
    """Say what one verb is doing, and what the failure was that it tries to get over."""
    retried = next((job.error for job in live if job.kind is kind and job.error), "")
    match kind:
        case JobKind.SYNC:
            seen = sum(connection.coverage.listed.values()) if connection.coverage else 0
            said = f"Looking through your Drive: {counted(seen, 'file')} seen"
        case JobKind.SCAN:
            said = f"Reading documents: {scanned} of {total}"
        case JobKind.REVIEW:
            said = "Judging the documents as a set"
        case JobKind.SUMMARIZE:
            said = "Writing the email"
    return f"{said}. Trying again after: {shown(retried, 160)}" if retried else f"{said}."
