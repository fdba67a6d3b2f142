"""ZIP archives: their members one level deep, each read like a file of its own."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO

from scanner.extract.base import Extractor
from scanner.extract.container import DAMAGED, opened, read_member
from scanner.extract.draft import Draft
from scanner.extract.enclosed import Late, in_time, read_enclosed
from scanner.extract.formats import Format
from scanner.model.document import Document

MAX_FILES = 200  # that are read of one archive
MAX_FILE_BYTES = 50_000_000  # of one of them, unpacked
MAX_NAMED = 20  # of those that there is no time for
NO_TIME = "reading the archive took too long"
_LITTER = frozenset({"__MACOSX", ".git", ".svn"})
_LITTER_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def reader_with(member: Extractor) -> Extractor:
    """Return the extractor of archives that reads their members with the given one."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        draft = Draft(name=name, real=Format.ZIP)
        with opened(stream, office=False) as archive, draft:
            files = list(_files(archive))
            _read_all(archive, files[:MAX_FILES], draft, member)
            if len(files) > MAX_FILES:
                draft.note(f"it holds more than {MAX_FILES} files, the first {MAX_FILES} of them were read")
        return draft.document(because_empty="no text was found in it: none of its files could be read")

    return extract


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Yield the members that a person put there, by name, so that the order does not hang on the program."""
    for info in sorted(archive.infolist(), key=lambda one: one.filename):
        parts = info.filename.split("/")
        if not info.filename.endswith("/") and not _LITTER.intersection(parts) and parts[-1] not in _LITTER_FILES:
            yield info


def _read_all(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], draft: Draft, member: Extractor) -> None:
    """Read one after the other; what there is no time for is named, and what was read before it is kept."""
    done = 0
    try:
        with in_time():
            for info in files:
                _read(archive, info, draft, member)
                done += 1
    except Late:
        for info in files[done : done + MAX_NAMED]:
            draft.note(f"file {_name(info)[:200]} was not read: {NO_TIME}")
        if len(files) > done + MAX_NAMED:
            draft.note(f"{len(files) - done - MAX_NAMED} more of its files were not read: {NO_TIME}")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, draft: Draft, member: Extractor) -> None:
    name = _name(info)
    if info.file_size > MAX_FILE_BYTES:
        draft.note(f"file {name[:200]} was not read: it is larger than {MAX_FILE_BYTES // 1_000_000} MB")
        return
    data = read_member(archive, info)  # by its name would be the last of that name
    if data is None:
        draft.note(f"file {name[:200]} was not read: {DAMAGED}")
        return
    if data:
        read_enclosed(draft, io.BytesIO(data), name=name, called="file", reader=member)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; many programs write UTF-8 without saying so, which Python takes for code page 437."""
    name = posixpath.normpath(info.filename.replace("\\", "/")) if info.filename else ""
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
