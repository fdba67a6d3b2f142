"""Excel sheets whose few cells lie far apart, cell by cell: calamine makes room for all that could lie between them."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from scanner.extract.container import read_member
from scanner.extract.draft import CUT_SHORT, Draft
from scanner.extract.grid import Grid
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import local_name

MAX_CELLS = 500_000  # that hold something, of one sheet
MAX_STRINGS = 500_000
_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_DATE_FORMATS = frozenset({*range(14, 23), *range(45, 48)})  # ECMA-376 part 1, §18.8.30
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a workbook's days have no time zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What the cells of all sheets refer to."""

    strings: tuple[str, ...] = ()
    dates: frozenset[int] = field(default_factory=frozenset)  # the styles that show a number as a date


def book_of(archive: zipfile.ZipFile) -> Book:
    """Read what cells refer to. Raises Unreadable."""
    strings = read_member(archive, "xl/sharedStrings.xml")
    styles = read_member(archive, "xl/styles.xml")
    found = parse_xml(strings).iterchildren(f"{_M}si") if strings else ()
    texts = [_text(one) for one, _ in zip(found, range(MAX_STRINGS), strict=False)]
    return Book(strings=tuple(texts), dates=frozenset(_dates(parse_xml(styles)) if styles else ()))


def read_sparse(archive: zipfile.ZipFile, member: str, *, sheet: str, book: Book, draft: Draft) -> None:
    """Read the cells that are there, row by row; what is behind too many of them is said to be unread."""
    grid, row, cells, before = Grid(draft, sheet=sheet), 0, dict[int, str](), 0
    for seen, (column, number, value) in enumerate(_cells(archive, member, book), 1):
        if number != row:
            before = _put(grid, cells, row, before)
            row, cells = number, {}
        cells[column] = value
        if seen >= MAX_CELLS:
            draft.note(CUT_SHORT.format(what=f"{MAX_CELLS:,} cells of sheet {sheet[:100]}"))
            break
    _put(grid, cells, row, before)


def _put(grid: Grid, cells: Mapping[int, str], row: int, before: int) -> int:
    """Add a row, after a gap where rows without text lie before it; return its number."""
    if not cells:
        return before
    if row > before + 1:
        grid.gap()
    grid.cells(cells, number=row)
    return row


def _cells(archive: zipfile.ZipFile, member: str, book: Book) -> Iterator[tuple[int, int, str]]:
    """Yield (column from 0, row from 1, value) of the cells that hold something and say where they stand."""
    with archive.open(member) as stream:
        found = etree.iterparse(
            stream, events=("end",), tag=(f"{_M}c", f"{_M}row"),
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        )  # fmt: skip
        for _, one in found:
            if one.tag == f"{_M}c":
                place, value = _REFERENCE.fullmatch(str(one.get("r", ""))), _value(one, book)
                if place and value:
                    yield column_of(place.group(1)), int(place.group(2)), value
            else:
                one.clear()
                while one.getprevious() is not None:
                    del one.getparent()[0]


def column_of(letters: str) -> int:
    """Return a column's place: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _value(cell: etree._Element, book: Book) -> str:
    kind, said = str(cell.get("t", "n")), cell.findtext(f"{_M}v") or ""
    if kind == "inlineStr":
        return " ".join(_text(one) for one in cell.iterchildren(f"{_M}is"))
    if kind == "s":
        return book.strings[int(said)] if said.isdigit() and int(said) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if said == "1" else "FALSE"
    style = str(cell.get("s", ""))
    if kind == "n" and said and style.isdigit() and int(style) in book.dates:
        return _date(said)
    return said


def _date(said: str) -> str:
    try:
        day = _EPOCH + timedelta(days=float(said))
    except (ValueError, OverflowError):
        return said
    return day.date().isoformat() if day.hour == day.minute == day.second == 0 else day.isoformat()


def _text(item: etree._Element) -> str:
    """Return a text with its runs joined, without the readings of Japanese ones."""
    return "".join(
        one.text or "" for one in item.iter(f"{_M}t") if local_name(getattr(one.getparent(), "tag", "")) != "rPh"
    )


def _dates(styles: etree._Element) -> Iterator[int]:
    own = {str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in styles.iter(f"{_M}numFmt")}
    formats = styles.find(f"{_M}cellXfs")
    for place, one in enumerate(formats if formats is not None else ()):
        told = str(one.get("numFmtId", "0"))
        code = _NOT_SHOWN.sub("", own.get(told, ""))
        if (told.isdigit() and int(told) in _DATE_FORMATS) or (told in own and _DATE_LETTERS.search(code)):
            yield place
