"""What a connection is limited to: a person wishes, and the next sync asks the source what that is before it looks."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connector import ConnectorError, ConsentLost
from scanner.jobs.base import JobQueue
from scanner.model.choice import MAX_ADDRESS, MOST_CHOSEN
from scanner.model.connection import Connection
from scanner.model.deed import Act, Deed
from scanner.model.display import counted, shown
from scanner.model.job import Priority
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.orders import sync_job
from scanner.store.store import Store

log = logging.getLogger(__name__)


class Named(Protocol):
    """A folder or shared drive that the source knows."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


Choose = Callable[[str, Sequence[str]], Sequence[Named]]  # (connection, addresses or ids) → raises ConnectorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Takes what people wish a connection to be limited to."""

    store: Store
    queue: JobQueue
    now: Callable[[], datetime]

    def make(self, connection: str, addresses: Sequence[str], *, by: str) -> None:
        """Keep a wish, () for everything, and ask for the sync that takes it. Raises NotDecided."""
        if len(addresses) > MOST_CHOSEN:
            raise NotDecided(f"{MOST_CHOSEN} folders and shared drives are the most that can be chosen.")
        if any(len(one) > MAX_ADDRESS for one in addresses):
            raise NotDecided("That is no address of a folder: copy it from your browser, one in each line.")
        about = counted(len(addresses), "folder") if addresses else "everything"
        with self.store.transaction() as unit:
            unit.choices.wish(connection, [shown(one) for one in addresses])
            unit.deeds.add(connection, Deed(by=by, act=Act.FOLDERS_CHANGED, about=about, at=self.now()))
        self.queue.enqueue([sync_job(connection, priority=Priority.PERSON)])


def take_wish(store: Store, known: Connection, choose: Choose) -> bool:
    """Limit the connection to what is wished, where something is; True where that was done.

    What the source does not know is refused in its words. Raises ConnectorError where it may know another time.
    """
    with store.reading() as unit:
        wanted = unit.choices.get(known.id).wanted
    if wanted is None:
        return False
    try:
        chosen = choose(known.id, wanted) if wanted else ()
    except ConsentLost:
        return False  # the look that follows finds it too, and says so
    except ConnectorError as error:
        if error.transient:
            raise
        with store.transaction() as unit:
            if unit.choices.get(known.id).wanted == wanted:
                unit.choices.refused(known.id, shown(str(error), 400))
        return False
    with store.transaction() as unit:
        if unit.choices.get(known.id).wanted != wanted:  # another wish came meanwhile, with a sync of its own
            return False
        unit.connections.limit(known.id, [one.id for one in chosen])
        unit.choices.taken(known.id, {one.id: one.name for one in chosen})
    log.info("A connection is limited anew.", extra={"event": "sync.limited", "connection": known.id})
    return True
