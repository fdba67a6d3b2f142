"""The real types that files can be of, each with its media type and the words that people use for it."""

from enum import Enum
from types import MappingProxyType


class Format(Enum):
    """What a file's bytes really are: media type, words for a person, and the endings that promise it."""

    PDF = ("application/pdf", "a PDF", ("pdf",))
    DOCX = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a Word document",
        ("docx", "docm", "dotx", "dotm"),
    )
    XLSX = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "an Excel workbook",
        ("xlsx", "xlsm", "xltx", "xltm", "xlsb"),
    )
    PPTX = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "a PowerPoint presentation",
        ("pptx", "pptm", "potx", "ppsx", "ppsm"),
    )
    ODT = ("application/vnd.oasis.opendocument.text", "an OpenDocument text", ("odt", "ott"))
    ODS = ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet", ("ods", "ots"))
    ODP = ("application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation", ("odp", "otp"))
    RTF = ("application/rtf", "an RTF document", ("rtf",))
    XLS = ("application/vnd.ms-excel", "an old Excel workbook", ("xls", "xlt"))
    EML = ("message/rfc822", "an email", ("eml",))
    MSG = ("application/vnd.ms-outlook", "an Outlook email", ("msg", "oft"))
    ZIP = ("application/zip", "a ZIP archive", ("zip",))
    MHTML = ("multipart/related", "a saved web page", ("mht", "mhtml"))
    HTML = ("text/html", "a web page", ("html", "htm", "xhtml"))
    MARKDOWN = ("text/markdown", "a Markdown text", ("md", "markdown", "mdx", "mkd"))
    RST = ("text/x-rst", "a reStructuredText", ("rst", "rest"))
    ASCIIDOC = ("text/asciidoc", "an AsciiDoc text", ("adoc", "asciidoc", "asc"))
    CSV = ("text/csv", "a table of comma-separated values", ("csv",))
    TSV = ("text/tab-separated-values", "a table of tab-separated values", ("tsv", "tab"))
    TEXT = ("text/plain", "a plain text", ("txt", "text", "log"))
    # What is known, and not read:
    EMPTY = ("application/x-empty", "an empty file", ())
    DOC = ("application/msword", "an old Word document", ("doc", "dot"))
    PPT = ("application/vnd.ms-powerpoint", "an old PowerPoint presentation", ("ppt", "pps", "pot"))
    LEGACY = ("application/x-ole-storage", "an old Office document", ())
    PROTECTED = ("application/x-protected-office", "a protected Office document", ())
    IMAGE = ("image/*", "a picture", ("png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp"))
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
