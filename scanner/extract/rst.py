"""reStructuredText by an own reader of lines: headings, lists, tables, directives and literal blocks."""

import re
from typing import IO

from scanner.extract.decoding import read_text
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.md import plain_inline
from scanner.extract.rst_tables import SIMPLE_BORDER, directive_rows, grid_rows, is_grid_border, simple_rows
from scanner.extract.txt import LONG_FILE
from scanner.model.document import Document, PassageKind

MAX_DEPTH = 20
CODE = frozenset(
    {
        "code",
        "code-block",
        "sourcecode",
        "parsed-literal",
        "literalinclude",
        "math",
        "prompt",
        "console",
        "productionlist",
    }
)
SILENT = frozenset(
    {
        "contents",
        "image",
        "include",
        "raw",
        "highlight",
        "meta",
        "index",
        "role",
        "default-role",
        "sectnum",
        "target-notes",
    }
    | {"tabularcolumns", "sectionauthor", "codeauthor", "currentmodule", "module"}
)

_ADORNMENT = re.compile(r"^([!-/:-@\[-`{-~])\1{1,}\s*$")
_DIRECTIVE = re.compile(r"^\.\.\s+(?:\|[^|]+\|\s+)?([\w:+.-]+?)::(?:\s+(.*))?$")
_FOOTNOTE = re.compile(r"^\.\.\s+\[[^\]]+\]\s+(.*)$")
_OPTION = re.compile(r"^:[\w -]+:(?:\s|$)")
_FIELD = re.compile(r"^:([^:\s][^:]*):(?:\s+(.*))?$")
_BULLET = re.compile(r"^([-*+•‣]|\(?(?:\d{1,3}|[A-Za-z]|#|[ivxIVX]{1,5})[.)])(\s+)(?=\S)")


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a reStructuredText. Raises Unreadable."""
    text, whole = read_text(stream)
    draft = Draft(name=name, real=Format.RST)
    if not whole:
        draft.note(LONG_FILE)
    with draft:
        _Reader(draft).read([line.expandtabs(8).rstrip() for line in text.splitlines()], 0, 0)
    return draft.document()


class _Reader:
    """Reads blocks, and what is indented below them again as blocks."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.adornments: list[str] = []  # in the order in which they were met: the first is the outermost heading's

    def read(self, lines: list[str], lists: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.draft.add(" ".join(lines))
            return
        place = 0
        while place < len(lines):
            if not lines[place]:
                place += 1
                continue
            place = self._block(lines, place, lists, depth)

    def _block(self, lines: list[str], at: int, lists: int, depth: int) -> int:
        """Read the block that begins there and return where the next may begin."""
        line = lines[at]
        if end := self._heading(lines, at) or self._table(lines, at):
            return end
        if bullet := _BULLET.match(line):
            return self._item(lines, at, bullet, lists, depth)
        if line.startswith(".. ") or line == "..":
            end = _indented_end(lines, at + 1)
            self._explicit(line, _dedented(lines[at + 1 : end]), lists, depth)
        elif line[0] == " ":
            end = _indented_end(lines, at)
            self.read(_dedented(lines[at:end]), lists, depth + 1)
        elif line.startswith(">>> "):
            end = _run_end(lines, at)
            self.draft.add("\n".join(lines[at:end]), PassageKind.CODE)
        else:
            end = self._paragraph(lines, at, lists)
        return end

    def _table(self, lines: list[str], at: int) -> int:
        """Read a table drawn with characters and return where it ends, 0 when there is none."""
        if is_grid_border(lines[at]):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith(("+", "|"))), len(lines))
            self._rows(grid_rows(lines[at:end]))
            return end
        if SIMPLE_BORDER.match(lines[at]):
            rows, end = simple_rows(lines, at)
            self._rows(rows)
            return end
        return 0

    def _heading(self, lines: list[str], at: int) -> int:
        """Read a heading with a line below it, or below and above; return where it ends, 0 when there is none."""
        after = [*lines[at + 1 : at + 3], "", ""]
        if _ADORNMENT.match(lines[at]):
            if after[0].strip() and _ADORNMENT.match(after[1]) and after[1][0] == lines[at][0]:
                self._add_heading(after[0], lines[at][0] * 2)
                return at + 3
            return 0 if after[0] else at + 1  # a line across the page
        under = _ADORNMENT.match(after[0])
        if under and lines[at][0] != " " and (len(after[0]) >= 4 or len(after[0]) >= len(lines[at])):
            self._add_heading(lines[at], under.group(1))
            return at + 2
        return 0

    def _add_heading(self, text: str, adornment: str) -> None:
        if adornment not in self.adornments:
            self.adornments.append(adornment)
        self.draft.heading(plain_inline(text), self.adornments.index(adornment) + 1)

    def _item(self, lines: list[str], at: int, bullet: re.Match[str], lists: int, depth: int) -> int:
        width = bullet.end()
        end = _indented_end(lines, at + 1)
        body = [
            lines[at][width:],
            *(line[width:] if not line[:width].strip() else line.lstrip() for line in lines[at + 1 : end]),
        ]
        first = _run_end(body, 0)
        nested = next((n for n in range(1, first) if _BULLET.match(body[n]) or body[n].startswith(" ")), first)
        self._said(body[:nested], PassageKind.LIST_ITEM, lists)
        if body[nested - 1].endswith("::"):
            self._literal(body[nested:], lists, depth)
        else:
            self.read(body[nested:], lists + 1, depth + 1)
        return end

    def _literal(self, lines: list[str], lists: int, depth: int) -> None:
        start = next((n for n, line in enumerate(lines) if line), len(lines))
        end = _indented_end(lines, start)
        self.draft.add("\n".join(_dedented(lines[start:end])), PassageKind.CODE)
        self.read(lines[max(end, start) :], lists + 1, depth + 1)

    def _paragraph(self, lines: list[str], at: int, lists: int) -> int:
        end = at + 1
        while end < len(lines) and lines[end] and lines[end][0] != " " and not lines[end].startswith(".. "):
            end += 1
        field = _FIELD.match(lines[at])
        if field:
            end = _indented_end(lines, at + 1)
            self.draft.add(f"{field.group(1)}: {' '.join([field.group(2) or '', *lines[at + 1 : end]])}")
            return end
        block = [line.removeprefix("| ") for line in lines[at:end]]
        if block != ["::"]:
            self._said(block, PassageKind.LIST_ITEM if lists else PassageKind.PARAGRAPH, max(lists - 1, 0))
        if lines[end - 1].endswith("::"):
            start = next((n for n in range(end, len(lines)) if lines[n]), len(lines))
            stop = _indented_end(lines, start)
            self.draft.add("\n".join(_dedented(lines[start:stop])), PassageKind.CODE)
            return max(stop, end)
        return end

    def _said(self, lines: list[str], kind: PassageKind, level: int) -> None:
        text = " ".join(line.strip() for line in lines)
        self.draft.add(plain_inline(text[:-1] if text.endswith("::") else text), kind, level=level)

    def _explicit(self, line: str, body: list[str], lists: int, depth: int) -> None:
        directive = _DIRECTIVE.match(line)
        if directive is None:
            if footnote := _FOOTNOTE.match(line):
                self.draft.add(plain_inline(" ".join([footnote.group(1), *body])), PassageKind.FOOTNOTE)
            return  # a target or a comment: not shown to a reader
        name, argument = directive.group(1), directive.group(2) or ""
        start = next((n for n, one in enumerate(body) if not _OPTION.match(one)), len(body))
        content = body[start:]
        if name in SILENT:
            return
        if name in CODE:
            self.draft.add("\n".join(content), PassageKind.CODE)
        elif name == "toctree":
            for entry in content:
                self.draft.add(entry, PassageKind.TOC)
        elif name in ("list-table", "csv-table"):
            self.draft.add(plain_inline(argument))
            self._rows(directive_rows(name, content))
        elif name in ("figure", "only", "ifconfig", "rubric", "tab-set", "tab-item", "dropdown", "container", "class"):
            self.draft.add(plain_inline(argument) if name in ("rubric", "tab-item", "dropdown") else "")
            self.read(content, lists, depth + 1)
        else:
            head = _run_end([argument, *content], 0) if argument else 0
            self._said([argument, *content][:head], PassageKind.PARAGRAPH, 0)
            self.read(content[max(head - 1, 0) :], lists, depth + 1)

    def _rows(self, rows: list[list[str]]) -> None:
        header: list[str] = []
        for row in rows:
            values = [plain_inline(value) for value in row]
            self.draft.row(values, header)
            header = header or values


def _indented_end(lines: list[str], start: int) -> int:
    """Return the end of the lines from there that are indented or blank, without the blank ones at their end."""
    end = start
    while end < len(lines) and (not lines[end] or lines[end][0] == " "):
        end += 1
    while end > start and not lines[end - 1]:
        end -= 1
    return end


def _run_end(lines: list[str], start: int) -> int:
    return next((n for n in range(start, len(lines)) if not lines[n]), len(lines))


def _dedented(lines: list[str]) -> list[str]:
    margin = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[margin:] for line in lines]
