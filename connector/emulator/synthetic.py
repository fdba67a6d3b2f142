"""A generated Drive of any size that nobody holds in memory: everything about its items is arithmetic on their number.

Its files' dates are uneven, as in life: half of them lie in the last eighth of eight years, and one in thirty came with
one import at one moment. One file in five hundred bears a name from SPEAKING.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.emulator.values import FOLDER_MIME, NATIVES, SharedDrive

SPEAKING = (  # names that a reader of file names may care for; {n} is the file's number
    "Product Security Guide {n}.pdf",
    "Security White Paper {n}.docx",
    "Residual Risk Report {n}.docx",
    "MDS2 {n}.xlsx",
    "Release Notes {n}.txt",
)
SPEAKING_EVERY = 500
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
_SPAN_MS = 8 * 365 * 86_400_000
_IMPORT = (0.60, 0.63)  # this share of a corpus, newest first, came at one moment
_WORDS = ("minutes", "invoice", "photo", "budget", "sketch", "agenda", "letter", "log", "draft", "notes")
_KINDS: tuple[tuple[str, str], ...] = (  # media type, file name's ending
    *((("application/pdf", ".pdf"),) * 3),
    *((("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),) * 2),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("image/png", ".png"),
    ("text/plain", ".txt"),
    ("image/jpeg", ".jpg"),
    (NATIVES["google-doc"][0], ""),
)
_ID = re.compile(r"synthetic-(file|folder)-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A range of files and of folders: the person's own Drive, or a shared one."""

    drive: str  # "" for the person's own
    first_file: int
    files: int
    first_folder: int
    folders: int

    def age(self, place: int, total: int) -> timedelta:
        """Return how much older than the newest the item at this place is, in whole milliseconds; it never falls."""
        share = place / total
        low, high = _IMPORT
        share = low if low < share <= high else share
        return timedelta(milliseconds=int(_SPAN_MS * share**3))

    def before(self, total: int, age: timedelta) -> int:
        """Return how many of so many items are not older than this."""
        return bisect_right(range(total), age, key=lambda place: self.age(place, total))


class Synthetic:
    """The whole generated Drive."""

    def __init__(self, files: int, folders: int, drives: int) -> None:
        """Put an equal part of the last tenth of all into each shared drive."""
        self.files, self.folders = files, folders
        self.drives = tuple(
            SharedDrive(id=f"synthetic-drive-{n}", name=f"Shared drive {n}") for n in range(1, drives + 1)
        )
        self.corpora = {corpus.drive: corpus for corpus in self._corpora()}
        self.edited: list[int] = []  # every so-many-th file was edited, once for each number here
        self._children: dict[str, list[tuple[str, int]]] = {}

    def _corpora(self) -> Iterator[Corpus]:
        each = len(self.drives) * 10 or 1
        files, folders = self.files // each, self.folders // each
        own = self.files - files * len(self.drives), self.folders - folders * len(self.drives)
        yield Corpus("", 0, own[0], 0, own[1])
        for place, drive in enumerate(self.drives):
            yield Corpus(drive.id, own[0] + place * files, files, own[1] + place * folders, folders)

    @property
    def named(self) -> int:
        """How many files bear a speaking name."""
        return sum(1 for _ in self.named_files())

    def named_files(self) -> Iterator[tuple[str, str]]:
        """Go through the files with a speaking name: id and name."""
        for number in range(7, self.files, SPEAKING_EVERY):
            yield f"synthetic-file-{number}", name_of(number)

    def corpus_of(self, number: int, *, folder: bool) -> Corpus:
        """Return the corpus that holds the file or folder of this number."""
        for corpus in self.corpora.values():
            first, count = (corpus.first_folder, corpus.folders) if folder else (corpus.first_file, corpus.files)
            if first <= number < first + count:
                return corpus
        raise KeyError(number)

    def find(self, item_id: str) -> tuple[Corpus, int, bool] | None:
        """Return an item's corpus and place in it, and whether it is a folder."""
        found = _ID.fullmatch(item_id)
        if found is None:
            return None
        folder, number = found[1] == "folder", int(found[2])
        if number >= (self.folders if folder else self.files):
            return None
        corpus = self.corpus_of(number, folder=folder)
        return corpus, number - (corpus.first_folder if folder else corpus.first_file), folder

    def folder(self, corpus: Corpus, place: int, root: str) -> dict[str, Any]:
        """Describe the folder at a place of its corpus; folders lie a few deep."""
        parent = f"synthetic-folder-{corpus.first_folder + (place - 1) // 8}" if place else corpus.drive or root
        return _common(corpus, f"synthetic-folder-{corpus.first_folder + place}", parent) | {
            "name": f"Folder {corpus.first_folder + place}",
            "mimeType": FOLDER_MIME,
            "version": "1",
            "modifiedTime": _moment(NEWEST - corpus.age(place, corpus.folders)),
            "webViewLink": f"https://drive.google.com/drive/folders/synthetic-folder-{corpus.first_folder + place}",
        }

    def file(self, corpus: Corpus, place: int, root: str) -> dict[str, Any]:
        """Describe the file at a place of its corpus."""
        number = corpus.first_file + place
        edits = self._edits(number)
        content = content_of(number, edits)
        mime, _ = _KINDS[number % len(_KINDS)]
        blob = {} if mime.startswith("application/vnd.google-apps") else {"md5Checksum": _md5(content)}
        folder = place * 2_654_435_761 % corpus.folders if corpus.folders else 0
        parent = f"synthetic-folder-{corpus.first_folder + folder}" if corpus.folders else corpus.drive or root
        return _common(corpus, f"synthetic-file-{number}", parent) | {
            "name": name_of(number),
            "mimeType": mime,
            "size": str(len(content)),
            "version": str(1 + edits),
            "modifiedTime": _moment(NEWEST - corpus.age(place, corpus.files)),
            "webViewLink": f"https://drive.google.com/file/d/synthetic-file-{number}/view",
            **blob,
        }

    def content(self, number: int) -> bytes:
        """Return a file's bytes as they are now."""
        return content_of(number, self._edits(number))

    def media_type(self, number: int) -> str:
        """Return a file's media type."""
        return _KINDS[number % len(_KINDS)][0]

    def children(self, parent: str, root: str) -> list[tuple[str, int]]:
        """List what lies directly in a folder as ("file" or "folder", place); for Drives of modest size only."""
        if not self._children:
            for corpus in self.corpora.values():
                for place in range(corpus.folders):
                    self._place(corpus, "folder", place, self.folder(corpus, place, root))
                for place in range(corpus.files):
                    self._place(corpus, "file", place, self.file(corpus, place, root))
        return self._children.get(parent, [])

    def _place(self, corpus: Corpus, kind: str, place: int, resource: dict[str, Any]) -> None:
        first = corpus.first_folder if kind == "folder" else corpus.first_file
        self._children.setdefault(resource["parents"][0], []).append((kind, first + place))

    def _edits(self, number: int) -> int:
        return sum(number % every == 0 for every in self.edited)


def name_of(number: int) -> str:
    """Return a file's name."""
    if number % SPEAKING_EVERY == 7:
        return SPEAKING[number // SPEAKING_EVERY % len(SPEAKING)].format(n=number)
    return f"{_WORDS[number // 7 % len(_WORDS)]} {number}{_KINDS[number % len(_KINDS)][1]}"


def content_of(number: int, edits: int) -> bytes:
    """Return a file's bytes after so many edits."""
    return b"This is the generated file %d, edited %d times.\n" % (number, edits)


def _common(corpus: Corpus, item_id: str, parent: str) -> dict[str, Any]:
    shared = {"driveId": corpus.drive} if corpus.drive else {"ownedByMe": True}
    return {
        "kind": "drive#file",
        "id": item_id,
        "trashed": False,
        "parents": [parent],
        "capabilities": {"canDownload": True},
        **shared,
    }


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
