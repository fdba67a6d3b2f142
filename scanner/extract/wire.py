"""What a reader process says, as lines of JSON: written by the child, and believed by the parent only after checks."""

import json
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import cast

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

_KINDS = {kind.value: kind for kind in PassageKind}
_MEDIA_TYPES = frozenset(real.media_type for real in Format)
_NUMBERS = ("page", "paragraph", "slide")
_PLACES = ("sheet", "cell", "part", "anchor")


class Unbelievable(Exception):
    """The child said something that a reader of documents cannot have said."""


def document_lines(document: Document) -> Iterator[bytes]:
    """Yield a document as lines: what it is, one line for each passage, and the end."""
    named: dict[str, object] = {"named": document.mislabelled} if document.mislabelled else {}
    yield _line({"is": "document", "type": document.media_type, "properties": dict(document.properties), **named})
    for passage in document.passages:
        yield _line(_passage_said(passage))
    yield _line({"is": "end", "notes": list(document.notes)})


def unreadable_line(because: str) -> bytes:
    """Return the line that says why the file could not be read."""
    return _line({"is": "unreadable", "because": because[:MAX_REASON_CHARS]})


def document_from(lines: Iterable[bytes], *, name: str) -> Document:
    """Build the document that the lines describe. Raises Unreadable if they say so, Unbelievable if they are none."""
    passages: list[Passage] = []
    head: dict[str, object] = {}
    chars = 0
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in lines:
        said = _parsed(line)
        match said.get("is"):
            case "unreadable" if not head:
                raise Unreadable(_text(said.get("because"), MAX_REASON_CHARS))
            case "document" if not head:
                head = {"media_type": _one_of(said.get("type"), _MEDIA_TYPES), "properties": _properties(said)}
                head["mislabelled"] = _text(said["named"], MAX_NOTE_CHARS) if "named" in said else ""
            case "passage" if head and len(passages) < MAX_PASSAGES:
                passage = _passage(said, paths)
                chars += len(passage.text) + sum(len(key) for key, _ in passage.cells)
                if chars > MAX_CHARS + MAX_PASSAGE_CHARS * 2:
                    raise Unbelievable("too much text")
                passages.append(passage)
            case "end" if head and passages:
                notes = tuple(_text(note, MAX_NOTE_CHARS) for note in _list(said.get("notes"), MAX_NOTES))
                return Document(
                    name=name,
                    media_type=cast("str", head["media_type"]),
                    properties=cast("MappingProxyType[str, str]", head["properties"]),
                    passages=tuple(passages),
                    mislabelled=cast("str", head["mislabelled"]),
                    notes=notes,
                )
            case _:
                raise Unbelievable("out of order")
    raise Unbelievable("it ended too early")


def _line(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _passage_said(passage: Passage) -> dict[str, object]:
    at = passage.locator
    place = {key: value for key in (*_NUMBERS, *_PLACES) if (value := getattr(at, key)) is not None}
    said: dict[str, object] = {"is": "passage", "text": passage.text, "kind": passage.kind.value, "at": place}
    if at.heading:
        said["heading"] = at.heading
    if passage.level:
        said["level"] = passage.level
    if passage.cells:
        said["cells"] = passage.cells
    return said


def _passage(said: dict[str, object], paths: dict[tuple[str, ...], tuple[str, ...]]) -> Passage:
    place = said.get("at")
    if not isinstance(place, dict) or not set(place) <= {*_NUMBERS, *_PLACES}:
        raise Unbelievable("no place")
    heading = tuple(_text(one, MAX_HEADING_CHARS) for one in _list(said.get("heading", []), MAX_DEPTH))
    return Passage(
        text=_text(said.get("text"), MAX_PASSAGE_CHARS),
        kind=_KINDS[_one_of(said.get("kind"), frozenset(_KINDS))],
        level=_number(said.get("level", 0), least=0),
        cells=tuple(_cell(one) for one in _list(said.get("cells", []), MAX_CELLS)),
        locator=Locator(
            heading=paths.setdefault(heading, heading),
            page=_number(place["page"], least=1) if "page" in place else None,
            paragraph=_number(place["paragraph"], least=1) if "paragraph" in place else None,
            slide=_number(place["slide"], least=1) if "slide" in place else None,
            sheet=_text(place["sheet"], MAX_PLACE_CHARS) if "sheet" in place else None,
            cell=_text(place["cell"], MAX_PLACE_CHARS) if "cell" in place else None,
            part=_text(place["part"], MAX_PLACE_CHARS) if "part" in place else None,
            anchor=_text(place["anchor"], MAX_PLACE_CHARS) if "anchor" in place else None,
        ),
    )


def _cell(said: object) -> tuple[str, str]:
    match said:
        case [str(head), str(value)] if len(head) <= MAX_HEADING_CHARS and len(value) <= MAX_PASSAGE_CHARS:
            return head, value
        case _:
            raise Unbelievable("no cell")


def _properties(said: dict[str, object]) -> MappingProxyType[str, str]:
    found = said.get("properties")
    if not isinstance(found, dict) or len(found) > MAX_PROPERTIES:
        raise Unbelievable("no properties")
    return MappingProxyType({_text(key, 60): _text(value, MAX_PROPERTY_CHARS) for key, value in found.items()})


def _parsed(line: bytes) -> dict[str, object]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise Unbelievable("no JSON") from None
    if not isinstance(said, dict):
        raise Unbelievable("no object")
    return said


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise Unbelievable("no text of that length")
    if not value.isascii():
        _refuse_surrogates(value)
    return value


def _refuse_surrogates(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unbelievable("half a character") from None


def _number(value: object, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_NUMBER:
        raise Unbelievable("no number")
    return value


def _list(value: object, limit: int) -> list[object]:
    if not isinstance(value, list) or len(value) > limit:
        raise Unbelievable("no list of that length")
    return value


def _one_of(value: object, allowed: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Unbelievable("an unknown word")
    return value
