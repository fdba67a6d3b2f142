"""What one answer brings of a file: from which byte on, of what type, and the bytes as they arrive."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests
import urllib3

from connector.errors import SourceUnavailable

CHUNK = 1 << 20
SLOWEST = 1024  # bytes a second on average; a server that hands out less does not hand out the file

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(?:\d{1,18}|\*)")


class Broken(SourceUnavailable):
    """The bytes stopped, or were not the file's: what was asked for can be asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file's bytes from some place on, not yet read."""

    first: int  # the place of the first byte
    media_type: str  # without parameters, in small letters; "" where none is told
    length: int | None  # bytes to come, where that is told
    chunks: Iterator[bytes]  # raises Broken where they end too early

    @property
    def is_page(self) -> bool:
        """Tell whether it is a page for people or for browsers, such as a sign-in with status 200."""
        return self.media_type in {"text/html", "application/xhtml+xml"}


def part_of(answer: requests.Response, *, timeout: float) -> Part:
    """Return what a good answer brings; `timeout` is how long it may be slow, in seconds."""
    length = answer.headers.get("content-length", "")
    return Part(
        first=begins_at(answer) or 0,
        media_type=answer.headers.get("content-type", "").partition(";")[0].strip().lower(),
        length=int(length) if length.isdecimal() else None,
        chunks=_chunks(answer, timeout),
    )


def begins_at(answer: requests.Response) -> int | None:
    """Return the place of a partial answer's first byte; None for an answer that is whole or does not tell."""
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    return int(found[1]) if answer.status_code == 206 and found else None


def _chunks(answer: requests.Response, timeout: float) -> Iterator[bytes]:
    """Go through the bytes as they arrive, so that none is lost where the connection breaks."""
    waited, arrived = 0.0, 0
    try:
        while True:
            asked = time.monotonic()
            chunk = answer.raw.read1(CHUNK)
            waited += time.monotonic() - asked
            if not chunk:
                return
            yield chunk
            arrived += len(chunk)
            if waited > timeout:
                if arrived < SLOWEST * waited:
                    raise Broken("Google handed the file out too slowly.")
                waited, arrived = 0.0, 0
    except (OSError, urllib3.exceptions.HTTPError) as error:
        raise Broken("Google stopped in the middle of a file.") from error
