"""The page Activity, as values: what was looked through, what is being done and what failed, for one connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.model.connection import Connection
from scanner.model.coverage import looked_through
from scanner.model.deed import Deed
from scanner.model.display import counted, shown
from scanner.model.job import Job, JobKind, JobState

STATES = {
    JobState.QUEUED: "waits",
    JobState.RUNNING: "at work",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
VERBS = {
    JobKind.SYNC: "Look through your Drive",
    JobKind.SCAN: "Read a document",
    JobKind.REVIEW: "Judge the documents as a set",
    JobKind.SUMMARIZE: "Write the email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """One job, for its person."""

    id: str
    what: str
    state: JobState
    said: str  # the state in words, with how often it was tried
    moment: datetime  # since when it may run
    because: str  # the last failure, "" for none
    progress: str
    can_retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """What is and was done for a connection."""

    last_sync: str  # in words
    ended_at: datetime | None  # when it ended
    next_night: datetime | None  # None while the connection cannot be read
    zone: str
    jobs: tuple[JobLine, ...]  # the newest first, failures that can be tried again before all
    deeds: tuple[Deed, ...] = ()  # who did what, the newest first; none for who only looks


def activity_page(
    jobs: Sequence[Job],
    *,
    connection: Connection,
    names: Mapping[str, str],
    unhealed: Sequence[Job],
    night: tuple[datetime, str] | None,
    deeds: Sequence[Deed] = (),
) -> ActivityPage:
    """Put the page together; `names` are the files' names by id, and jobs of others are left out here once more."""
    open_failures = {job.id for job in unhealed}
    own = {job.id: job for job in (*unhealed, *jobs) if job.connection == connection.id}
    lines = [_line(job, names, can_retry=job.id in open_failures) for job in own.values()]
    lines.sort(key=lambda line: not line.can_retry)
    moment, zone = night or (None, "")
    return ActivityPage(
        last_sync=looked_through(connection.coverage) if connection.coverage else "Nothing was looked through yet.",
        ended_at=connection.synced_at,
        next_night=moment,
        zone=zone,
        jobs=tuple(lines),
        deeds=tuple(deeds),
    )


def _line(job: Job, names: Mapping[str, str], *, can_retry: bool) -> JobLine:
    name = names.get(job.args.get("file", ""), "")
    tried = f", tried {counted(job.attempts, 'time')}" if job.attempts > 1 else ""
    return JobLine(
        id=job.id,
        what=VERBS[job.kind] + (f": {shown(name, 80)}" if name else ""),
        state=job.state,
        said=STATES[job.state] + tried,
        moment=job.run_at,
        because=shown(job.error, 300),
        progress=shown(job.progress, 120) if job.state is JobState.RUNNING else "",
        can_retry=can_retry,
    )
