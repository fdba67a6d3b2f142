"""The seam: a read-only source of files, as pages of metadata and, on request, bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, Protocol

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Cursor:
    """An opaque place to resume a sync; only the source that emitted it can read it."""

    value: str


class SourceFile(Struct, frozen=True, kw_only=True, gc=False):
    """A file's metadata as the source reports it; every text in it comes from a stranger.

    A walk makes millions, and a frozen dataclass takes fifteen times as long to be made.
    """

    id: str  # the source's stable id; the only safe key
    name: str  # as shown to its owner; may hold anything, also "/" and markup
    path: str  # folders above it, joined by " / " (e.g. "My Drive / Security"), for people only: never opened
    media_type: str  # of what `fetch` returns, after any export
    fingerprint: str  # changes exactly when the bytes do
    modified_at: datetime | None  # aware; clients can set it, so it proves nothing
    link: str  # opens the file for its owner; "" where there is none
    size: int | None = None  # bytes, where the source says so
    blocked: str | None = None  # why its contents cannot be had, completing "could not check, because …"
    drive: str = ""  # id of the shared drive that it lives in, "" for none
    owner: str = ""  # the person whose it is, by name; "" where the source names none, as for shared drives
    folder: str = ""  # id of the folder or shared drive that it lies in, "" where the source names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder or shared drive as the source reports it: with the others it says which folders are above a file."""

    id: str
    name: str  # a stranger's
    parent: str = ""  # id of what it lies in, which need not be known; "" for what lies in nothing


class RemovedBecause(StrEnum):
    """Why a file left the picture."""

    TRASHED = "trashed"
    DELETED = "deleted or no longer shared"
    DRIVE_LOST = "its shared drive was removed or left"
    MOVED_OUT = "outside of the chosen folders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A file, or a folder, that the source says is no longer there for us."""

    id: str
    because: RemovedBecause


class SyncKind(StrEnum):
    """How a sync looks at the source."""

    FULL = "full"  # every file is listed
    INCREMENTAL = "incremental"  # only what changed since the cursor


class Completeness(StrEnum):
    """Completeness is a type: only a complete full sync may say that an unseen file is gone."""

    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the source this sync has seen so far; the last page's coverage describes the whole sync."""

    kind: SyncKind
    completeness: Completeness
    sync_id: str  # the same for every page of one sync, also when it was interrupted and resumed
    because: str = ""  # why it is incomplete
    listed: Mapping[str, int] = field(default_factory=dict)  # files by corpus's name
    unreadable: Mapping[str, int] = field(default_factory=dict)  # files whose contents cannot be had, by reason
    calls: int = 0  # requests sent to the source so far in this sync
    units: int = 0  # of the source's quota, so far in this sync


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of a sync; storing its effects and its cursor in one transaction loses nothing."""

    files: tuple[SourceFile, ...]
    removed: tuple[Removed, ...]
    cursor: Cursor
    coverage: Coverage
    folders: tuple[Folder, ...] = ()  # as they are now: what is new, renamed or moved, and some others
    drives_lost: tuple[str, ...] = ()  # shared drives that were removed or left: all their files are out of reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave: ids alone, since what the files are is told by pages."""

    ids: tuple[str, ...]
    because: str = ""  # why others may have been left out, "" where nothing says so


class FileSource(Protocol):
    """A read-only source of files."""

    def pages(self, since: Cursor | None) -> Iterator[Page]:
        """Yield what is there (`since=None`) or what changed since the cursor; a cursor from mid-sync resumes it.

        Raises ConnectorError. The last page's coverage is never RUNNING.
        """
        ...

    def fetch(self, file: SourceFile) -> IO[bytes]:
        """Return the file's whole bytes, verified, as a stream at its start; close it to free them.

        Nothing of it has a name on disk. Raises FileUnavailable (this file only) or another ConnectorError.
        """
        ...

    def search(self, words: str, *, limit: int) -> Found:
        """Return files in whose text these words stand, one behind the other: at most so many, in no order.

        A hint: the source's own index is asked, which knows not every file and comes after every change. Files outside
        of chosen folders may be among them. Raises ConnectorError.
        """
        ...
