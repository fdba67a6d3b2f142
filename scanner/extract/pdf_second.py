"""pdfminer.six as the careful second reader: for suspect pages alone, under caps of its own."""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextLine
from pypdfium2 import raw

from scanner.extract.pdf_lines import Line, mended

MAX_BYTES = 20_000_000  # of the page with all that it uses
MAX_PAGES = 20  # that it reads of one document
MAX_OBJECTS = 3_000  # on a page: beyond, it takes minutes
MAX_SECONDS = 5.0  # of the processor for a page: lines over each other cost it their number to the third power
_ODD = re.compile(r"[\ufffd\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff]|\(cid:\d+\)")


def is_suspect(page: pdfium.PdfPage, lines: list[Line]) -> bool:
    """Tell whether a page's fast text is garbled, or missing although the page sets text and is not a mere picture."""
    if not lines:
        count = raw.FPDFPage_CountObjects(page.raw)
        return 0 < count <= MAX_OBJECTS and _sets_text(page, count)
    text = "".join([line.text for line in lines[:200]])
    if text.isascii() and text.isprintable() and "(cid:" not in text:
        return False
    return len(_ODD.findall(text)) > max(5, 0.1 * len(text))


class SecondReader:
    """Reads single pages of one file again, a bounded number of them."""

    def __init__(self, pdf: pdfium.PdfDocument, *, seconds: float = MAX_SECONDS) -> None:
        """Keep the file; no page may take longer than that."""
        self._pdf, self._seconds = pdf, seconds
        self._left = MAX_PAGES

    def lines(self, index: int) -> list[Line]:
        """Return the lines of one page (counted from 0); none when it cannot do better."""
        if self._left <= 0:
            return []
        self._left -= 1
        params = LAParams(all_texts=True, boxes_flow=None)
        try:
            alone = self._alone(index)
            with _at_most(self._seconds):
                pages = list(extract_pages(alone, laparams=params)) if alone.tell() <= MAX_BYTES else []
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a second opinion: whatever it raises, the first reader's text stands
            self._left = 0
            return []
        found = [line for page in pages for line in _lines(page, 0)]
        text = "".join(line.text for line in found)
        return found if text and len(_ODD.findall(text)) <= 0.1 * len(text) else []

    def _alone(self, index: int) -> BytesIO:
        """Write the page into a file of its own: in the whole one it would look for all things again and again."""
        out, one = BytesIO(), pdfium.PdfDocument.new()
        try:
            one.import_pages(self._pdf, [index])
            one.save(out)
        finally:
            one.close()
        return out


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what takes more of the processor's time, where signals arrive: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGVTALRM, _time_is_over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0)  # again each second: one may end in a parser's own `except`
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _time_is_over(*_: object) -> None:
    raise TimeoutError


def _sets_text(page: pdfium.PdfPage, count: int) -> bool:
    kinds = {raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, index)) for index in range(min(count, 500))}
    return raw.FPDF_PAGEOBJ_TEXT in kinds or raw.FPDF_PAGEOBJ_FORM in kinds


def _lines(container: LTContainer[Any], depth: int) -> list[Line]:
    """Collect text lines in order, those inside figures (Form XObjects) too."""
    found: list[Line] = []
    for item in container:
        if isinstance(item, LTTextLine):
            found.append(_line(item))
        elif isinstance(item, LTContainer) and depth < 20:
            found.extend(_lines(item, depth + 1))
    return [line for line in found if line.text]


def _line(item: LTTextLine) -> Line:
    first = next((char for char in item if isinstance(char, LTChar)), None)
    bold = bool(first and re.search("bold|black", first.fontname, re.IGNORECASE))
    return Line(
        text=" ".join(mended(item.get_text()).split()), left=item.x0, top=item.y1, bottom=item.y0, right=item.x1,
        size=first.size if first else item.height, bold=bold,
    )  # fmt: skip
