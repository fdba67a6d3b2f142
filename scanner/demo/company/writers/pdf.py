"""Write a text as a PDF with headings, tables, bookmarks, and a header and footer on every page."""

from html import escape
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Preformatted, Spacer, Table
from reportlab.platypus.tableofcontents import TableOfContents

from scanner.demo.company.text import Block, Text, plain, spans

_WIDTH = A4[0] - 44 * mm


def write_pdf(text: Text, *, password: str = "") -> bytes:
    """Return the bytes of a .pdf; with a password it opens for nobody without it."""
    written = BytesIO()
    paper = _Paper(written, text, password)
    paper.multiBuild(_flowables(text))  # twice, so that the table of contents knows its pages
    return written.getvalue()


def write_scan(picture: bytes) -> bytes:
    """Return the bytes of a .pdf that holds one picture a page and no text, as a copier writes it."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    for _ in range(2):
        canvas.drawImage(ImageReader(BytesIO(picture)), 0, 0, width=A4[0], height=A4[1])
        canvas.showPage()
    canvas.save()
    return written.getvalue()


class _Heading(Paragraph):
    """A heading that knows its level, for the bookmarks."""

    def __init__(self, text: str, *, level: int) -> None:
        super().__init__(escape(text), getSampleStyleSheet()[f"Heading{level}"])
        self.level = level


class _Paper(BaseDocTemplate):
    """A4 pages with a header, a footer, and a bookmark for every heading."""

    def __init__(self, written: BytesIO, text: Text, password: str) -> None:
        lock = StandardEncryption(password, canPrint=0, strength=128) if password else None
        super().__init__(written, pagesize=A4, invariant=1, title=text.title, author=text.author, encrypt=lock)
        self._text = text
        self._bookmarks = 0
        frame = Frame(22 * mm, 22 * mm, _WIDTH, A4[1] - 46 * mm, id="body")
        self.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=self._furniture)])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 -- ReportLab's name for this hook
        if isinstance(flowable, _Heading):
            self._bookmarks += 1
            self.notify("TOCEntry", (flowable.level - 1, flowable.getPlainText(), self.page))
            self.canv.bookmarkPage(f"h{self._bookmarks}")
            self.canv.addOutlineEntry(flowable.getPlainText(), f"h{self._bookmarks}", level=flowable.level - 1)

    def _furniture(self, canvas: Canvas, _paper: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(22 * mm, A4[1] - 15 * mm, self._text.header)
        canvas.drawString(22 * mm, 12 * mm, self._text.footer)
        canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, f"Page {self.page}")


def _flowables(text: Text) -> list[Flowable]:
    style = getSampleStyleSheet()
    story: list[Flowable] = [Paragraph(escape(text.title), style["Title"])] if text.title else []
    if text.control:
        story += [_table(tuple(text.control.items()), header=False), Spacer(0, 6 * mm)]
    if text.contents:
        story += [Paragraph("Contents", style["Heading4"]), TableOfContents(dotsMinLevel=0), Spacer(0, 6 * mm)]
    for block in text.blocks:
        story += _block(block)
    return story


def _block(block: Block) -> list[Flowable]:
    style = getSampleStyleSheet()
    if block.kind == "heading":
        return [_Heading(block.text, level=min(block.level, 3))]
    if block.kind == "table":
        return [_table(block.rows, header=True), Spacer(0, 4 * mm)]
    if block.kind == "code":
        return [Preformatted(block.text, style["Code"]), Spacer(0, 3 * mm)]
    if block.kind == "paragraph":
        return [Paragraph(_marked(block.text), style["BodyText"])]
    return [Paragraph(_marked(block.text), style["BodyText"], bulletText=f"{block.level}." if block.level else "•")]


def _table(rows: tuple[tuple[str, ...], ...], *, header: bool) -> Table:
    style = getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(_marked(value), style) for value in row] for row in rows]
    longest = [max(min(len(plain(row[column])), 60) for row in rows) + 8 for column in range(len(rows[0]))]
    widths = [_WIDTH * length / sum(longest) for length in longest]
    look: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    if header:
        look.append(("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke))
    return Table(cells, colWidths=widths, style=look, repeatRows=1 if header else 0)


def _marked(text: str) -> str:
    """Write the marks of a line in ReportLab's little markup."""
    tags = {"": "{}", "bold": "<b>{}</b>", "italic": "<i>{}</i>", "code": '<font face="Courier">{}</font>'}
    return "".join(tags[style].format(escape(piece)) for piece, style in spans(text))
