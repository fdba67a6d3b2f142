"""Scans and pictures: said to have no text, and read by Tesseract where an operator wants that and it is there."""

import io
from collections.abc import Iterator
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.isolation import ExtractPool
from scanner.extract.ocr import missing
from scanner.extract.reading import Reading
from scanner.extract.registry import extractors
from tests.extract_builders import a_zip

needs_tesseract = pytest.mark.skipif(bool(missing("eng")), reason=f"not tested here: {missing('eng')}")
LINES = ("Accounts", "Change the default password of the admin-", "istrator before first use.")


@pytest.fixture(scope="module")
def scanned() -> bytes:
    """A letter as a scanner gives it: grey, and with nothing that a program could read."""
    picture = Image.new("L", (1240, 600), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(34)
    for place, line in enumerate(LINES):
        pen.text((100, 80 + 50 * place + (40 if place else 0)), line, fill=0, font=font)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


@pytest.fixture(scope="module")
def scan(scanned: bytes) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawString(70, 800, "A page with text.")
    canvas.showPage()
    canvas.drawImage(ImageReader(io.BytesIO(scanned)), 0, 500, 595, 288)
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=1, reading=Reading(ocr="eng")) as pool:
        yield pool


def test_without_it_a_picture_and_a_scanned_page_say_that_they_have_no_text(scanned: bytes, scan: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^it is a picture without a text layer$"):
        read(io.BytesIO(scanned), name="letter.png")
    assert read(io.BytesIO(scan), name="letter.pdf").notes == ("page 2 is a picture without text",)


@needs_tesseract
def test_a_confined_reader_reads_a_scanned_page_and_says_how(pool: ExtractPool, scan: bytes) -> None:
    document = pool.extract(io.BytesIO(scan), name="letter.pdf")
    assert [(one.text, one.locator.page) for one in document.passages] == [
        ("A page with text.", 1),
        ("Accounts", 2),
        ("Change the default password of the administrator before first use.", 2),
    ]
    assert document.notes == ()
    assert document.mislabelled == "a scan, whose text was recognised by a program: compare quotes with its pages"


@needs_tesseract
def test_a_picture_on_which_tesseract_complains_ends_no_reader(pool: ExtractPool) -> None:
    picture, chance = Image.new("L", (600, 400), 255), Random(1)
    pen = ImageDraw.Draw(picture)
    for _ in range(30):  # an empty page to Tesseract, which it says aloud
        x, y = chance.randrange(600), chance.randrange(400)
        pen.ellipse((x, y, x + chance.randrange(1, 30), y + chance.randrange(1, 30)), fill=chance.randrange(200))
    out = io.BytesIO()
    picture.save(out, "PNG")
    with pytest.raises(Unreadable, match=r"^no text was found in it: it is a picture$"):
        pool.extract(out, name="dots.png")


@needs_tesseract
def test_a_picture_is_read_also_where_it_lies_in_an_archive_or_is_named_wrongly(scanned: bytes) -> None:
    readers = extractors(Reading(ocr="eng"))
    document = read(io.BytesIO(scanned), name="letter.pdf", extractors=readers)
    assert document.mislabelled == (
        "named .pdf, but it is a picture; "
        "it is a picture, whose text was recognised by a program: compare quotes with it"
    )
    within = read(io.BytesIO(a_zip({"letter.png": scanned})), name="a.zip", extractors=readers)
    assert str(within.passages[0].locator) == "file letter.png, page 1"


@needs_tesseract
def test_a_picture_without_words_a_damaged_one_and_a_vast_one_say_so() -> None:
    readers = extractors(Reading(ocr="eng"))
    empty, vast = io.BytesIO(), io.BytesIO()
    Image.new("L", (300, 200), 255).save(empty, "PNG")
    Image.new("1", (12_000, 12_000)).save(vast, "PNG")
    for data, because in (
        (empty.getvalue(), "no text was found in it: it is a picture"),
        (empty.getvalue()[:40], "it is damaged: it cannot be opened as a picture"),
        (vast.getvalue(), "it is larger than a picture that can be read"),
    ):
        with pytest.raises(Unreadable) as refused:
            read(io.BytesIO(data), name="a.png", extractors=readers)
        assert str(refused.value) == because


@needs_tesseract
def test_when_the_time_is_over_it_says_what_was_not_read(scan: bytes, scanned: bytes) -> None:
    readers = extractors(Reading(ocr="eng", ocr_seconds=0))
    assert read(io.BytesIO(scan), name="letter.pdf", extractors=readers).notes == ("page 2 is a picture without text",)
    with pytest.raises(Unreadable, match="no text was found in it"):
        read(io.BytesIO(scanned), name="letter.png", extractors=readers)


def test_what_is_missing_is_said_before_anything_is_read() -> None:
    assert missing("klingon") == "Tesseract's languages 'klingon' are not installed"
