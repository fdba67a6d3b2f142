"""Spreadsheets and repeated cells made to do harm."""

import io
import struct
import zipfile
from collections.abc import Callable

from scanner.extract.container import DAMAGED
from scanner.extract.wire import NO_MEMORY
from tests.extract_builders import a_zip, an_odf, an_ods, without
from tests.extract_samples.every import BY_NAME
from tests.extract_samples.legacy import an_xls
from tests.hazards.base import Hazard
from tests.hazards.office import LARGE, NONSENSE, SLOW, exactly, replaced

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))


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


def shared_comments() -> bytes:
    """Return a workbook whose one sheet, with 20,000 comments that say nothing, is named 500 times."""
    related = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    named = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 501))
    members = {
        "xl/workbook.xml": f"<workbook {SHEET} {related}><sheets>{named}</sheets></workbook>",
        "xl/comments/comment1.xml": f"<comments {SHEET}><commentList>{'<comment/>' * 20_000}</commentList></comments>",
    }
    return without(BY_NAME["mds2.xlsx"].data, put=members)


def _h(title: str, make: Callable[[], bytes], *, name: str = "a.xlsx", **ends: object) -> Hazard:
    return Hazard(title=title, name=name, make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


def _begun(sample: bytes, member: str, last: bytes) -> bytes:
    """Return the beginning of a member, up to the first place that says this."""
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        whole = archive.read(member)
    return whole[: whole.index(last) + len(last)]


def far_corner_of_old() -> bytes:
    """Return an old workbook (MS-XLS) whose first cell stands in the last row and column."""
    sheets = {"Roles": [["Role", "Rights"], ["Nurse", "read only"]]}
    near = struct.pack("<HHHHHHB", 0x204, 9 + len(b"Role" * 2), 0, 0, 0, 4, 1)
    data = an_xls(sheets)
    place = data.index(near)
    return data[: place + 4] + struct.pack("<HH", 65_535, 255) + data[place + 8 :]


def protected_old() -> bytes:
    """Return an old workbook whose second record says that what follows is encrypted (MS-XLS 2.4.117)."""
    code_page = struct.pack("<HHH", 0x42, 2, 1200)
    return an_xls({"Roles": [["Role"]]}).replace(code_page, struct.pack("<HHH", 0x2F, 2, 1))


SHEETS: tuple[Hazard, ...] = (
    _h("a password on an old workbook", protected_old, name="a.xls", because="it is protected by a password"),
    _h(
        "ids that are no names, as some programs write them",
        name="a.odt",
        says="deep",
        make=lambda: replaced(
            an_odf("text", ""),
            "content.xml",
            f'<office:document-content {ODF}><office:body><office:text><text:p xml:id="a#1">deep</text:p></office:text>'
            "</office:body></office:document-content>",
        ),
    ),
    _h("a cell at the far corner of an old workbook", far_corner_of_old, name="a.xls", because=NO_MEMORY),
    _h(
        "a cell at the far corner",
        name="a.xlsx",
        says="2",
        make=lambda: sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        ),
    ),
    _h("a sheet that no relationship leads to", dangling, name="a.xlsb", because=exactly(NONSENSE, DAMAGED)),
    _h(
        "a cell in row 10^18",
        name="a.xlsx",
        make=lambda: sheet('<row r="1000000000000000000"><c r="A1000000000000000000"><v>417</v></c></row>'),
        says="417",
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
        "a sheet of OpenDocument that does not end",
        name="a.ods",
        because=NONSENSE,
        make=lambda: replaced(an_ods(), "content.xml", _begun(an_ods(), "content.xml", b'table:name="Roles">')),
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
    _h(
        "a wide row below a million empty ones",
        name="a.ods",
        says="last one",
        seconds=10,
        make=lambda: an_odf(
            "spreadsheet",
            '<office:spreadsheet><table:table table:name="x"><table:table-row table:number-rows-repeated="1000000">'
            "<table:table-cell/></table:table-row><table:table-row>"
            '<table:table-cell office:value-type="string"><text:p>first</text:p></table:table-cell>'
            '<table:table-cell table:number-columns-repeated="16000"/>'
            '<table:table-cell office:value-type="string"><text:p>last one</text:p></table:table-cell>'
            "</table:table-row></table:table></office:spreadsheet>",
        ),
    ),
    _h("500 sheets that share their comments", shared_comments, says="Telnet", seconds=10),
)
