"""Spreadsheets (XLSX, XLSM, XLSB, ODS) by calamine: every sheet, one passage a row."""

import re
import zipfile
from datetime import date, datetime, time
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from scanner.extract import odt
from scanner.extract.base import Extractor, Unreadable
from scanner.extract.container import DAMAGED, opened, verify_sizes
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.grid import Grid
from scanner.extract.hardened import check_xml
from scanner.extract.ooxml import read_properties
from scanner.extract.xlsx_besides import read_besides
from scanner.model.document import Document, PassageKind

EMPTY = "its sheets are empty"
MAX_AREA = 8_000_000  # cells between a sheet's corners: calamine makes room, 24 bytes, for all of them at once

_CHUNK = 65_536
_PANIC = "PanicException"  # how Rust's own accidents arrive here; it is no Exception, and in no module
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


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
            _refuse_vast_sheets(archive)
            stream.seek(0)
            read_sheets(stream, draft)
            if real is Format.XLSX:
                read_besides(archive, draft)
        return draft.document(because_empty=EMPTY)

    return extract


def read_sheets(stream: IO[bytes], draft: Draft) -> None:
    """Read every sheet of a workbook that calamine opens. Raises Unreadable."""
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        for sheet in workbook.sheets_metadata:
            if sheet.typ is SheetTypeEnum.WorkSheet:
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
    for number, row in enumerate(sheet.iter_rows(), top + 1):
        grid.row([_said(value) for value in row], number=number, first_column=left)


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


def _refuse_vast_sheets(archive: zipfile.ZipFile) -> None:
    """A sheet with one far corner cell says so at its beginning; a lying one ends with the reader's memory."""
    for info in archive.infolist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
            with archive.open(info) as member:
                found = _DIMENSION.search(member.read(4096))
            if found:
                columns = _column(found.group(3)) - _column(found.group(1)) + 1
                if columns * (int(found.group(4)) - int(found.group(2)) + 1) > MAX_AREA:
                    raise Unreadable("one of its sheets stretches over more cells than can be read")


def _refuse_endless_sheets(archive: zipfile.ZipFile) -> None:
    """Behind an OpenDocument's sheet that does not end calamine would look for its end for ever."""
    with archive.open("content.xml") as member:
        check_xml(iter(lambda: member.read(_CHUNK), b""))


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index
