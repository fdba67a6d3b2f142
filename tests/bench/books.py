"""Books that nobody wrote: chapters, paragraphs, lists and tables of invented words, as PDF and as Word documents.

The text is known, so that a reader can be held against it.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

import docx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Table

_SYLLABLES = ("ka", "lo", "mi", "ter", "sun", "vek", "ra", "pol", "en", "da", "shi", "gor", "ul", "pra", "ne")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a book: a heading of level 1 or 2, a paragraph, a list, or a table's rows."""

    kind: str
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Book:
    """One invented book."""

    number: int
    chapters: int

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return its pieces in order, the same each time."""
        return tuple(_written(Random(self.number), self.chapters))

    @property
    def words(self) -> Counter[str]:
        """Count all words that a reader sees, without headers and numbers of pages."""
        return Counter(word for block in self.blocks for text in _texts(block) for word in text.split())

    @property
    def headings(self) -> list[str]:
        """Return its headings in order."""
        return [block.texts[0] for block in self.blocks if block.kind in ("h1", "h2")]

    def pdf(self) -> bytes:
        """Return it as a PDF with bookmarks, a header and numbered pages."""
        out = io.BytesIO()
        SimpleDocTemplate(out, title=f"Book {self.number}", invariant=1).build(
            list(self._flowables()), onFirstPage=_running, onLaterPages=_running
        )
        return out.getvalue()

    def docx(self) -> bytes:
        """Return it as a Word document with styles, a header and tables."""
        document, out = docx.Document(), io.BytesIO()
        document.sections[0].header.paragraphs[0].text = "Invented words"
        for block in self.blocks:
            if block.kind == "table":
                table = document.add_table(rows=0, cols=len(block.rows[0]))
                for row in block.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
            else:
                style = {"h1": "Heading 1", "h2": "Heading 2", "list": "List Bullet"}.get(block.kind)
                for text in block.texts:
                    document.add_paragraph(text, style=style)
        document.save(out)
        return out.getvalue()

    def _flowables(self) -> Iterator[Flowable]:
        style = getSampleStyleSheet()
        for place, block in enumerate(self.blocks):
            if block.kind == "table":
                yield Table([list(row) for row in block.rows], colWidths=110)
            elif block.kind == "list":
                yield ListFlowable([Paragraph(text, style["BodyText"]) for text in block.texts], bulletType="bullet")
            elif block.kind == "text":
                yield Paragraph(block.texts[0], style["BodyText"])
            else:
                if block.kind == "h1" and place:
                    yield PageBreak()
                yield Paragraph(block.texts[0], style["Heading1" if block.kind == "h1" else "Heading2"])


def _running(canvas: Canvas, template: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 800, "Invented words")
    canvas.drawString(300, 40, f"Page {template.page}")


def _texts(block: Block) -> Iterator[str]:
    yield from block.texts
    for row in block.rows:
        yield from row


def _written(chance: Random, chapters: int) -> Iterator[Block]:
    for chapter in range(1, chapters + 1):
        yield Block(kind="h1", texts=(f"{chapter} {_words(chance, 3).title()}",))
        for section in range(1, 4):
            yield Block(kind="h2", texts=(f"{chapter}.{section} {_words(chance, 4).title()}",))
            for _ in range(4):
                yield Block(kind="text", texts=(". ".join(_words(chance, 12).capitalize() for _ in range(6)) + ".",))
            yield Block(kind="list", texts=tuple(_words(chance, 9).capitalize() for _ in range(4)))
            rows = [tuple(_words(chance, 1).capitalize() for _ in range(4))]
            rows += [tuple(_words(chance, 2) for _ in range(4)) for _ in range(5)]
            yield Block(kind="table", rows=tuple(rows))


def _words(chance: Random, count: int) -> str:
    return " ".join("".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))


def shelve(folder: Path, *, books: int, chapters: int) -> tuple[Book, ...]:
    """Write so many books into the folder, each in both formats."""
    shelf = tuple(Book(number=number, chapters=chapters) for number in range(books))
    for book in shelf:
        (folder / f"{book.number:03}.pdf").write_bytes(book.pdf())
        (folder / f"{book.number:03}.docx").write_bytes(book.docx())
    return shelf
