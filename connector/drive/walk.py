"""The full walk: every corpus listed flat, page by page, from any place where it was interrupted."""

from collections.abc import Iterator, Mapping
from typing import Any

from connector.drive.client import DriveClient
from connector.drive.cursor import Phase, Place
from connector.drive.files import FOLDER, is_shortcut, source_file
from connector.drive.folders import MY_DRIVE, SEPARATOR, Folders
from connector.errors import CursorRejected, FileUnavailable
from connector.source import SourceFile

EVERY_FILE = f"trashed = false and mimeType != '{FOLDER}'"
RESTARTS = 3  # of one corpus whose page token Google stops knowing


class Walk:
    """Lists every file; only Google's page tokens tell where a listing ends."""

    def __init__(self, client: DriveClient, *, max_file_mb: int) -> None:
        """List through this client."""
        self._client = client
        self._max_file_mb = max_file_mb
        self._seen: set[str] = set()

    def pages(self, start: Place) -> Iterator[tuple[tuple[SourceFile, ...], Place]]:
        """Yield the files of each page with the place after it; the last place is the REPLAY of the change feed."""
        folders = Folders(self._client, start.drives)
        place, restarts = start, 0
        corpora = ["", *start.drives]
        listed_folders = -1
        while place.corpus < len(corpora):
            drive = corpora[place.corpus]
            try:
                if listed_folders != place.corpus:
                    folders.read(drive)
                    listed_folders = place.corpus
                raw = self._client.files(EVERY_FILE, drive=drive, page_token=place.page)
            except CursorRejected:
                restarts += 1
                if restarts > RESTARTS:
                    raise
                place = place.at(page=None)
                continue
            except FileUnavailable as error:
                name = start.drives.get(drive, MY_DRIVE)
                place = _next_corpus(place, f"{name} could not be listed: {error}")
                yield (), place
                continue
            files = tuple(self._files(raw.get("files", ()), drive, folders))
            place = self._after(place, raw, files, start.drives.get(drive, MY_DRIVE))
            yield files, place

    def _files(self, raws: Any, drive: str, folders: Folders) -> Iterator[SourceFile]:
        for raw in raws:
            elsewhere = not drive and folders.knows_drive(str(raw.get("driveId", "")))
            if elsewhere or raw["id"] in self._seen:
                continue  # a shared drive's file is listed with its drive; a duplicate was there already
            self._seen.add(raw["id"])
            found = self.resolved(raw) if is_shortcut(raw) else raw
            if found is not None:
                yield source_file(found, path=folders.path(raw), max_file_mb=self._max_file_mb)

    def resolved(self, shortcut: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the file that a shortcut leads to; None where it dangles, leads to a folder, or was seen already."""
        details = shortcut.get("shortcutDetails", {})
        target = str(details.get("targetId", ""))
        if not target or details.get("targetMimeType") == FOLDER or target in self._seen:
            return None
        try:
            raw = self._client.file(target, resource_key=str(details.get("targetResourceKey", "")))
        except FileUnavailable:
            return None
        return None if raw.get("trashed") or is_shortcut(raw) else raw

    def _after(self, place: Place, raw: Mapping[str, Any], files: tuple[SourceFile, ...], name: str) -> Place:
        listed = dict(place.listed)
        for file in files:
            corpus = file.path.split(SEPARATOR, 1)[0]
            listed[corpus] = listed.get(corpus, 0) + 1
        place = place.at(listed=listed, incomplete=place.incomplete or bool(raw.get("incompleteSearch")))
        if raw.get("nextPageToken"):
            return place.at(page=str(raw["nextPageToken"]))
        if place.incomplete and not place.again:
            return place.at(page=None, again=True, incomplete=False)  # what was seen already is passed over
        return _next_corpus(place, f"Google says that its listing of {name} is incomplete" if place.incomplete else "")


def _next_corpus(place: Place, because: str) -> Place:
    reasons = (*place.because, because) if because else place.because
    after = place.at(corpus=place.corpus + 1, page=None, again=False, incomplete=False, because=reasons)
    return after if after.corpus <= len(place.drives) else after.at(phase=Phase.REPLAY)
