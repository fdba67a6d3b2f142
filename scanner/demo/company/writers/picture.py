"""Draw small real pictures without a library: PNG is a header and deflated rows."""

import struct
import zlib
from collections.abc import Iterable


def write_png(width: int, height: int, rows: Iterable[bytes], *, grey: bool = False) -> bytes:
    """Return a PNG of 8-bit rows, grey or red-green-blue.

    The format: https://www.w3.org/TR/png/#11IHDR
    """
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if grey else 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def photo(seed: int) -> bytes:
    """Return a picture of a colour that fades, another for every seed."""
    red, green, blue = (seed * 53) % 200, (seed * 97) % 200, (seed * 31) % 200
    return write_png(32, 24, (bytes((red + y, green + y, blue)) * 32 for y in range(24)))


def scanned_page() -> bytes:
    """Return what a copier makes of a page: grey strokes where lines of words were, and no letter."""
    return write_png(310, 438, (_scan_line(y) for y in range(438)), grey=True)


def _scan_line(y: int) -> bytes:
    inked = 30 < y < 400 and y % 12 < 5
    return bytes(70 if inked and 28 < x < 282 and (x * 7 + (y // 12) * 13) % 23 > 4 else 244 for x in range(310))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
