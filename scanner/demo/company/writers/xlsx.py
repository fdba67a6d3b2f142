"""Write a text as a workbook: each top heading is a sheet, each paragraph a line, each table its rows."""

from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scanner.demo.company.text import Block, Text, plain
from scanner.demo.company.writers.archive import still


def write_xlsx(text: Text, *, moment: datetime) -> bytes:
    """Return the bytes of a .xlsx; `moment` is when it says that it was written."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cover"
    book.properties.title, book.properties.creator = text.title, text.author
    for line in ((text.title,), *text.control.items()):
        if any(line):
            _append(sheet, line)
    fresh = not text.control
    for block in text.blocks:
        if block.kind == "heading" and block.level == 1:
            if fresh:
                sheet.title, fresh = block.text, False
            else:
                sheet = book.create_sheet(block.text)
            continue
        _block(sheet, block)
    written = BytesIO()
    book.save(written)
    return still(written.getvalue(), moment=moment)


def _block(sheet: Worksheet, block: Block) -> None:
    if block.kind != "table":
        _append(sheet, (plain(block.text),))
        return
    for place, row in enumerate(block.rows):
        _append(sheet, row)
        if place == 0:
            for cell in sheet[sheet.max_row]:
                cell.font = Font(bold=True)
    for place in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 34


def _append(sheet: Worksheet, row: tuple[str, ...]) -> None:
    sheet.append([_value(plain(value)) for value in row])
    for cell in sheet[sheet.max_row]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _value(text: str) -> str | int:
    return int(text) if text.isdecimal() and len(text) < 10 else text
