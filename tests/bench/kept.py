"""What structure each engine keeps of one rich Word document of ours, beside how fast it is: the same marks for all."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from rich.table import Table

from scanner.extract.direct import read
from scanner.model.document import Document, Passage, PassageKind
from tests.extract_samples.every import BY_NAME

SAMPLE = "guide.docx"
MARKS: Mapping[str, Sequence[str]] = MappingProxyType(  # what must stand in the text that an engine gives, line by line
    {
        "headings with levels": (r"^# Accounts$", r"^## Roles$"),
        "list items with levels": (r"^[-*] Disable Telnet on port 23\.$", r"^\s+[-*] Then restart\.$"),
        "table with its header": (r"^\| Role \| Rights \|\s*\n\|[ :|-]+\|\s*\n\| Nurse \| read only \|",),
        "header, footer": (r"PV-SEC-001 revision 4", r"Confidential"),
        "footnote": (r"See annex E\.",),
        "comment": (r"Which one\?",),
        "insertions, not deletions": (r"Port 22 is closed\.",),
        "text box": (r"never share accounts",),
        "code as code": (r"^```\nufw deny 23\nufw reload\n```",),
        "properties": (r"PulseView 4\.2", r"Document ID: PV-SEC-001"),
        "contents marked": (r"^\[toc\]",),
    }
)


def sample_in(folder: Path) -> None:
    """Write the document there."""
    (folder / SAMPLE).write_bytes(BY_NAME[SAMPLE].data)


def ours() -> str:
    """Return what we read of it, written as the others write."""
    return written(read(io.BytesIO(BY_NAME[SAMPLE].data), name=SAMPLE))


def kept_of(texts: Mapping[str, str]) -> Table:
    """Return the table of what each engine's text keeps: how many of the marks, by structure."""
    table = Table("structure", *texts, title=f"What is kept of {SAMPLE}")
    for structure, marks in MARKS.items():
        found = [sum(bool(re.search(mark, text, re.MULTILINE)) for mark in marks) for text in texts.values()]
        table.add_row(structure, *(f"{count} of {len(marks)}" for count in found))
    return table


def written(document: Document) -> str:
    """Return a document in Markdown."""
    return "\n".join(_line(one) for one in document.passages)


def _line(one: Passage) -> str:
    match one.kind:
        case PassageKind.HEADING:
            return f"{'#' * one.level} {one.text}"
        case PassageKind.LIST_ITEM:
            return f"{'  ' * one.level}- {one.text}"
        case PassageKind.TABLE_ROW:
            row = f"| {' | '.join(value for _, value in one.cells)} |"
            return f"|{'---|' * len(one.cells)}\n{row}" if any(head for head, _ in one.cells) else row
        case PassageKind.CODE:
            return f"```\n{one.text}\n```"
        case PassageKind.PARAGRAPH | PassageKind.PROPERTY:
            return one.text
    return f"[{one.kind}] {one.text}"
