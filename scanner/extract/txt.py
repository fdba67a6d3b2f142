"""Plain text: headings by underline, number or capitals, lists, code-like blocks, paragraphs between blank lines."""

import re
from collections.abc import Iterator, Sequence
from typing import IO

from scanner.extract.decoding import read_text
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.model.document import Document, PassageKind

TOC_TAIL = 120  # characters in which a line of the contents shows its dots and page
LONG_FILE = "it is larger than a text that can be read to its end"
BULLET = re.compile(r"^(\s*)(?:[-*+•–▪◦·o]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")

_UNDERLINE = re.compile(r"^([=\-~^*#_+])\1{2,}\s*$")
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,3}){0,5})\.?\s{1,4}(?=[A-Z])")
_DEEP_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,3})+\.?\s")
_TOC = re.compile(r"(?:\.\s?){4,}\s*\w{1,5}\s*$")
_UNDERLINE_LEVELS = {"=": 1, "#": 1, "*": 1, "-": 2}


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a plain text in any encoding. Raises Unreadable."""
    text, whole = read_text(stream)
    draft = Draft(name=name, real=Format.TEXT)
    if not whole:
        draft.note(LONG_FILE)
    with draft:
        read_plain(text, draft)
    return draft.document()


def read_plain(text: str, draft: Draft) -> None:
    """Read plain text into the draft."""
    for block in blocks(text.splitlines()):
        _read_block(block, draft)


def blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the runs of lines that are not blank."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _read_block(block: list[str], draft: Draft) -> None:
    while block:
        if len(block) >= 3 and _UNDERLINE.match(block[0]) and _UNDERLINE.match(block[2]):
            draft.heading(block[1], _UNDERLINE_LEVELS.get(block[0][0], 3))
            block = block[3:]
        elif len(block) >= 2 and _is_underlined(block):
            draft.heading(block[0], _UNDERLINE_LEVELS.get(block[1][0], 3))
            block = block[2:]
        else:
            break
    if not block:
        return
    if len(block) == 1 and (level := heading_level(block[0])):
        draft.heading(block[0], level)
        return
    if len(block) >= 2 and _DEEP_NUMBER.match(block[0]) and (level := heading_level(block[0])):
        draft.heading(block[0], level)
        block = block[1:]
    for kind, depth, text in _items(block):
        draft.add(text, kind, level=depth)


def _is_underlined(block: list[str]) -> bool:
    return bool(_UNDERLINE.match(block[1])) and not _UNDERLINE.match(block[0]) and len(block[0].strip()) <= 100


def heading_level(line: str) -> int:
    """Return the level of a line that stands alone and looks like a heading, 0 for one that does not."""
    line = line.strip()
    if len(line) > 90 or line.endswith((".", ",", ";", ":", "!", "?")) or _TOC.search(line[-TOC_TAIL:]):
        return 0
    if found := _NUMBERED.match(line):
        return found.group(1).count(".") + 1 if len(line.split()) <= 12 else 0
    letters = [char for char in line if char.isalpha()]
    in_capitals = line.upper() == line != line.lower()  # neither holds of scripts without capitals
    return 1 if len(letters) >= 4 and in_capitals and len(line.split()) <= 10 else 0


def _items(block: list[str]) -> Iterator[tuple[PassageKind, int, str]]:
    """Part a block into list items, lines of a table of contents and paragraphs."""
    kind, depth, lines = PassageKind.PARAGRAPH, 0, list[str]()
    for line in block:
        if _TOC.search(line[-TOC_TAIL:]):
            if lines:
                yield kind, depth, " ".join(lines)
            yield PassageKind.TOC, 0, line
            kind, depth, lines = PassageKind.PARAGRAPH, 0, []
        elif bullet := BULLET.match(line):
            if lines:
                yield kind, depth, " ".join(lines)
            kind, depth, lines = PassageKind.LIST_ITEM, len(bullet.group(1)) // 2, [line[bullet.end() :]]
        else:
            lines.append(line)
    if lines:
        yield kind, depth, " ".join(lines)
