"""The feeds of products' releases, with how the last look at each ended."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from scanner.model.feed import Feed
from scanner.store.tables import ProductRow
from scanner.store.telling_tables import FeedRow


class Feeds:
    """The feeds of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def set(self, feed: Feed) -> None:
        """Keep a feed that was never looked at, in place of the product's former one."""
        self.remove(feed.product)
        self._session.add(FeedRow(product_id=feed.product, id=feed.id, address=feed.address, set_at=feed.set_at))
        self._session.flush()

    def get(self, product_id: str) -> Feed | None:
        """Return the product's feed."""
        row = self._session.get(FeedRow, product_id)
        return _feed(row) if row else None

    def of_connection(self, connection_id: str) -> tuple[Feed, ...]:
        """List the feeds of a connection's products."""
        query = select(FeedRow).join(ProductRow, col(ProductRow.id) == col(FeedRow.product_id))
        rows = self._session.exec(query.where(ProductRow.connection_id == connection_id).order_by(FeedRow.product_id))
        return tuple(_feed(row) for row in rows)

    def remove(self, product_id: str) -> bool:
        """Forget the product's feed; False where it has none."""
        return self._session.exec(delete(FeedRow).where(col(FeedRow.product_id) == product_id)).rowcount == 1

    def answered(self, feed_id: str, *, etag: str, modified: str, seen: Collection[str], now: datetime) -> None:
        """Note a look that could be read; nothing of a feed that was replaced meanwhile."""
        found = {"etag": etag, "modified": modified, "seen": "\n".join(sorted(seen))}
        healed = {"because": "", "failing_since": None, "told_at": None, "wait_until": None}
        self._note(feed_id, looked_at=now, answered_at=now, **found, **healed)

    def failed(self, feed: Feed, because: str, *, wait_until: datetime | None, now: datetime) -> None:
        """Note a look that could not be read, and why."""
        since = feed.failing_since or now
        self._note(feed.id, looked_at=now, because=because, failing_since=since, wait_until=wait_until)

    def told(self, feed_id: str, *, now: datetime) -> None:
        """Note that the mails about its failing are in the outbox."""
        self._note(feed_id, told_at=now)

    def _note(self, feed_id: str, **values: object) -> None:
        self._session.exec(update(FeedRow).where(col(FeedRow.id) == feed_id).values(**values))


def _feed(row: FeedRow) -> Feed:
    return Feed(
        id=row.id,
        product=row.product_id,
        address=row.address,
        set_at=row.set_at,
        looked_at=row.looked_at,
        answered_at=row.answered_at,
        because=row.because,
        failing_since=row.failing_since,
        told=row.told_at is not None,
        wait_until=row.wait_until,
        etag=row.etag,
        modified=row.modified,
        seen=frozenset(row.seen.split()),
    )
