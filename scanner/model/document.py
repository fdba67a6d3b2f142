"""A document as extracted: passages with locators, and the facts that it states about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

MAX_PASSAGE_CHARS = 8_000  # a longer paragraph is cut into several passages by the extractors
MAX_NOTES_SAID = 3


class PassageKind(StrEnum):
    """What a passage is in its document's layout."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    TOC = "toc"
    HEADER_FOOTER = "header_footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    NOTES = "notes"  # a slide's speaker notes
    PROPERTY = "property"  # a document property, "Subject: Security Guide 4.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a passage stands, in the words that its format has for it; absent parts are None."""

    page: int | None = None  # from 1
    heading: tuple[str, ...] = ()  # the headings above it, outermost first
    paragraph: int | None = None  # from 1, counted over the document
    sheet: str | None = None
    cell: str | None = None  # "B12" or a row's range "A12:D12"
    slide: int | None = None  # from 1
    part: str | None = None  # "header", "footer", "attachment report.docx"
    anchor: str | None = None  # of the nearest heading, where its source opens at one: "h.gjdgxs" in Google Docs

    def __str__(self) -> str:
        """Say it in words for a person: "page 4, Accounts › Roles"."""
        words = []
        if self.part:
            words.append(self.part)
        if self.page is not None:
            words.append(f"page {self.page}")
        if self.slide is not None:
            words.append(f"slide {self.slide}")
        if self.sheet is not None:
            words.append(f"sheet {self.sheet}" + (f" {self.cell}" if self.cell else ""))
        elif self.cell is not None:
            words.append(f"cells {self.cell}" if ":" in self.cell else f"cell {self.cell}")
        if self.heading:
            words.append(" › ".join(self.heading[-2:]))
        if not words and self.paragraph is not None:
            words.append(f"paragraph {self.paragraph}")
        return ", ".join(words) or "the document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The smallest citable part of a document; a quote is a verbatim piece of its text."""

    text: str  # whitespace folded to single blanks (line ends kept in code); never empty
    kind: PassageKind
    locator: Locator
    level: int = 0  # of a heading (1 is outermost) or a list item (0 is outermost)
    cells: tuple[tuple[str, str], ...] = ()  # of a table row: (column header or "", value) in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Extracted text, in reading order; lives inside one scan and is never stored."""

    name: str  # the file's name
    media_type: str  # what the bytes really were
    passages: tuple[Passage, ...]
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # title, subject, author, …
    notes: tuple[str, ...] = ()  # what could not be read, in sentences: "page 3 is a picture without text"
    mislabelled: str = ""  # completes *it is …*: "named .pdf, but it is a web page"; all of it was read nevertheless

    @property
    def words(self) -> int:
        """Count the words of all passages."""
        return sum(len(passage.text.split()) for passage in self.passages)

    @property
    def unread(self) -> str:
        """Complete *read only in part, because …*; "" where all of it was read."""
        more = len(self.notes) - MAX_NOTES_SAID
        return "; ".join((*self.notes[:MAX_NOTES_SAID], *([f"and {more} more"] if more > 0 else [])))


class DocumentKind(StrEnum):
    """What a document is, decided from its own text before anything is judged; it caps what the document can give."""

    OPERATOR_GUIDE = "operator guide"  # security guide, white paper, manual, IFU, admin and install guides
    RELEASE_NOTES = "release notes"
    FORM = "form"  # a filled questionnaire such as MDS2
    RISK_REPORT = "residual-risk report"
    CONFORMANCE = "conformance statement"
    INTERNAL = "internal document"  # plan, SOP, threat model, design, audit
    TEMPLATE = "template"
    STUB = "stub"
    REGULATION = "law, standard or policy text"
    ARTICLE = "article"
    MARKETING = "marketing"
    DISCLOSURE = "vulnerability-reporting page"
    INDEX = "index"
    OTHER = "other"

    @property
    def noun(self) -> str:
        """Name one of them for a person; an *s* makes it many."""
        match self:
            case DocumentKind.RELEASE_NOTES:
                return "release-notes document"
            case DocumentKind.MARKETING:
                return "marketing text"
            case DocumentKind.INDEX:
                return "documentation overview"
            case DocumentKind.OTHER:
                return "other document"
            case _:
                return self.value

    @property
    def words(self) -> str:
        """Say it after *this is*: "a marketing text"."""
        return ("an " if self.noun[0] in "aeiou" else "a ") + self.noun


class DocumentStatus(StrEnum):
    """How far the document says it has come."""

    FINAL = "final"
    DRAFT = "draft"
    SUPERSEDED = "superseded"


class SaidOf(StrEnum):
    """What a document says something of itself about."""

    VERSION = "version"  # the product's, that it is for
    DATE = "date"
    HISTORY = "history"  # a row of its revision history
    SECURITY = "security"  # of release notes: what is new for security
    STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A short quote in which a document says something of itself."""

    of: SaidOf
    quote: str  # verbatim, free of credentials
    locator: Locator


class NamedAt(StrEnum):
    """Where a document names the product's version."""

    CONTROL = "control table"
    TITLE = "title"
    MARGIN = "header or footer"
    PROPERTY = "properties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A version that a document names, and where."""

    at: NamedAt
    version: str  # as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A release that a document tells of."""

    version: str  # as written
    dated: date | None
    product: str = ""  # whose, where a record names it in the row


class Told(StrEnum):
    """How release notes speak of security."""

    PLAINLY = "plainly"  # patches, known vulnerabilities, needed settings or changes, so that a reader can act
    VAGUELY = "vaguely"  # "enhanced encryption"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a former revision of a document said of itself: enough to see what changed since, and no text."""

    product_versions: tuple[str, ...]
    dated: date | None
    marks: tuple[str, ...]
    sameness: str
    until: datetime | None = None  # when its successor was read


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What a document says about itself; metadata, kept in the database."""

    kind: DocumentKind
    title: str = ""
    document_id: str = ""  # "PV-SEC-001", as printed in it
    document_version: str = ""  # the document's own revision, which is not the product's
    product: str = ""  # the product's name as the document gives it
    product_versions: tuple[str, ...] = ()  # versions it says it applies to, as written ("4.2.x", "4.1 – 4.3")
    dated: date | None = None  # its own date of issue or last revision
    revision_history: tuple[str, ...] = ()  # versions that the rows of its history, or "reviewed for", name
    history_rows: int = 0
    status: DocumentStatus = DocumentStatus.FINAL
    words: int = 0
    mislabelled: str = ""  # "named .pdf, but it is a web page"
    named: tuple[Named, ...] = ()  # where it names the product's version
    releases: tuple[Listed, ...] = ()  # of release notes and release records: what they tell of
    record: bool = False  # it is a list of releases and their days
    security: Told = Told.NOT  # of release notes
    marks: tuple[str, ...] = ()  # short ids in it: risks, CVEs, ports, configuration keys
    sameness: str = ""  # a digest of its text without versions, dates and years
    said: tuple[Said, ...] = ()
