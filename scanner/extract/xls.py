"""Excel's old workbooks (XLS) by calamine: every sheet, one passage a row."""

import struct
from typing import IO

from scanner.extract.base import Unreadable
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.ole import opened_ole, read_properties, read_stream
from scanner.extract.xlsx import EMPTY, read_sheets
from scanner.model.document import Document

FILE_PASS = 0x2F  # MS-XLS 2.4.117
FIRST_RECORDS = 8  # among which it stands


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read an old workbook. Raises Unreadable."""
    draft = Draft(name=name, real=Format.XLS)
    with draft:
        with opened_ole(stream) as container:
            read_properties(container, draft)
            if _is_protected(read_stream(container, "Workbook") or read_stream(container, "Book") or b""):
                raise Unreadable("it is protected by a password")
        stream.seek(0)
        read_sheets(stream, draft)
    return draft.document(because_empty=EMPTY)


def _is_protected(book: bytes) -> bool:
    """Tell whether one of the first records (MS-XLS 2.1.4) says that all after it are encrypted."""
    place = 0
    for _ in range(FIRST_RECORDS):
        if place + 4 > len(book):
            return False
        kind, length = struct.unpack_from("<HH", book, place)
        if kind == FILE_PASS:
            return True
        place += 4 + length
    return False
