"""A connection that can no longer be read: noted with its reason, and its person told of it once."""

import logging
from datetime import datetime

from connector import ConsentLost, LostBecause
from scanner.jobs.base import JobQueue
from scanner.model.connection import Connection, ConnectionState
from scanner.model.job import Priority
from scanner.pipeline.orders import summarize_job
from scanner.store.store import Store

log = logging.getLogger(__name__)


def readable(known: Connection | None) -> Connection | None:
    """Return the connection, or None where there is none or it is ending.

    Raises ConsentLost for one that is known to be unreadable: nobody may take that for an empty Drive, and Google is
    not asked again before its person has connected again.
    """
    if known is None or known.state is ConnectionState.DISCONNECTED:
        return None
    if known.state is ConnectionState.CONSENT_LOST:
        raise ConsentLost(known.lost.because if known.lost else LostBecause.REVOKED)
    return known


def note_loss(store: Store, queue: JobQueue, known: Connection, because: LostBecause, *, now: datetime) -> None:
    """Keep that the consent with which the work began no longer holds, and ask for the email where that is news.

    A kill between the two loses nothing: the sweep asks for an email that is owed.
    """
    with store.transaction() as unit:
        news = unit.connections.lost(known, because, now=now)
    if news:
        log.warning(
            "A connection can no longer be read.",
            extra={"event": "connection.lost", "connection": known.id, "because": because.value},
        )
        queue.enqueue([summarize_job(known.id, priority=Priority.NIGHT)])
