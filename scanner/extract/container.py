"""The gate before a parser sees a zip container: counts, sizes, ratio, overlaps and names, with bounded reads."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from scanner.extract.base import Unreadable

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 200_000_000
MAX_TOTAL_BYTES = 400_000_000
MAX_RATIO = 200  # real sheets reach 60; a bomb of one repeated byte 1,030
SMALL = 20_000_000  # what unpacks to less than this is no bomb, whatever its ratio
MAX_PROLOG_BYTES = 65_536

BOMB = "it unpacks to far more than its size, as files made to do harm do"
DAMAGED = "it is damaged: its parts cannot be unpacked"
DTD = "it holds a document type definition, which an Office file never needs and harmful files use"

_PROLOG_END = re.compile(rb"<[A-Za-z_]")
_SHORT_HEADER = 30


@contextmanager
def opened(stream: IO[bytes], *, office: bool = True) -> Iterator[zipfile.ZipFile]:
    """Open the container after every check that needs no unpacking; `office` says it is no archive of any files.

    Raises Unreadable.
    """
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise Unreadable(DAMAGED) from None
    with archive:
        _check(archive.infolist())
        for info in archive.infolist() if office else ():
            if info.filename.endswith((".xml", ".rels")) or info.filename.endswith("/document.xml"):
                _refuse_dtd(archive, info, stream)
        yield archive


def read_member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes | None:
    """Return a member's bytes, None when there is none of that name. Raises Unreadable."""
    try:
        with archive.open(name) as member:
            data = member.read(MAX_MEMBER_BYTES + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise Unreadable(DAMAGED) from None
    if len(data) > MAX_MEMBER_BYTES:
        raise Unreadable(BOMB)
    return data


def verify_sizes(archive: zipfile.ZipFile, stream: IO[bytes]) -> None:
    """Unpack every member once, keeping nothing, for parsers that pass the declared size. Raises Unreadable."""
    for info in archive.infolist():
        if info.compress_type == zipfile.ZIP_DEFLATED and _unpacks_beyond(stream, info):
            raise Unreadable(BOMB)
        if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
            raise Unreadable(DAMAGED)


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"it holds {len(members):,} parts, more than any real document")
    if any(info.flag_bits & 1 for info in members):
        raise Unreadable("it is protected by a password")
    total, packed = sum(info.file_size for info in members), sum(info.compress_size for info in members)
    if total > MAX_TOTAL_BYTES or any(info.file_size > MAX_MEMBER_BYTES for info in members):
        raise Unreadable(BOMB)
    if total > SMALL and total > MAX_RATIO * max(packed, 1):
        raise Unreadable(BOMB)
    names = [info.filename for info in members]
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise Unreadable("its parts have names that point outside of it, as files made to do harm do")
    end = 0
    for info in sorted(members, key=lambda one: one.header_offset):
        if info.header_offset < 0:
            raise Unreadable(DAMAGED)
        if info.header_offset < end:
            raise Unreadable("its parts overlap, as files made to do harm do")
        end = info.header_offset + _SHORT_HEADER + info.compress_size


def _refuse_dtd(archive: zipfile.ZipFile, info: zipfile.ZipInfo, stream: IO[bytes]) -> None:
    """A DTD can only stand before the first element; what comes before it is short in every real file."""
    head = _quick_head(stream, info)
    if not _PROLOG_END.search(head):
        try:
            with archive.open(info) as member:
                head = member.read(MAX_PROLOG_BYTES).replace(b"\0", b"")
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
            raise Unreadable(DAMAGED) from None
    start = _PROLOG_END.search(head)
    prolog = head[: start.start()] if start else head
    if b"<!DOCTYPE" in prolog.upper() or (start is None and len(head) >= MAX_PROLOG_BYTES):
        raise Unreadable(DTD)


def _quick_head(stream: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    """Return how a member begins, b"" where that takes more; to open one properly takes ten times as long."""
    name = info.orig_filename.encode("utf-8", "replace")
    stream.seek(info.header_offset)
    header = stream.read(_SHORT_HEADER + len(name))
    if not header.startswith(b"PK\x03\x04") or header[_SHORT_HEADER:] != name:
        return b""
    extra = int.from_bytes(header[28:30], "little")
    packed = stream.read(extra + min(info.compress_size, 512))[extra:]
    if info.compress_type == zipfile.ZIP_STORED:
        return packed.replace(b"\0", b"")
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return b""
    try:
        return zlib.decompressobj(-15).decompress(packed, 1024).replace(b"\0", b"")
    except zlib.error:
        return b""


def _unpacks_beyond(stream: IO[bytes], info: zipfile.ZipInfo) -> bool:
    stream.seek(info.header_offset)
    header = stream.read(_SHORT_HEADER)
    if len(header) < _SHORT_HEADER:
        raise Unreadable(DAMAGED)
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    engine, left, seen = zlib.decompressobj(-15), info.compress_size, 0
    try:
        while left > 0 and not engine.eof:
            packed = stream.read(min(left, 65_536))
            if not packed:
                break
            left -= len(packed)
            while packed:
                seen += len(engine.decompress(packed, 1_000_000))
                packed = engine.unconsumed_tail
                if seen > info.file_size:
                    return True
    except zlib.error:
        raise Unreadable(DAMAGED) from None
    return False
