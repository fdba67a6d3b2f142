"""Bytes of a text file into characters: by mark, as UTF-8, else by the best guess."""

import codecs
from typing import IO

from charset_normalizer import from_bytes

MAX_BYTES = 8_000_000  # a text of that size was measured to be read and judged in 25 s of processor time and 400 MB
SAMPLE = 65_536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(stream: IO[bytes]) -> tuple[str, bool]:
    """Return the stream's text, and whether all of it was read."""
    data = stream.read(MAX_BYTES + 1)
    return decode(data[:MAX_BYTES]), len(data) <= MAX_BYTES


def decode(data: bytes, *, told: str | None = None) -> str:
    """Return the characters; bytes that are none become U+FFFD. `told` is a charset that the file claims."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if wide := wide_encoding(data):
        return data.decode(wide, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # a last character may be cut in two
    except UnicodeDecodeError:
        return data.decode(_guess(data, told), "replace")


def wide_encoding(data: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" for text in it without a mark: every second byte of Latin text is NUL."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes, told: str | None) -> str:
    if told:
        try:
            codecs.lookup(told)
            data[:SAMPLE].decode(told)
        except (LookupError, UnicodeError, ValueError):
            pass
        else:
            return told
    best = from_bytes(data[:SAMPLE], steps=5, chunk_size=512).best()
    return best.encoding if best else "cp1252"
