"""What a tagged PDF says itself: which of its texts are headings (ISO 32000-1 §14.7), asked of PDFium."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_ELEMENTS = 5_000  # of one page's structure
MAX_DEPTH = 40
MAX_OBJECTS = 5_000
_LEVELS = {"Title": 1, "H": 1, **{f"H{level}": level for level in range(1, 7)}}


def tagged_headings(page: pdfium.PdfPage) -> Iterator[tuple[int, str]]:
    """Yield (level, text) of the headings that the page's tags name."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return
    try:
        marked = dict(_marked(tree))
    finally:
        raw.FPDF_StructTree_Close(tree)
    if not marked:
        return
    texts: dict[tuple[int, int], list[str]] = {}  # by heading, so that one in several pieces is one
    for mark, text in _texts(page, set(marked)):
        texts.setdefault(marked[mark], []).append(text)
    yield from ((level, "".join(pieces)) for (_, level), pieces in texts.items())


def _marked(tree: object) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield (marked content id, (number of the heading, its level))."""
    waiting = [
        (raw.FPDF_StructTree_GetChildAtIndex(tree, place), 0, (0, 0))
        for place in range(min(raw.FPDF_StructTree_CountChildren(tree), MAX_ELEMENTS))
    ][::-1]
    seen = 0
    while waiting and seen < MAX_ELEMENTS:
        element, depth, heading = waiting.pop()
        if not element:
            continue
        seen += 1
        level = _LEVELS.get(_kind(element), 0)
        heading = (seen, level) if level else heading
        if heading[1]:
            for place in range(min(max(raw.FPDF_StructElement_GetMarkedContentIdCount(element), 0), 100)):
                yield raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, place), heading
        if depth < MAX_DEPTH:
            count = min(max(raw.FPDF_StructElement_CountChildren(element), 0), MAX_ELEMENTS)
            waiting += [
                (raw.FPDF_StructElement_GetChildAtIndex(element, place), depth + 1, heading)
                for place in range(count - 1, -1, -1)
            ]


def _kind(element: object) -> str:
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    if not 0 < size <= 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _texts(page: pdfium.PdfPage, wanted: set[int]) -> Iterator[tuple[int, str]]:
    textpage = page.get_textpage()
    try:
        for place in range(min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
            shape = raw.FPDFPage_GetObject(page.raw, place)
            if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_TEXT:
                continue
            mark = raw.FPDFPageObj_GetMarkedContentID(shape)
            if mark in wanted:
                yield mark, _text(shape, textpage.raw)
    finally:
        textpage.close()


def _text(shape: object, textpage: object) -> str:
    size = raw.FPDFTextObj_GetText(shape, textpage, None, 0)
    if not 2 < size <= 4_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFTextObj_GetText(shape, textpage, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
