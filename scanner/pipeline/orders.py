"""The wishes for work that the four verbs make, each with the key that keeps it from being queued twice."""

import hashlib
from datetime import timedelta

from connector import SourceFile
from scanner.model.job import JobKind, NewJob, Priority


def revision_of(file: SourceFile, *, pack_digest: str, judge: str) -> str:
    """Return the digest of all that a verdict depends on: it changes exactly when a scan could give another one."""
    return hashlib.sha256("\0".join((file.fingerprint, pack_digest, judge)).encode()).hexdigest()[:32]


def sync_job(connection: str, *, priority: Priority = Priority.NIGHT, after: timedelta = timedelta(0)) -> NewJob:
    """Wish for a sync of the connection, not before so long from now."""
    return NewJob(kind=JobKind.SYNC, connection=connection, key=f"sync:{connection}", priority=priority, after=after)


def scan_job(connection: str, file_id: str, clause: str, revision: str, *, priority: Priority) -> NewJob:
    """Wish for a scan of one revision of a candidate."""
    return NewJob(
        kind=JobKind.SCAN,
        connection=connection,
        key=f"scan:{connection}:{clause}:{file_id}:{revision}",
        args={"file": file_id, "clause": clause, "revision": revision},
        priority=priority,
    )


def review_job(connection: str, product_id: str, *, priority: Priority) -> NewJob:
    """Wish for a review of the product."""
    return NewJob(
        kind=JobKind.REVIEW,
        connection=connection,
        key=f"review:{product_id}",
        args={"product": product_id},
        priority=priority,
    )


def summarize_job(connection: str, *, priority: Priority) -> NewJob:
    """Wish for what is news about the connection's products to be mailed."""
    return NewJob(kind=JobKind.SUMMARIZE, connection=connection, key=f"summarize:{connection}", priority=priority)
