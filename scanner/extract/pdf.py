"""PDF: PDFium reads every page's lines; pdfminer.six reads again the few pages whose text is suspect."""

import ctypes
import mmap
from collections.abc import Iterator
from typing import IO

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.draft import CUT_SHORT, MAX_CHARS, Draft
from scanner.extract.formats import Format
from scanner.extract.ocr import DPI, MAX_PIXELS, Recogniser
from scanner.extract.pdf_annotations import Aside, asides
from scanner.extract.pdf_layout import Layout, Outline
from scanner.extract.pdf_lines import Line, lines_of
from scanner.extract.pdf_second import SecondReader, is_suspect
from scanner.extract.pdf_tags import tagged_headings
from scanner.extract.reading import PdfReader
from scanner.model.document import Document

MAX_PAGES = 5_000
MAX_BOOKMARKS = 5_000
MAX_ASIDES = 20_000
PROTECTED = "it is protected by a password"
SCAN = "it is a scan without a text layer"
DAMAGED = "it is damaged: no reader can open it as a PDF"
RECOGNISED = "a scan, whose text was recognised by a program: compare quotes with its pages"
CITED = ("Title", "Subject", "Keywords")
_PROPERTIES = ("Title", "Subject", "Keywords", "Author", "Creator", "CreationDate", "ModDate")


def reader_of(choice: PdfReader, recogniser: Recogniser | None = None) -> Extractor:
    """Return the extractor that reads by the chosen reader, and pages without text by the recogniser if any."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        draft = Draft(name=name, real=Format.PDF)
        pdf = _opened(stream)
        try:
            with draft:
                for key in _PROPERTIES:
                    draft.set_property(key, pdf.get_metadata_value(key), cite=key in CITED)
                pages = _Pages(pdf, draft, SecondReader(pdf), choice, recogniser)
                read = list(pages.read())
                Layout(draft, Outline((*_bookmarks(pdf), *pages.headings))).read(read)
                draft.leave_headings()
                for text, kind, at in pages.asides:
                    draft.add(text, kind, at=at)
        finally:
            pdf.close()
        return draft.document(because_empty=SCAN)

    return extract


def _opened(stream: IO[bytes]) -> pdfium.PdfDocument:
    try:
        pdf = pdfium.PdfDocument(_mapped(stream), autoclose=True)
    except pdfium.PdfiumError as error:
        refused = getattr(error, "err_code", None)
        raise Unreadable(PROTECTED if refused == raw.FPDF_ERR_PASSWORD else DAMAGED) from None
    if len(pdf) <= 0:
        pdf.close()
        raise Unreadable(DAMAGED)
    return pdf


def _mapped(stream: IO[bytes]) -> bytes | ctypes.Array[ctypes.c_char]:
    """Return a file's bytes without holding them: the kernel brings those that PDFium asks for; else all of them."""
    try:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    except (OSError, ValueError):  # a file in memory, such as a member of an archive
        return stream.read()
    return (ctypes.c_char * len(mapped)).from_buffer(mapped)


class _Pages:
    """Reads page after page; what is no line of one is kept until the lines are read."""

    def __init__(
        self,
        pdf: pdfium.PdfDocument,
        draft: Draft,
        second: SecondReader,
        choice: PdfReader,
        recogniser: Recogniser | None,
    ) -> None:
        self.pdf, self.draft, self.second, self.choice, self.recogniser = pdf, draft, second, choice, recogniser
        if recogniser is not None:
            recogniser.begin()
        self.tagged = bool(raw.FPDFCatalog_IsTagged(pdf.raw))
        self.headings: list[tuple[int, int, str]] = []  # (level, page, text) that tags name
        self.asides: list[Aside] = []

    def read(self) -> Iterator[tuple[int, list[Line]]]:
        """Yield (page number, its lines); a page that cannot be read is noted, and the others are."""
        count, chars, pictures = len(self.pdf), 0, list[int]()
        if count > MAX_PAGES:
            self.draft.note(f"it has {count:,} pages, {MAX_PAGES:,} are read")
        for index in range(min(count, MAX_PAGES)):
            try:
                page = self.pdf[index]
            except pdfium.PdfiumError:
                self.draft.note(f"page {index + 1} is damaged and was not read")
                continue
            try:
                lines = self._lines(page, index) or self._recognised(page)
                if not lines and any(True for _ in page.get_objects(max_depth=1)):  # nothing at all is a blank page
                    pictures.append(index + 1)
            finally:
                page.close()
            yield index + 1, lines
            chars += sum(len(line.text) for line in lines)
            if chars > 2 * MAX_CHARS:
                self.draft.note(CUT_SHORT.format(what=f"{MAX_CHARS:,} characters"))
                break
        if pictures:
            self.draft.note(_said(pictures))

    def _lines(self, page: pdfium.PdfPage, index: int) -> list[Line]:
        lines, whole = lines_of(page)
        if self.choice == "careful" or (self.choice == "auto" and is_suspect(page, lines)):
            lines = self.second.lines(index) or lines
        if not whole:
            self.draft.note(f"page {index + 1} was read in part: it holds more text than a page can")
        if self.tagged and lines:
            self.headings += [(level, index + 1, text) for level, text in tagged_headings(page)]
        if len(self.asides) < MAX_ASIDES:
            self.asides += asides(page, index + 1)
        return lines

    def _recognised(self, page: pdfium.PdfPage) -> list[Line]:
        """Read a page that is a picture; none where nobody asked for that, or its time is over."""
        if self.recogniser is None or not any(True for _ in page.get_objects(max_depth=1)):
            return []
        width, height = page.get_size()
        scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5 * 0.99)
        bitmap = page.render(scale=scale, grayscale=True)
        size = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
        lines = self.recogniser.lines(bytes(bitmap.buffer), **size, scale=scale) or []
        bitmap.close()
        if lines:
            self.draft.remark = RECOGNISED
        return lines


def _said(pictures: list[int]) -> str:
    if len(pictures) == 1:
        return f"page {pictures[0]} is a picture without text"
    listed = ", ".join(str(number) for number in pictures[:20]) + (" and others" if len(pictures) > 20 else "")
    return f"{len(pictures)} pages are pictures without text: {listed}"


def _bookmarks(pdf: pdfium.PdfDocument) -> Iterator[tuple[int, int, str]]:
    """Yield (level from 1, page number, title) of the outline; a broken one ends it."""
    try:
        for number, bookmark in enumerate(pdf.get_toc(max_depth=9)):
            if number >= MAX_BOOKMARKS:
                return
            dest = bookmark.get_dest()
            page = dest.get_index() if dest else None
            if page is not None:
                yield bookmark.level + 1, page + 1, bookmark.get_title()
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return
