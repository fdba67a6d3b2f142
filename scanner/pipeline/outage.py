"""Nights that do not come to their end: noted with their reason, and told once, since silence looks like "no gaps"."""

import logging
from datetime import datetime, timedelta

from connector import Completeness
from scanner.model.connection import Connection, ConnectionState
from scanner.model.night import DAY
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=3)  # a night that fails is tried again at once: most of them need no mail
NO_END = timedelta(hours=36)  # since the last sync came to its end: a night is overdue


def note_failure(store: Store, connection: str, because: str, *, now: datetime) -> None:
    """Keep that a night did not come to its end, and why."""
    with store.transaction() as unit:
        unit.connections.failed(connection, because, now=now)
    log.warning("A night did not come to its end.", extra={"event": "night.failed", "connection": connection})


def note_night(unit: Unit, connection: Connection, *, now: datetime) -> None:
    """Keep that a night came to its end, in the transaction of its report; seen only in part it counts as failed.

    A review that no sync came before, as that of a release told by hand, says nothing of whether the source answers.
    """
    outage, seen = connection.outage, connection.coverage
    ahead = outage is not None and outage.at > now + DAY  # noted by a clock that was
    if outage is not None and not ahead and (connection.synced_at is None or connection.synced_at < outage.at):
        return
    if seen is None or seen.completeness is Completeness.COMPLETE:
        unit.connections.works(connection.id, now=now)
    else:
        because = seen.because or "the source did not say why"
        unit.connections.failed(connection.id, f"Not all of it could be seen, because {because}", now=now)


def note_overdue(store: Store, *, now: datetime) -> None:
    """Keep of which connections there is no report for longer than a night can take, whatever holds it up."""
    with store.reading() as unit:
        readable = [one for one in unit.connections.all() if one.state is ConnectionState.ACTIVE and not one.outage]
        overdue = [one for one in readable if now - _last_end(one, now) > NO_END]
    for connection in overdue:
        note_failure(store, connection.id, "it is still being looked through, or nothing works on it", now=now)


def to_be_told(connection: Connection, now: datetime, patience: timedelta) -> bool:
    """Tell whether people are to be mailed that nights fail, or that they do so no more."""
    outage = connection.outage
    if outage is None:
        return False
    return outage.over_at is not None if outage.told else now - outage.at >= patience


def _last_end(connection: Connection, now: datetime) -> datetime:
    """Return when a sync last came to its end, or since when one could have begun; a review may come by hand.

    An end that has not come yet, by more than a day, is of a clock that was ahead, and would hide what is overdue.
    """
    known = (connection.consented_at or connection.connected_at, connection.synced_at)
    return max((one for one in known if one is not None and one <= now + DAY), default=now)
