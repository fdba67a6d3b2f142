"""A file made to do harm, and how reading it must end."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One such file. Reading it must end as text that holds `says`, or with the reason `because`.

    Where both are given either will do: which of them depends on how fast the machine is.
    """

    title: str
    name: str  # the file's
    make: Callable[[], bytes]
    says: str = ""  # a piece of a passage
    because: str = ""  # a pattern that the whole reason matches: *could not check, because …*
    in_part: str = ""  # a piece of the note that says what was not read
    seconds: float = 20  # that it may take; little where it would take for ever


def packed(piece: bytes, megabytes: int, *, raw: bool = False, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Deflate a piece over and over to so many megabytes, between a head and a tail, at the cost of one.

    A full flush makes the compressor forget what came before, so that the same megabyte gives the same bytes each time.
    A zlib stream ends without its checksum: readers of PDFs do not ask for it, and a ZIP container has none there.
    """
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = engine.compress(head) + engine.flush(zlib.Z_FULL_FLUSH)
    block = engine.compress(piece * (MEGABYTE // len(piece))) + engine.flush(zlib.Z_FULL_FLUSH)
    return (b"" if raw else b"\x78\xda") + start + block * megabytes + engine.compress(tail) + engine.flush()
