"""The seam of durability: jobs in, each done at least once, whatever is killed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from scanner.model.job import Job, JobKind, JobState, NewJob, Waiting

Report = Callable[[str], None]  # a handler calls it with a line of progress
# A handler raises to fail; of its error `transient` and `retry_after` are read, nothing else. It returns True when a
# slice of its work is done and there is more: the job is queued again, and its attempts count anew.
Handler = Callable[[Job, Report], bool | None]
GaveUp = Callable[[Job, str], None]  # told once, when a job has failed for good, with the reason in a sentence

Idle = Callable[[], object]  # looks for work that nobody has queued


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a queue holds to; spans are in seconds."""

    per_connection: int = 4  # jobs of one connection run at a time, over all workers
    lease_seconds: float = 30.0  # a worker that was not heard of for so long is dead, and its jobs go to another
    max_attempts: int = 5  # after which a job is given up
    idle_seconds: float = 300.0  # how often an idle worker looks for work that nobody has queued
    grace_seconds: float = 30.0  # that a worker's jobs have to end when it is stopped; then they are given back


class JobQueue(Protocol):
    """A durable queue. Two implementations keep the same contract (tests/contract)."""

    def enqueue(self, jobs: Sequence[NewJob]) -> int:
        """Queue the jobs that have no live twin of the same key; return how many were new."""
        ...

    def work(
        self,
        handlers: Mapping[JobKind, Handler],
        *,
        gave_up: GaveUp,
        until_idle: bool,
        stop: Event,
        slots: int = 2,
        idle: Idle | None = None,
    ) -> int:
        """Claim and run jobs of the kinds that have a handler, until `stop` is set or, with `until_idle`, none is live.

        `idle` is called now and then while no job of these kinds is live and the worker stays.
        Returns how many jobs ended. With `until_idle` it waits for retries that are due later and for jobs that
        another worker runs. A stop lets running jobs finish within the grace period, then releases them.
        """
        ...

    def list(
        self, *, states: Sequence[JobState] = (), connection: str = "", before: str = "", limit: int = 100
    ) -> tuple[Job, ...]:
        """List jobs, the newest first; all states where none is named, and of all connections.

        `before` is the id of a job, to list those that are older.
        """
        ...

    def unhealed(self, connection: str = "") -> tuple[Job, ...]:
        """List the failed jobs that no later one of the same key made good, of one connection or all, newest first."""
        ...

    def live(self, connection: str, kind: JobKind | None = None) -> int:
        """Count the queued and running jobs of a connection."""
        ...

    def waits(self, connection: str, kind: JobKind) -> bool:
        """Tell whether a job of this kind is queued for the connection; one look, however long the backlog is."""
        ...

    def waiting(self) -> tuple[Waiting, ...]:
        """Count the live jobs of all connections, by kind and state."""
        ...

    def retry(self, job_id: str) -> bool:
        """Queue a failed or cancelled job anew; False where there is none such."""
        ...

    def cancel(self, connection: str) -> int:
        """Cancel every live job of a connection; return how many."""
        ...

    def forget(self, connection: str) -> None:
        """Cancel what runs of a connection and delete every other row of it (at disconnect)."""
        ...
