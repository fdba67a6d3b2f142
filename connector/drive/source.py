"""DriveSource: the full walk, then the change feeds, behind one cursor."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import islice
from typing import IO

from connector.drive.budget import Budget
from connector.drive.client import DriveClient
from connector.drive.cursor import Phase, Place, place
from connector.drive.download import download
from connector.drive.feed import Changes, Feed
from connector.drive.files import MEGABYTE, Limits, resource_key
from connector.drive.items import ChangePage
from connector.drive.search import search
from connector.drive.slices import Slice, What, rfc3339
from connector.drive.walk import Walk, first_slices
from connector.errors import CursorRejected, FileUnavailable
from connector.source import Completeness, Coverage, Cursor, Folder, Found, Page, Removed, SourceFile, SyncKind


class DriveSource:
    """A FileSource over one person's Drive."""

    def __init__(
        self,
        client: DriveClient,
        *,
        limits: Limits,
        budget: Budget | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read through this client, within these limits; `budget` is what all sources of the process share."""
        self._client = client
        self._limits = limits
        self._budget = budget or Budget(limits.max_file_mb * MEGABYTE)
        self._now = now

    def pages(self, since: Cursor | None) -> Iterator[Page]:
        """See FileSource; a cursor that Google or we no longer know leads to a full walk, and nothing is forgotten."""
        try:
            start = place(since) if since else self._begin()
            yield from self._from(start)
        except CursorRejected:
            if since is None:
                raise
            yield from self._from(self._begin())

    def fetch(self, file: SourceFile) -> IO[bytes]:
        """See FileSource."""
        key = resource_key(file.link)
        if key:
            self._client.unlock(file.id, key)
        return download(self._client, file.id, limits=self._limits, budget=self._budget)

    def search(self, words: str, *, limit: int) -> Found:
        """See FileSource."""
        return search(self._client, words, limit=limit)

    def _begin(self) -> Place:
        """Take the feeds' places *before* the first page, so that nothing falls between walk and feeds."""
        begun = rfc3339(self._now())
        own, drives = self._client.submit(self._client.start_page_token), _drives(self._client)
        return Place(
            phase=Phase.WALK,
            sync_id=uuid.uuid4().hex,
            feed=own.result(),
            feeds=_places_of_now(self._client, drives),
            begun=begun,
            drives=drives,
            slices=first_slices(drives),
        )

    def _from(self, start: Place) -> Iterator[Page]:
        if start.phase is Phase.FEED and not start.slices:  # at rest: this is a new sync
            sync_id = uuid.uuid4().hex
            start = Place(phase=Phase.FEED, sync_id=sync_id, feed=start.feed, feeds=start.feeds, drives=start.drives)
        return _Look(self._client, start, limits=self._limits, now=self._now).pages()


class _Look:
    """One sync, from any place in it to its end."""

    def __init__(self, client: DriveClient, start: Place, *, limits: Limits, now: Callable[[], datetime]) -> None:
        self._client = client
        self._limits = limits
        self._now = now
        self._place = start
        self._calls = client.calls - start.calls  # what the client had spent before this sync
        self._units = client.units - start.units

    def pages(self) -> Iterator[Page]:
        """Walk what is left to be walked, read the feeds to their ends, then list what they say has moved."""
        if self._place.phase is Phase.WALK:
            yield from self._walked()
            self._place = self._place.at(phase=Phase.REPLAY)
        yield from self._changed()
        while self._place.slices:
            yield from self._walked()
        yield self._page(last=True)

    def _walked(self) -> Iterator[Page]:
        walk = Walk(self._client, self._place, limits=self._limits, now=self._now())
        for files, outside, folders, after in walk.pages():
            self._place = after
            yield self._page(files=files, removed=outside, folders=folders)

    def _changed(self) -> Iterator[Page]:
        """Read every feed: a shared drive's own holds what the person's never says.

        https://developers.google.com/workspace/drive/api/guides/about-changes
        """
        feed = Feed(self._client, limits=self._limits, drives=self._place.drives)
        try:
            for changes, token in feed.pages(self._client.changes(self._place.feed)):
                self._place = self._place.at(feed=token)
                yield from self._noted(changes)
            for drive, first in self._first_pages():
                yield from self._changed_in(drive, first, feed)
            for drive in sorted(self._place.drives.keys() - self._place.feeds.keys()):
                yield from self._placed(drive)
        finally:
            feed.close()

    def _first_pages(self) -> Iterator[tuple[str, "Future[ChangePage]"]]:
        """Ask the drives' feeds side by side, a few at a time."""
        waiting = iter(sorted(self._place.feeds.items()))
        while batch := list(islice(waiting, self._client.streams)):
            calls = [(drive, self._client.submit(self._client.changes, token, drive=drive)) for drive, token in batch]
            yield from calls

    def _changed_in(self, drive: str, first: "Future[ChangePage]", feed: Feed) -> Iterator[Page]:
        try:
            for changes, token in feed.pages(first.result(), drive=drive):
                self._place = self._place.at(feeds=self._place.feeds | {drive: token})
                yield from self._noted(changes)
        except CursorRejected:
            yield from self._placed(drive)
        except FileUnavailable as error:
            yield from self._unread(drive, error)

    def _placed(self, drive: str) -> Iterator[Page]:
        """List a drive again, from now on in its feed: it had no place there, or one that Google does not know."""
        try:
            token = self._client.start_page_token(drive=drive)
        except FileUnavailable as error:
            yield from self._unread(drive, error)
            return
        self._place = self._place.at(feeds=self._place.feeds | {drive: token})
        self._list([Slice(corpus=drive, what=What.EVERYTHING)])

    def _unread(self, drive: str, error: FileUnavailable) -> Iterator[Page]:
        """Take it that a drive was removed or left, unless Google still lists it."""
        if drive in _drives(self._client):
            name = self._place.drives.get(drive, drive)
            self._place = self._place.doubted(f"the changes in {name} could not be read ({error})")
        else:
            yield from self._noted(Changes(drives_lost=[drive]))

    def _list(self, slices: Iterable[Slice]) -> None:
        found = {(one.corpus, one.parent): one for one in (*self._place.slices, *slices)}
        self._place = self._place.at(slices=tuple(found.values()))

    def _noted(self, changes: Changes) -> Iterator[Page]:
        """Yield the page of some changes, if there are any; what they ask to be listed is kept for the end."""
        if changes == Changes():
            return
        listed = dict(self._place.listed)
        if self._place.phase is Phase.FEED and changes.files:
            listed["changed"] = listed.get("changed", 0) + len(changes.files)
        lost, feeds = set(changes.drives_lost), self._place.feeds
        joined = [drive for drive in changes.drives if drive not in feeds]
        feeds = feeds | _places_of_now(self._client, joined)  # before they are listed
        drives = self._place.drives | changes.drives
        self._place = self._place.at(
            listed=listed,
            feeds={drive: token for drive, token in feeds.items() if drive not in lost},
            drives={drive: name for drive, name in drives.items() if drive not in lost},
            slices=tuple(one for one in self._place.slices if one.corpus not in lost),
        )
        self._list(changes.slices.values())
        yield self._page(
            files=tuple(changes.files.values()),
            removed=tuple(changes.removed.values()),
            folders=changes.folders,
            drives_lost=tuple(changes.drives_lost),
        )

    def _page(
        self,
        *,
        files: tuple[SourceFile, ...] = (),
        removed: tuple[Removed, ...] = (),
        folders: tuple[Folder, ...] = (),
        drives_lost: tuple[str, ...] = (),
        last: bool = False,
    ) -> Page:
        """Return a page; after the last one the cursor rests on the feeds, whatever came before."""
        calls, units = self._client.calls - self._calls, self._client.units - self._units
        now = self._place = self._place.at(calls=calls, units=units)
        rest = Place(phase=Phase.FEED, sync_id=now.sync_id, feed=now.feed, feeds=now.feeds, drives=now.drives)
        return Page(
            files=files,
            removed=removed,
            folders=folders,
            drives_lost=drives_lost,
            cursor=(rest if last else now).cursor(),
            coverage=_coverage(now, last=last),
        )


def _drives(client: DriveClient) -> dict[str, str]:
    return {one.id: one.name for one in client.drives()}


def _places_of_now(client: DriveClient, drives: Iterable[str]) -> dict[str, str]:
    """Return the places of now in the drives' own feeds; a drive that is out of reach meanwhile has none."""
    calls = {drive: client.submit(client.start_page_token, drive=drive) for drive in drives}
    found = {}
    for drive, call in calls.items():
        try:
            found[drive] = call.result()
        except FileUnavailable:
            continue
    return found


def _coverage(current: Place, *, last: bool) -> Coverage:
    ended = Completeness.INCOMPLETE if current.because else Completeness.COMPLETE
    return Coverage(
        kind=SyncKind.INCREMENTAL if current.phase is Phase.FEED else SyncKind.FULL,
        completeness=ended if last else Completeness.RUNNING,
        sync_id=current.sync_id,
        because="; ".join(current.because),
        listed=current.listed,
        unreadable=current.unreadable,
        calls=current.calls,
        units=current.units,
    )
