"""Rows of a spreadsheet into passages that know their columns' headers and their cells."""

from collections.abc import Mapping, Sequence

from scanner.extract.draft import Draft, folded
from scanner.model.document import Locator

MAX_HEADER_CHARS = 80
MAX_NAME_CHARS = 100


class Grid:
    """One sheet, row by row: the first row of texts after a gap names the columns below it."""

    def __init__(self, draft: Draft, *, sheet: str | None = None) -> None:
        """Begin a sheet."""
        self._draft = draft
        self._sheet = None if sheet is None else sheet_said(sheet)
        self._header: Mapping[int, str] = {}
        self._begun = False  # whether a row of several cells was met since the last gap

    def row(self, values: Sequence[str], *, number: int, first_column: int = 0) -> None:
        """Add the row of this number (from 1), whose first value stands in that column (from 0)."""
        cells = {place: value for place, value in enumerate(values, first_column) if value and not value.isspace()}
        if cells:
            self.cells(cells, number=number)
        else:
            self.gap()

    def gap(self) -> None:
        """Pass over rows without a text: what comes behind them is another table."""
        self._header, self._begun = {}, False

    def cells(self, cells: Mapping[int, str], *, number: int) -> None:
        """Add the row of this number, its texts by column (from 0)."""
        low, high = min(cells), max(cells)
        span = f"{column_name(low)}{number}" + (f":{column_name(high)}{number}" if high > low else "")
        told, header = list(cells.values()), self._header
        heads = [header.get(column, "") for column in cells] if header else None
        self._draft.row(told, heads, at=Locator(sheet=self._sheet, cell=span))
        if len(cells) > 1 and not self._begun:
            self._begun = True
            told = [value.strip() for value in told]
            if all(_names_a_column(one) for one in told) and not all(_is_number(one) for one in told[:2]):
                self._header = {column: " ".join(value.split()) for column, value in cells.items()}


def sheet_said(name: str) -> str:
    """Return a sheet's name as locators have it; some files leave it out."""
    return folded(name)[:MAX_NAME_CHARS].strip() or "without a name"


def column_name(index: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _names_a_column(value: str) -> bool:
    return len(value) <= MAX_HEADER_CHARS and not value.endswith((".", "!"))


def _is_number(value: str) -> bool:
    return value.strip().replace(".", "", 1).replace(",", "", 1).isdigit()
