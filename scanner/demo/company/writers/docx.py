"""Write a text as a Word document with real styles, a header and a footer."""

from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from scanner.demo.company.text import Block, Text, spans
from scanner.demo.company.writers.archive import still

_STYLES = {"bullet": "List Bullet", "number": "List Number", "paragraph": None}


def write_docx(text: Text, *, moment: datetime) -> bytes:
    """Return the bytes of a .docx; `moment` is when it says that it was written."""
    document = Document()
    _properties(document, text, moment)
    if text.title:
        document.add_paragraph(text.title, style="Title")
    if text.control:
        _table(document, tuple(text.control.items()), header=False)
    if text.contents:
        _contents(document, text)
    for block in text.blocks:
        _block(document, block)
    written = BytesIO()
    document.save(written)
    return still(written.getvalue(), moment=moment)


def _properties(document: Any, text: Text, moment: datetime) -> None:
    core = document.core_properties
    core.title, core.author, core.comments = text.title, text.author, ""
    core.subject = text.control.get("Applies to", "")
    core.created = core.modified = moment.replace(tzinfo=None)  # python-docx writes naive moments as UTC
    core.last_modified_by, core.revision = text.author, 1
    section = document.sections[0]
    section.header.paragraphs[0].text = text.header
    section.footer.paragraphs[0].text = text.footer


def _contents(document: Any, text: Text) -> None:
    """Write the table of contents as Word leaves it in the file: lines with a tab and a page."""
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Contents", style="TOC Heading")
    for place, block in enumerate(block for block in text.blocks if block.kind == "heading" and block.level == 1):
        document.add_paragraph(f"{block.text}\t{place // 2 + 1}", style="toc 1")


def _block(document: Any, block: Block) -> None:
    if block.kind == "heading":
        document.add_heading(block.text, level=block.level)
    elif block.kind == "table":
        _table(document, block.rows, header=True)
    elif block.kind == "code":
        document.add_paragraph(block.text).runs[0].font.name = "Courier New"
    else:
        paragraph = document.add_paragraph(style=_STYLES[block.kind])
        if block.kind == "number":
            properties = paragraph.paragraph_format.element.get_or_add_pPr()
            properties.get_or_add_numPr().get_or_add_numId().val = _list_of(document, block)
        _runs(paragraph, block.text)


def _list_of(document: Any, block: Block) -> int:
    """Return the numbered list that a line belongs to; a line numbered 1 begins another, which counts from 1 again."""
    numbering = document.part.numbering_part.element
    if block.level == 1:
        style = document.styles[_STYLES["number"]].element
        before = numbering.num_having_numId(style.pPr.numPr.numId.val)
        numbering.add_num(before.abstractNumId.val).add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(numbering.num_lst[-1].numId)


def _table(document: Any, rows: tuple[tuple[str, ...], ...], *, header: bool) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _runs(cell.paragraphs[0], f"**{value}**" if header and place == 0 and value else value)


def _runs(paragraph: Any, text: str) -> None:
    for piece, style in spans(text):
        run = paragraph.add_run(piece)
        run.bold = style == "bold" or None
        run.italic = style == "italic" or None
        if style == "code":
            run.font.name = "Courier New"
