"""How files are read where there is a choice, as an operator sets it."""

from dataclasses import dataclass
from typing import Literal

PdfReader = Literal["auto", "fast", "careful"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The choices; by default the fast reader of PDFs with the careful one behind it, and no picture is read."""

    pdf: PdfReader = "auto"  # "fast": PDFium alone; "careful": pdfminer.six for every page that it may read
    ocr: str = ""  # Tesseract's languages, "eng+deu"; "" reads no pictures
    ocr_seconds: float = 40.0  # of one document; what is not read by then is said to be unread
    office: str = ""  # LibreOffice's program, by its whole path, for old Word and PowerPoint files; "" reads none
