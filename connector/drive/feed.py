"""The change feed: what appeared, changed or left since a token, read to its end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.folders import MOST_ASKED, Folders
from connector.drive.items import Change, ChangePage, Item, is_folder, is_shortcut
from connector.drive.notes import Notes
from connector.drive.shortcuts import resolved
from connector.drive.slices import Slice, What, is_mark
from connector.drive.walk import below
from connector.errors import CursorRejected, FileGone, SourceUnavailable
from connector.source import Folder, Removed, RemovedBecause, SourceFile


@dataclass(slots=True)
class Changes:
    """What one page of the feed comes to."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    removed: dict[str, Removed] = field(default_factory=dict)
    folders: tuple[Folder, ...] = ()
    drives: dict[str, str] = field(default_factory=dict)  # id → name of shared drives that were joined or renamed
    drives_lost: list[str] = field(default_factory=list)
    slices: dict[str, Slice] = field(default_factory=dict)  # by folder or drive: what is to be listed because of it


class Feed:
    """Reads changes through one client."""

    def __init__(self, client: DriveClient, *, limits: Limits, drives: Mapping[str, str]) -> None:
        """Know the shared drives by id and name."""
        self._client = client
        self._limits = limits
        self._drives = dict(drives)
        self._notes = Notes()
        self._folders = Folders(client, drives, self._notes)

    def close(self) -> None:
        """Forget the folders that were asked for."""
        self._notes.close()

    def pages(self, first: ChangePage, *, drive: str = "") -> Iterator[tuple[Changes, str]]:
        """Yield what each page of the person's feed, or of a shared drive's, comes to, and the token after it.

        Raises CursorRejected when Google no longer knows a token, FileGone when the drive is out of reach.
        """
        page, pages, mark = first, 0, ""
        while True:
            found = Changes()
            self._expect(page.changes)
            for change in page.changes:
                self._take(change, found)
            found.folders = self._folders.news()
            end = page.new_start_page_token
            token = page.next_page_token if end is None else end
            if token is None:
                raise SourceUnavailable("Google's page of changes leads to no further one.")
            yield found, token
            if end is not None:
                return
            if token == mark:
                raise CursorRejected("Google's pages of changes lead round in a circle.")
            pages += 1
            mark = token if is_mark(pages) else mark
            page = self._client.changes(token, drive=drive)

    def _expect(self, changes: Sequence[Change]) -> None:
        files = [item for change in changes if (item := change.file) and not item.trashed]
        if len(files) > MOST_ASKED:
            self._folders.expect([item for item in files if not is_folder(item)])

    def _take(self, change: Change, found: Changes) -> None:
        if change.change_type == "drive":
            self._take_drive(change, found)
            return
        item = change.file
        file_id = change.file_id or (item.id if item else "")
        if item is None and file_id and not change.removed:
            item = self._asked(file_id)
        if item is None:
            _remove(found, file_id, RemovedBecause.DELETED)
        elif item.trashed:
            _remove(found, file_id, RemovedBecause.TRASHED)
        elif is_folder(item):  # moved or renamed: what is below it has other paths
            self._folders.learn([item])
            corpus = item.drive_id if item.drive_id in self._drives else ""
            found.slices[file_id] = below(file_id, deep=True, corpus=corpus)
        else:
            self._keep(item, found)

    def _asked(self, file_id: str) -> Item | None:
        """Ask for a file of which the feed says neither how it is nor that it left; None where it is gone."""
        try:
            return replace(self._client.file(file_id), id=file_id)
        except FileGone:
            return None

    def _take_drive(self, change: Change, found: Changes) -> None:
        """A shared drive was removed or left; or joined or renamed, and then all that is in it is listed."""
        drive = change.drive_id or change.drive.id
        if not drive:
            return
        if change.removed:
            found.drives.pop(drive, None)
            found.slices.pop(drive, None)
            found.drives_lost.append(drive)
        else:
            name = change.drive.name
            found.drives[drive] = self._drives[drive] = name
            self._folders.learn_drive(drive, name)
            found.slices[drive] = Slice(corpus=drive, what=What.EVERYTHING)

    def _keep(self, item: Item, found: Changes) -> None:
        target = resolved(self._client, item) if is_shortcut(item) else item
        if target is None:
            return
        placed = target if target.parents else item
        above = self._folders.above(placed) if self._limits.within else ()
        path = self._folders.path(placed)
        file = self._limits.source_file(target, path=path, folder=placed.parent, above=above)
        if file is None:
            _remove(found, target.id, RemovedBecause.MOVED_OUT)
            return
        found.removed.pop(file.id, None)
        found.files[file.id] = file


def _remove(found: Changes, file_id: str, because: RemovedBecause) -> None:
    found.files.pop(file_id, None)
    found.removed[file_id] = Removed(id=file_id, because=because)
