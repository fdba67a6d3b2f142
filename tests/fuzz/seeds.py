"""What the changes begin with: each format's sample, and what once was a finding or a hazard of that format."""

import io

from PIL import Image, ImageDraw, ImageFont

from scanner.extract.ocr import missing
from scanner.extract.reading import Reading
from tests.extract_samples.every import SAMPLES
from tests.extract_samples.legacy import an_xlsb
from tests.hazards import HAZARDS

MAX_BYTES = 20_000  # a large seed leaves little time for others
PICTURES = ("png", "gif", "tif", "bmp", "webp", "jpg")  # read by Tesseract, where it is


def endings() -> list[str]:
    """Return the formats, by the endings of their samples."""
    samples = {sample.name.rpartition(".")[2] for sample in SAMPLES}
    return sorted(samples | {"xlsb"} | ({"png"} if not missing("eng") else set()))


def reading_of(ending: str) -> Reading:
    """Return how files of this ending are read: pictures by Tesseract, all else as by default."""
    return Reading(ocr="eng", ocr_seconds=10) if ending in PICTURES else Reading()


def seeds(ending: str) -> list[bytes]:
    """Return the samples and the small hazards of one format; of pictures, one of each kind."""
    if ending in PICTURES:
        return [_a_picture(kind) for kind in ("PNG", "GIF", "TIFF", "BMP", "WEBP", "JPEG")]
    if ending == "xlsb":
        return [
            an_xlsb({"MDS2": [["Question", "Answer"], ["Is Telnet off?", "Yes"]], "Notes": [["Rights", "", "all"]]})
        ]
    samples = [sample.data for sample in SAMPLES if sample.name.endswith(f".{ending}")]
    hazards = [hazard.make() for hazard in HAZARDS if hazard.name.endswith(f".{ending}") and hazard.seconds > 2]
    return samples + [data for data in hazards if 0 < len(data) <= MAX_BYTES]


def _a_picture(kind: str) -> bytes:
    picture = Image.new("L", (300, 40), 255)
    ImageDraw.Draw(picture).text((10, 5), "Close port 23", fill=0, font=ImageFont.load_default(24))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
