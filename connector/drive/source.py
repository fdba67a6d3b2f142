"""DriveSource: the full walk, then the change feed, behind one cursor."""

import uuid
from collections.abc import Iterator, Mapping
from typing import IO

from connector.drive.client import DriveClient
from connector.drive.cursor import Phase, Place, place
from connector.drive.download import download
from connector.drive.feed import Changes, Feed
from connector.drive.walk import Walk
from connector.errors import CursorRejected
from connector.source import Completeness, Coverage, Cursor, Page, SourceFile, SyncKind


class DriveSource:
    """A FileSource over one person's Drive."""

    def __init__(self, client: DriveClient, *, max_file_mb: int) -> None:
        """Read through this client; larger files are not fetched."""
        self._client = client
        self._max_file_mb = max_file_mb

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
        return download(self._client, file.id, max_file_mb=self._max_file_mb)

    def _begin(self) -> Place:
        """Take the change feed's place *before* the first page, so that nothing falls between walk and feed."""
        feed = self._client.start_page_token()
        drives: Mapping[str, str] = {str(one["id"]): str(one.get("name", "")) for one in self._client.drives()}
        return Place(phase=Phase.WALK, sync_id=uuid.uuid4().hex, feed=feed, drives=dict(drives))

    def _from(self, start: Place) -> Iterator[Page]:
        before = self._client.calls - (0 if start.phase is Phase.FEED else start.calls)
        current = start
        if current.phase is Phase.WALK:
            for files, after in Walk(self._client, max_file_mb=self._max_file_mb).pages(current):
                current = after.at(calls=self._client.calls - before)
                yield Page(files=files, removed=(), cursor=current.cursor(), coverage=_coverage(current))
        if current.phase is Phase.FEED:
            current = Place(phase=Phase.FEED, sync_id=uuid.uuid4().hex, feed=current.feed)
        for changes, token, last in Feed(self._client, max_file_mb=self._max_file_mb).pages(current.feed):
            current = current.at(feed=token, calls=self._client.calls - before)
            yield _changed(changes, current, last=last)


def _changed(changes: Changes, current: Place, *, last: bool) -> Page:
    """Return a page of the feed; after the last one the cursor rests on the feed, whatever came before."""
    listed = dict(current.listed)
    if current.phase is Phase.FEED and changes.files:
        listed["changed"] = listed.get("changed", 0) + len(changes.files)
    current = current.at(listed=listed)
    rest = Place(phase=Phase.FEED, sync_id=current.sync_id, feed=current.feed) if last else current
    return Page(
        files=tuple(changes.files.values()),
        removed=tuple(changes.removed.values()),
        drives_lost=tuple(changes.drives_lost),
        cursor=rest.cursor(),
        coverage=_coverage(current, last=last),
    )


def _coverage(current: Place, *, last: bool = False) -> Coverage:
    ended = Completeness.INCOMPLETE if current.because else Completeness.COMPLETE
    return Coverage(
        kind=SyncKind.INCREMENTAL if current.phase is Phase.FEED else SyncKind.FULL,
        completeness=ended if last else Completeness.RUNNING,
        sync_id=current.sync_id,
        because="; ".join(current.because),
        listed=current.listed,
        calls=current.calls,
    )
