"""What a mutator may change of a file: its bytes, or the unpacked insides of a container, packed again afterwards."""

import base64
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from olefile import OleFileIO

from tests.extract_samples.compound import a_compound_file

MAX_STREAM = 1_000_000  # of an OLE container, for which ours has room
MAX_NAME = 15_000  # characters of a member's name, which may have 65,535 bytes
MAX_INSIDE = 4_000_000  # of one member or stream: what is larger stays packed
_PNG = b"\x89PNG\r\n\x1a\n"
_STREAM = re.compile(rb"(?<!end)stream\r?\n(.*?)(?=\s*endstream)", re.DOTALL)
_ENCODED = re.compile(rb"base64[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n([A-Za-z0-9+/=\r\n]{40,})", re.IGNORECASE)

_Pack = Callable[[bytes], bytes]
_Unpacked = tuple[bytes, _Pack]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A file taken apart, and how it is put together again."""

    parts: tuple[bytes, ...]
    whole: Callable[[tuple[bytes, ...]], bytes]

    @classmethod
    def plain(cls, data: bytes) -> Self:
        """Return a file that holds nothing but itself."""
        return cls(parts=(data,), whole=lambda parts: parts[0])


def taken_apart(data: bytes) -> Parts:
    """Return the insides of a ZIP or OLE container, a PDF's streams, a picture's chunks or an email's attachments."""
    if data.startswith(b"PK"):
        return _zip(data) or Parts.plain(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(data) or Parts.plain(data)
    if data.startswith(b"%PDF"):
        return _between(data, _STREAM, _unpacked_stream)
    if data.startswith(_PNG):
        return _png(data)
    if b"base64" in data and _ENCODED.search(data):
        return _between(data, _ENCODED, _decoded)
    return Parts.plain(data)


def _zip(data: bytes) -> Parts | None:
    """Return the members' names, a line each, and then the members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if info.file_size < MAX_INSIDE]
            names = "\n".join(info.filename for info in infos).encode("utf-8", "replace")
            members = tuple(archive.read(info) for info in infos)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None

    def whole(parts: tuple[bytes, ...]) -> bytes:
        out, (names, *members) = io.BytesIO(), parts
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # two members may have one name
            for name, member in zip(names.decode("utf-8", "replace").split("\n"), members, strict=False):
                archive.writestr(zipfile.ZipInfo(name[:MAX_NAME]), member, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return Parts(parts=(names, *members), whole=whole) if members else None


def _ole(data: bytes) -> Parts | None:
    """Return the streams' paths, a line each, and then the streams."""
    try:
        with OleFileIO(io.BytesIO(data)) as container:
            listed = ["/".join(path) for path in container.listdir()]
            streams = [container.openstream(path).read() for path in listed]
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error):
        return None

    def whole(parts: tuple[bytes, ...]) -> bytes:
        names, *streams = parts
        told = [
            "/".join(step[:31] for step in name.split("/")) for name in names.decode("utf-8", "replace").split("\n")
        ]
        return a_compound_file({name: one[:MAX_STREAM] for name, one in zip(told, streams, strict=False)})

    return Parts(parts=("\n".join(listed).encode("utf-8", "replace"), *streams), whole=whole) if streams else None


def _png(data: bytes) -> Parts:
    """Return each chunk, its kind before its data, that of pixels unpacked; sums are made anew."""
    chunks, at = list[bytes](), len(_PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind, inside = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        chunks.append(kind + ((_inflated(inside) or b"") if kind == b"IDAT" else inside))
        at += 12 + size

    def whole(parts: tuple[bytes, ...]) -> bytes:
        out = _PNG
        for part in parts:
            said = part[:4] + (zlib.compress(part[4:], 1) if part[:4] == b"IDAT" else part[4:])
            out += struct.pack(">I", max(len(said) - 4, 0)) + said + struct.pack(">I", zlib.crc32(said))
        return out

    return Parts(parts=tuple(chunks), whole=whole) if chunks else Parts.plain(data)


def _between(data: bytes, pattern: re.Pattern[bytes], unpack: Callable[[bytes], _Unpacked | None]) -> Parts:
    """Part a file at the pattern's groups; those that could be unpacked are packed again in the same way."""
    pieces, packers, end = list[bytes](), list[_Pack](), 0
    for found in pattern.finditer(data):
        start, stop = found.span(1)
        inside, pack = unpack(found.group(1)) or (found.group(1), bytes)
        pieces += [data[end:start], inside]
        packers += [bytes, pack]
        end = stop
    pieces.append(data[end:])
    packers.append(bytes)

    def whole(parts: tuple[bytes, ...]) -> bytes:
        return b"".join(pack(part) for pack, part in zip(packers, parts, strict=True))

    return Parts(parts=tuple(pieces), whole=whole)


def _unpacked_stream(stream: bytes) -> _Unpacked | None:
    """Return what a PDF's stream unpacks to, bounded; None for other filters."""
    if not stream.endswith(b"~>"):
        inside = _inflated(stream)
        return None if inside is None else (inside, lambda part: zlib.compress(part, 1))
    try:
        inside = _inflated(base64.a85decode(b"<~" + stream, adobe=True))
    except ValueError:
        return None
    return None if inside is None else (inside, lambda part: base64.a85encode(zlib.compress(part, 1)) + b"~>")


def _inflated(packed: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(packed, MAX_INSIDE)
    except zlib.error:
        return None


def _decoded(encoded: bytes) -> _Unpacked | None:
    try:
        return base64.decodebytes(encoded), base64.encodebytes
    except ValueError:
        return None
