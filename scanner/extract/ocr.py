"""Texts in pictures by Tesseract (extra `crosswalk[ocr]`), as lines with places like those of a printed page."""

import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from scanner.extract.pdf_lines import Line

DPI = 300  # what Tesseract was trained on
LEAST_CONFIDENCE = 50.0  # of 100; below, a line is more often a drawing than words
EM = 1.35  # of letters' size against the box of their ink
MAX_PIXELS = 40_000_000
PACKAGE = "tesserocr"
FOLDERS = (
    "usr/share/tesseract-ocr/*/tessdata",
    "usr/share/tessdata",
    "usr/local/share/tessdata",
    "opt/*/share/tessdata",
)


class NoRecogniser(Exception):
    """Pictures cannot be read here; its text says what is missing."""


class Recogniser:
    """Tesseract with its languages loaded, so that it needs no file any more; it reads for so long a document."""

    def __init__(self, languages: str, *, seconds: float) -> None:
        """Load the languages. Raises NoRecogniser."""
        folder = _folder(languages)
        os.environ["OMP_THREAD_LIMIT"] = "1"  # a reader process may start no thread
        try:
            import tesserocr  # noqa: PLC0415  # an extra, not loaded unless it is wanted
        except ImportError:
            raise NoRecogniser("reading pictures needs the extra crosswalk[ocr]") from None
        try:
            self._api = tesserocr.PyTessBaseAPI(path=str(folder), lang=languages, psm=tesserocr.PSM.AUTO)
        except RuntimeError:
            raise NoRecogniser(f"Tesseract cannot load its languages {languages!r}") from None
        # tesserocr sends complaints to /dev/null, which a confined reader cannot open: the first would end it.
        self._api.SetVariable("debug_file", "")
        self._textline, self._walk = tesserocr.RIL.TEXTLINE, tesserocr.iterate_level
        self._seconds = seconds
        self._until = 0.0

    def begin(self) -> None:
        """Begin a document: its time counts from now on."""
        self._until = time.monotonic() + self._seconds

    def lines(self, pixels: bytes, *, width: int, height: int, stride: int, scale: float) -> list[Line] | None:
        """Return the lines of a grey picture in reading order, None when the document's time is over.

        `scale` is how many pixels make a point; places are points from the lower left corner.
        """
        left = self._until - time.monotonic()
        if left <= 0 or width * height > MAX_PIXELS:
            return None
        self._api.SetImageBytes(pixels, width, height, 1, stride)
        self._api.SetSourceResolution(DPI)
        if not self._api.Recognize(int(left * 1000)):
            return None
        return _joined(list(self._lines(height, scale)))

    def _lines(self, height: int, scale: float) -> Iterator[Line]:
        found = self._api.GetIterator()
        for one in self._walk(found, self._textline) if found else ():
            box = one.BoundingBox(self._textline)
            if box is None or one.Confidence(self._textline) < LEAST_CONFIDENCE:
                continue
            text = " ".join(one.GetUTF8Text(self._textline).split())
            left, top, right, bottom = box
            if any(char.isalnum() for char in text):
                yield Line(
                    text=text, left=left / scale, right=right / scale, top=(height - top) / scale,
                    bottom=(height - bottom) / scale, size=(bottom - top) / scale, bold=False,
                )  # fmt: skip


def missing(languages: str) -> str:
    """Say what keeps these languages from being read here, "" for nothing."""
    try:
        Recogniser(languages, seconds=1)
    except NoRecogniser as why:
        return str(why)
    return ""


def _folder(languages: str) -> Path:
    """Return where Tesseract's languages lie: as its own variable says, else where systems put them."""
    told = os.environ.get("TESSDATA_PREFIX")
    places = [Path(told)] if told else [found for one in FOLDERS for found in sorted(Path("/").glob(one))]
    wanted = [f"{one}.traineddata" for one in languages.split("+")]
    for place in places:
        if all((place / one).is_file() for one in wanted):
            return place
    raise NoRecogniser(f"Tesseract's languages {languages!r} are not installed")


def _joined(lines: list[Line]) -> list[Line]:
    """Give all lines the size of the page's, since their boxes vary with their letters, and undo hyphenation."""
    size = EM * median(line.size for line in lines) if lines else 0.0
    for line, after in pairwise(lines):
        word, _, rest = after.text.partition(" ")
        if len(line.text) > 2 and line.text.endswith("-") and line.text[-2].isalpha() and word[:1].islower():
            line.text, after.text = line.text[:-1] + word, rest
    for line in lines:
        line.size = size
    return [line for line in lines if line.text]
