"""Files inside of a file: each is read like any other, and its passages say which file they stand in."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.draft import Draft, folded
from scanner.model.document import Document

MAX_PART_CHARS = 300  # of what a locator says about the place in it
NAMELESS = "without a name"
NESTED = "it lies too deep inside: the files inside of a file are read, and none inside of those"
SHARE = 0.75  # of a file's time, after which no more of the files in it are read


class Late(BaseException):
    """A file's time is nearly over, and what was read must be handed in; no Exception, so that no parser takes it."""


class _Clock:
    """What a reader process may take for the file at hand; elsewhere there is no limit."""

    ends = 0.0  # by time.monotonic()


def begin(seconds: float) -> None:
    """Note that a file is begun, for which a reader process has so many seconds."""
    _Clock.ends = time.monotonic() + SHARE * seconds


@contextmanager
def in_time() -> Iterator[None]:
    """Raise Late within it when it is time to hand in what was read."""
    if not _Clock.ends:
        yield
        return
    signal.signal(signal.SIGALRM, _raise_late)
    signal.setitimer(signal.ITIMER_REAL, max(_Clock.ends - time.monotonic(), 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise_late(_number: int, _frame: object) -> None:
    raise Late


def nothing_deeper(stream: IO[bytes], *, name: str) -> Document:  # noqa: ARG001  # an extractor that reads none
    """Refuse a file that lies two levels deep. Raises Unreadable."""
    raise Unreadable(NESTED)


def read_enclosed(draft: Draft, stream: IO[bytes], *, name: str, called: str, reader: Extractor) -> None:
    """Add what the file holds, below no heading; one that cannot be read is noted. `called` stands before its name."""
    said = f"{called} {folded(name) or NAMELESS}"[:250].strip()
    try:
        document = reader(stream, name=name)
    except Unreadable as why:
        draft.note(f"{said} was not read: {why}")
        return
    draft.leave_headings()
    for note in document.notes:
        draft.note(f"{said}: {note}")
    for one in document.passages:
        inner = f"{said}, {one.locator.part}" if one.locator.part else said
        place = replace(one.locator, part=inner[:MAX_PART_CHARS])
        draft.add(one.text, one.kind, level=one.level, cells=one.cells, at=place)
