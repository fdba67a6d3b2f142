"""RTF by striprtf: its paragraphs, and its tables' rows."""

from collections.abc import Callable
from typing import IO

from striprtf.striprtf import rtf_to_text

from scanner.extract.base import Unreadable
from scanner.extract.decoding import MAX_BYTES
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.txt import BULLET, LONG_FILE, heading_level
from scanner.model.document import Document, PassageKind

MAX_GROUPS = 2_000_000
_to_text: Callable[..., str] = rtf_to_text  # it ships without types


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read an RTF document. Raises Unreadable."""
    data = stream.read(MAX_BYTES * 4 + 1)
    if data.count(b"{") > MAX_GROUPS:
        raise Unreadable("it is nested too deeply to be read")
    draft = Draft(name=name, real=Format.RTF)
    if len(data) > MAX_BYTES * 4:
        draft.note(LONG_FILE)
    text = _paired(_to_text(data[: MAX_BYTES * 4].decode("latin-1"), errors="replace"))
    has_tables, header = b"\\cell" in data, list[str]()
    with draft:
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
    return draft.document()


def _paired(text: str) -> str:
    """Join what RTF writes as two halves: it numbers characters by UTF-16, and its reader leaves the halves apart."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
