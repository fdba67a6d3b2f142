"""The real types that files can be of, each with its media type and the words that people use for it."""

from enum import Enum
from types import MappingProxyType


class Format(Enum):
    """What a file's bytes really are: media type, words for a person, and the endings that promise it."""

    PDF = ("application/pdf", "a PDF", ("pdf",))
    DOCX = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a Word document",
        ("docx", "docm", "dotx"),
    )
    XLSX = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "an Excel workbook",
        ("xlsx", "xlsm", "xltx", "xlsb"),
    )
    PPTX = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "a PowerPoint presentation",
        ("pptx", "pptm", "potx", "ppsx"),
    )
    ODT = ("application/vnd.oasis.opendocument.text", "an OpenDocument text", ("odt", "ott"))
    ODS = ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet", ("ods",))
    ODP = ("application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation", ("odp",))
    RTF = ("application/rtf", "an RTF document", ("rtf",))
    EML = ("message/rfc822", "an email", ("eml", "mht", "mhtml"))
    HTML = ("text/html", "a web page", ("html", "htm", "xhtml"))
    MARKDOWN = ("text/markdown", "a Markdown text", ("md", "markdown", "mdx", "mkd"))
    RST = ("text/x-rst", "a reStructuredText", ("rst", "rest"))
    ASCIIDOC = ("text/asciidoc", "an AsciiDoc text", ("adoc", "asciidoc", "asc"))
    CSV = ("text/csv", "a table of comma-separated values", ("csv",))
    TSV = ("text/tab-separated-values", "a table of tab-separated values", ("tsv", "tab"))
    TEXT = ("text/plain", "a plain text", ("txt", "text", "log"))
    # What is known, and not read:
    EMPTY = ("application/x-empty", "an empty file", ())
    LEGACY = ("application/x-ole-storage", "an old Office document", ("doc", "xls", "ppt", "msg"))
    PROTECTED = ("application/x-protected-office", "a protected Office document", ())
    IMAGE = ("image/*", "a picture", ("png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp"))
    ZIP = ("application/zip", "a ZIP archive", ("zip",))
    BINARY = ("application/octet-stream", "a program or data file", ("exe", "bin", "so", "dll"))

    def __init__(self, media_type: str, words: str, endings: tuple[str, ...]) -> None:
        """Keep the three; `words` complete *it is …*."""
        self.media_type = media_type
        self.words = words
        self.endings = endings

    @property
    def is_text(self) -> bool:
        """Tell whether bytes alone cannot set it apart from plain text."""
        return self in TEXTS


TEXTS = frozenset({Format.MARKDOWN, Format.RST, Format.ASCIIDOC, Format.CSV, Format.TSV, Format.TEXT})
BY_ENDING = MappingProxyType({ending: one for one in Format for ending in one.endings})


def promised(name: str) -> Format | None:
    """Return what a file's name promises, None when its ending promises nothing."""
    _, dot, ending = name.rpartition(".")
    return BY_ENDING.get(ending.strip().lower()) if dot else None
