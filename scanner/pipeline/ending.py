"""A connection's end: its consent withdrawn, and everything that was kept of it forgotten, whatever Google answers."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from connector import Channel
from scanner.jobs.base import JobQueue
from scanner.model.display import counted
from scanner.notify.base import Notifier, NotifyError
from scanner.store.store import Store

log = logging.getLogger(__name__)


class Withdrawn(Protocol):
    """What came of asking the source to end a consent."""

    @property
    def revoked(self) -> bool:
        """Whether it confirmed that."""
        ...

    @property
    def words(self) -> str:
        """How it went, for the person."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """How a disconnect went, in words, and whether Google confirmed it."""

    revoked: bool
    words: str
    gone: str  # what was kept of it until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Ends connections."""

    store: Store
    queue: JobQueue
    withdraw: Callable[[str, Sequence[Channel]], Withdrawn]  # stops the channels, and forgets the token as well
    notifier: Notifier

    def __call__(self, connection: str) -> Disconnected:
        """End the connection and say how it went.

        It can be killed at any line and repeated: the connection is marked first, and the sweep ends what is marked.
        """
        with self.store.transaction() as unit:
            unit.connections.ending(connection)
            channels = unit.channels.of_connection(connection)
            mailed = unit.mails.ids(connection)
            held = unit.counts.held(connection)
        self.queue.forget(connection)
        withdrawn = self.withdraw(connection, channels)
        left = self._forget(mailed)
        with self.store.transaction() as unit:
            unit.connections.purge(connection)
        self.queue.forget(connection)  # what a job that ran until now has queued
        log.info(
            "A connection was forgotten.",
            extra={"event": "connection.ended", "connection": connection, "revoked": withdrawn.revoked},
        )
        gone = ", ".join(counted(count, noun) for noun, count in held.items())
        return Disconnected(
            revoked=withdrawn.revoked,
            words=f"{withdrawn.words} {left}".strip(),
            gone=f"Deleted: {gone}." if gone else "",
        )

    def _forget(self, messages: tuple[str, ...]) -> str:
        """Delete what the channels keep; where they cannot, the tables are purged all the same, and it is said."""
        try:
            for message in messages:
                self.notifier.forget(message)
        except NotifyError as error:
            return f"Its emails are still kept, because {error}: delete them by hand."
        return ""
