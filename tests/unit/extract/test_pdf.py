"""PDF: pages, headings, lists, rows, contents lines, headers and footers, found in lines that a printer laid out."""

import io
import time
from collections.abc import Iterable

import pypdfium2 as pdfium
import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from scanner.extract.direct import read
from scanner.extract.pdf_lines import Line, mended
from scanner.extract.pdf_second import MAX_PAGES, SecondReader
from scanner.extract.reading import PdfReader, Reading
from scanner.extract.registry import extractors
from scanner.model.document import Document, Passage, PassageKind
from tests.extract_builders import a_pdf
from tests.extract_samples.handmade_pdf import a_tagged_pdf, an_annotated_pdf
from tests.hazards.pdf import book

Placed = tuple[float, float, str]


def a_printed(
    *pages: Iterable[Placed], size: int = 11, bookmarks: dict[int, str] | None = None, drawn: Iterable[int] = ()
) -> bytes:
    """Return a PDF with each text at its place (from the left, from below), with a drawing on some pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for number, page in enumerate(pages, 1):
        for left, bottom, text in page:
            heading = text.startswith("#")
            canvas.setFont("Helvetica-Bold" if text.startswith("!") else "Helvetica", 18 if heading else size)
            canvas.drawString(left, bottom, text.lstrip("#!"))
        if number in drawn:
            canvas.rect(100, 100, 300, 300)
        if bookmarks and number in bookmarks:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(bookmarks[number], str(number), 0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read_pdf(data: bytes) -> Document:
    return read(io.BytesIO(data), name="guide.pdf")


def told(data: bytes) -> list[tuple[PassageKind, str]]:
    return [(one.kind, one.text) for one in read_pdf(data).passages if one.kind is not PassageKind.PROPERTY]


def test_a_guide_reads_with_pages_and_headings() -> None:
    (row,) = [one for one in read_pdf(a_pdf()).passages if one.text.startswith("Nurse")]
    assert str(row.locator) == "page 2, 1 Accounts › 1.1 Roles"
    assert row.cells == (("Role", "Nurse"), ("Rights", "read only"), ("Remarks", "no export"))


def test_lines_join_to_paragraphs_and_gaps_part_them() -> None:
    page = [(70, 700, "The password of the administrator"), (70, 687, "must be changed."), (70, 650, "Telnet is off.")]
    assert told(a_printed(page)) == [
        (PassageKind.PARAGRAPH, "The password of the administrator must be changed."),
        (PassageKind.PARAGRAPH, "Telnet is off."),
    ]


def test_larger_bold_and_numbered_lines_are_headings() -> None:
    page = [(70, 760, "#Accounts"), (70, 720, "!4.2.1 Roles of nurses"), (70, 700, "A nurse reads only. " * 4)]
    headings = [(one.text, one.level) for one in read_pdf(a_printed(page)).passages if one.kind is PassageKind.HEADING]
    assert headings == [("Accounts", 1), ("4.2.1 Roles of nurses", 3)]


def test_bookmarks_say_what_is_a_heading() -> None:
    page = [(70, 760, "Residual risks"), (70, 730, "One risk remains in the gateway of the device.")]
    first, _ = read_pdf(a_printed(page, bookmarks={1: "Residual risks"})).passages
    assert (first.kind, first.level) == (PassageKind.HEADING, 1)


def test_a_contents_line_is_marked_as_such() -> None:
    page = [(70, 700, "4 Accounts ............................ 12"), (70, 687, "5 Risks . . . . . . . . . . . 14")]
    assert [kind for kind, _ in told(a_printed(page))] == [PassageKind.TOC, PassageKind.TOC]


def test_what_repeats_at_the_edges_is_header_and_footer_and_said_once() -> None:
    pages = [
        [(70, 810, "PV-SEC-001 revision 4"), (70, 400, f"Text of {what}."), (70, 30, f"Page {n} of 4")]
        for n, what in enumerate(("accounts", "risks", "ports", "backups"), 1)
    ]
    passages = read_pdf(a_printed(*pages)).passages
    assert [one.text for one in passages if one.kind is PassageKind.PARAGRAPH] == [
        "Text of accounts.", "Text of risks.", "Text of ports.", "Text of backups.",
    ]  # fmt: skip
    running: list[Passage] = [one for one in passages if one.kind is PassageKind.HEADER_FOOTER]
    assert [(one.text, one.locator.part) for one in running] == [
        ("PV-SEC-001 revision 4", "header"), ("Page 1 of 4", "footer"),
    ]  # fmt: skip


def test_cells_over_several_lines_come_together_in_their_row() -> None:
    style = getSampleStyleSheet()["BodyText"]
    cells = (
        ("Version", "Date", "Changes"),
        ("1.0", "18 October 2025", "First edition of this guide, for the first release of the device and its gateway"),
        ("2.0", "6 February 2026", "Backups"),
    )
    table = Table(
        [[Paragraph(cell, style) for cell in row] for row in cells],
        colWidths=(60, 60, 180),
        style=[("VALIGN", (0, 0), (-1, -1), "TOP")],
    )
    after = Paragraph("This text stands below the table and goes over its whole width, as texts do.", style)
    out = io.BytesIO()
    SimpleDocTemplate(out).build([table, after])
    *rows, last = read_pdf(out.getvalue()).passages
    assert [row.text for row in rows if row.kind is PassageKind.TABLE_ROW] == [" | ".join(row) for row in cells]
    assert dict(rows[-1].cells) == {"Version": "2.0", "Date": "6 February 2026", "Changes": "Backups"}
    assert last.kind is PassageKind.PARAGRAPH


def test_a_label_and_its_value_have_no_header() -> None:
    page = [(70, 700, "Document ID"), (200, 700, "PV-1"), (70, 680, "Version"), (200, 680, "4.2")]
    rows = [one.cells for one in read_pdf(a_printed(page)).passages]
    assert rows == [(("", "Document ID"), ("", "PV-1")), (("", "Version"), ("", "4.2"))]


def test_columns_are_read_one_after_the_other() -> None:
    left = [(50, 700 - 13 * n, f"left line {n} of a column of text") for n in range(4)]
    right = [(320, 700 - 13 * n, f"right line {n} of a column of text") for n in range(4)]
    (_, first), (_, second) = told(a_printed([*left, *right]))
    assert first.startswith("left line 0") and "right" not in first  # noqa: PT018  # one fact, told by two words
    assert second.startswith("right line 0")


def test_list_items_lose_their_bullets_only() -> None:
    page = [(70, 700, "• Disable Telnet."), (70, 686, "• Disable FTP."), (70, 672, "1. Restart.")]
    assert told(a_printed(page)) == [
        (PassageKind.LIST_ITEM, "Disable Telnet."),
        (PassageKind.LIST_ITEM, "Disable FTP."),
        (PassageKind.LIST_ITEM, "Restart."),
    ]


def test_hyphenation_is_undone_and_ligatures_are_letters() -> None:
    page = [(70, 700, "The admin-"), (70, 687, "istrator changes it.")]
    assert told(a_printed(page)) == [(PassageKind.PARAGRAPH, "The administrator changes it.")]
    assert mended("con\ufb01gure the \ufb02ow") == "configure the flow"


def test_a_blank_page_leaves_nothing_unread_and_a_picture_does() -> None:
    blank = read_pdf(a_printed([(70, 700, "A text.")], [], [(70, 700, "More text.")]))
    assert blank.notes == ()
    drawn = read_pdf(a_printed([(70, 700, "A text.")], [], [(70, 700, "More text.")], drawn=(2,)))
    assert drawn.notes == ("page 2 is a picture without text",)
    assert drawn.unread == "page 2 is a picture without text"


def second(data: bytes) -> SecondReader:
    return SecondReader(pdfium.PdfDocument(data, autoclose=True))


@pytest.mark.parametrize("index", [0, 1])
def test_the_second_reader_reads_one_page(index: int) -> None:
    lines = second(a_printed([(70, 700, "First page.")], [(70, 700, "Second page.")])).lines(index)
    assert [line.text for line in lines] == [("First page.", "Second page.")[index]]
    assert (round(lines[0].left), lines[0].bold) == (70, False)


def test_the_second_reader_tires() -> None:
    reader = second(a_printed([(70, 700, "First page.")]))
    assert all(reader.lines(0) for _ in range(MAX_PAGES))
    assert reader.lines(0) == []


def test_the_second_reader_gives_up_quietly_on_what_it_cannot_read() -> None:
    assert second(a_printed([(70, 700, "First page.")])).lines(7) == []


def test_tags_say_what_is_a_heading_where_letters_do_not() -> None:
    page = a_tagged_pdf(
        ("H1", "Accounts"), ("P", "Change the password."), ("H2", "Roles"), ("P", "A nurse reads only.")
    )
    passages = read_pdf(page).passages
    assert [(one.kind, one.level, one.text) for one in passages] == [
        (PassageKind.HEADING, 1, "Accounts"),
        (PassageKind.PARAGRAPH, 0, "Change the password."),
        (PassageKind.HEADING, 2, "Roles"),
        (PassageKind.PARAGRAPH, 0, "A nurse reads only."),
    ]
    assert passages[-1].locator.heading == ("Accounts", "Roles")


def test_comments_and_filled_fields_of_a_form_are_read() -> None:
    annotations = (
        "/Subtype/Text/Contents(Which port?)",
        "/Subtype/FreeText/Contents(Typed onto the page.)",
        "/Subtype/Widget/FT/Tx/T(q1)/TU(Does the device hold personal data?)/V(Yes, see note 3)",
        "/Subtype/Widget/FT/Btn/T(AUTH-1)/V/Yes/AS/Yes",
        "/Subtype/Widget/FT/Btn/T(AUTH-2)/V/Off/AS/Off",
        "/Subtype/Link/Contents(not said)",
    )
    asides = [
        (one.kind, one.text, str(one.locator)) for one in read_pdf(an_annotated_pdf("A form.", annotations)).passages
    ]
    assert asides == [
        (PassageKind.PARAGRAPH, "A form.", "page 1"),
        (PassageKind.COMMENT, "Which port?", "comment, page 1"),
        (PassageKind.PARAGRAPH, "Typed onto the page.", "text box, page 1"),
        (PassageKind.PARAGRAPH, "Does the device hold personal data?: Yes, see note 3", "form field, page 1"),
        (PassageKind.PARAGRAPH, "AUTH-1: Yes", "form field, page 1"),
    ]


def test_an_operator_can_have_one_reader_read_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    lines = SecondReader.lines

    def noted(reader: SecondReader, index: int) -> list[Line]:
        asked.append(index)
        return lines(reader, index)

    monkeypatch.setattr(SecondReader, "lines", noted)
    data = a_printed([(70, 700, "A plain page.")], [(70, 700, "Another one.")])
    choices: tuple[tuple[PdfReader, list[int]], ...] = (("careful", [0, 1]), ("fast", []), ("auto", []))
    for choice, pages in choices:
        document = read(io.BytesIO(data), name="a.pdf", extractors=extractors(Reading(pdf=choice)))
        assert [one.text for one in document.passages] == ["A plain page.", "Another one."]
        assert asked == pages
        asked.clear()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the time may end within a callback
def test_the_second_reader_gives_up_a_page_that_takes_too_long() -> None:
    """600 lines over each other, of letters larger than any paper, take it ten seconds."""
    vast = book(b"BT /F 1e30 Tf 9 700 Td (Hello reader) Tj ET " * 600)
    began = time.process_time()
    assert SecondReader(pdfium.PdfDocument(vast), seconds=0.2).lines(0) == []
    assert time.process_time() - began < 2
    assert [line.text for line in SecondReader(pdfium.PdfDocument(book()), seconds=0.2).lines(0)] == ["Hello reader"]
