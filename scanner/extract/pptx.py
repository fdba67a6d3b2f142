"""PowerPoint by lxml over the container: titles as headings, bullets, tables, diagrams, notes and comments."""

import zipfile
from collections.abc import Iterator
from typing import IO

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED, opened, read_member
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import read_properties, relations
from scanner.model.document import Document, Locator, PassageKind

MAX_SLIDES = 2_000
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PRESENTATION = "ppt/presentation.xml"
_FOOTERS = frozenset({"ftr", "hdr"})
_NUMBERS = frozenset({"sldNum", "dt", "sldImg"})


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a presentation. Raises Unreadable."""
    draft = Draft(name=name, real=Format.PPTX)
    with opened(stream) as archive, draft:
        read_properties(archive, draft)
        for number, member in enumerate(_slides(archive), 1):
            if number > MAX_SLIDES:
                draft.note(f"it has more than {MAX_SLIDES:,} slides")
                break
            _read_slide(archive, member, number, draft)
    return draft.document(because_empty="no text was found in it: its slides may be pictures")


def _slides(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the slides' members in the order in which they are shown."""
    data = read_member(archive, _PRESENTATION)
    if data is None:
        raise Unreadable(DAMAGED)
    related = relations(archive, _PRESENTATION)
    for one in parse_xml(data).iter(f"{P}sldId"):
        kind, member = related.get(str(one.get(f"{R}id", "")), ("", ""))
        if kind == "slide":
            yield member


def _read_slide(archive: zipfile.ZipFile, member: str, number: int, draft: Draft) -> None:
    data = read_member(archive, member)
    if data is None:
        draft.note(f"slide {number} is missing from the file")
        return
    draft.leave_headings()
    shapes = [(_placeholder(shape), shape) for shape in _shapes(parse_xml(data))]
    shapes.sort(key=lambda pair: pair[0] not in ("title", "ctrTitle"))  # a stable sort: the title goes first
    for kind, shape in shapes:
        _read_shape(kind, shape, number, draft)
    for kind, related in relations(archive, member).values():
        extra = read_member(archive, related) if kind in ("notesSlide", "diagramData", "comments") else None
        if extra is not None:
            _read_related(kind, parse_xml(extra), number, draft)


def _shapes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield shapes and tables' frames in order, those in groups too."""
    yield from root.iter(f"{P}sp", f"{P}graphicFrame", f"{P}cxnSp")


def _placeholder(shape: etree._Element) -> str:
    found = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return str(found.get("type", "body")) if found is not None else ""


def _read_shape(kind: str, shape: etree._Element, number: int, draft: Draft) -> None:
    at = Locator(slide=number)
    if kind in ("title", "ctrTitle"):
        draft.heading(" ".join(text for text, _ in _paragraphs(shape)), 1, at=at)
    elif kind in _FOOTERS:
        for text, _ in _paragraphs(shape):
            draft.add(text, PassageKind.HEADER_FOOTER, at=Locator(slide=number, part="footer"))
    elif kind not in _NUMBERS:
        if shape.tag == f"{P}graphicFrame":
            _read_tables(shape, at, draft)
            return
        for text, level in _paragraphs(shape):
            draft.add(
                text, PassageKind.LIST_ITEM if kind in ("body", "obj") else PassageKind.PARAGRAPH, level=level, at=at
            )


def _read_tables(frame: etree._Element, at: Locator, draft: Draft) -> None:
    for table in frame.iter(f"{A}tbl"):
        header: list[str] | None = None
        for row in table.findall(f"{A}tr"):
            values = [" ".join(text for text, _ in _paragraphs(cell)) for cell in row.findall(f"{A}tc")]
            draft.row(values, header, at=at)
            header = header or values


def _read_related(kind: str, root: etree._Element, number: int, draft: Draft) -> None:
    if kind == "notesSlide":
        for shape in _shapes(root):
            if _placeholder(shape) == "body":
                for text, _ in _paragraphs(shape):
                    draft.add(text, PassageKind.NOTES, at=Locator(slide=number, part="notes"))
    elif kind == "comments":
        said = [one.text or "" for one in root.iter(f"{P}text")]
        said += [text for text, _ in _paragraphs(root)]  # newer files hold comments as paragraphs
        for text in said:
            draft.add(text, PassageKind.COMMENT, at=Locator(slide=number, part="comment"))
    else:
        for text, _ in _paragraphs(root):
            draft.add(text, at=Locator(slide=number))


def _paragraphs(root: etree._Element) -> Iterator[tuple[str, int]]:
    """Yield (text, list level) of every paragraph that has a text."""
    for paragraph in root.iter(f"{A}p"):
        pieces = [
            (one.text or "") if one.tag == f"{A}t" else " " for one in paragraph.iter(f"{A}t", f"{A}br", f"{A}tab")
        ]
        text = "".join(pieces)
        properties = paragraph.find(f"{A}pPr")
        level = str(properties.get("lvl", "0")) if properties is not None else "0"
        if text.strip():
            yield text, int(level) if level in "012345678" and len(level) == 1 else 0
