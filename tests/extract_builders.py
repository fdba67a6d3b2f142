"""Samples that tests make themselves: one small file of each format that is read, all of them saying the same."""

import io
import zipfile
from collections.abc import Mapping

import docx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

DEFAULT_PASSWORD = "Change the default password of the administrator before first use."
TELNET = "Disable Telnet on port 23."


def a_docx() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Security Guide"
    document.core_properties.subject = "PulseView 4.2"
    document.core_properties.comments = ""
    document.add_heading("Accounts", 1)
    document.add_paragraph(DEFAULT_PASSWORD)
    document.add_paragraph(TELNET, style="List Bullet")
    document.add_heading("Roles", 2)
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("Role", "Rights", "Nurse", "read only")):
        table.cell(place // 2, place % 2).text = text
    document.sections[0].header.paragraphs[0].text = "PV-SEC-001 revision 4"
    return saved(document)


def a_pdf(*, encrypt: str = "") -> bytes:
    style = getSampleStyleSheet()
    out = io.BytesIO()
    template = SimpleDocTemplate(out, title="Security Guide", encrypt=encrypt or None, invariant=1)
    rows = [["Role", "Rights", "Remarks"], ["Nurse", "read only", "no export"]]
    template.build(
        [
            Paragraph("1 Accounts", style["Heading1"]),
            Paragraph(DEFAULT_PASSWORD, style["BodyText"]),
            Paragraph(f"• {TELNET}", style["BodyText"]),
            PageBreak(),
            Paragraph("1.1 Roles", style["Heading2"]),
            Table(rows, colWidths=120),
        ]
    )
    return out.getvalue()


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # python-docx, openpyxl and python-pptx all have it
    return out.getvalue()


def a_zip(members: Mapping[str, bytes | str], *, compressed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def without(sample: bytes, *names: str, put: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a zip container without these members, and with others put in."""
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        members: dict[str, bytes | str] = {one: archive.read(one) for one in archive.namelist() if one not in names}
    return a_zip({**members, **(put or {})})
