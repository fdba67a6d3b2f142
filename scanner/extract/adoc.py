"""AsciiDoc by an own reader of lines: headings, lists, tables, admonitions and code."""

import re
from typing import IO

from scanner.extract.decoding import read_text
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.md import plain_inline
from scanner.extract.txt import LONG_FILE
from scanner.model.document import Document, PassageKind

_HEADING = re.compile(r"^(={1,6}|#{1,6})\s+(\S.*?)(?:\s+\1)?$")
_ATTRIBUTE = re.compile(r"^:!?([\w-]+)!?:(?:\s+(.*))?$")
_BLOCK_ATTRIBUTES = re.compile(r"^\[(?:[^\]]|\](?!$))*\]$")
_ITEM = re.compile(r"^\s*(\*{1,6}|-|\.{1,6}|\d{1,3}\.|<\d{1,3}>)\s+(?=\S)")
_TERM = re.compile(r"^(\S.{0,200}?):{2,4}(?:\s+(.*))?$")
_MACRO = re.compile(r"^(?:image|include|video|audio|toc|ifdef|ifndef|ifeval|endif)::?\S*\[.*\]$")
_FENCE = re.compile(r"^(-{4,}|\.{4,}|`{3,}|\+{4,}|/{4,})(?:\w+)?$")
_FRAME = re.compile(r"^(?:={4,}|\*{4,}|_{4,}|--)$")
_TABLE = re.compile(r"^[|,:!]={3,}$")
_CELL = re.compile(r"(?<!\\)(?:(?:\d+(?:\.\d+)?|\.\d+)[+*])?[<^>.]{0,3}[aehlmsdv]?\|(?!=)")
_COLUMNS = re.compile(r"cols\s*=\s*\"([^\"]*)\"|cols\s*=\s*([^,\]\"]+)")


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read an AsciiDoc text. Raises Unreadable."""
    text, whole = read_text(stream)
    draft = Draft(name=name, real=Format.ASCIIDOC)
    if not whole:
        draft.note(LONG_FILE)
    with draft:
        _Reader(draft).read([line.rstrip() for line in text.splitlines()])
    return draft.document()


class _Reader:
    """Goes through the lines once; what is open is a paragraph or a list item."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.open: list[str] = []
        self.kind = PassageKind.PARAGRAPH
        self.level = 0
        self.columns = 0  # that the last block attributes promise a table

    def read(self, lines: list[str]) -> None:
        place = 0
        while place < len(lines):
            line = lines[place]
            place += 1
            if fence := _FENCE.match(line):
                place = self._fenced(lines, place, fence.group(1))
            elif _TABLE.match(line):
                place = self._table(lines, place, line)
            elif (attribute := _ATTRIBUTE.match(line)) and not self.open:
                place = self._attribute(lines, place, attribute)
            else:
                self._line(line)
        self._close()

    def _line(self, line: str) -> None:
        if not line or line == "+" or line.startswith("//") or _FRAME.match(line) or _MACRO.match(line):
            self._close()
        elif heading := _HEADING.match(line):
            self._close()
            self.draft.heading(plain_inline(heading.group(2)), len(heading.group(1)))
        elif _BLOCK_ATTRIBUTES.match(line):
            self._close()
            found = _COLUMNS.search(line)
            self.columns = _count(found.group(1) or found.group(2) or "") if found else 0
        elif item := _ITEM.match(line):
            marker = item.group(1)
            self._begin(PassageKind.LIST_ITEM, len(marker) - 1 if marker[0] in "*." else 0, line[item.end() :])
        elif (term := _TERM.match(line)) and not self.open:
            self._begin(PassageKind.LIST_ITEM, 0, term.group(1))
            self._close()
            if term.group(2):
                self._begin(PassageKind.PARAGRAPH, 0, term.group(2))
        elif not self.open and re.match(r"^\.[^\s.]", line):
            self._begin(PassageKind.PARAGRAPH, 0, line[1:])  # a block's title
            self._close()
        else:
            self.open.append(line.removesuffix(" +"))

    def _begin(self, kind: PassageKind, level: int, text: str) -> None:
        self._close()
        self.kind, self.level, self.open = kind, level, [text]

    def _close(self) -> None:
        self.draft.add(plain_inline(" ".join(self.open)), self.kind, level=self.level)
        self.kind, self.level, self.open = PassageKind.PARAGRAPH, 0, []

    def _fenced(self, lines: list[str], start: int, fence: str) -> int:
        self._close()
        end = next((n for n in range(start, len(lines)) if lines[n] == fence), len(lines))
        if fence[0] != "/":
            self.draft.add("\n".join(lines[start:end]), PassageKind.CODE)
        return end + 1

    def _attribute(self, lines: list[str], place: int, attribute: re.Match[str]) -> int:
        value = attribute.group(2) or ""
        while value.endswith("\\") and place < len(lines):
            value = f"{value[:-1]} {lines[place]}"
            place += 1
        self.draft.set_property(attribute.group(1), value)
        return place

    def _table(self, lines: list[str], start: int, border: str) -> int:
        self._close()
        end = next((n for n in range(start, len(lines)) if lines[n] == border), len(lines))
        body = lines[start:end]
        cells: list[str] = []
        columns = self.columns
        for line in body:
            if not line:
                columns = columns or len(cells)  # a first row of one cell a line ends with a blank line
                continue
            begin, *more = _CELL.split(line)
            if begin.strip() and cells:
                cells[-1] = f"{cells[-1]} {begin.strip()}"
            elif begin.strip():
                more = [begin, *more]
            columns = columns or (len(more) if not cells and len(more) > 1 else 0)
            cells += [cell.strip() for cell in more]
        self._rows([plain_inline(cell) for cell in cells], max(columns, 1))
        self.columns = 0
        return end + 1

    def _rows(self, cells: list[str], columns: int) -> None:
        header: list[str] = []
        for start in range(0, len(cells), columns):
            row = cells[start : start + columns]
            self.draft.row(row, header)
            header = header or row


def _count(columns: str) -> int:
    """Return how many columns a specification such as "1,2a,3*" makes."""
    total = 0
    for one in re.split(r"[,;]", columns)[:100]:
        times = re.match(r"\s*(\d{1,2})\*", one)
        total += int(times.group(1)) if times else 1 if one.strip() or "," in columns else 0
    return total
