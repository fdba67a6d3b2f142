"""CSV and TSV: one passage a row; the first row names the columns."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from scanner.extract.base import Extractor
from scanner.extract.decoding import read_text
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.grid import Grid
from scanner.extract.txt import LONG_FILE
from scanner.model.document import Document

MAX_FIELD_CHARS = 1_000_000
DELIMITERS = ",;\t|"


def reader_of(real: Format) -> Extractor:
    """Return the extractor for comma-separated (or otherwise parted) or for tab-separated values."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        text, whole = read_text(stream)
        draft = Draft(name=name, real=real)
        if not whole:
            draft.note(LONG_FILE)
        with draft:
            grid = Grid(draft)
            for number, row in enumerate(_rows(text, "\t" if real is Format.TSV else _delimiter(text)), 1):
                grid.row(row, number=number)
        return draft.document()

    return extract


def _delimiter(text: str) -> str:
    """Return the delimiter that parts the first lines most evenly; spreadsheets write semicolons in many countries."""
    lines = text.split("\n", 20)[:20]
    counts = {one: [line.count(one) for line in lines if line.strip()] for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: (min(counts[one], default=0), sum(counts[one])))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows; where quoting is broken beyond repair, the lines as they are."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    read = 0
    try:
        for row in reader:
            yield row
            read = reader.line_num
    except csv.Error:
        for line in text.splitlines()[read:]:
            yield line.split(delimiter)
