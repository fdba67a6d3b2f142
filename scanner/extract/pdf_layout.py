"""Lines of a PDF into headings, paragraphs, list items, table rows, contents lines, headers and footers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from scanner.extract.draft import Draft
from scanner.extract.pdf_lines import Line
from scanner.extract.pdf_tables import with_rows
from scanner.model.document import Locator, PassageKind

Pages = Sequence[tuple[int, list[Line]]]

EDGE_LINES = 3  # of a page's top and bottom that can be a header or footer
MIN_REPEATS = 3  # pages that a header stands on
TOC_TAIL = 120  # characters in which a line of the contents shows its dots and page
MAX_HEADING_CHARS = 160
LARGER = 1.12  # a heading's letters against the body's
MAX_LEVELS = 6

_BULLET = re.compile(r"^(?:[•▪◦‣●○■–\u2022\uf0b7\uf0a7]\s*|[-*]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+)(?=\S)")
_NUMBERED = re.compile(
    r"^(?:(?:Annex|Appendix|Section|Chapter)\s+)?([A-Z]|\d{1,2})((?:\.\d{1,3}){0,5})\.?\s+(?=[A-Z(])"
)
_DIGITS = re.compile(r"[0-9]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_TOC = re.compile(r"(?:\.\s?){4,}\s*\w{1,6}\s*$")
_SENTENCE_END = re.compile(r"[.!?:;,…]$")


class Outline:
    """The bookmarks: which heading of which level stands on which page."""

    def __init__(self, bookmarks: Iterable[tuple[int, int, str]]) -> None:
        """Index (level, page, title)."""
        self._levels = {(page, letters(title)): level for level, page, title in bookmarks if letters(title)}

    def level(self, page: int, text: str) -> int:
        """Return the level of the heading with this text on this page, 0 when the outline knows none."""
        if not self._levels or len(text) > MAX_HEADING_CHARS:
            return 0
        said = letters(text)
        bare = letters(_NUMBERED.sub("", text))
        return self._levels.get((page, said)) or self._levels.get((page, bare), 0)


def letters(text: str) -> str:
    """Return letters and digits alone, in lower case, to compare texts."""
    return _NO_LETTERS.sub("", text.casefold())


class Layout:
    """Decides what each line is, and joins lines into passages."""

    def __init__(self, draft: Draft, outline: Outline) -> None:
        """Keep where passages go."""
        self.draft = draft
        self.outline = outline
        self.body = 10.0
        self.sizes: list[float] = []
        self._levels: dict[Line, int] = {}  # of the page that is being read
        self._header: tuple[int, tuple[str, ...], tuple[float, ...]] | None = None

    def read(self, pages: Pages) -> None:
        """Read all pages."""
        running = _running_lines(pages)
        kept = [(page, [line for line in lines if id(line) not in running]) for page, lines in pages]
        self._measure(kept)
        self._read_running(pages, running)
        for page, lines in kept:
            self._header = None
            self._levels.clear()
            for block in self._blocks(with_rows(lines), page):
                self._read_block(block, page)

    def _measure(self, pages: Pages) -> None:
        """Find the body's size, and the sizes of headings, the largest first."""
        weights: Counter[float] = Counter()
        for _, lines in pages:
            for line in lines:
                weights[round(line.size * 2) / 2] += len(line.text)
        if weights:
            self.body = weights.most_common(1)[0][0] or 10.0
        self.sizes = sorted((size for size in weights if size >= LARGER * self.body), reverse=True)

    def _read_running(self, pages: Pages, running: dict[int, str]) -> None:
        """Add each header and footer where it stands first; page numbers alone make no other one."""
        seen: set[str] = set()
        for page, lines in pages:
            for line in lines:
                part = running.get(id(line))
                if part and (key := _key(line)) not in seen:
                    seen.add(key)
                    self.draft.add(line.text, PassageKind.HEADER_FOOTER, at=Locator(page=page, part=part))

    def _blocks(self, lines: list[Line], page: int) -> Iterator[list[Line]]:
        """Join lines that belong together."""
        block: list[Line] = []
        for line in lines:
            if block and self._begins(line, block, page):
                yield block
                block = []
            block.append(line)
        if block:
            yield block

    def _begins(self, line: Line, block: list[Line], page: int) -> bool:
        """Tell whether the line begins something new."""
        last = block[-1]
        if line.columns or last.columns or _is_contents(line) or _is_contents(last) or _BULLET.match(line.text):
            return True
        if abs(line.size - last.size) > 0.12 * max(last.size, 1.0):
            return True
        level = self._level(line, page)
        if level != self._level(last, page) or (level and _NUMBERED.match(line.text)):
            return True
        gap = last.bottom - line.top
        return gap > 0.55 * line.size or gap < -3 * line.size

    def _level(self, line: Line, page: int) -> int:
        """Return a heading's level; asked of each line about three times."""
        if line not in self._levels:
            self._levels[line] = self._found_level(line, page)
        return self._levels[line]

    def _found_level(self, line: Line, page: int) -> int:
        """Find a heading's level: from the bookmarks, else from size, boldness and numbering."""
        text = line.text
        if (
            len(text) > MAX_HEADING_CHARS
            or not any(char.isalpha() for char in text)
            or line.columns
            or _is_contents(line)
        ):
            return 0
        if level := self.outline.level(page, text):
            return level
        found = _NUMBERED.match(text)
        depth = found.group(2).count(".") + 1 if found else 0
        if line.size >= LARGER * self.body and not (_SENTENCE_END.search(text) and len(text) > 60):
            if depth:
                return depth
            rank = sum(1 for size in self.sizes if size > line.size * 1.04) + 1
            return min(rank, MAX_LEVELS)
        if line.bold and line.size >= 0.95 * self.body and len(text) <= 100 and not _SENTENCE_END.search(text):
            return depth or (min(len(self.sizes) + 1, MAX_LEVELS) if text[0].isupper() or text[0].isdigit() else 0)
        return 0

    def _read_block(self, block: list[Line], page: int) -> None:
        at = Locator(page=page)
        first = block[0]
        text = " ".join(line.text for line in block)
        if first.columns:
            self._row(first, at)
            return
        self._header = None
        if _is_contents(first):
            self.draft.add(text, PassageKind.TOC, at=at)
        elif level := self._level(first, page):
            self.draft.heading(text, level, at=at)
        elif bullet := _BULLET.match(text):
            self.draft.add(text[bullet.end() :], PassageKind.LIST_ITEM, at=at)
        else:
            self.draft.add(text, at=at)

    def _row(self, line: Line, at: Locator) -> None:
        """Add a table's row; the first of a run of rows names the columns when it has as many as they."""
        if self._header is None:
            self._header = (len(line.columns), line.columns, line.lefts)
            self.draft.row(list(line.columns), at=at)
            return
        _, heads, lefts = self._header
        names = [_nearest(left, lefts, heads) for left in line.lefts]
        self.draft.row(list(line.columns), names, at=at)


def _nearest(left: float, lefts: tuple[float, ...], heads: tuple[str, ...]) -> str:
    distance, place = min((abs(left - one), n) for n, one in enumerate(lefts))
    return heads[place] if distance < 40 else ""


def _is_contents(line: Line) -> bool:
    """Tell whether it is a line of the table of contents."""
    tail = line.text[-TOC_TAIL:]
    return tail.count(".") >= 4 and bool(_TOC.search(tail))


def _key(line: Line) -> str:
    return f"{letters(_DIGITS.sub('0', line.text))}@{round(line.top / 6)}"


def _running_lines(pages: Pages) -> dict[int, str]:
    """Find the lines at the edges that repeat at the same height over pages but for their digits.

    Returns "header" or "footer" by the identity of the line.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for _, lines in pages:
        by_height = sorted(lines, key=lambda line: -line.top)
        middle = median((by_height[0].top, by_height[-1].bottom)) if lines else 0
        for line in dict.fromkeys((*by_height[:EDGE_LINES], *by_height[-EDGE_LINES:])):
            found.setdefault(_key(line), []).append((id(line), "header" if line.top > middle else "footer"))
    enough = max(min(MIN_REPEATS, len(pages)), 2, len(pages) // 10)
    return {one: part for places in found.values() if len(places) >= enough for one, part in places}
