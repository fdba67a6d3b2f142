"""Turn one item of the shelf list into the bytes of its file."""

from datetime import datetime
from pathlib import PurePosixPath

from scanner.demo.company.days import Days
from scanner.demo.company.shelf import Item, source_of
from scanner.demo.company.text import Text, parse
from scanner.demo.company.writers.docx import write_docx
from scanner.demo.company.writers.odt import write_odt
from scanner.demo.company.writers.pdf import write_pdf, write_scan
from scanner.demo.company.writers.picture import photo, scanned_page
from scanner.demo.company.writers.plain import write_csv, write_eml, write_html, write_raw, write_rtf
from scanner.demo.company.writers.pptx import write_pptx
from scanner.demo.company.writers.xlsx import write_xlsx

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".pdf": "application/pdf",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".csv": "text/csv",
    ".json": "application/json",
    ".eml": "message/rfc822",
    ".py": "text/x-python",
    ".png": "image/png",
}

_OFFICE_WRITERS = {".docx": write_docx, ".xlsx": write_xlsx, ".pptx": write_pptx, ".odt": write_odt}
_PLAIN_WRITERS = {
    ".csv": write_csv,
    ".eml": write_eml,
    ".html": write_html,
    ".md": write_raw,
    ".txt": write_raw,
    ".rtf": write_rtf,
    ".json": write_raw,
    ".py": write_raw,
}


def render(item: Item, days: Days, *, night: str, moment: datetime) -> bytes:
    """Return the item's content as it reads on that night. Raises ValueError for a format that has no writer."""
    match item.made:
        case "empty":
            return b""
        case "photo":
            return photo(sum(item.id.encode()))
        case "scan":
            return write_scan(scanned_page())
    text = parse(days.fill(source_of(item)), night=night)
    return write(text, suffix=item.suffix, moment=moment, password=item.password)


def media_type(name: str) -> str:
    """Return the type that Drive guesses from a name."""
    return _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def write(text: Text, *, suffix: str, moment: datetime, password: str = "") -> bytes:
    """Return the text in the format of that suffix. Raises ValueError for a format that has no writer."""
    office, bare = _OFFICE_WRITERS.get(suffix), _PLAIN_WRITERS.get(suffix)
    if office:
        return office(text, moment=moment)
    if suffix == ".pdf":
        return write_pdf(text, password=password)
    if bare is None:
        raise ValueError(f"no writer for {suffix!r} ({text.title!r})")
    is_page = text.raw.startswith("<")  # written as HTML already: what no writer of ours would write
    return write_raw(text) if is_page else bare(text)
