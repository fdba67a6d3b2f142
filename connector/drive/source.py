"""DriveSource: the full walk, then the change feed, behind one cursor."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO

from connector.drive.client import DriveClient
from connector.drive.cursor import Phase, Place, place
from connector.drive.download import download
from connector.drive.feed import Changes, Feed
from connector.drive.files import Limits
from connector.drive.slices import rfc3339
from connector.drive.walk import Found, Walk, first_slices
from connector.errors import CursorRejected
from connector.source import Completeness, Coverage, Cursor, Page, Removed, SourceFile, SyncKind


class DriveSource:
    """A FileSource over one person's Drive."""

    def __init__(
        self, client: DriveClient, *, limits: Limits, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Read through this client, within these limits."""
        self._client = client
        self._limits = limits
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
        return download(self._client, file.id, max_file_mb=self._limits.max_file_mb)

    def _begin(self) -> Place:
        """Take the change feed's place *before* the first page, so that nothing falls between walk and feed."""
        begun = rfc3339(self._now())
        feed = self._client.start_page_token()
        drives = {str(one["id"]): str(one.get("name", "")) for one in self._client.drives()}
        slices = first_slices(drives)
        return Place(phase=Phase.WALK, sync_id=uuid.uuid4().hex, feed=feed, begun=begun, drives=drives, slices=slices)

    def _from(self, start: Place) -> Iterator[Page]:
        """Walk what is left to be walked, read the feed to its end, then list what the feed says has moved."""
        current = start
        if current.phase is Phase.FEED and not current.slices:  # at rest: this is a new sync
            current = Place(phase=Phase.FEED, sync_id=uuid.uuid4().hex, feed=current.feed)
        spent = _Spent(self._client, current)
        if current.phase is Phase.WALK:
            for files, _, after in self._walk(current):
                current = spent.noted(after)
                yield _page(current, files=files)
            current = current.at(phase=Phase.REPLAY)
        feed = Feed(self._client, limits=self._limits)
        for changes, token, last in feed.pages(current.feed):
            current = spent.noted(_moved_on(current, changes, token))
            if changes.slices:
                current = current.at(drives=feed.drives)
            yield _changed(current, changes, last=last and not current.slices)
        while current.slices:
            for files, outside, after in self._walk(current):
                current = spent.noted(after)
                yield _page(current, files=files, removed=outside, last=not current.slices)

    def _walk(self, start: Place) -> Iterator[Found]:
        return Walk(self._client, start, limits=self._limits, now=self._now()).pages()


class _Spent:
    """Adds what the client spends to what the sync had spent when it was interrupted."""

    def __init__(self, client: DriveClient, start: Place) -> None:
        self._client = client
        self._calls = client.calls - start.calls
        self._units = client.units - start.units

    def noted(self, current: Place) -> Place:
        return current.at(calls=self._client.calls - self._calls, units=self._client.units - self._units)


def _moved_on(current: Place, changes: Changes, token: str) -> Place:
    """Return the place after a page of the feed."""
    slices = {(one.corpus, one.parent): one for one in (*current.slices, *changes.slices.values())}
    listed = dict(current.listed)
    if current.phase is Phase.FEED and changes.files:
        listed["changed"] = listed.get("changed", 0) + len(changes.files)
    return current.at(feed=token, slices=tuple(slices.values()), listed=listed)


def _changed(current: Place, changes: Changes, *, last: bool) -> Page:
    return _page(
        current,
        files=tuple(changes.files.values()),
        removed=tuple(changes.removed.values()),
        drives_lost=tuple(changes.drives_lost),
        last=last,
    )


def _page(
    current: Place,
    *,
    files: tuple[SourceFile, ...],
    removed: tuple[Removed, ...] = (),
    drives_lost: tuple[str, ...] = (),
    last: bool = False,
) -> Page:
    """Return a page; after the last one the cursor rests on the feed, whatever came before."""
    rest = Place(phase=Phase.FEED, sync_id=current.sync_id, feed=current.feed) if last else current
    return Page(
        files=files,
        removed=removed,
        drives_lost=drives_lost,
        cursor=rest.cursor(),
        coverage=_coverage(current, last=last),
    )


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
