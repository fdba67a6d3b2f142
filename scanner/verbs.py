"""The four verbs run to their end in the foreground, with progress bars on stderr; the CLI and the demo share it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from connector import Coverage
from scanner.app import App
from scanner.model.candidate import Candidate
from scanner.model.connection import ScanState
from scanner.model.display import counted
from scanner.model.gap import GapReport
from scanner.model.job import Job, JobKind, JobState, Priority
from scanner.pipeline.orders import review_job, summarize_job, sync_job
from scanner.pipeline.summarize import Sent
from scanner.pipeline.sync import PageDone
from scanner.pipeline.watch import Watch


@dataclass(slots=True, kw_only=True)
class SyncDone:
    """What a sync in the foreground came to."""

    coverage: Coverage | None = None  # of the last page
    flagged: dict[str, Candidate] = field(default_factory=dict)  # on the pages that were read, by file
    to_scan: int = 0
    removed: int = 0
    failed: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanDone:
    """What scans in the foreground came to."""

    documents: int
    files: frozenset[str]  # their ids
    seconds: float
    failed: tuple[Job, ...]


class Verbs:
    """Runs verbs through the queue, as a worker would, and waits for them."""

    def __init__(self, app: App, console: Console) -> None:
        """Show progress on this console."""
        self._app = app
        self._console = console

    def sync(self, connections: Sequence[str]) -> SyncDone:
        """Bring these connections up to date."""
        done = SyncDone()
        with self._progress("sync", None) as step:

            def page(one: PageDone) -> None:
                done.coverage = one.coverage
                done.flagged |= {candidate.file.id: candidate for candidate in one.candidates}
                done.to_scan += one.to_scan
                done.removed += one.removed
                step(sum(one.coverage.listed.values()), counted(one.coverage.calls, "call"))

            self._app.queue.enqueue([sync_job(one, priority=Priority.PERSON) for one in connections])
            done.failed = self._drain(JobKind.SYNC, Watch(page=page))
        return done

    def scan(self) -> ScanDone:
        """Scan every candidate that waits for it."""
        started, count, files = time.monotonic(), 0, set[str]()
        with self._app.store.reading() as unit:
            counts = [unit.candidates.counts(one) for one in self._app.readable_connections()]
        waiting = sum(one.get(ScanState.TO_SCAN, 0) for one in counts)
        with self._progress("scan", waiting) as step:

            def scanned(file: str) -> None:
                nonlocal count
                count += 1
                files.add(file)
                step(count, "documents")

            failed = self._drain(JobKind.SCAN, Watch(scanned=scanned))
        return ScanDone(documents=count, files=frozenset(files), seconds=time.monotonic() - started, failed=failed)

    def review(self) -> tuple[GapReport, ...]:
        """Review every product whose candidates are all scanned."""
        reports: list[GapReport] = []
        with self._app.store.reading() as unit:
            products = [product for one in unit.connections.all() for product in unit.products.of_connection(one.id)]
        with self._progress("review", len(products)) as step:

            def reviewed(made: tuple[GapReport, ...]) -> None:
                reports.extend(made)
                step(len(reports), "reports")

            self._app.queue.enqueue(
                [review_job(product.connection, product.id, priority=Priority.PERSON) for product in products]
            )
            self._drain(JobKind.REVIEW, Watch(reviewed=reviewed))
        return tuple(reports)

    def summarize(self) -> tuple[tuple[Sent, ...], tuple[Job, ...]]:
        """Send what is worth telling; return what was sent and the jobs that failed."""
        sent: list[Sent] = []
        with self._app.store.reading() as unit:
            connections = [one.id for one in unit.connections.all()]
        with self._progress("summarize", None) as step:

            def told(made: tuple[Sent, ...]) -> None:
                sent.extend(made)
                step(len(sent), "emails")

            self._app.queue.enqueue([summarize_job(one, priority=Priority.PERSON) for one in connections])
            failed = self._drain(JobKind.SUMMARIZE, Watch(sent=told))
        return tuple(sent), failed

    def _drain(self, kind: JobKind, watch: Watch) -> tuple[Job, ...]:
        before = {job.id for job in self._app.queue.list(states=[JobState.FAILED])}
        self._app.work(kinds=[kind], until_idle=True, watch=watch)
        failed = self._app.queue.list(states=[JobState.FAILED])
        return tuple(job for job in failed if job.kind is kind and job.id not in before)

    @contextmanager
    def _progress(self, verb: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
        columns = (
            SpinnerColumn(),
            TextColumn(f"[bold]{verb:<10}[/]"),
            BarColumn(bar_width=28),
            MofNCompleteColumn() if total is not None else TextColumn("{task.completed:.0f}"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(verb, total=total, note="")
            yield lambda count, note: progress.update(task, completed=count, note=note)
