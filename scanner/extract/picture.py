"""Pictures by Tesseract, where an operator wants them read: each frame is a page."""

import warnings
from collections.abc import Iterator
from typing import IO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.ocr import DPI, MAX_PIXELS, Recogniser
from scanner.extract.pdf_layout import Layout, Outline
from scanner.extract.pdf_lines import Line
from scanner.model.document import Document

MAX_FRAMES = 200
NO_TEXT = "no text was found in it: it is a picture"
DAMAGED = "it is damaged: it cannot be opened as a picture"
RECOGNISED = "a picture, whose text was recognised by a program: compare quotes with it"


def reader_with(recogniser: Recogniser) -> Extractor:
    """Return the extractor of pictures."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        draft = Draft(name=name, real=Format.IMAGE)
        draft.remark = RECOGNISED
        recogniser.begin()
        with draft:
            Layout(draft, Outline(())).read(list(_pages(stream, recogniser, draft)))
        return draft.document(because_empty=NO_TEXT)

    return extract


def _pages(stream: IO[bytes], recogniser: Recogniser, draft: Draft) -> Iterator[tuple[int, list[Line]]]:
    from PIL import Image, ImageSequence  # noqa: PLC0415  # of the same extra as Tesseract

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings(), Image.open(stream) as picture:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number > MAX_FRAMES:
                    draft.note(f"it has more than {MAX_FRAMES} pages")
                    return
                grey = frame.convert("L")
                size = {"width": grey.width, "height": grey.height, "stride": grey.width}
                lines = recogniser.lines(grey.tobytes(), **size, scale=DPI / 72)
                if lines is None:
                    draft.note(f"page {number} and what follows were not read: recognising their text takes too long")
                    return
                yield number, lines
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("it is larger than a picture that can be read") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Unreadable(DAMAGED) from None
