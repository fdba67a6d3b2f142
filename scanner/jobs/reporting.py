"""What a worker tells of a running job: lines of progress for people, and a failure for the log."""

import logging
import time
from collections.abc import Callable

from scanner.jobs.policy import sentence
from scanner.model.job import Job

log = logging.getLogger(__name__)

REPORT_EVERY = 1.0  # seconds between two lines of progress that are kept


def sparing(keep: Callable[[str], None]) -> Callable[[str], None]:
    """Return what keeps a line of progress, unless the last one was kept a moment ago."""
    last = 0.0

    def report(progress: str) -> None:
        nonlocal last
        if time.monotonic() - last >= REPORT_EVERY:
            last = time.monotonic()
            keep(progress)

    return report


def tell_failure(job: Job, error: BaseException) -> None:
    """Log that an attempt failed, in the words that may be kept of it."""
    log.warning(
        "A %s job failed: %s",
        job.kind.value,
        sentence(error),
        extra={
            "event": "jobs.failed",
            "kind": job.kind.value,
            "job": job.id,
            "connection": job.connection,
            "error": type(error).__name__,
        },
    )
