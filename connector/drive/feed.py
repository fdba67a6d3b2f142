"""The change feed: what appeared, changed or left since a token, read to its end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.drive.client import DriveClient, Raw
from connector.drive.files import Limits, is_folder, is_shortcut, text
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

    def pages(self, first: Raw, *, drive: str = "") -> Iterator[tuple[Changes, str]]:
        """Yield what each page of the person's feed, or of a shared drive's, comes to, and the token after it.

        Raises CursorRejected when Google no longer knows a token, FileGone when the drive is out of reach.
        """
        raw = first
        while True:
            found = Changes()
            self._expect(raw.get("changes", ()))
            for change in raw.get("changes", ()):
                self._take(change, found)
            last = "newStartPageToken" in raw
            token = str(raw["newStartPageToken"] if last else raw["nextPageToken"])
            yield found, token
            if last:
                return
            raw = self._client.changes(token, drive=drive)

    def _expect(self, changes: Sequence[Raw]) -> None:
        files = [raw for change in changes if (raw := change.get("file")) and not raw.get("trashed")]
        if len(files) > MOST_ASKED:
            self._folders.expect([raw for raw in files if not is_folder(raw)])

    def _take(self, change: Raw, found: Changes) -> None:
        if change.get("changeType") == "drive":
            self._take_drive(change, found)
            return
        file_id, raw = str(change.get("fileId", "")), change.get("file")
        if raw is None:
            _remove(found, file_id, RemovedBecause.DELETED)
        elif raw.get("trashed"):
            _remove(found, file_id, RemovedBecause.TRASHED)
        elif is_folder(raw):  # moved or renamed: what is below it has other paths
            self._folders.learn([raw])
            corpus = str(raw.get("driveId", ""))
            found.slices[file_id] = below(file_id, deep=True, corpus=corpus if corpus in self._drives else "")
        else:
            self._keep(raw, found)

    def _take_drive(self, change: Raw, found: Changes) -> None:
        """A shared drive was removed or left; or joined or renamed, and then all that is in it is listed."""
        drive = str(change.get("driveId", ""))
        if change.get("removed"):
            found.drives.pop(drive, None)
            found.slices.pop(drive, None)
            found.drives_lost.append(drive)
        else:
            name = text((change.get("drive") or {}).get("name"))
            found.drives[drive] = self._drives[drive] = name
            self._folders.learn_drive(drive, name)
            found.slices[drive] = Slice(corpus=drive, what=What.EVERYTHING)

    def _keep(self, raw: Raw, found: Changes) -> None:
        target = resolved(self._client, raw) if is_shortcut(raw) else raw
        if target is None:
            return
        placed = target if target.get("parents") else raw
        above = self._folders.above(placed) if self._limits.within else ()
        file = self._limits.source_file(target, path=self._folders.path(placed), above=above)
        if file is None:
            _remove(found, str(target["id"]), RemovedBecause.MOVED_OUT)
            return
        found.removed.pop(file.id, None)
        found.files[file.id] = file


def _remove(found: Changes, file_id: str, because: RemovedBecause) -> None:
    found.files.pop(file_id, None)
    found.removed[file_id] = Removed(id=file_id, because=because)
