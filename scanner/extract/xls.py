"""Excel's old workbooks (XLS) by calamine: every sheet, one passage a row."""

from typing import IO

from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.ole import opened_ole, read_properties
from scanner.extract.xlsx import EMPTY, read_sheets
from scanner.model.document import Document


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read an old workbook. Raises Unreadable."""
    draft = Draft(name=name, real=Format.XLS)
    with draft:
        with opened_ole(stream) as container:
            read_properties(container, draft)
        stream.seek(0)
        read_sheets(stream, draft)
    return draft.document(because_empty=EMPTY)
