"""Workbooks: what stands beside the cells, and old ones that are damaged."""

import io
import struct
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from scanner.extract import xlsx_sparse
from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED
from scanner.extract.direct import read
from scanner.model.document import PassageKind
from tests.extract_builders import an_ods, saved, without
from tests.extract_samples.every import BY_NAME
from tests.extract_samples.legacy import an_xls, an_xlsb


def a_form() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "MDS2"
    sheet.append(["Question", "Answer"])
    sheet.append(["Is Telnet off?", "Yes"])
    sheet["B2"].comment = Comment("Since 4.1.", "Ann")
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None
    assert footer is not None
    header.left.text, header.right.text, footer.center.text = "PV-FRM-001 revision 3", "Page &P of &N", "R&&D, &D"
    return saved(book)


def besides(data: bytes) -> list[tuple[PassageKind, str, str]]:
    passages = read(io.BytesIO(data), name="a.xlsx").passages
    return [(one.kind, one.text, str(one.locator)) for one in passages if one.locator.part]


def test_headers_for_print_and_comments_say_where_they_stand() -> None:
    assert besides(a_form()) == [
        (PassageKind.HEADER_FOOTER, "PV-FRM-001 revision 3 Page of", "header, sheet MDS2"),
        (PassageKind.HEADER_FOOTER, "R&D,", "footer, sheet MDS2"),
        (PassageKind.COMMENT, "Since 4.1.", "comment, sheet MDS2 B2"),
    ]


def test_texts_in_drawings_are_read() -> None:
    names = (
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    drawing = f"<xdr:wsDr {names}><a:p><a:r><a:t>Only for </a:t></a:r><a:r><a:t>4.2</a:t></a:r></a:p></xdr:wsDr>"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="d" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
        'Target="../drawings/drawing1.xml"/></Relationships>'
    )
    put = {"xl/drawings/drawing1.xml": drawing, "xl/worksheets/_rels/sheet1.xml.rels": rels}
    data = without(a_form(), "xl/worksheets/_rels/sheet1.xml.rels", put=put)
    assert (PassageKind.PARAGRAPH, "Only for 4.2", "text box, sheet MDS2") in besides(data)


def test_a_macro_workbook_and_a_template_are_read_like_any_other() -> None:
    for name in ("a.xlsm", "a.xltx", "a.xltm"):
        document = read(io.BytesIO(a_form()), name=name)
        assert (document.passages[1].text, document.mislabelled) == ("Is Telnet off? | Yes", "")


def test_a_binary_workbook_is_read_like_any_other() -> None:
    data = an_xlsb({"MDS2": [["Question", "Answer"], ["Is Telnet off?", "Yes"]], "Notes": [["", "read only"]]})
    passages = read(io.BytesIO(data), name="a.xlsb").passages
    assert [(str(one.locator), one.text) for one in passages] == [
        ("sheet MDS2 A1:B1", "Question | Answer"),
        ("sheet MDS2 A2:B2", "Is Telnet off? | Yes"),
        ("sheet Notes B1", "read only"),
    ]
    assert passages[1].cells == (("Question", "Is Telnet off?"), ("Answer", "Yes"))


def a_half_workbook(*, rows: list[list[str]]) -> bytes:
    """A binary workbook whose second sheet ends in the middle of a record."""
    data = an_xlsb({"MDS2": rows, "Notes": [["read only"]]})
    return without(data, put={"xl/worksheets/sheet2.bin": b"\x81\x01\x00\x94\x01\x10\x00"})


def test_sheets_before_a_damaged_one_are_read_and_the_damage_is_said() -> None:
    document = read(io.BytesIO(a_half_workbook(rows=[["Telnet", "off"]])), name="a.xlsb")
    assert [one.text for one in document.passages] == ["Telnet | off"]
    assert document.notes == ("a part of it is damaged",)


def test_a_workbook_of_which_only_properties_could_be_read_is_damaged_and_not_empty() -> None:
    core = "<c:coreProperties xmlns:c='c' xmlns:dc='d'><dc:title>Roles 4.2</dc:title></c:coreProperties>"
    data = without(a_half_workbook(rows=[[""]]), put={"docProps/core.xml": core})
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(data), name="a.xlsb")
    assert str(refused.value) == DAMAGED


@pytest.mark.parametrize(("name", "said"), [(" ", "without a name"), ("Open\x1b[2J\n ports", "Open[2J ports")])
def test_a_sheet_whose_name_is_blank_or_holds_controls_is_named_nevertheless(name: str, said: str) -> None:
    document = read(io.BytesIO(an_xlsb({name: [["Telnet", "off"]]})), name="a.xlsb")
    assert [str(one.locator) for one in document.passages] == [f"sheet {said} A1:B1"]


def test_an_opendocument_sheet_says_its_properties() -> None:
    meta = (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Roles 4.2</dc:title></office:meta>'
        "</office:document-meta>"
    )
    document = read(io.BytesIO(without(an_ods(), put={"meta.xml": meta})), name="a.ods")
    assert dict(document.properties) == {"Title": "Roles 4.2"}


def test_an_old_workbook_whose_sheet_lies_beyond_its_end_is_damaged() -> None:
    data = an_xls({"MDS2": [["Question", "Answer"]]})
    place = data.index(struct.pack("<HH", 0x85, 8 + len("MDS2") * 2))
    broken = data[: place + 4] + struct.pack("<I", 2_000_000_000) + data[place + 8 :]
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(broken), name="a.xls")
    assert str(refused.value) == DAMAGED


def test_an_old_workbook_named_like_a_new_one_is_read_and_said() -> None:
    document = read(io.BytesIO(BY_NAME["mds2.xls"].data), name="mds2.xlsx")
    assert document.mislabelled == "named .xlsx, but it is an old Excel workbook"


def test_cells_below_empty_rows_are_named_by_their_own() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["C5"], sheet["D5"], sheet["C7"] = "Role", "Rights", "Nurse"
    passages = read(io.BytesIO(saved(book)), name="a.xlsx").passages
    assert [(str(one.locator), one.text) for one in passages if one.kind is PassageKind.TABLE_ROW] == [
        ("sheet Sheet C5:D5", "Role | Rights"),
        ("sheet Sheet C7", "Nurse"),
    ]


def test_a_sheet_whose_cells_lie_far_apart_is_read_like_any_other() -> None:
    near, far = Workbook(), Workbook()
    for book in (near, far):
        sheet = book.worksheets[0]
        for row in (["Role", "Since", "Admin"], ["Nurse", datetime(2026, 11, 24), True], ["Port", 23, 2.5]):  # noqa: DTZ001  # as people write days
            sheet.append(row)
        sheet["B6"] = "Disable Telnet."
    far.worksheets[0]["XFD1048576"] = "corner"
    *told, corner = read(io.BytesIO(saved(far)), name="a.xlsx").passages
    plain = read(io.BytesIO(saved(near)), name="a.xlsx").passages
    assert tuple(told) == plain
    assert (corner.text, str(corner.locator)) == ("corner", "sheet Sheet XFD1048576")


def test_a_sheet_of_many_cells_that_lie_far_apart_is_read_up_to_a_number_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx_sparse, "MAX_CELLS", 2)
    book = Workbook()
    for place in ("A1", "XFD5", "A1048576"):
        book.worksheets[0][place] = place
    document = read(io.BytesIO(saved(book)), name="a.xlsx")
    assert [one.text for one in document.passages] == ["A1", "XFD5"]
    assert document.unread == "it is longer than the 2 cells of sheet Sheet that are read"
