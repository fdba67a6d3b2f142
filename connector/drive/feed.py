"""The change feed: what appeared, changed or left since a token, read to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.drive.client import DriveClient, Raw
from connector.drive.files import is_folder, is_shortcut, source_file
from connector.drive.folders import Folders
from connector.drive.walk import EVERY_FILE, Walk
from connector.errors import FileUnavailable
from connector.source import Removed, RemovedBecause, SourceFile


@dataclass(slots=True)
class Changes:
    """What one page of the feed comes to."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    removed: dict[str, Removed] = field(default_factory=dict)
    drives_lost: list[str] = field(default_factory=list)


class Feed:
    """Reads changes through one client."""

    def __init__(self, client: DriveClient, *, max_file_mb: int) -> None:
        """Ask for the shared drives only when a change needs their names."""
        self._client = client
        self._max_file_mb = max_file_mb
        self._folders: Folders | None = None

    def pages(self, token: str) -> Iterator[tuple[Changes, str, bool]]:
        """Yield each page's changes, the token after it, and whether it was the last.

        Raises CursorRejected when Google no longer knows the token.
        """
        while True:
            raw = self._client.changes(token)
            found = Changes()
            for change in raw.get("changes", ()):
                self._take(change, found)
            last = "newStartPageToken" in raw
            token = str(raw["newStartPageToken"] if last else raw["nextPageToken"])
            yield found, token, last
            if last:
                return

    def _take(self, change: Raw, found: Changes) -> None:
        if change.get("changeType") == "drive":
            self._take_drive(change, found)
            return
        file_id, raw = str(change.get("fileId", "")), change.get("file")
        if change.get("removed") or raw is None:
            _remove(found, file_id, RemovedBecause.DELETED)
        elif raw.get("trashed"):
            _remove(found, file_id, RemovedBecause.TRASHED)
        elif is_folder(raw):
            self._paths().learn(raw)
            self._below(raw, found)
        else:
            self._keep(raw, found)

    def _take_drive(self, change: Raw, found: Changes) -> None:
        """A shared drive was removed or left; or joined or renamed, and then all that is in it is listed."""
        drive = str(change.get("driveId", ""))
        self._folders = None
        if change.get("removed"):
            found.drives_lost.append(drive)
            return
        try:
            folders = self._paths()
            folders.read(drive)
            for raw in self._client.every_file(EVERY_FILE, drive=drive):
                self._keep(raw, found)
        except FileUnavailable:  # lost again meanwhile: a later change says so
            return

    def _below(self, folder: Raw, found: Changes) -> None:
        """A folder was moved or renamed: what is below it has other paths; one parent a query, never several."""
        waiting, done = [str(folder["id"])], set()
        while waiting:
            parent = waiting.pop()
            if parent in done:
                continue
            done.add(parent)
            for raw in self._client.every_file(f"'{_quoted(parent)}' in parents and trashed = false"):
                if is_folder(raw):
                    self._paths().learn(raw)
                    waiting.append(str(raw["id"]))
                else:
                    self._keep(raw, found)

    def _keep(self, raw: Mapping[str, Any], found: Changes) -> None:
        target: Mapping[str, Any] | None = raw
        if is_shortcut(raw):
            target = Walk(self._client, max_file_mb=self._max_file_mb).resolved(raw)
        if target is None:
            return
        file = source_file(target, path=self._paths().path(raw), max_file_mb=self._max_file_mb)
        found.removed.pop(file.id, None)
        found.files[file.id] = file

    def _paths(self) -> Folders:
        if self._folders is None:
            drives = {str(drive["id"]): str(drive.get("name", "")) for drive in self._client.drives()}
            self._folders = Folders(self._client, drives)
        return self._folders


def _remove(found: Changes, file_id: str, because: RemovedBecause) -> None:
    found.files.pop(file_id, None)
    found.removed[file_id] = Removed(id=file_id, because=because)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
