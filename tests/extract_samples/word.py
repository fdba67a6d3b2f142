"""A Word document with one of each thing that a reader of it has to find."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.extract_builders import DEFAULT_PASSWORD, TELNET, saved, without
from tests.extract_samples.sample import GERMAN, JAPANESE

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property name="Document ID" pid="2"><vt:lpwstr>PV-SEC-001</vt:lpwstr></property></Properties>'
)
_CHANGED = (
    '<w:p {}><w:r><w:t xml:space="preserve">Port 22 is </w:t></w:r><w:ins w:id="1" w:author="A"><w:r><w:t>closed</w:t>'
    '</w:r></w:ins><w:del w:id="2" w:author="A"><w:r><w:delText>open</w:delText></w:r></w:del>'
    '<w:r><w:t>.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
)
_BOXED = (
    "<w:p {}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Warning: never share accounts.</w:t></w:r></w:p>"
    "</w:txbxContent></w:pict></w:r></w:p>"
)
_CONTROL = "<w:sdt {}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>Applies to 4.2.x</w:t></w:r></w:p></w:sdtContent></w:sdt>"


def a_rich_docx() -> bytes:
    """Return it."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.subject = "Security Guide", "PulseView 4.2"
    document.core_properties.comments, document.core_properties.revision = "", 4
    document.sections[0].header.paragraphs[0].text = "PV-SEC-001 revision 4"
    document.sections[0].footer.paragraphs[0].text = "Confidential"
    document.styles.add_style("toc 1", 1)
    document.styles.add_style("Source Code", 1)
    document.add_paragraph("1 Accounts\t4", style="toc 1")
    heading = document.add_heading("Accounts", 1)
    heading._p.insert(1, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:name="_heading=h.30j0zll" w:id="9"/>'))
    run = document.add_paragraph(DEFAULT_PASSWORD).runs[0]
    document.add_comment(run, text="Which one?", author="Ann")
    document.add_paragraph(GERMAN)
    document.add_paragraph(TELNET, style="List Bullet")
    document.add_paragraph("Then restart.", style="List Bullet 2")
    body = document.element.body
    for xml in (_CHANGED, _BOXED, _CONTROL):
        body.insert(len(body) - 1, parse_xml(xml.format(nsdecls("w"))))
    document.add_paragraph("ufw deny 23", style="Source Code")
    document.add_paragraph("ufw reload", style="Source Code")
    document.add_heading("Roles", 2)
    document.add_paragraph(JAPANESE)
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("Role", "Rights", "Nurse", "read only")):
        table.cell(place // 2, place % 2).text = text
    return _with_footnote(saved(document))


def _with_footnote(data: bytes) -> bytes:
    """Add what python-docx cannot write: a footnote and a custom property."""
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>See annex E.</w:t></w:r></w:p></w:footnote>'
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rels = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    related = f'<Relationship Id="rF" Type="{_FOOTNOTES}" Target="footnotes.xml"/></Relationships>'
    typed = '<Override PartName="/word/footnotes.xml" ContentType="application/xml"/></Types>'
    put = {
        "word/footnotes.xml": f"<w:footnotes {_W}>{note}</w:footnotes>",
        "word/_rels/document.xml.rels": rels.replace("</Relationships>", related),
        "[Content_Types].xml": types.replace("</Types>", typed),
        "docProps/custom.xml": _CUSTOM,
    }
    return without(data, "word/_rels/document.xml.rels", "[Content_Types].xml", put=put)
