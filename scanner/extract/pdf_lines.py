"""The lines of a PDF's pages as PDFium sees them: text, place, size and boldness."""

import ctypes
import math
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_PAGE_CHARS = 200_000  # of one page; what goes beyond is not read, and said
SPACED_TABLE = 0.9  # a gap this many times as wide as the letters are high parts columns
MAX_MARKER_CHARS = 4  # in which a line's first letter or digit is looked for
KNOWN_COLUMN = 0.32  # the same, where the rows above have a column; a blank is narrower

_box_of = raw.FPDFText_GetLooseCharBox  # asked thousands of times a document
_four = struct.Struct("4f").unpack
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\S+")
_LINE_END = re.compile(r"\r\n|\n|\r")
_HYPHEN = "\ufffe"  # how PDFium marks a word that goes on in the next line
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_MARKER = re.compile(r"^(?:\(?[A-Z]?\d*(?:\.\d+)*[.)]?|\(?[a-z]{1,4}[.)]|[^\w\s])$")  # of a list item or heading
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass(slots=True, kw_only=True, eq=False)
class Line:
    """One line of a page."""

    text: str
    left: float
    top: float  # from the page's lower edge
    bottom: float
    right: float
    size: float  # height of its letters' box
    bold: bool
    columns: tuple[str, ...] = ()  # its texts where wide gaps part them
    lefts: tuple[float, ...] = ()  # where the columns begin


def lines_of(page: pdfium.PdfPage) -> tuple[list[Line], bool]:
    """Return a page's lines in the order of its content, and whether all of it was read."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count <= 0:
            return [], True
        text = textpage.get_text_range(0, min(count, MAX_PAGE_CHARS), errors="replace")
        reader = _Reader(textpage.raw, plain=len(text) == count)
        return [line for line in reader.lines(text) if line.text], count <= MAX_PAGE_CHARS
    finally:
        textpage.close()


def mended(text: str) -> str:
    """Return the text with hyphenation undone and ligatures as letters."""
    if text.isascii() and "\x02" not in text:
        return text
    return text.replace(_HYPHEN, "").replace("\x02", "").translate(_LIGATURES)


class _Reader:
    """Asks one text page about its characters."""

    def __init__(self, handle: object, *, plain: bool) -> None:
        self.handle = handle
        self.plain = plain  # every place in the text is that of a character of the page
        self.box = raw.FS_RECTF()
        self.flags = ctypes.c_int()
        self.name = ctypes.create_string_buffer(128)
        self.gaps = _wide_gaps(handle)
        self.known: tuple[float, ...] = ()  # where the columns of the table begin that is being read

    def lines(self, text: str) -> Iterator[Line]:
        start = 0
        for end, after in (*((m.start(), m.end()) for m in _LINE_END.finditer(text)), (len(text), len(text))):
            line = text[start:end]
            stripped = line.strip()
            if stripped:
                first = start + len(line) - len(line.lstrip())
                yield self._line(line.strip(), first, first + len(stripped) - 1)
            start = after

    def _line(self, text: str, first: int, last: int) -> Line:
        left, top, _, bottom = self._place(first)
        letter = _LETTER.search(text, 0, MAX_MARKER_CHARS)
        sized = first + letter.start() if letter else first
        if sized > first:  # a list item's mark is set larger or smaller than its text
            _, top, _, bottom = self._place(sized)
        size = top - bottom
        _, end_top, right, end_bottom = self._place(last)
        columns: tuple[str, ...] = ()
        lefts: tuple[float, ...] = ()
        wide = bool(self.gaps) and self._has_gap(bottom, top)
        known = bool(self.known) and any(abs(one - left) <= 2 for one in self.known)
        if (wide or known) and _HYPHEN not in text:
            columns, lefts = self._columns(text, first, size)
            self.known = lefts if len(lefts) >= len(self.known) else self.known
        elif self.known:
            self.known = ()
        return Line(
            text=" ".join(mended(text).split()), left=left, top=max(top, end_top) if end_bottom >= bottom else top,
            bottom=min(bottom, end_bottom), right=right, size=size, bold=self._is_bold(sized),
            columns=columns, lefts=lefts,
        )  # fmt: skip

    def _place(self, index: int) -> tuple[float, float, float, float]:
        char = index if self.plain else raw.FPDFText_GetCharIndexFromTextIndex(self.handle, index)
        if char < 0 or not _box_of(self.handle, char, self.box):
            return 0.0, 0.0, 0.0, 0.0
        return _four(self.box)

    def _is_bold(self, index: int) -> bool:
        char = index if self.plain else raw.FPDFText_GetCharIndexFromTextIndex(self.handle, index)
        size = raw.FPDFText_GetFontInfo(self.handle, char, self.name, 128, self.flags)
        return bool(0 < size <= 128 and _BOLD.search(self.name.value)) or bool(self.flags.value & 0x40000)

    def _has_gap(self, bottom: float, top: float) -> bool:
        middle = (bottom + top) / 2
        place = bisect_right(self.gaps, (middle, math.inf)) - 1
        return place >= 0 and middle <= self.gaps[place][1]

    def _columns(self, text: str, first: int, size: float) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """Part one line at its wide gaps; asked for the few lines only that have one."""
        parts, lefts, begin, edge = list[str](), list[float](), 0, 0.0
        wide, narrow, place = SPACED_TABLE * max(size, 4.0), KNOWN_COLUMN * max(size, 4.0), self._place
        for word in _WORD.finditer(text):
            start, end = word.span()
            left = place(first + start)[0]
            if not lefts:
                lefts.append(left)
            elif left - edge > wide or (left - edge > narrow and any(abs(one - left) <= 2 for one in self.known)):
                parts.append(text[begin:start].strip())
                lefts.append(left)
                begin = start
            edge = place(first + end - 1)[2]
        parts.append(text[begin:].strip())
        if len(parts) < 2 or (len(parts) == 2 and not self.known and _MARKER.match(parts[0])):
            return (), ()
        return tuple(mended(part) for part in parts), tuple(lefts)


def _wide_gaps(handle: object) -> list[tuple[float, float]]:
    """Return the heights (low, high), from below and apart, at which runs of text stand beside a wide gap."""
    count = min(raw.FPDFText_CountRects(handle, 0, -1), 3_000)
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    gaps: list[tuple[float, float]] = []
    previous: tuple[float, float, float] | None = None
    for index in range(count):
        raw.FPDFText_GetRect(handle, index, left, top, right, bottom)
        low, high = bottom.value, top.value
        if previous is not None:
            edge, before_low, before_high = previous
            height = max(high - low, 4.0)
            if min(high, before_high) > max(low, before_low) and left.value - edge > SPACED_TABLE * height:
                gaps.append((min(low, before_low), max(high, before_high)))
        previous = (right.value, low, high)
    return _apart(gaps)


def _apart(heights: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the same heights in order, those that overlap as one."""
    joined: list[tuple[float, float]] = []
    for low, high in sorted(heights):
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined
