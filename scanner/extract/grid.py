"""Rows of a spreadsheet into passages that know their columns' headers and their cells."""

from collections.abc import Sequence

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
        self._header: list[str] | None = None
        self._begun = False  # whether a row of several cells was met since the last gap

    def row(self, values: Sequence[str], *, number: int, first_column: int = 0) -> None:
        """Add the row of this number (from 1), whose first value stands in that column (from 0)."""
        filled = [place for place, value in enumerate(values) if value.strip()]
        if not filled:
            self._header, self._begun = None, False
            return
        low, high = first_column + filled[0], first_column + filled[-1]
        span = f"{column_name(low)}{number}" + (f":{column_name(high)}{number}" if high > low else "")
        self._draft.row(list(values), self._header, at=Locator(sheet=self._sheet, cell=span))
        if len(filled) > 1 and not self._begun:
            self._begun = True
            told = [values[place].strip() for place in filled]
            if all(_names_a_column(one) for one in told) and not all(_is_number(one) for one in told[:2]):
                self._header = [" ".join(value.split()) for value in values]


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
