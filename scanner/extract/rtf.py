"""RTF by striprtf: its paragraphs, and its tables' rows."""

import re
from collections.abc import Callable
from typing import IO

from striprtf.striprtf import rtf_to_text

from scanner.extract.base import Unreadable
from scanner.extract.decoding import MAX_BYTES
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.txt import BULLET, LONG_FILE, heading_level
from scanner.model.document import Document, Locator, PassageKind

MAX_GROUPS = 2_000_000
MAX_INFO_CHARS = 500_000  # in which a document tells its properties
MAX_BESIDES, MAX_GROUP_CHARS = 2_000, 20_000  # notes, and the source of one
_PROPERTY = re.compile(r"\{\\(title|subject|keywords|doccomm|author)\s+([^{}]{1,2000})\}")
_LABELS = {
    "title": "Title", "subject": "Subject", "keywords": "Keywords", "doccomm": "Description", "author": "Author",
}  # fmt: skip
_BESIDES = re.compile(r"\{(?:\\\*)?\\(header|footer|footnote|annotation)[lrf]?(?![a-z])")
_KINDS = {
    "header": PassageKind.HEADER_FOOTER, "footer": PassageKind.HEADER_FOOTER, "footnote": PassageKind.FOOTNOTE,
    "annotation": PassageKind.COMMENT,
}  # fmt: skip
_PARTS = {"annotation": "comment"}
_BRACE = re.compile(r"\\[{}\\]|([{}])")  # an escaped one is text
_CHARACTER = re.compile(r"\\u(-?\d{5,})")  # of four digits at most, any number is a character's
_to_text: Callable[..., str] = rtf_to_text  # it ships without types


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read an RTF document. Raises Unreadable."""
    data = stream.read(MAX_BYTES * 4 + 1)
    if data.count(b"{") > MAX_GROUPS:
        raise Unreadable("it is nested too deeply to be read")
    draft = Draft(name=name, real=Format.RTF)
    if len(data) > MAX_BYTES * 4:
        draft.note(LONG_FILE)
    source = data[: MAX_BYTES * 4].decode("latin-1")
    source = _CHARACTER.sub(_that_is_one, source)
    text = _plain(source)
    has_tables, header = b"\\cell" in data, list[str]()
    with draft:
        _read_properties(source, draft)
        for line in text.splitlines():
            if has_tables and line.count("|") > 1:
                values = line.strip().removesuffix("|").split("|")
                draft.row(values, header)
                header = header or values
                continue
            header = header if not line.strip() else []
            if level := heading_level(line):
                draft.heading(line, level)
            elif bullet := BULLET.match(line):
                draft.add(line[bullet.end() :], PassageKind.LIST_ITEM)
            else:
                draft.add(line)
        draft.leave_headings()
        _read_besides(source, draft)
    return draft.document()


def _plain(source: str) -> str:
    return _paired(_to_text(source, errors="replace"))


def _read_properties(source: str, draft: Draft) -> None:
    for found in _PROPERTY.finditer(source[:MAX_INFO_CHARS]):
        label = _LABELS[found.group(1)]
        draft.set_property(label, _plain(rf"{{\rtf1\ansi {found.group(2)}}}"), cite=label != "Author")


def _read_besides(source: str, draft: Draft) -> None:
    """Add what the library leaves out: headers, footers, notes and comments, each once."""
    seen: set[tuple[str, str]] = set()
    count = end = 0
    for found in _BESIDES.finditer(source):
        if found.start() < end:  # within the one before, and read with it
            continue
        count += 1
        if count > MAX_BESIDES:
            draft.note("it has more notes than are read")
            return
        part = found.group(1)
        kind = _KINDS[part]
        group = _group(source, found.start())
        end = found.start() + len(group)
        for line in _plain(rf"{{\rtf1\ansi {group[found.end() - found.start() :]}").splitlines():
            if (part, line) not in seen:
                seen.add((part, line))
                draft.add(line, kind, at=Locator(part=_PARTS.get(part, part)))


def _group(source: str, start: int) -> str:
    """Return the group that begins there, with its braces; one without end is cut."""
    depth = 0
    for brace in _BRACE.finditer(source, start, start + MAX_GROUP_CHARS):
        depth += 1 if brace.group(1) == "{" else -1 if brace.group(1) else 0
        if depth == 0:
            return source[start : brace.end()]
    return source[start : start + MAX_GROUP_CHARS]


def _paired(text: str) -> str:
    """Join what RTF writes as two halves: it numbers characters by UTF-16, and its reader leaves the halves apart."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _that_is_one(said: re.Match[str]) -> str:
    """Put a question mark's number in place of one that is no character's, on which the reader would give up."""
    known = len(said.group(1)) <= 6 and -0x10000 < int(said.group(1)) < 0x10000
    return said.group() if known else "\\u63"
