"""Spreadsheets (XLSX, XLSM, XLSB, ODS) by calamine: every sheet, one passage a row."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice
from types import MappingProxyType
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from scanner.extract import odt
from scanner.extract.base import Extractor, Unreadable
from scanner.extract.container import DAMAGED, opened, verify_sizes
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.grid import Grid, sheet_said
from scanner.extract.hardened import check_xml
from scanner.extract.ooxml import read_properties
from scanner.extract.xlsx_besides import head_of, read_besides, tail_of, worksheets
from scanner.extract.xlsx_sparse import Book, book_of, column_of, read_sparse
from scanner.model.document import Document, PassageKind

EMPTY = "its sheets are empty"
MAX_AREA = 8_000_000  # cells between a sheet's corners: calamine makes room, 24 bytes, for all of them at once

_CHUNK = 65_536
_PANIC = "PanicException"  # how Rust's own accidents arrive here; it is no Exception, and in no module
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{1,3})(\d{1,7})"')


def reader_of(real: Format) -> Extractor:
    """Return the extractor for Excel's or OpenDocument's spreadsheets."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        draft = Draft(name=name, real=real)
        with opened(stream) as archive, draft:
            verify_sizes(archive, stream)
            if real is Format.ODS:
                odt.read_properties(archive, draft)
                _refuse_endless_sheets(archive)
            else:
                read_properties(archive, draft)
            vast = dict(_vast_sheets(archive)) if real is Format.XLSX else {}
            read_sheets(stream, draft, archive=archive, vast=vast)
            if real is Format.XLSX:
                read_besides(archive, draft)
        return draft.document(because_empty=EMPTY)

    return extract


def read_sheets(
    stream: IO[bytes],
    draft: Draft,
    *,
    archive: zipfile.ZipFile | None = None,
    vast: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Read every sheet of a workbook that calamine opens, vast ones (name → member) without it. Raises Unreadable."""
    try:
        book = book_of(archive) if archive is not None and vast else Book()
        stream.seek(0)
        workbook = CalamineWorkbook.from_filelike(stream)
        for sheet in workbook.sheets_metadata:
            if archive is not None and (member := vast.get(sheet_said(sheet.name))):
                read_sparse(archive, member, sheet=sheet.name, book=book, draft=draft)
            elif sheet.typ is SheetTypeEnum.WorkSheet:
                _read_sheet(workbook, sheet.name, draft)
    except PasswordError:
        raise Unreadable("it is protected by a password") from None
    except BaseException as error:
        if not isinstance(error, CalamineError | OSError) and type(error).__name__ != _PANIC:
            raise
        if all(passage.kind is PassageKind.PROPERTY for passage in draft.passages):
            raise Unreadable(DAMAGED) from None
        draft.note("a part of it is damaged")


def _read_sheet(workbook: CalamineWorkbook, name: str, draft: Draft) -> None:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return
    top, left = sheet.start
    grid = Grid(draft, sheet=name)
    for number, row in enumerate(_rows(sheet, top), top + 1):
        grid.row([_said(value) for value in row], number=number, first_column=left)


def _rows(sheet: CalamineSheet, top: int) -> Iterable[list[Any]]:
    """Return the rows from the first one that holds something; calamine goes through the empty ones above it as well.

    Where these are very many, all rows are taken at once in their place.
    """
    if top * sheet.width > MAX_AREA:
        return sheet.to_python(skip_empty_area=True)
    return islice(sheet.iter_rows(), top, None)


def _said(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def _refuse_endless_sheets(archive: zipfile.ZipFile) -> None:
    """Behind an OpenDocument's sheet that does not end calamine would look for its end for ever."""
    with archive.open("content.xml") as member:
        check_xml(iter(lambda: member.read(_CHUNK), b""))


def _vast_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (name, member) of the sheets whose corners lie far apart, by their own word and by their last cell."""
    for name, member in worksheets(archive):
        corners = [_DIMENSION.search(head_of(archive, member)), *_CELL.findall(tail_of(archive, member))[-1:]]
        found = [one.groups() if isinstance(one, re.Match) else one for one in corners if one]
        columns = max((column_of(letters.decode()) + 1 for letters, _ in found), default=0)
        if columns * max((int(number) for _, number in found), default=0) > MAX_AREA:
            yield name, member
