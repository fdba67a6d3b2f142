"""When a failed job is tried again, how its failure is said, and how long it is kept; pure."""

from collections.abc import Sequence
from datetime import timedelta

from scanner.model.job import NewJob

BASE_SECONDS = 2.0
CAP_SECONDS = 600.0
KEPT = timedelta(days=14)  # how long ended jobs can be looked at
# The longest that a job is ever delayed: a hint settles for minutes, a retry waits for CAP_SECONDS, or for as long as
# the source asked, up to this. What is due later still was queued while the clock was ahead, and is due at once: it
# could be the sync of every night, whose twins are refused as long as it waits.
LONGEST = timedelta(days=1)
WORKER_LOST = "the worker was killed while it ran"


def retry_in(error: BaseException, *, attempts: int, max_attempts: int, chance: float) -> float | None:
    """Return after how many seconds to try again, None to give up.

    Reads `transient` and `retry_after` of the error and nothing else: one that says it is not transient ends the job,
    one that says nothing is tried again. Full jitter: `chance`, between 0 and 1, picks a point in the growing span.
    """
    if attempts >= max_attempts or getattr(error, "transient", True) is False:
        return None
    asked: float | None = getattr(error, "retry_after", None)
    span = min(CAP_SECONDS, BASE_SECONDS * 2.0 ** (attempts - 1))
    return min(LONGEST.total_seconds(), max(asked or 0.0, span * chance))


def sentence(error: BaseException) -> str:
    """Say the error as its raiser worded it; a programming error by its type only: its text could quote a document."""
    return str(error) if hasattr(error, "transient") else f"an error on our side ({type(error).__name__})"


def most_urgent(jobs: Sequence[NewJob]) -> dict[str, NewJob]:
    """Return the wishes by their keys, in their order; of twins the most urgent."""
    by_key: dict[str, NewJob] = {}
    for job in jobs:
        twin = by_key.get(job.key)
        if twin is None or job.priority < twin.priority:
            by_key[job.key] = job
    return by_key
