"""Spreadsheets and repeated cells made to do harm."""

import struct
from collections.abc import Callable

from scanner.extract.container import DAMAGED
from tests.extract_builders import a_zip, an_odf
from tests.extract_samples.every import BY_NAME
from tests.hazards.base import Hazard
from tests.hazards.office import LARGE, NONSENSE, SLOW, exactly, replaced

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
VAST = "one of its sheets stretches over more cells than can be read"


def sheet(rows: str) -> bytes:
    """Return a workbook whose first sheet holds these rows."""
    xml = f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>"
    return replaced(BY_NAME["mds2.xlsx"].data, "xl/worksheets/sheet1.xml", xml)


def dangling() -> bytes:
    """Return a binary workbook (MS-XLSB) that names a sheet which no relationship leads to."""
    texts = b"".join(struct.pack("<I", len(text)) + text.encode("utf-16-le") for text in ("rId9", "Roles"))
    named = struct.pack("<II", 0, 1) + texts
    book = b"\x9c\x01" + bytes([len(named)]) + named + b"\x90\x01\x00"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    return a_zip({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations})


def _h(title: str, make: Callable[[], bytes], *, name: str = "a.xlsx", **ends: object) -> Hazard:
    return Hazard(title=title, name=name, make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


SHEETS: tuple[Hazard, ...] = (
    _h(
        "a cell at the far corner",
        name="a.xlsx",
        because=rf"{LARGE}|{VAST}",
        make=lambda: sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        ),
    ),
    _h("a sheet that no relationship leads to", dangling, name="a.xlsb", because=exactly(NONSENSE, DAMAGED)),
    _h(
        "a cell in row 10^18",
        name="a.xlsx",
        make=lambda: sheet('<row r="1000000000000000000"><c r="A1000000000000000000"><v>1</v></c></row>'),
        because=rf"{LARGE}|{SLOW}|{VAST}",
        seconds=2,
    ),
    _h(
        "a cell repeated a billion times",
        name="a.odt",
        says="a b",
        make=lambda: an_odf(
            "text",
            '<office:text><table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell '
            'table:number-columns-repeated="999999999"><text:p>again</text:p></table:table-cell></table:table-row>'
            '</table:table><text:p>a<text:s text:c="2000000000"/>b</text:p></office:text>',
        ),
    ),
    _h(
        "a sheet of 16 billion repeated cells",
        name="a.ods",
        says="x",
        because=rf"{LARGE}|{SLOW}|{DAMAGED}",
        seconds=2,
        make=lambda: an_odf(
            "spreadsheet",
            '<office:spreadsheet><table:table table:name="x"><table:table-row table:number-rows-repeated="1000000">'
            '<table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row></table:table></office:spreadsheet>",
        ),
    ),
)
