"""The body of a Word document, its lxml elements walked once in document order: insertions kept, deletions dropped."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from scanner.extract.docx_styles import VAL, Numbering, Styles, W, number, numbering_of
from scanner.extract.draft import Draft
from scanner.model.document import Locator, PassageKind

MAX_SPAN = 60  # columns that one cell may stretch over

_P, _TBL, _R, _T, _TR, _TC = f"{W}p", f"{W}tbl", f"{W}r", f"{W}t", f"{W}tr", f"{W}tc"
_SDT, _GALLERY = f"{W}sdt", f"{W}sdtPr/{W}docPartObj/{W}docPartGallery"
_TRPR, _DEL, _TCPR, _SPAN = f"{W}trPr", f"{W}del", f"{W}tcPr", f"{W}gridSpan"
_DOCS_HEADING = re.compile(r"_heading=(h\.[a-z0-9]{1,40})")
CALLS = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes", f"{W}commentReference": "comments"}
_PPR, _PSTYLE, _OUTLINE, _NUMPR = f"{W}pPr", f"{W}pStyle", f"{W}outlineLvl", f"{W}numPr"
_BOOKMARK = f"{W}bookmarkStart"
_BOX = f"{W}txbxContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{W}del", f"{W}moveFrom", _FALLBACK})
_GONE_OR_PROPERTIES = _GONE | {_TCPR}
_GONE_OR_BOXED = _GONE | {_BOX}  # a box within a box is read with the outer one
_SKIPPED = _GONE | {
    f"{W}pPr",
    f"{W}rPr",
    f"{W}instrText",
    f"{W}delText",
    f"{W}sectPr",
    f"{W}sdtPr",
    f"{W}tblPr",
    f"{W}tcPr",
    _BOX,
}
_BLANKS: Mapping[object, str] = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}ptab": "\t",
}


class Body:
    """Walks block elements into a draft, and keeps below which headings notes and comments are called."""

    def __init__(self, draft: Draft, styles: Styles, numbering: Numbering) -> None:
        """Keep where passages go and what paragraphs are asked of."""
        self.draft = draft
        self.styles = styles
        self.numbering = numbering
        self.called: dict[tuple[str, str], Locator] = {}  # by a key of CALLS and an id: where it is called
        self._code: list[str] = []
        self._calls: dict[etree._Element, list[tuple[str, str]]] = {}
        self._boxed = False
        self._spanned = False

    def read_all(self, root: etree._Element) -> None:
        """Read the whole body."""
        self._boxed = next(root.iter(_BOX), None) is not None
        self._spanned = next(root.iter(_SPAN), None) is not None
        for call in root.iter(*CALLS):
            paragraph = next(call.iterancestors(_P), None)
            if paragraph is not None:
                self._calls.setdefault(paragraph, []).append((CALLS[str(call.tag)], str(call.get(f"{W}id", ""))))
        self.read(root)

    def read(self, root: etree._Element) -> None:
        """Read every block below the root."""
        for block, contents in _blocks(root):
            if block.tag == _P:
                self._paragraph(block, contents=contents)
            else:
                self._end_code()
                self._table(block)
            if self._calls:
                self._note_calls(block)
        self._end_code()

    def _note_calls(self, block: etree._Element) -> None:
        for paragraph in block.iter(_P):
            for call in self._calls.get(paragraph, ()):
                self.called.setdefault(call, self.draft.place)

    def _end_code(self) -> None:
        """Add the code that gathered: lines that follow each other are one block."""
        lines, self._code = self._code, []
        if lines:
            self.draft.add("\n".join(lines), PassageKind.CODE)

    def _paragraph(self, paragraph: etree._Element, *, contents: bool) -> None:
        style, outline, numbered = _asked(paragraph)
        shape = self.styles.of(style)
        text = text_of(paragraph)
        if shape.code:
            self._code.append(text)
            return
        self._end_code()
        if text and not text.isspace():
            level, contents = shape.level, contents or shape.contents
            if outline is not None and not contents:
                level = outline + 1 if 0 <= outline <= 8 else 0
            numbered = numbered or shape.numbering
            shown = self.numbering.next(numbered) if numbered and numbered[0] > 0 else ""
            if level:
                self.draft.heading(f"{shown} {text}", level, at=Locator(anchor=_anchor(paragraph)))
            elif contents:
                self.draft.add(text, PassageKind.TOC)
            elif numbered and numbered[0] > 0:
                self.draft.add(text, PassageKind.LIST_ITEM, level=numbered[1])
            else:
                self.draft.add(text)
        if self._boxed:
            self._read_boxes(paragraph)

    def _read_boxes(self, paragraph: etree._Element) -> None:
        for box in paragraph.iter(_BOX):
            if not _is_gone(box, paragraph, _GONE_OR_BOXED):
                self.read(box)

    def _table(self, table: etree._Element) -> None:
        header: list[str] | None = None
        for row in _below(table, _TR):
            if any(True for facts in row.iterchildren(_TRPR) for _ in facts.iterchildren(_DEL)):
                continue
            cells = list(_below(row, _TC))
            if len(cells) == 1:
                self.read(cells[0])  # a frame around text more than a table
                continue
            values = self._values(cells)
            if header is None:
                header = values
                self.draft.row(values)
            else:
                self.draft.row(values, header)

    def _values(self, cells: list[etree._Element]) -> list[str]:
        """Return the cells' texts by column of the grid: one that spans three columns is followed by two empty ones."""
        if not self._spanned:
            return [self._value(cell) for cell in cells]
        values: list[str] = []
        for cell in cells:
            values.append(self._value(cell))
            values.extend([""] * (_span(cell) - 1))
        return values

    def _value(self, cell: etree._Element) -> str:
        texts: list[str] = []
        for child in cell:
            tag = child.tag
            if tag == _P:
                texts.append(text_of(child))
                texts += [text_of(one) for one in paragraphs(child)] if self._boxed else ()
            elif tag not in _GONE_OR_PROPERTIES:
                texts += [text_of(one) for one in paragraphs(child, boxed=self._boxed)]
        return " ".join(texts)


def text_of(element: etree._Element) -> str:
    """Return the text of a paragraph as it reads with every change accepted, without its text boxes."""
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def paragraphs(root: etree._Element, *, boxed: bool = True) -> Iterator[etree._Element]:
    """Yield every paragraph below the root that is not deleted, those in tables and boxes (if any) too."""
    for child in root:
        tag = child.tag
        if tag == _P:
            yield child
            if boxed:
                yield from paragraphs(child)
        elif tag not in _GONE:
            yield from paragraphs(child, boxed=boxed)


def _gather(element: etree._Element, pieces: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == _R:
            _gather(child, pieces)
        elif tag in (_T, _MATH_TEXT):
            pieces.append(child.text or "")
        elif tag in _BLANKS:
            pieces.append(_BLANKS[tag])
        elif tag not in _SKIPPED:
            _gather(child, pieces)


def _asked(paragraph: etree._Element) -> tuple[str, int | None, tuple[int, int] | None]:
    """Return what a paragraph asks for itself: its style's id, a level of the outline, and its numbering."""
    style, outline, numbered = "", None, None
    for properties in paragraph.iterchildren(_PPR):
        for one in properties:
            if one.tag == _PSTYLE:
                style = str(one.get(VAL, ""))
            elif one.tag == _OUTLINE:
                outline = number(one, 9)
            elif one.tag == _NUMPR:
                numbered = numbering_of(properties)
    return style, outline, numbered


def _blocks(root: etree._Element, *, contents: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    """Yield paragraphs and tables in order, through content controls and other wrappers.

    With each, whether it stands in the control that Word and Google Docs put a table of contents into.
    """
    for child in root:
        if child.tag in (_P, _TBL):
            yield child, contents
        elif child.tag not in _SKIPPED:
            gallery = child.find(_GALLERY) if child.tag == _SDT else None
            yield from _blocks(
                child, contents=contents or (gallery is not None and gallery.get(VAL) == "Table of Contents")
            )


def _anchor(heading: etree._Element) -> str | None:
    """Return what Google Docs opens a heading by: its exports carry it as a bookmark, "_heading=h.gjdgxs"."""
    for bookmark in heading.iterchildren(_BOOKMARK):
        if found := _DOCS_HEADING.fullmatch(str(bookmark.get(f"{W}name", ""))):
            return found.group(1)
    return None


def _below(root: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, through wrappers, not those of tables within."""
    for child in root:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in (_P, _TBL):
            yield from _below(child, tag)


def _span(cell: etree._Element) -> int:
    """Return over how many columns a cell stretches."""
    properties = next(cell.iterchildren(_TCPR), None)
    said = next(properties.iterchildren(_SPAN), None) if properties is not None else None
    return max(1, min(number(said, 1), MAX_SPAN))


def _is_gone(element: etree._Element, root: etree._Element, gone: frozenset[str] = _GONE) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not root:
        if parent.tag in gone:
            return True
        parent = parent.getparent()
    return False
