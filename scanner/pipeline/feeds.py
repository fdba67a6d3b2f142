"""Feeds: a product's public list of tags or releases, read at the end of a night's sync and before its review."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scanner.feeds.address import feed_address, repository_of
from scanner.feeds.base import Answer, NotRead, Tag
from scanner.feeds.entries import tags_in
from scanner.jobs.base import JobQueue
from scanner.model.connection import ConnectionState, Product
from scanner.model.deed import OPERATOR, Act, Deed
from scanner.model.display import counted
from scanner.model.feed import Feed
from scanner.model.job import Priority
from scanner.model.release import Release, ReleaseOrigin
from scanner.pipeline.orders import sync_job
from scanner.pipeline.releases import Releases
from scanner.pipeline.tagged import NotARelease, version_of
from scanner.store.store import Store, Unit
from scanner.versions.version import order

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)  # nights are a day apart; hints and retries bring syncs in between
ASKED_FOR = timedelta(minutes=5)  # where a person wants to know


class Fetching(Protocol):
    """Asks a server for a feed."""

    @property
    def named(self) -> Collection[str]:
        """Return the hosts of the operator's own network that may be asked."""
        ...

    def __call__(self, address: str, /, *, etag: str, modified: str) -> Answer | None:
        """Return the answer, None where nothing has changed since the one with that etag or date. Raises NotRead."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """Sets them, and looks at them."""

    store: Store
    queue: JobQueue
    releases: Releases
    fetch: Fetching
    now: Callable[[], datetime]

    def set(self, product_id: str, written: str, *, by: str = OPERATOR) -> Feed:
        """Keep where a product's feed is, and ask for a first look; the same address changes nothing.

        Raises AddressRefused, and KeyError for no such product.
        """
        address = feed_address(written, named=self.fetch.named)
        made = Feed(id=secrets.token_urlsafe(16), product=product_id, address=address, set_at=self.now())
        with self.store.transaction() as unit:
            product, known = unit.products.get(product_id), unit.feeds.get(product_id)
            if product is None:
                raise KeyError(product_id)
            if known is not None and known.address == address:
                return known
            unit.feeds.set(made)
            self._note(unit, product, Act.FEED_SET, address, by=by)
            connection = unit.connections.get(product.connection)
        if connection is not None and connection.state is ConnectionState.ACTIVE:
            self.queue.enqueue([sync_job(connection.id, priority=Priority.PERSON)])
        return made

    def remove(self, product_id: str, *, by: str = OPERATOR) -> bool:
        """Forget a product's feed; the releases that it told of stay. False where it has none."""
        with self.store.transaction() as unit:
            product, known = unit.products.get(product_id), unit.feeds.get(product_id)
            if product is None or known is None or not unit.feeds.remove(product_id):
                return False
            self._note(unit, product, Act.FEED_REMOVED, known.address, by=by)
        return True

    def look(self, connection_id: str, *, priority: Priority) -> None:
        """Look at the feeds of a connection's products that are due; how each look ended is kept."""
        with self.store.reading() as unit:
            feeds = unit.feeds.of_connection(connection_id)
        for feed in feeds:
            if _due(feed, self.now(), EVERY if priority is Priority.NIGHT else ASKED_FOR):
                self.look_at(feed)

    def look_at(self, feed: Feed) -> None:
        """Look at one feed, and tell of the releases that are new in it.

        What was there at the first look is noted, and only its highest version told of. The look is noted after its
        releases were told of: a kill in between has them told again, which changes nothing.
        """
        try:
            answer = self.fetch(feed.address, etag=feed.etag, modified=feed.modified)
            tags = tags_in(answer) if answer else ()
        except NotRead as error:
            self._failed(feed, error)
            return
        fresh = [tag for tag in tags if _digest(tag) not in feed.seen]
        told = self._tell(feed, fresh)
        with self.store.transaction() as unit:
            unit.feeds.answered(
                feed.id,
                etag=answer.etag if answer else feed.etag,
                modified=answer.modified if answer else feed.modified,
                seen=feed.seen | {_digest(tag) for tag in tags},
                now=self.now(),
            )
        said = f"A feed of releases was read: {counted(len(fresh), 'new tag')}, {counted(told, 'new release')}."
        log.info("%s", said, extra={"event": "feed.read", "product": feed.product})

    def _failed(self, feed: Feed, error: NotRead) -> None:
        now = self.now()
        wait_until = now + error.wait if error.wait else None
        with self.store.transaction() as unit:
            unit.feeds.failed(feed, str(error), wait_until=wait_until, now=now)
        log.warning("A feed of releases could not be read.", extra={"event": "feed.failed", "product": feed.product})

    def _tell(self, feed: Feed, fresh: Sequence[Tag]) -> int:
        with self.store.reading() as unit:
            product, now_set = unit.products.get(feed.product), unit.feeds.get(feed.product)
        if product is None or now_set is None or now_set.id != feed.id:
            return 0  # it was replaced while it was asked
        found = sorted(_releases(feed, product, fresh, self.now()), key=lambda one: order(one.version))
        first = feed.answered_at is None
        told = [self.releases.tell(product.id, one, by=one.source) for one in (found[-1:] if first else found)]
        return len([state for state in told if state])

    def _note(self, unit: Unit, product: Product, act: Act, about: str, *, by: str) -> None:
        unit.deeds.add(product.connection, Deed(by=by, act=act, about=about, at=self.now(), product=product.id))


def _releases(feed: Feed, product: Product, tags: Sequence[Tag], now: datetime) -> Iterator[Release]:
    """Yield the releases of the product among tags; a tag without a day is of the day on which it turned up."""
    repository = repository_of(feed.address)
    turned_up = now.date() if feed.answered_at else None
    for tag in tags:
        try:
            version = version_of(tag.name, product=product.name, repository=repository)
        except NotARelease:
            continue  # a pre-release, a tag of something else, a name without a version
        yield Release(
            product="",
            version=version,
            released_on=tag.on or turned_up,
            source=f"{ReleaseOrigin.FEED.value}: {repository}",
            origin=ReleaseOrigin.FEED,
            via=feed.id,
        )


def _due(feed: Feed, now: datetime, every: timedelta) -> bool:
    if feed.wait_until is not None and now < feed.wait_until:
        return False
    return feed.looked_at is None or not now - every < feed.looked_at <= now  # a clock may have been ahead


def _digest(tag: Tag) -> str:
    return hashlib.sha256(tag.name.encode(errors="replace")).hexdigest()[:12]
