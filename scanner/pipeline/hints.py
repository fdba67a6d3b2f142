"""Hints: the source says that something changed, and the next sync comes sooner; what changed, only a sync says.

Nothing rests on them. A channel that could not be opened, a hint that was lost: the night's sync finds it all the same.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from connector import Channel, ConnectorError, Cursor, FileUnavailable
from scanner.jobs.base import JobQueue
from scanner.model.connection import Connection, ConnectionState
from scanner.pipeline.orders import sync_job
from scanner.store.store import Store

log = logging.getLogger(__name__)

NIGHTS = timedelta(days=2)  # a channel that ends before the night after next is followed by another one


class Watching(Protocol):
    """Opens and stops channels at the source; each call may raise ConnectorError."""

    def feeds(self, cursor: Cursor) -> Sequence[str]: ...
    def watches(self, channel: Channel, *, until: datetime) -> bool: ...
    def watch(self, connection_id: str, feed: str, cursor: Cursor) -> Channel: ...
    def stop(self, connection_id: str, channel: Channel) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Takes hints, and keeps the channels open over which they come."""

    store: Store
    queue: JobQueue
    watching: Callable[[], Watching]
    settle: timedelta  # from a hint to its sync: an editing session is one sync, and no flood makes more of them
    now: Callable[[], datetime]

    def take(self, connection: str, channel: str) -> bool:
        """Note that something changed and ask for a sync; False for a channel that is not the connection's, or over.

        A hint that comes while a sync runs is made a job by the next sweep: that sync may have read past it.
        """
        with self.store.reading() as unit:  # a flood only reads
            known, over = unit.connections.get(connection), unit.channels.get(connection, channel)
        if known is None or known.state is not ConnectionState.ACTIVE or over is None or over.ends_at <= self.now():
            return False
        if not known.hinted:
            with self.store.transaction() as unit:
                unit.connections.hinted(connection)
            self.queue.enqueue([sync_job(connection, after=self.settle)])
            log.info("Something changed at the source.", extra={"event": "push.hint", "connection": connection})
        return True

    def begin(self, connection: str) -> None:
        """Note that a sync begins, which will see what the hints until now were about."""
        with self.store.transaction() as unit:
            unit.connections.hinted(connection, waits=False)

    def renew(self, connection: str) -> None:
        """After a sync: open the channels that are missing or end soon, then stop those that are no longer needed.

        Whatever the source answers is logged and harmless.
        """
        try:
            with self.store.reading() as unit:
                known, channels = unit.connections.get(connection), unit.channels.of_connection(connection)
            if known is None or known.state is not ConnectionState.ACTIVE or known.cursor is None:
                return
            kept = self._opened(known, known.cursor, channels)
            for channel in channels:
                if channel.id not in kept:
                    self._stop(connection, channel)
        except ConnectorError as error:
            log.warning(
                "Hints cannot be had now; the nights go on: %s",
                error,
                extra={"event": "push.failed", "connection": connection},
            )

    def _opened(self, known: Connection, cursor: Cursor, channels: Sequence[Channel]) -> set[str]:
        """Open a channel for each feed that has none that lasts; return the ids of the older ones that stay."""
        watching, kept = self.watching(), set()
        for feed in watching.feeds(cursor):
            mine = [channel for channel in channels if channel.feed == feed]
            lasting = next((one for one in mine if watching.watches(one, until=self.now() + NIGHTS)), None)
            if lasting is not None:
                kept.add(lasting.id)
                continue
            try:
                self._keep(known, watching.watch(known.id, feed, cursor))
            except FileUnavailable:  # a shared drive that was left meanwhile
                continue
        return kept

    def _keep(self, known: Connection, channel: Channel) -> None:
        """Keep a new channel, or stop it where the connection ended while it was opened."""
        with self.store.transaction() as unit:
            ours = unit.connections.may_hint(known.id)
            if ours:
                unit.channels.keep(known.id, channel)
        log.info("A channel was opened.", extra={"event": "push.opened", "connection": known.id, "channel": channel.id})
        if not ours:
            self.watching().stop(known.id, channel)

    def _stop(self, connection: str, channel: Channel) -> None:
        """Stop a channel and forget it; one that cannot be stopped now is tried again after the next sync."""
        if channel.ends_at > self.now():
            self.watching().stop(connection, channel)
        with self.store.transaction() as unit:
            unit.channels.drop(channel.id)
