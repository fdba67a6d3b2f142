"""The change feed: what appeared, changed or left since a token, read to its end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.drive.client import DriveClient, Raw
from connector.drive.files import Limits, is_folder, is_shortcut
from connector.drive.folders import MOST_ASKED, Folders
from connector.drive.notes import Notes
from connector.drive.shortcuts import resolved
from connector.drive.slices import Slice, What
from connector.drive.walk import below
from connector.source import Removed, RemovedBecause, SourceFile


@dataclass(slots=True)
class Changes:
    """What one page of the feed comes to."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    removed: dict[str, Removed] = field(default_factory=dict)
    drives_lost: list[str] = field(default_factory=list)
    slices: dict[str, Slice] = field(default_factory=dict)  # by folder or drive: what is to be listed because of it


class Feed:
    """Reads changes through one client."""

    def __init__(self, client: DriveClient, *, limits: Limits) -> None:
        """Ask for the shared drives only when a change needs their names."""
        self._client = client
        self._limits = limits
        self._notes = Notes()
        self._known: tuple[Folders, Mapping[str, str]] | None = None

    @property
    def drives(self) -> dict[str, str]:
        """The shared drives, id → name, as they are now."""
        return dict(self._paths()[1])

    def pages(self, token: str) -> Iterator[tuple[Changes, str, bool]]:
        """Yield each page's changes, the token after it, and whether it was the last.

        Raises CursorRejected when Google no longer knows the token.
        """
        try:
            while True:
                raw = self._client.changes(token)
                found = Changes()
                self._expect(raw.get("changes", ()))
                for change in raw.get("changes", ()):
                    self._take(change, found)
                last = "newStartPageToken" in raw
                token = str(raw["newStartPageToken"] if last else raw["nextPageToken"])
                yield found, token, last
                if last:
                    return
        finally:
            self._notes.close()

    def _expect(self, changes: Sequence[Raw]) -> None:
        files = [raw for change in changes if (raw := change.get("file")) and not raw.get("trashed")]
        if len(files) > MOST_ASKED:
            self._paths()[0].expect([raw for raw in files if not is_folder(raw)])

    def _take(self, change: Raw, found: Changes) -> None:
        if change.get("changeType") == "drive":
            self._take_drive(change, found)
            return
        file_id, raw = str(change.get("fileId", "")), change.get("file")
        if change.get("removed") or raw is None:
            _remove(found, file_id, RemovedBecause.DELETED)
        elif raw.get("trashed"):
            _remove(found, file_id, RemovedBecause.TRASHED)
        elif is_folder(raw):  # moved or renamed: what is below it has other paths
            folders, drives = self._paths()
            folders.learn([raw])
            corpus = str(raw.get("driveId", ""))
            found.slices[file_id] = below(file_id, deep=True, corpus=corpus if corpus in drives else "")
        else:
            self._keep(raw, found)

    def _take_drive(self, change: Raw, found: Changes) -> None:
        """A shared drive was removed or left; or joined or renamed, and then all that is in it is listed."""
        drive = str(change.get("driveId", ""))
        self._known = None
        if change.get("removed"):
            found.slices.pop(drive, None)
            found.drives_lost.append(drive)
        else:
            found.slices[drive] = Slice(corpus=drive, what=What.EVERYTHING)

    def _keep(self, raw: Raw, found: Changes) -> None:
        target = resolved(self._client, raw) if is_shortcut(raw) else raw
        if target is None:
            return
        folders = self._paths()[0]
        placed = target if target.get("parents") else raw
        file = self._limits.source_file(target, path=folders.path(placed), above=folders.above(placed))
        if file is None:
            _remove(found, str(target["id"]), RemovedBecause.MOVED_OUT)
            return
        found.removed.pop(file.id, None)
        found.files[file.id] = file

    def _paths(self) -> tuple[Folders, Mapping[str, str]]:
        if self._known is None:
            drives = {str(drive["id"]): str(drive.get("name", "")) for drive in self._client.drives()}
            self._known = Folders(self._client, drives, self._notes), drives
        return self._known


def _remove(found: Changes, file_id: str, because: RemovedBecause) -> None:
    found.files.pop(file_id, None)
    found.removed[file_id] = Removed(id=file_id, because=because)
