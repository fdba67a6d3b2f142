"""Files inside of a file: each is read like any other, and its passages say which file they stand in."""

from dataclasses import replace
from typing import IO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.draft import Draft, folded
from scanner.model.document import Document

MAX_PART_CHARS = 300  # of what a locator says about the place in it
NAMELESS = "without a name"
NESTED = "it lies too deep inside: the files inside of a file are read, and none inside of those"


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
