"""Builders of small files of each format that is read, all of them saying the same."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache

import docx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

DEFAULT_PASSWORD = "Change the default password of the administrator before first use."
TELNET = "Disable Telnet on port 23."


@cache
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


def a_docx_with(body: str, *, part: str = "word/document.xml") -> bytes:
    """Return a Word document whose body holds this WordprocessingML."""
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    xml = f'<?xml version="1.0"?><w:document {names}><w:body>{body}</w:body></w:document>'
    return without(a_docx(), part, put={part: xml})


def an_xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "MDS2"
    for row in (
        ["Manufacturer Disclosure Statement"],
        [],
        ["Question", "Answer"],
        [DEFAULT_PASSWORD, "Yes"],
        [TELNET, 4],
    ):
        sheet.append(row)
    book.create_sheet("Notes").append(["Rights of a nurse", "read only"])
    book.properties.title = "Security Guide"
    return saved(book)


def a_pptx() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Accounts"
    slide.placeholders[1].text = f"{DEFAULT_PASSWORD}\n{TELNET}"
    slide.notes_slide.notes_text_frame.text = "Say why."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Roles"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for place, text in enumerate(("Role", "Rights", "Nurse", "read only")):
        table.cell(place // 2, place % 2).text = text
    return saved(deck)


_ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("presentation", "presentation"),
    )
)  # fmt: skip


def an_odf(kind: str, body: str) -> bytes:
    content = f"<office:document-content {_ODF}><office:body>{body}</office:body></office:document-content>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return a_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
_ROLES = "".join(
    f"<table:table-row>{''.join(_CELL.format(cell) for cell in row)}</table:table-row>"
    for row in (("Role", "Rights"), ("Nurse", "read only"))
)


def an_odt() -> bytes:
    return an_odf(
        "text",
        f'<office:text><text:h text:outline-level="1">Accounts</text:h><text:p>{DEFAULT_PASSWORD}</text:p>'
        f"<text:list><text:list-item><text:p>{TELNET}</text:p></text:list-item></text:list>"
        f'<text:h text:outline-level="2">Roles</text:h><table:table>{_ROLES}</table:table></office:text>',
    )


def an_ods() -> bytes:
    return an_odf(
        "spreadsheet",
        f'<office:spreadsheet><table:table table:name="Roles">{_ROLES}</table:table></office:spreadsheet>',
    )


def an_odp() -> bytes:
    return an_odf(
        "presentation",
        '<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box>'
        f"<text:p>Accounts</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>{DEFAULT_PASSWORD}</text:p></draw:text-box>"
        "</draw:frame></draw:page></office:presentation>",
    )


def an_eml() -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Security Guide 4.2", "ann@example.org", "bob@example.org"
    mail.set_content(f"Attached.\n\n{TELNET}\n")
    mail.add_attachment(a_docx(), maintype="application", subtype="octet-stream", filename="guide.docx")
    mail.add_attachment(b"\x89PNG....", maintype="image", subtype="png", filename="logo.png")
    return mail.as_bytes()


def an_mhtml() -> bytes:
    from email.message import EmailMessage

    saved_page = EmailMessage()
    saved_page["From"], saved_page["Subject"] = "<Saved by Blink>", "Security Guide"
    saved_page["Snapshot-Content-Location"] = "https://example.org/guide"
    saved_page.set_content(HTML, subtype="html")
    saved_page.add_related("p {}", subtype="css")
    return saved_page.as_bytes()


MD = f"""---
title: Security Guide
---
# Accounts

**{DEFAULT_PASSWORD}** See [the manual](https://example.org/m).

- {TELNET}
  1. Then restart.

## Roles

| Role | Rights |
|------|--------|
| Nurse | read only |

```sh
useradd  nurse
```
"""
RST = f"""========
Accounts
========

{DEFAULT_PASSWORD}

* {TELNET}
  And on port 2323::

    iptables -A INPUT

.. warning:: Never share accounts.

.. note::

   Ask the vendor.

.. _target:
.. a comment

Roles
-----

===== =========
Role  Rights
===== =========
Nurse read only
===== =========

+-------+--------+
| Port  | Use    |
+=======+========+
| 443   | TLS    |
+-------+--------+
"""
ADOC = f"""= Accounts
:revnumber: 4.2

{DEFAULT_PASSWORD}

* {TELNET}
** Then restart.

NOTE: Ask the vendor.

== Roles

[cols="1,2",options="header"]
|===
| Role | Rights
| Nurse
| read only
|===

[source,sh]
----
useradd  nurse
----
"""
HTML = f"""<!DOCTYPE html><html><head><title>Security Guide</title><style>p {{}}</style></head><body>
<h1>Accounts</h1><p>{DEFAULT_PASSWORD.replace("default", "<b>default</b>")}</p><script>hidden()</script>
<ul><li>{TELNET}</li></ul><h2>Roles</h2>
<table><tr><th>Role</th><th>Rights</th></tr><tr><td>Nurse</td><td><p>read only</p></td></tr></table>
<pre>useradd  nurse</pre></body></html>"""
RTF = (
    r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title Security Guide}{\subject PulseView 4.2}{\author Ann}}"
    r"{\header\pard PV-SEC-001 revision 4\par}\f0 1 Accounts\par "
    + DEFAULT_PASSWORD
    + r"\par "
    + TELNET
    + r"\par 1.1 Roles"
    r"\par "
    r"\trowd\cellx1000\cellx2000 Role\cell Rights\cell\row\trowd Nurse\cell read only\cell\row "
    r"\'c4ndern Sie das voreingestellte Kennwort vor dem ersten Gebrauch.{\footnote See annex E.}\par "
    + "".join(f"\\u{ord(char)}?" for char in "最初の使用の前に初期パスワードを変更してください。")
    + r"{\*\annotation\pard Which one?}\par}"
)
TXT = f"ACCOUNTS\n\n{DEFAULT_PASSWORD}\n\n  - {TELNET}\n\n1.1 Roles\n\nNurse: read only\n"
CSV = f"Question;Answer\n{DEFAULT_PASSWORD};Yes\n{TELNET};no\n"
