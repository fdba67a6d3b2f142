"""The fake that is shipped and kept to the same contract as Drive: a source of files in memory."""

import io
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO

from msgspec import structs

from connector.errors import CursorRejected, FileGone, FileUnavailable, SourceUnavailable
from connector.source import (
    Completeness,
    Coverage,
    Cursor,
    Folder,
    Found,
    Page,
    Removed,
    RemovedBecause,
    SourceFile,
    SyncKind,
)

CORPUS = "In memory"


class MemoryShelf:
    """A shelf for sealed tokens that forgets everything with the process."""

    def __init__(self) -> None:
        """Start empty."""
        self._sealed: dict[str, bytes] = {}

    def read(self, connection_id: str) -> bytes | None:
        """See connector.vault.Shelf."""
        return self._sealed.get(connection_id)

    def write(self, connection_id: str, sealed: bytes) -> None:
        """See connector.vault.Shelf."""
        self._sealed[connection_id] = sealed

    def replace(self, connection_id: str, old: bytes, new: bytes) -> bool:
        """See connector.vault.Shelf."""
        if self._sealed.get(connection_id) != old:
            return False
        self._sealed[connection_id] = new
        return True

    def remove(self, connection_id: str) -> None:
        """See connector.vault.Shelf."""
        self._sealed.pop(connection_id, None)

    def ids(self) -> tuple[str, ...]:
        """See connector.vault.Shelf."""
        return tuple(self._sealed)


@dataclass(slots=True)
class InMemorySource:
    """A FileSource whose files are put in by hand."""

    page_size: int = 100
    incomplete: str = ""  # set it, and full syncs end incomplete, because of it
    unsearched: str = ""  # set it, and searches leave something out, because of it
    unsearchable: str = ""  # set it, and searches fail, because of it
    _files: dict[str, tuple[SourceFile, bytes]] = field(default_factory=dict)
    _folders: dict[str, Folder] = field(default_factory=dict)
    _log: list[str] = field(default_factory=list)  # ids in the order in which they changed
    _why: dict[str, RemovedBecause] = field(default_factory=dict)

    def put(
        self,
        file_id: str,
        content: bytes,
        *,
        name: str = "",
        path: str = CORPUS,
        media_type: str = "text/plain",
        owner: str = "",
        folder: str = "",
    ) -> None:
        """Add a file, or change one."""
        file = SourceFile(
            id=file_id,
            name=name or file_id,
            path=path,
            media_type=media_type,
            fingerprint=f"{len(content)}:{hash(content)}",
            modified_at=None,
            link="",
            size=len(content),
            owner=owner,
            folder=folder,
        )
        self._files[file_id] = (file, content)
        self._log.append(file_id)

    def put_folder(self, folder_id: str, *, name: str, parent: str = "") -> None:
        """Add a folder, or rename or move one; the paths of the files in it are the caller's."""
        self._folders[folder_id] = Folder(id=folder_id, name=name, parent=parent)

    def block(self, file_id: str, because: str) -> None:
        """Let nobody read a file's contents."""
        file, content = self._files[file_id]
        self._files[file_id] = (structs.replace(file, blocked=because), content)
        self._log.append(file_id)

    def take(self, file_id: str, because: RemovedBecause = RemovedBecause.DELETED) -> None:
        """Take a file away."""
        del self._files[file_id]
        self._why[file_id] = because
        self._log.append(file_id)

    def pages(self, since: Cursor | None) -> Iterator[Page]:
        """See FileSource."""
        state: dict[str, object] = (
            _opened(since) if since else {"walk": "", "log": len(self._log), "id": uuid.uuid4().hex, "n": 0}
        )
        if "walk" in state:
            yield from self._walk(state)
        else:
            yield from self._changes(int(str(state["log"])), SyncKind.INCREMENTAL, uuid.uuid4().hex, 0)

    def fetch(self, file: SourceFile) -> IO[bytes]:
        """See FileSource."""
        if file.id not in self._files:
            raise FileGone("it was deleted, or is no longer shared with this connection")
        known, content = self._files[file.id]
        if known.blocked:
            raise FileUnavailable(known.blocked)
        return io.BytesIO(content)

    def search(self, words: str, *, limit: int) -> Found:
        """See FileSource."""
        if self.unsearchable:
            raise SourceUnavailable(self.unsearchable)
        found = [ident for ident, (file, content) in self._files.items() if _words(words) in _said(file, content)]
        more = "there are more than were asked for" if len(found) > limit else ""
        return Found(ids=tuple(found[:limit]), because=self.unsearched or more)

    def _walk(self, state: dict[str, object]) -> Iterator[Page]:
        last, listed = str(state["walk"]), int(str(state["n"]))
        while True:
            ids = sorted(one for one in self._files if one > last)[: self.page_size]
            if not ids:
                break
            last, listed = ids[-1], listed + len(ids)
            files = tuple(self._files[one][0] for one in ids)
            here = _cursor(walk=last, log=state["log"], id=state["id"], n=listed)
            running = _coverage(SyncKind.FULL, Completeness.RUNNING, str(state["id"]), listed)
            yield Page(files=files, removed=(), cursor=here, coverage=running)
        yield from self._changes(int(str(state["log"])), SyncKind.FULL, str(state["id"]), listed)

    def _changes(self, place: int, kind: SyncKind, sync_id: str, listed: int) -> Iterator[Page]:
        changed = list(dict.fromkeys(self._log[place:]))
        ended = Completeness.INCOMPLETE if kind is SyncKind.FULL and self.incomplete else Completeness.COMPLETE
        coverage = _coverage(kind, ended, sync_id, listed)
        yield Page(
            files=tuple(self._files[one][0] for one in changed if one in self._files),
            removed=tuple(Removed(id=one, because=self._why[one]) for one in changed if one not in self._files),
            folders=tuple(self._folders.values()),
            cursor=_cursor(log=len(self._log)),
            coverage=replace(coverage, because=self.incomplete if ended is Completeness.INCOMPLETE else ""),
        )


def _words(text: str) -> str:
    """Return the words alone, so that a phrase is found whatever stands between its words."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(found)} "


def _said(file: SourceFile, content: bytes) -> str:
    return _words(f"{file.name} {content.decode(errors='replace')}")


def _cursor(**state: object) -> Cursor:
    return Cursor(json.dumps(state))


def _opened(cursor: Cursor) -> dict[str, object]:
    try:
        state = json.loads(cursor.value)
    except ValueError as error:
        raise CursorRejected("The stored place cannot be read.") from error
    return dict(state)


def _coverage(kind: SyncKind, completeness: Completeness, sync_id: str, listed: int) -> Coverage:
    counts = {CORPUS: listed} if listed else {}
    return Coverage(kind=kind, completeness=completeness, sync_id=sync_id, listed=counts)
