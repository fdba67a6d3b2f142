"""What a mutator may change of a file: its bytes, or the unpacked insides of a container, packed again afterwards."""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

MAX_INSIDE = 4_000_000  # of one member or stream: what is larger stays packed
_STREAM = re.compile(rb"(?<=stream\n)(.*?)(?=\s*endstream)", re.DOTALL)
_ENCODED = re.compile(rb"(?<=base64\n\n)([A-Za-z0-9+/=\n]{200,})|(?<=base64\r\n\r\n)([A-Za-z0-9+/=\r\n]{200,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A file taken apart, and how it is put together again."""

    parts: tuple[bytes, ...]
    whole: Callable[[tuple[bytes, ...]], bytes]


def taken_apart(data: bytes) -> Parts:
    """Return the insides of a ZIP container, a PDF's streams or an email's attachments; else the bytes themselves."""
    if data.startswith(b"PK"):
        return _zip(data) or _plain(data)
    if data.startswith(b"%PDF"):
        return _between(data, _STREAM, _inflated, _deflated)
    if _ENCODED.search(data):
        return _between(data, _ENCODED, _decoded, base64.encodebytes)
    return _plain(data)


def _plain(data: bytes) -> Parts:
    return Parts(parts=(data,), whole=lambda parts: parts[0])


def _zip(data: bytes) -> Parts | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if info.file_size < MAX_INSIDE]
            members = tuple(archive.read(info) for info in infos)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None

    def whole(parts: tuple[bytes, ...]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for info, part in zip(infos, parts, strict=True):
                archive.writestr(info.filename, part, zipfile.ZIP_DEFLATED, 1)
        return out.getvalue()

    return Parts(parts=members, whole=whole) if members else None


def _between(
    data: bytes, pattern: re.Pattern[bytes], unpack: Callable[[bytes], bytes | None], pack: Callable[[bytes], bytes]
) -> Parts:
    """Part a file at what the pattern finds; every second part is packed again where it could be unpacked."""
    pieces, packed, end = list[bytes](), list[bool](), 0
    for found in pattern.finditer(data):
        inside = unpack(found.group())
        pieces += [data[end : found.start()], found.group() if inside is None else inside]
        packed += [False, inside is not None]
        end = found.end()
    pieces.append(data[end:])
    packed.append(False)

    def whole(parts: tuple[bytes, ...]) -> bytes:
        return b"".join(pack(part) if is_packed else part for part, is_packed in zip(parts, packed, strict=True))

    return Parts(parts=tuple(pieces), whole=whole)


def _inflated(stream: bytes) -> bytes | None:
    """Return what a PDF's stream unpacks to, bounded; None for other filters."""
    try:
        packed = base64.a85decode(stream, adobe=False) if stream.endswith(b"~>") else stream
    except ValueError:
        packed = _a85(stream)
    try:
        return zlib.decompressobj().decompress(packed, MAX_INSIDE)
    except zlib.error:
        return None


def _a85(stream: bytes) -> bytes:
    try:
        return base64.a85decode(b"<~" + stream, adobe=True)
    except ValueError:
        return stream


def _deflated(inside: bytes) -> bytes:
    return zlib.compress(inside, 1)


def _decoded(encoded: bytes) -> bytes | None:
    try:
        return base64.decodebytes(encoded)
    except ValueError:
        return None
