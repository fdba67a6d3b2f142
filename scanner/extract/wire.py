"""What a reader process says, as lines of JSON: written by the child, and believed by the parent only after checks.

A line holds passages that follow each other below the same headings, since a line for each costs more than to read it.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import MappingProxyType
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, convert, to_builtins
from msgspec.json import Decoder, Encoder

from scanner.extract.base import Unreadable
from scanner.extract.draft import (
    MAX_CELLS,
    MAX_CHARS,
    MAX_DEPTH,
    MAX_HEADING_CHARS,
    MAX_NOTE_CHARS,
    MAX_NOTES,
    MAX_PASSAGES,
    MAX_PROPERTIES,
    MAX_PROPERTY_CHARS,
)
from scanner.extract.formats import Format
from scanner.model.document import MAX_PASSAGE_CHARS, Document, Passage, PassageKind

MAX_LINE_BYTES = 2_000_000  # of one line
# After so many a line takes no more; a passage has at most 56,000 characters with its cells, of 4 bytes each.
LINE_CHARS, LINE_PASSAGES = 100_000, 100
MAX_REASON_CHARS = 300
READY = b"ready\n"  # a warm child's first line
NO_MEMORY = "reading it needed more memory than allowed"
MAX_PLACE_CHARS = 300
MAX_NUMBER = 10_000_000

_MEDIA_TYPES = frozenset(real.media_type for real in Format)

_Number = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
_Place = Annotated[str, Meta(min_length=1, max_length=MAX_PLACE_CHARS)]
_Heading = Annotated[str, Meta(min_length=1, max_length=MAX_HEADING_CHARS)]
_Value = Annotated[str, Meta(max_length=MAX_PASSAGE_CHARS)]
_Note = Annotated[str, Meta(min_length=1, max_length=MAX_NOTE_CHARS)]
_Properties = dict[
    Annotated[str, Meta(min_length=1, max_length=60)],
    Annotated[str, Meta(min_length=1, max_length=MAX_PROPERTY_CHARS)],
]


class Unbelievable(Exception):
    """The child said something that a reader of documents cannot have said."""


class _At(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where a passage stands: a Locator, whose headings its line gives."""

    paragraph: _Number | None = None
    page: _Number | None = None
    slide: _Number | None = None
    sheet: _Place | None = None
    cell: _Place | None = None
    part: _Place | None = None
    anchor: _Place | None = None
    heading: Annotated[tuple[_Heading, ...], Meta(max_length=MAX_DEPTH)] = ()


class _Said(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A Passage."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_PASSAGE_CHARS)]
    kind: PassageKind
    locator: _At
    level: Annotated[int, Meta(ge=0, le=MAX_NUMBER)] = 0
    cells: Annotated[
        tuple[tuple[Annotated[str, Meta(max_length=MAX_HEADING_CHARS)], _Value], ...], Meta(max_length=MAX_CELLS)
    ] = ()


class _Below(Struct, tag_field="is", tag="below", forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Passages below the same headings."""

    passages: list[_Said]
    heading: Annotated[tuple[_Heading, ...], Meta(max_length=MAX_DEPTH)] = ()


class _Head(Struct, tag_field="is", tag="document", forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """What the document is."""

    type: str
    properties: Annotated[_Properties, Meta(max_length=MAX_PROPERTIES)]
    named: Annotated[str, Meta(max_length=MAX_NOTE_CHARS)] = ""


class _End(Struct, tag_field="is", tag="end", forbid_unknown_fields=True, frozen=True):
    """That this was all of it."""

    notes: Annotated[tuple[_Note, ...], Meta(max_length=MAX_NOTES)]


class _Unreadable(Struct, tag_field="is", tag="unreadable", forbid_unknown_fields=True, frozen=True):
    """Why it could not be read."""

    because: Annotated[str, Meta(min_length=1, max_length=MAX_REASON_CHARS)]


_encode = Encoder().encode
_Line = _Head | _Below | _End | _Unreadable
_decoder: Decoder[_Line] = Decoder(_Line)


def document_lines(document: Document) -> Iterator[bytes]:
    """Yield a document as lines: what it is, its passages, and the end."""
    yield _line(_Head(type=document.media_type, properties=dict(document.properties), named=document.mislabelled))
    for heading, passages in groupby(document.passages, key=lambda one: one.locator.heading):
        for some in _portions(passages):
            yield _line(_Below(some, heading))
    yield _line(_End(document.notes))


def _portions(passages: Iterable[Passage]) -> Iterator[list[_Said]]:
    """Yield as many at a time as a line may hold."""
    some: list[_Said] = []
    chars = 0
    for one in passages:
        at = one.locator
        place = _At(at.paragraph, at.page, at.slide, at.sheet, at.cell, at.part, at.anchor)
        some.append(_Said(one.text, one.kind, place, one.level, one.cells))
        chars += len(one.text) + sum([len(head) + len(value) for head, value in one.cells])
        if chars > LINE_CHARS or len(some) == LINE_PASSAGES:
            yield some
            some, chars = [], 0
    if some:
        yield some


def unreadable_line(because: str) -> bytes:
    """Return the line that says why the file could not be read."""
    return _line(_Unreadable(because[:MAX_REASON_CHARS]))


def document_from(lines: Iterable[bytes], *, name: str) -> Document:
    """Build the document that the lines describe. Raises Unreadable if they say so, Unbelievable if they are none."""
    passages: list[Passage] = []
    head: _Head | None = None
    chars = 0
    for line in lines:
        match _parsed(line):
            case _Below(some, heading) if head and some and len(passages) + len(some) <= MAX_PASSAGES:
                chars += sum([len(one.text) + sum([len(key) for key, _ in one.cells]) for one in some])
                if chars > MAX_CHARS + MAX_PASSAGE_CHARS * 2:
                    raise Unbelievable("too much text")
                passages += _passages(some, heading)
            case _Head() as first if not head and first.type in _MEDIA_TYPES:
                head = first
            case _End(notes) if head and passages:
                return Document(
                    name=name,
                    media_type=head.type,
                    properties=MappingProxyType(head.properties),
                    passages=tuple(passages),
                    mislabelled=head.named,
                    notes=notes,
                )
            case _Unreadable(because) if not head:
                raise Unreadable(because)
            case _:
                raise Unbelievable("out of order")
    raise Unbelievable("it ended too early")


def _line(said: Struct) -> bytes:
    try:
        return _encode(said) + b"\n"
    except UnicodeEncodeError:  # half a character, in a name: it becomes a question mark
        return json.dumps(to_builtins(said), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _passages(some: list[_Said], heading: tuple[str, ...]) -> list[Passage]:
    """Turn what was said into values of ours, at once: to build them one by one takes twice as long."""
    for one in some:
        if one.text.isspace():
            raise Unbelievable("no text")
        one.locator.heading = heading
    return convert(some, list[Passage], from_attributes=True)


def _parsed(line: bytes) -> _Line:
    try:
        return _decoder.decode(line)
    except (DecodeError, RecursionError):  # what breaks a rule of its type is a DecodeError too
        raise Unbelievable("no line of ours") from None
