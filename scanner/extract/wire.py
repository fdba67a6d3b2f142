"""What a reader process says, as lines of JSON: written by the child, and believed by the parent only after checks."""

import json
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, to_builtins
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
from scanner.model.document import MAX_PASSAGE_CHARS, Document, Locator, Passage, PassageKind

MAX_LINE_BYTES = 2_000_000  # of one line: a passage of 8,000 characters with its cells and headings, escaped
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


class _At(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Where a passage stands, but for its headings."""

    paragraph: _Number | None = None
    page: _Number | None = None
    slide: _Number | None = None
    sheet: _Place | None = None
    cell: _Place | None = None
    part: _Place | None = None
    anchor: _Place | None = None


class _Said(Struct, tag_field="is", tag="passage", forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A passage."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_PASSAGE_CHARS)]
    kind: PassageKind
    at: _At
    heading: Annotated[tuple[_Heading, ...], Meta(max_length=MAX_DEPTH)] = ()
    level: Annotated[int, Meta(ge=0, le=MAX_NUMBER)] = 0
    cells: Annotated[
        tuple[tuple[Annotated[str, Meta(max_length=MAX_HEADING_CHARS)], _Value], ...], Meta(max_length=MAX_CELLS)
    ] = ()


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
_Line = _Head | _Said | _End | _Unreadable
_decoder: Decoder[_Line] = Decoder(_Line)


def document_lines(document: Document) -> Iterator[bytes]:
    """Yield a document as lines: what it is, one line for each passage, and the end."""
    yield _line(_Head(type=document.media_type, properties=dict(document.properties), named=document.mislabelled))
    for one in document.passages:
        at = one.locator
        place = _At(at.paragraph, at.page, at.slide, at.sheet, at.cell, at.part, at.anchor)
        yield _line(_Said(one.text, one.kind, place, at.heading, one.level, one.cells))
    yield _line(_End(document.notes))


def unreadable_line(because: str) -> bytes:
    """Return the line that says why the file could not be read."""
    return _line(_Unreadable(because[:MAX_REASON_CHARS]))


def document_from(lines: Iterable[bytes], *, name: str) -> Document:
    """Build the document that the lines describe. Raises Unreadable if they say so, Unbelievable if they are none."""
    passages: list[Passage] = []
    head: _Head | None = None
    chars = 0
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in lines:
        match _parsed(line):
            case _Said() as said if head and len(passages) < MAX_PASSAGES:
                chars += len(said.text) + sum([len(key) for key, _ in said.cells])
                if chars > MAX_CHARS + MAX_PASSAGE_CHARS * 2:
                    raise Unbelievable("too much text")
                passages.append(_passage(said, paths))
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


def _passage(said: _Said, paths: dict[tuple[str, ...], tuple[str, ...]]) -> Passage:
    if said.text.isspace():
        raise Unbelievable("no text")
    at = said.at
    place = Locator(
        heading=paths.setdefault(said.heading, said.heading),  # all passages below one heading share its path
        paragraph=at.paragraph, page=at.page, slide=at.slide,
        sheet=at.sheet, cell=at.cell, part=at.part, anchor=at.anchor,
    )  # fmt: skip
    return Passage(text=said.text, kind=said.kind, locator=place, level=said.level, cells=said.cells)


def _parsed(line: bytes) -> _Line:
    try:
        return _decoder.decode(line)
    except (DecodeError, RecursionError):  # what breaks a rule of its type is a DecodeError too
        raise Unbelievable("no line of ours") from None
