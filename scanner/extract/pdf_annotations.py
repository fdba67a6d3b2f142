"""What stands on a PDF's page and is no part of it: comments, texts typed onto it, what a form was filled with."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.model.document import Locator, PassageKind

MAX_ANNOTATIONS = 2_000  # of one page
MAX_BYTES = 16_000  # of one text, in UTF-16
_REMARKS = frozenset(
    {
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_CARET,
        raw.FPDF_ANNOT_SQUARE,
        raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_STAMP,
    }
)

Aside = tuple[str, PassageKind, Locator]


def asides(page: pdfium.PdfPage, number: int) -> Iterator[Aside]:
    """Yield (text, what it is, where it stands) of the page's annotations that say something."""
    for place in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, place)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind == raw.FPDF_ANNOT_WIDGET:
                yield from _field(annotation, number)
            elif kind == raw.FPDF_ANNOT_FREETEXT:
                yield _said(annotation, b"Contents"), PassageKind.PARAGRAPH, Locator(page=number, part="text box")
            elif kind in _REMARKS:
                yield _said(annotation, b"Contents"), PassageKind.COMMENT, Locator(page=number, part="comment")
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(annotation: object, number: int) -> Iterator[Aside]:
    """Yield a form's field with its value; its name for people (TU) goes before the one for programs (T)."""
    value = _said(annotation, b"V").strip()
    if value and value != "Off":
        name = _said(annotation, b"TU") or _said(annotation, b"T")
        at = Locator(page=number, part="form field")
        yield f"{name}: {value}" if name else value, PassageKind.PARAGRAPH, at


def _said(annotation: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= MAX_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
