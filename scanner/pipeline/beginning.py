"""A connection's beginning: a fresh consent is taken, and what is to be read of it is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scanner.jobs.base import JobQueue
from scanner.model.connection import Product, product_id_of
from scanner.model.deed import Act, Deed
from scanner.model.display import counted
from scanner.model.job import Priority
from scanner.pipeline.orders import sync_job
from scanner.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Begins a connection, and begins it anew; either asks for a look at the source."""

    store: Store
    queue: JobQueue
    now: datetime

    def connected(self, connection: str, *, subject: str, email: str, notify: str) -> None:
        """Keep the connection, known or not; where it has no product, give it one whose news goes to that address."""
        with self.store.transaction() as unit:
            unit.connections.connect(connection_id=connection, subject=subject, email=email, now=self.now)
            if not unit.products.of_connection(connection):
                unit.products.add(Product(id=product_id_of(connection), connection=connection, name=""), notify=notify)
            unit.deeds.add(connection, Deed(by=email, act=Act.CONNECTED, about="", at=self.now))
        self._look(connection)

    def limit(self, connection: str, within: Mapping[str, str], *, by: str) -> None:
        """Limit it to some folders and shared drives (names by id), to none for everything."""
        about = counted(len(within), "folder") if within else "everything"
        with self.store.transaction() as unit:
            unit.connections.limit(connection, within)
            unit.choices.taken(connection, within)
            unit.deeds.add(connection, Deed(by=by, act=Act.FOLDERS_CHANGED, about=about, at=self.now))
        self._look(connection)

    def _look(self, connection: str) -> None:
        self.queue.enqueue([sync_job(connection, priority=Priority.PERSON)])
