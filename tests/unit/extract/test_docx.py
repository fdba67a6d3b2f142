"""Word: what a person reads with every change accepted, where it stands, and what is left out."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from scanner.extract.direct import read
from scanner.extract.docx_styles import without_table_styles
from scanner.model.document import Document, Locator, Passage, PassageKind
from tests.extract_builders import a_docx, a_docx_with, saved, without

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read_docx(data: bytes) -> Document:
    return read(io.BytesIO(data), name="guide.docx")


def texts(document: Document, kind: PassageKind) -> list[str]:
    return [passage.text for passage in document.passages if passage.kind is kind]


def test_a_guide_reads_as_passages_with_locators() -> None:
    assert read_docx(a_docx()).passages == (
        Passage(text="Title: Security Guide", kind=PassageKind.PROPERTY, locator=Locator(paragraph=1)),
        Passage(text="Subject: PulseView 4.2", kind=PassageKind.PROPERTY, locator=Locator(paragraph=2)),
        Passage(text="Accounts", kind=PassageKind.HEADING, level=1, locator=Locator(paragraph=3)),
        Passage(
            text="Change the default password of the administrator before first use.",
            kind=PassageKind.PARAGRAPH,
            locator=Locator(heading=("Accounts",), paragraph=4),
        ),
        Passage(
            text="Disable Telnet on port 23.",
            kind=PassageKind.LIST_ITEM,
            locator=Locator(heading=("Accounts",), paragraph=5),
        ),
        Passage(text="Roles", kind=PassageKind.HEADING, level=2, locator=Locator(heading=("Accounts",), paragraph=6)),
        Passage(
            text="Role | Rights",
            kind=PassageKind.TABLE_ROW,
            cells=(("", "Role"), ("", "Rights")),
            locator=Locator(heading=("Accounts", "Roles"), paragraph=7),
        ),
        Passage(
            text="Nurse | read only",
            kind=PassageKind.TABLE_ROW,
            cells=(("Role", "Nurse"), ("Rights", "read only")),
            locator=Locator(heading=("Accounts", "Roles"), paragraph=8),
        ),
        Passage(
            text="PV-SEC-001 revision 4",
            kind=PassageKind.HEADER_FOOTER,
            locator=Locator(part="header", paragraph=9),
        ),
    )


def test_insertions_count_and_deletions_do_not() -> None:
    body = (
        '<w:p><w:r><w:t xml:space="preserve">Port 23 is </w:t></w:r><w:ins><w:r><w:t>closed</w:t></w:r></w:ins>'
        "<w:del><w:r><w:delText>open</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    assert texts(read_docx(a_docx_with(body)), PassageKind.PARAGRAPH) == ["Port 23 is closed"]


def test_text_in_boxes_controls_and_fields_is_read_once() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run.format('in a control')}</w:p></w:sdtContent></w:sdt>"
        f'<w:p><w:fldSimple w:instr="REF x">{run.format("in a field")}</w:fldSimple>'
        f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{run.format('in a box')}</w:p></w:txbxContent>"
        f"</mc:Choice><mc:Fallback><w:txbxContent><w:p>{run.format('in a box')}</w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>"
    )
    assert texts(read_docx(a_docx_with(body)), PassageKind.PARAGRAPH) == ["in a control", "in a field", "in a box"]


def test_tabs_and_line_breaks_part_words() -> None:
    body = "<w:p><w:r><w:t>Version</w:t><w:tab/><w:t>4.2</w:t><w:br/><w:t>final</w:t></w:r></w:p>"
    assert texts(read_docx(a_docx_with(body)), PassageKind.PARAGRAPH) == ["Version 4.2 final"]


def test_cells_over_several_columns_keep_the_others_below_their_headers() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="{}"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
    rows = (((1, "Role"), (1, "Read"), (1, "Write")), ((2, "Nurse"), (1, "no")))
    table = "".join(f"<w:tr>{''.join(cell.format(*one) for one in row)}</w:tr>" for row in rows)
    (_, last) = [one for one in read_docx(a_docx_with(f"<w:tbl>{table}</w:tbl>")).passages if one.cells]
    assert last.cells == (("Role", "Nurse"), ("Write", "no"))


def test_footnotes_and_comments_are_read_and_say_what_they_are() -> None:
    document = docx.Document()
    run = document.add_paragraph("Default accounts exist.").runs[0]
    document.add_comment(run, text="Which ones?", author="Ann")
    data = saved(document)
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>See annex E.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rels = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    rels = rels.replace(
        "</Relationships>", f'<Relationship Id="rF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    )
    types = types.replace(
        "</Types>", '<Override PartName="/word/footnotes.xml" ContentType="application/xml"/></Types>'
    )
    put = {"word/footnotes.xml": notes, "word/_rels/document.xml.rels": rels, "[Content_Types].xml": types}
    read_back = read_docx(without(data, "word/_rels/document.xml.rels", "[Content_Types].xml", put=put))
    told = [(one.kind, one.text, one.locator.part) for one in read_back.passages if one.locator.part]
    assert (PassageKind.COMMENT, "Which ones?", "comment") in told
    assert (PassageKind.FOOTNOTE, "See annex E.", "footnote") in told


def test_automatic_numbers_of_headings_are_counted() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, text in enumerate(("%1", "%1.%2"))
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text, level in (("Scope", 1), ("Accounts", 1), ("Roles", 2), ("Passwords", 2), ("Risks", 1)):
        paragraph = document.add_heading(text, level)
        number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level - 1}"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(number))
    headings = texts(read_docx(saved(document)), PassageKind.HEADING)
    assert headings == ["1 Scope", "2 Accounts", "2.1 Roles", "2.2 Passwords", "3 Risks"]


def test_lines_of_the_contents_are_marked() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("Accounts\t4", style="toc 1")
    document.add_paragraph("A text.")
    assert texts(read_docx(saved(document)), PassageKind.TOC) == ["Accounts 4"]


def test_custom_properties_are_kept() -> None:
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property name="Document ID" pid="2"><vt:lpwstr>PV-SEC-001</vt:lpwstr></property></Properties>'
    )
    document = read_docx(without(a_docx(), put={"docProps/custom.xml": custom}))
    assert document.properties["Document ID"] == "PV-SEC-001"
    assert "Document ID: PV-SEC-001" in texts(document, PassageKind.PROPERTY)


@pytest.mark.parametrize("missing", ["word/styles.xml", "docProps/core.xml", "word/_rels/document.xml.rels"])
def test_a_package_that_lacks_a_part_is_still_read(missing: str) -> None:
    document = read_docx(without(a_docx(), missing))
    assert "Disable Telnet on port 23." in [passage.text for passage in document.passages]


def test_headings_of_a_google_doc_carry_the_anchor_that_it_opens_at() -> None:
    mark = '<w:bookmarkStart w:colFirst="0" w:colLast="0" w:name="{}" w:id="0"/><w:bookmarkEnd w:id="0"/>'
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading{}"/></w:pPr>{}<w:r><w:t>{}</w:t></w:r></w:p>'
    body = (
        heading.format(1, mark.format("_heading=h.gjdgxs"), "Accounts")
        + "<w:p><w:r><w:t>One.</w:t></w:r></w:p>"
        + heading.format(2, mark.format("_GoBack"), "Roles")
        + "<w:p><w:r><w:t>Two.</w:t></w:r></w:p>"
        + heading.format(1, "", "Risks")
        + "<w:p><w:r><w:t>Three.</w:t></w:r></w:p>"
    )
    told = {one.text: one.locator.anchor for one in read_docx(a_docx_with(body)).passages}
    assert (told["Accounts"], told["One."], told["Two."]) == ("h.gjdgxs", "h.gjdgxs", "h.gjdgxs")
    assert (told["Risks"], told["Three."]) == (None, None)


def test_a_note_stands_below_the_heading_that_it_is_called_under() -> None:
    document = docx.Document()
    document.add_heading("Accounts", 1)
    run = document.add_paragraph("Default accounts exist.").runs[0]
    document.add_comment(run, text="Which ones?", author="Ann")
    document.add_heading("Risks", 1)
    (comment,) = [one for one in read_docx(saved(document)).passages if one.kind is PassageKind.COMMENT]
    assert str(comment.locator) == "comment, Accounts"


def test_lines_of_code_that_follow_each_other_are_one_block() -> None:
    document = docx.Document()
    document.styles.add_style("Source Code", 1)
    for line in ("ufw deny 23", "  ufw reload"):
        document.add_paragraph(line, style="Source Code")
    document.add_paragraph("Then restart.")
    document.add_paragraph("reboot", style="Source Code")
    told = [(one.kind, one.text) for one in read_docx(saved(document)).passages if one.kind is not PassageKind.PROPERTY]
    assert told == [
        (PassageKind.CODE, "ufw deny 23\n  ufw reload"),
        (PassageKind.PARAGRAPH, "Then restart."),
        (PassageKind.CODE, "reboot"),
    ]


def test_a_table_of_contents_is_known_by_its_control_as_well() -> None:
    line = "<w:p><w:r><w:t>Accounts</w:t><w:tab/><w:t>4</w:t></w:r></w:p>"
    body = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{line}</w:sdtContent></w:sdt>{line}"
    )
    told = [(one.kind, one.text) for one in read_docx(a_docx_with(body)).passages if "Accounts" in one.text]
    assert told == [(PassageKind.TOC, "Accounts 4"), (PassageKind.PARAGRAPH, "Accounts 4")]


def test_ligatures_and_soft_hyphens_do_not_hide_words() -> None:
    body = "<w:p><w:r><w:t>Con\ufb01gure the \ufb01re\u00adwall.</w:t></w:r></w:p>"
    assert texts(read_docx(a_docx_with(body)), PassageKind.PARAGRAPH) == ["Configure the firewall."]


@pytest.mark.parametrize("broken", ["docProps/core.xml", "word/_rels/document.xml.rels", "word/header1.xml"])
def test_a_package_with_a_damaged_part_is_read_and_says_what_was_not(broken: str) -> None:
    document = read_docx(without(a_docx(), put={broken: "<w:hdr>cut o"}))
    assert "Disable Telnet on port 23." in [passage.text for passage in document.passages]
    assert document.notes == (("its header could not be read: that part is damaged",) if "header" in broken else ())


def test_nothing_is_said_of_a_document_that_says_nothing_of_itself() -> None:
    document = read_docx(without(a_docx(), "docProps/core.xml"))
    assert dict(document.properties) == {}


TABLE_STYLE = '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:tblPr/></w:style>'
HEADING_STYLE = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>'


@pytest.mark.parametrize(
    ("styles", "kept"),
    [
        (TABLE_STYLE + HEADING_STYLE + TABLE_STYLE, HEADING_STYLE),
        ('<w:style w:type="table" w:styleId="Bare"/>' + HEADING_STYLE, None),  # it would take the next one with it
        (f"<!-- {TABLE_STYLE[:24]} -->" + HEADING_STYLE + TABLE_STYLE, None),
        (HEADING_STYLE + TABLE_STYLE.removesuffix("</w:style>"), None),
        (HEADING_STYLE, None),
    ],
)
def test_of_the_styles_only_the_looks_of_tables_are_left_out(styles: str, kept: str | None) -> None:
    told = f"<w:styles {W}>{{}}</w:styles>"
    expected = told.format(styles if kept is None else kept)
    assert without_table_styles(told.format(styles).encode()).decode() == expected
