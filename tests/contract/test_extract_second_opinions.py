"""Readers held against what was written, and against other libraries over the same file: words, places, sameness."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer
from pptx import Presentation

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.isolation import ExtractPool
from scanner.model.document import Document, Passage, PassageKind
from tests.bench.books import Book
from tests.extract_promises import broken_promises
from tests.extract_samples.every import BY_NAME, SAMPLES

ENOUGH = 0.99  # of the words that another reader, or the writer, knows of


@cache
def book() -> Book:
    return Book(number=7, chapters=2)


@cache
def read_book(ending: str) -> Document:
    data = book().pdf() if ending == "pdf" else book().docx()
    return read(io.BytesIO(data), name=f"book.{ending}")


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=1) as pool:
        yield pool


def found(wanted: Counter[str], document: Document) -> float:
    """Return which share of these words stands in the document."""
    there = Counter(word for one in document.passages for word in re.findall(r"\w+", one.text.casefold()))
    return 1 - (wanted - there).total() / wanted.total()


def words(*texts: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(texts).casefold()))


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_of_a_book_every_word_is_read_and_every_heading_known(ending: str) -> None:
    document = read_book(ending)
    assert found(words(*book().words.elements()), document) >= ENOUGH
    assert [one.text for one in document.passages if one.kind is PassageKind.HEADING] == book().headings
    assert sum(one.kind is PassageKind.LIST_ITEM for one in document.passages) == 4 * 6
    assert broken_promises(document) == []


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_of_a_book_each_passage_stands_below_the_headings_that_it_was_written_under(ending: str) -> None:
    above: dict[str, tuple[str, ...]] = {}
    chapter = section = ""
    for block in book().blocks:
        if block.kind == "h1":
            chapter = block.texts[0]
        elif block.kind == "h2":
            section = block.texts[0]
        elif block.kind == "text":
            above[letters(block.texts[0])[:60]] = (chapter, section)
    passages = [(letters(one.text), one.locator.heading) for one in read_book(ending).passages]
    placed = {text: next((heading for there, heading in passages if text in there), None) for text in above}
    assert placed == above


def test_of_a_book_each_passage_stands_on_the_page_where_another_reader_sees_it() -> None:
    pages = {
        number: letters(" ".join(box.get_text() for box in page if isinstance(box, LTTextContainer)))
        for number, page in enumerate(extract_pages(io.BytesIO(book().pdf()), laparams=LAParams(boxes_flow=None)), 1)
    }
    body = [one for one in read_book("pdf").passages if one.kind is not PassageKind.PROPERTY]
    assert len({one.locator.page for one in body}) == len(pages)
    astray = [one.text for one in body if letters(one.text)[:40] not in pages[one.locator.page or 0]]
    assert astray == []


def test_a_word_file_loses_nothing_that_python_docx_sees_as_objects_or_boxes() -> None:
    for sample in (sample for sample in SAMPLES if sample.name.endswith(".docx")):
        opened = docx.Document(io.BytesIO(sample.data))
        texts = [paragraph.text for paragraph in opened.paragraphs]
        texts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
        texts += [paragraph.text for section in opened.sections for paragraph in section.header.paragraphs]
        boxes = opened.element.body.iter(qn("w:txbxContent"))
        texts += ["".join(str(piece.text or "") for piece in box.iter(qn("w:t"))) for box in boxes]
        assert found(words(*texts), read(io.BytesIO(sample.data), name=sample.name)) >= ENOUGH


def test_each_row_of_a_workbook_stands_in_the_cells_that_it_names() -> None:
    sample = BY_NAME["mds2.xlsx"]
    opened = load_workbook(io.BytesIO(sample.data), data_only=True)
    rows = [one for one in read(io.BytesIO(sample.data), name=sample.name).passages if one.locator.cell]
    for row in (row for row in rows if row.kind is PassageKind.TABLE_ROW):
        assert row.locator.sheet
        assert row.locator.cell
        cells = opened[row.locator.sheet][row.locator.cell]
        told = [cells] if not isinstance(cells, tuple) else [cell for line in cells for cell in line]
        assert " | ".join(str(cell.value) for cell in told if cell.value is not None) == row.text
    values = [str(cell) for sheet in opened for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    assert found(words(*values), read(io.BytesIO(sample.data), name=sample.name)) == 1


def test_each_passage_of_a_presentation_stands_on_its_slide() -> None:
    sample = BY_NAME["deck.pptx"]
    slides = {}
    for number, slide in enumerate(Presentation(io.BytesIO(sample.data)).slides, 1):
        texts = ["".join(node.itertext()) for shape in slide.shapes for node in [shape._element]]
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        slides[number] = letters(" ".join([*texts, notes]))
    body = [one for one in read(io.BytesIO(sample.data), name=sample.name).passages if one.locator.slide]
    assert [one.text for one in body if letters(one.text) not in slides[one.locator.slide or 0]] == []
    assert {one.locator.slide for one in body} == set(slides)


@pytest.mark.parametrize("name", BY_NAME)
def test_another_process_reads_the_same_and_its_words_are_plain_values(pool: ExtractPool, name: str) -> None:
    sample = BY_NAME[name]
    document = pool.extract(io.BytesIO(sample.data), name=name)
    assert document == read(io.BytesIO(sample.data), name=name)
    assert broken_promises(document) == []
    assert {type(value) for one in document.passages for value in _values(one)} <= {str, int, PassageKind, type(None)}


def _values(passage: Passage) -> Iterator[object]:
    at = passage.locator
    yield from (passage.text, passage.kind, passage.level, at.page, at.paragraph, at.slide, at.sheet, at.cell, at.part)
    yield from at.heading
    for cell in passage.cells:
        yield from cell


@pytest.mark.parametrize("name", BY_NAME)
def test_a_file_that_ends_anywhere_is_read_or_refused(name: str) -> None:
    """Cut at every tenth byte of a small file; of a large one at 80 places, half of them in its last kilobyte."""
    data = BY_NAME[name].data
    places = range(0, len(data), 10)
    if len(data) > 2_000:
        places = [*range(0, len(data), len(data) // 40), *range(len(data) - 1_000, len(data), 25)]  # type: ignore[assignment]
    for place in places:
        assert _read_or_refused(data[:place], name) == []


def _read_or_refused(data: bytes, name: str) -> list[str]:
    try:
        return broken_promises(read(io.BytesIO(data), name=name))
    except Unreadable as why:
        return [] if str(why) else ["no reason"]
