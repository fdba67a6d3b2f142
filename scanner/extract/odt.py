"""OpenDocument texts and presentations by lxml over the container."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import IO

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED, opened, read_member
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import local_name
from scanner.model.document import Document, Locator, PassageKind

MAX_REPEATED = 20  # of a cell that says it stands there many times
_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, OFFICE, DRAW, STYLE = (_NS % name for name in ("text", "table", "office", "drawing", "style"))
META, PRESENTATION, MANIFEST = (_NS % name for name in ("meta", "presentation", "manifest"))
_CITED = {"title": "Title", "subject": "Subject", "keyword": "Keywords", "description": "Description"}
_BLANKS = frozenset({f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"})
_APART = frozenset({f"{TEXT}note", f"{OFFICE}annotation", f"{DRAW}frame", f"{DRAW}custom-shape"})
_CODE_STYLES = frozenset({"Preformatted_20_Text", "Source_20_Code", "Code"})  # by the names that LibreOffice gives
_DROPPED = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation-end", f"{TEXT}note-citation", f"{OFFICE}forms"})


def extract_text(stream: IO[bytes], *, name: str) -> Document:
    """Read an OpenDocument text. Raises Unreadable."""
    return _extract(stream, name, Format.ODT, lambda walk, body: walk.blocks(body, 0))


def extract_presentation(stream: IO[bytes], *, name: str) -> Document:
    """Read an OpenDocument presentation. Raises Unreadable."""
    return _extract(stream, name, Format.ODP, _read_slides)


def _extract(stream: IO[bytes], name: str, real: Format, read: "Callable[[_Walk, etree._Element], None]") -> Document:
    draft = Draft(name=name, real=real)
    with opened(stream) as archive, draft:
        manifest = read_member(archive, "META-INF/manifest.xml")
        if manifest and parse_xml(manifest).find(f".//{MANIFEST}encryption-data") is not None:
            raise Unreadable("it is protected by a password")
        content = read_member(archive, "content.xml")
        body = parse_xml(content).find(f"{OFFICE}body") if content else None
        if body is None:
            raise Unreadable(DAMAGED)
        read_properties(archive, draft)
        read(_Walk(draft), body)
        _read_headers(archive, draft)
    return draft.document()


def _read_slides(walk: "_Walk", body: etree._Element) -> None:
    for number, page in enumerate(body.iter(f"{DRAW}page"), 1):
        walk.draft.leave_headings()
        walk.at = Locator(slide=number)
        frames = list(page)
        frames.sort(key=lambda one: one.get(f"{PRESENTATION}class") != "title")
        for frame in frames:
            if frame.get(f"{PRESENTATION}class") == "title":
                walk.draft.heading(" ".join("".join(map(str, frame.itertext())).split()), 1, at=walk.at)
            elif frame.tag == f"{PRESENTATION}notes":
                for paragraph in frame.iter(f"{TEXT}p"):
                    walk.draft.add(walk.text(paragraph), PassageKind.NOTES, at=Locator(slide=number, part="notes"))
            else:
                walk.blocks(frame, 0)


def read_properties(archive: zipfile.ZipFile, draft: Draft) -> None:
    """Keep what an OpenDocument file says of itself."""
    data = read_member(archive, "meta.xml")
    for one in parse_xml(data).iter() if data else ():
        if one.tag == f"{META}user-defined":
            draft.set_property(str(one.get(f"{META}name", "")), one.text or "")
        elif label := _CITED.get(local_name(one.tag)):
            draft.set_property(label, one.text or "")


def _read_headers(archive: zipfile.ZipFile, draft: Draft) -> None:
    data = read_member(archive, "styles.xml")
    draft.leave_headings()
    walk, seen = _Walk(draft), set[str]()
    for one in parse_xml(data).iter(f"{STYLE}header", f"{STYLE}footer") if data else ():
        for paragraph in one.iter(f"{TEXT}p"):
            text = walk.text(paragraph)
            if text not in seen:
                seen.add(text)
                draft.add(text, PassageKind.HEADER_FOOTER, at=Locator(part=local_name(one.tag)))


def _note_class(note: etree._Element) -> str:
    return "endnote" if note.get(f"{TEXT}note-class") == "endnote" else "footnote"


class _Walk:
    """Walks block elements; notes, comments and frames inside a paragraph come after it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.at = Locator()

    def blocks(self, root: etree._Element, lists: int) -> None:
        for child in root:
            if child.tag == f"{TEXT}h":
                level = str(child.get(f"{TEXT}outline-level", "1"))
                self.draft.heading(self.text(child), int(level) if level in "123456789" and level else 1, at=self.at)
            elif child.tag == f"{TEXT}p":
                kind = PassageKind.LIST_ITEM if lists else PassageKind.PARAGRAPH
                kind = PassageKind.CODE if child.get(f"{TEXT}style-name") in _CODE_STYLES else kind
                self.draft.add(self.text(child), kind, level=max(lists - 1, 0), at=self.at)
                self._apart(child, lists)
            elif child.tag == f"{TEXT}list":
                self.blocks(child, lists + 1)
            elif child.tag == f"{TABLE}table":
                self._table(child)
            elif child.tag == f"{TEXT}table-of-content":
                for line in child.iter(f"{TEXT}p"):
                    self.draft.add(self.text(line), PassageKind.TOC, at=self.at)
            elif child.tag not in _DROPPED:
                self.blocks(child, lists)

    def text(self, element: etree._Element) -> str:
        """Return an element's own text, without what stands apart."""
        pieces = [element.text or ""]
        for child in element:
            if child.tag in _BLANKS:
                pieces.append(" ")
            elif child.tag not in _APART and child.tag not in _DROPPED:
                pieces.append(self.text(child))
            pieces.append(child.tail or "")
        return "".join(pieces)

    def _apart(self, paragraph: etree._Element, lists: int) -> None:
        for child in paragraph:
            if child.tag == f"{TEXT}note":
                for one in child.iter(f"{TEXT}p"):
                    self.draft.add(self.text(one), PassageKind.FOOTNOTE, at=replace(self.at, part=_note_class(child)))
            elif child.tag == f"{OFFICE}annotation":
                for one in child.iter(f"{TEXT}p"):
                    self.draft.add(self.text(one), PassageKind.COMMENT, at=replace(self.at, part="comment"))
            elif child.tag in _APART:
                self.blocks(child, lists)
            else:
                self._apart(child, lists)

    def _table(self, table: etree._Element) -> None:
        header: list[str] | None = None
        for row in table.iter(f"{TABLE}table-row"):
            values: list[str] = []
            for cell in row:
                said = " ".join(self.text(one) for one in cell.iter(f"{TEXT}p", f"{TEXT}h"))
                repeated = str(cell.get(f"{TABLE}number-columns-repeated", "1"))
                times = int(repeated) if repeated.isdigit() and len(repeated) < 7 else MAX_REPEATED
                values += [said] * max(1, min(times, MAX_REPEATED))
            self.draft.row(values, header, at=self.at)
            header = header or values
