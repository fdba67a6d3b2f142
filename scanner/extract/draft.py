"""A document while it is being read: folds, cuts and counts passages, and stops at the caps."""

import re
from types import MappingProxyType, TracebackType
from typing import Self

from scanner.extract.base import Unreadable
from scanner.extract.formats import Format
from scanner.model.document import MAX_PASSAGE_CHARS, Document, Locator, Passage, PassageKind

MAX_CHARS = 8_000_000  # of all passages together: whatever fits into the largest text file that is read
MAX_PASSAGES = 120_000
MAX_HEADING_CHARS = 200  # of one heading in a locator; the heading's own passage keeps its whole text
MAX_DEPTH = 9
MAX_CELLS = 200  # of one row; what goes beyond is in the text alone
MAX_PROPERTIES, MAX_PROPERTY_CHARS = 60, 500
MAX_NOTES, MAX_NOTE_CHARS = 40, 300
CUT_SHORT = "it is longer than the {what} that are read"
NOWHERE = Locator()

_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), 0xFB00))
_UNWANTED: dict[int, str | None] = {
    **{code: None for code in (*range(32), *range(127, 160), 0xAD, 0xFEFF) if chr(code) not in "\t\n\v\f\r\x85"},
    **_LIGATURES,
}
_LIGATURE = re.compile(f"[{''.join(map(chr, _LIGATURES))}]")  # the only unwanted ones that str.isprintable lets pass
_PRINTABLE = bytes(range(0x20, 0x7F))
_LABEL = re.compile(
    r"\s*(?:(?:document|product|device|software|firmware|file|release|effective|issue)\s+)*"
    r"(?:id|number|no\.?|version|revision|title|name|model|date|status|author|owner|manufacturer|classification|product"
    r"|applies to|(?:approved|prepared|reviewed)(?: by)?)\s*:?\s*$",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset({"unspecified", "anonymous", "untitled", "unknown", "none"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]?\s")


class Enough(Exception):
    """The document is as long as it may get; `with draft:` ends on it and keeps what was read."""


class Draft:
    """Passages in reading order. Use it as `with draft: …`, then ask for its document.

    Reading into it ends quietly when the caps are reached, with a note that says so.
    """

    def __init__(self, *, name: str, real: Format) -> None:
        """Begin an empty one for the file of this name."""
        self.name = name
        self.media_type = real.media_type
        self.passages: list[Passage] = []
        self._properties: dict[str, str] = {}
        self._notes: list[str] = []
        self._chars = 0
        self._headings: list[tuple[int, str, str | None]] = []
        self._header: list[str] = []  # of the row before, and how it is shown
        self._heads: list[str] = []
        self.remark = ""  # completes *it is …*, where a person should know by what it was read
        self.place = NOWHERE  # below which headings the next passage stands

    def __enter__(self) -> Self:
        """Begin reading."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        """End quietly when there was enough."""
        return isinstance(error, Enough)

    def add(
        self,
        text: str,
        kind: PassageKind = PassageKind.PARAGRAPH,
        *,
        level: int = 0,
        cells: tuple[tuple[str, str], ...] = (),
        at: Locator = NOWHERE,
    ) -> None:
        """Add one passage; an empty text adds nothing, a long one is cut at sentence ends. Raises Enough."""
        text = folded_lines(text) if kind is PassageKind.CODE else folded(text)
        if cells:
            cells = tuple([(folded(head)[:MAX_HEADING_CHARS], folded(value)) for head, value in cells[:MAX_CELLS]])
        self._put(text, kind, level, cells, at)

    def _put(self, text: str, kind: PassageKind, level: int, cells: tuple[tuple[str, str], ...], at: Locator) -> None:
        """Add what was folded already."""
        if not text:
            return
        if len(text) > MAX_PASSAGE_CHARS:
            pieces = cut(text)
            for piece in pieces:
                self._append(piece, kind, level, cells if len(pieces) == 1 else (), at)
        else:
            self._append(text, kind, level, cells, at)

    def _append(
        self, text: str, kind: PassageKind, level: int, cells: tuple[tuple[str, str], ...], at: Locator
    ) -> None:
        self._count(len(text) + sum([len(head) for head, _ in cells]) if cells else len(text))
        place = Locator(  # dataclasses.replace takes a quarter longer, for every passage
            page=at.page, heading=at.heading or self.place.heading, paragraph=len(self.passages) + 1,
            sheet=at.sheet, cell=at.cell, slide=at.slide, part=at.part, anchor=at.anchor or self.place.anchor,
        )  # fmt: skip
        self.passages.append(Passage(text=text, kind=kind, locator=place, level=level, cells=cells))

    def heading(self, text: str, level: int, *, at: Locator = NOWHERE) -> None:
        """Add a heading (1 is outermost): what follows stands below it, and opens at its anchor."""
        short = folded(text)[:MAX_HEADING_CHARS]
        if not short:
            return
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._stand_below()
        self.add(text, PassageKind.HEADING, level=level, at=at)
        self._headings = [*self._headings[: MAX_DEPTH - 1], (level, short, at.anchor)]
        self._stand_below()

    def row(self, values: list[str], header: list[str] | None = None, *, at: Locator = NOWHERE) -> None:
        """Add a table's row: its text is its cells in order, each cell knows its column's header."""
        values = [folded(value) for value in values]
        heads = [] if header is None or _is_label(values) else self._folded_heads(header)
        named = [(heads[n] if n < len(heads) else "", value) for n, value in enumerate(values) if value]
        text = " | ".join([value for _, value in named])
        self._put(text, PassageKind.TABLE_ROW, 0, tuple(named[:MAX_CELLS]), at)

    def _folded_heads(self, header: list[str]) -> list[str]:
        """Return a header as it stands beside values; it is the same one for all rows of a table."""
        if header != self._header:
            self._header, self._heads = list(header), [folded(head)[:MAX_HEADING_CHARS] for head in header]
        return self._heads

    def leave_headings(self) -> None:
        """What follows stands below no heading."""
        self._headings = []
        self._stand_below()

    def note(self, sentence: str) -> None:
        """Say once what could not be read."""
        sentence = folded(sentence)[:MAX_NOTE_CHARS]
        if sentence not in self._notes and len(self._notes) < MAX_NOTES:
            self._notes.append(sentence)

    def set_property(self, key: str, value: object, *, cite: bool = True) -> None:
        """Keep a document property and, where it can be cited, add its passage, "Subject: Security Guide 4.2"."""
        said = folded(str(value or ""))[:MAX_PROPERTY_CHARS].strip()
        key = folded(key)[:60].strip()
        if (
            said
            and said.lower().strip("()") not in _SAYS_NOTHING
            and key
            and key not in self._properties
            and len(self._properties) < MAX_PROPERTIES
        ):
            self._properties[key] = said
            if cite:
                self.add(f"{key}: {said}", PassageKind.PROPERTY)

    def document(self, *, because_empty: str = "no text was found in it") -> Document:
        """Return the document. Raises Unreadable, with the given reason, when nothing but properties was read."""
        if all(passage.kind is PassageKind.PROPERTY for passage in self.passages):
            raise Unreadable(because_empty)
        return Document(
            name=self.name,
            media_type=self.media_type,
            passages=tuple(self.passages),
            properties=MappingProxyType(dict(self._properties)),
            notes=tuple(self._notes),
            mislabelled=self.remark,
        )

    def _stand_below(self) -> None:
        anchors = [anchor for _, _, anchor in self._headings if anchor]
        path = tuple(one for _, one, _ in self._headings)
        self.place = Locator(heading=path, anchor=anchors[-1] if anchors else None)

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._chars > MAX_CHARS:
            self.note(CUT_SHORT.format(what=f"{MAX_CHARS:,} characters"))
            raise Enough
        if len(self.passages) >= MAX_PASSAGES:
            self.note(CUT_SHORT.format(what=f"{MAX_PASSAGES:,} passages"))
            raise Enough


def _is_label(values: list[str]) -> bool:
    """Tell whether a row of two is a label and its value, as in the block of facts on a cover: no header names it."""
    filled = [value for value in values if value]
    return len(filled) == 2 and bool(_LABEL.match(filled[0]))


def folded(text: str) -> str:
    """Return the text with white space folded to single blanks, ligatures as letters, no controls and soft hyphens."""
    if _is_clean(text):
        as_it_is = "  " not in text and text[:1] != " " and text[-1:] != " "
        return text if as_it_is else " ".join(text.split())
    return " ".join(_clean(text).split())


def folded_lines(text: str) -> str:
    """Return the text with its line ends and indentation, without blank ends and controls."""
    lines = [line.replace("\t", "    ").rstrip() for line in _clean(text).splitlines()]
    return "\n".join(lines).strip("\n").rstrip()


def cut(text: str) -> tuple[str, ...]:
    """Cut a long text into pieces of at most MAX_PASSAGE_CHARS: at sentence ends, else at blanks, else anywhere.

    None but the last is shorter than half of that, so that a heading begins as its locators name it.
    """
    pieces, start = [], 0
    while len(text) - start > MAX_PASSAGE_CHARS:
        window = text[start : start + MAX_PASSAGE_CHARS]
        sentence = max((match.end() for match in _SENTENCE_END.finditer(window)), default=0)
        blank = max(window.rfind(" "), window.rfind("\n")) + 1
        end = next((place for place in (sentence, blank) if place > len(window) // 2), len(window))
        pieces.append(window[:end].strip())
        start += end
    pieces.append(text[start:].strip())
    return tuple(piece for piece in pieces if piece)


def _is_clean(text: str) -> bool:
    """Tell whether nothing in the text but its blanks may need folding; most texts need none, and this is cheap."""
    if text.isascii():
        return not text.encode("ascii").translate(None, _PRINTABLE)
    return text.isprintable() and not _LIGATURE.search(text)


def _clean(text: str) -> str:
    if _is_clean(text):
        return text
    text = text.translate(_UNWANTED)
    return text.encode("utf-8", "replace").decode()  # half a character becomes a question mark
