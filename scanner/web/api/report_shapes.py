"""What the API says of reports, constraints and documents: the shapes of what scanner/report/plain.py writes."""

from pydantic import Field

from scanner.model.connection import ScanState
from scanner.model.document import DocumentKind, DocumentStatus
from scanner.model.gap import DriftCause, DriftKind, UpdateCheckId
from scanner.model.verdict import FacetState, Outcome
from scanner.model.waiver import WaiverKind
from scanner.web.api.shapes import Constraint, Day, Moment, Shape


class File(Shape):
    """A file as reports name it."""

    id: str
    name: str
    path: str
    link: str = Field(description="Opens it in the Drive; empty where that is not known.")


class Locator(Shape):
    """Where in a document; only the parts that its format has."""

    page: int | None = None
    heading: list[str] | None = None
    paragraph: int | None = None
    sheet: str | None = None
    cell: str | None = None
    slide: int | None = None
    part: str | None = None
    anchor: str | None = Field(default=None, description="Of the nearest heading, as its address in the Drive has it.")


class DocumentCitation(Shape):
    """A quoted, located proof in a document."""

    quote: str = Field(description="To the letter, at most 240 characters, without credentials.")
    locator: Locator
    facet: str


class Citation(DocumentCitation):
    """A quoted, located proof, with the file that it stands in."""

    file: File


class KnownRelease(Shape):
    """A release as a report names it."""

    version: str
    released_on: Day | None
    source: str


class Decision(Shape):
    """A waiver that is in force."""

    id: int
    kind: WaiverKind
    reason: str
    approver: str
    until: Day


class Check(Shape):
    """One of the seven questions behind "updated with each release"."""

    check: UpdateCheckId
    outcome: Outcome
    reason: str
    citations: list[Citation]


class Standing(Shape):
    """Where one constraint stands over the whole set of documents."""

    constraint: str
    outcome: Outcome
    reason: str
    severity: str | None = Field(description="Set where nothing satisfies the constraint, waived or not.")
    facets: dict[str, FacetState]
    citations: list[Citation] = Field(description="The best first.")
    waiver: Decision | None
    checks: list[Check]
    last_known: Outcome | None = Field(description="Of one that could not be checked: how it stood when it could.")


class Drift(Shape):
    """One difference between two reports or against the newest release, with its cause."""

    drift: DriftKind
    cause: DriftCause
    constraint: str
    before: Outcome
    now: Outcome
    reason: str
    file: File | None
    old_quote: str


class Unchecked(Shape):
    """A candidate that could not be checked, or only in part."""

    file: File
    because: str = Field(description="Completes *could not check, because …*.")
    in_part: bool
    still: bool = Field(description="The last report said the same.")


class Overtaken(Shape):
    """An older edition or a copy of another document, which gave nothing."""

    file: str = Field(description="Its id at the source.")
    because: str


class Coverage(Shape):
    """What the syncs behind a report have seen."""

    complete: bool
    because: str
    files: int
    candidates: int
    scanned: int


class ReportHead(Shape):
    """What a report says as a whole."""

    id: str
    product: str
    release: KnownRelease | None = Field(description="The newest confirmed one.")
    waiting: list[KnownRelease] = Field(description="Releases that wait for a person's yes.")
    standard: str
    clause: str
    created_at: Moment
    last_run: Moment = Field(description="When a review last found just this.")
    since: Moment | None = Field(description="When the report was made that drift compares with.")
    gaps: int
    coverage: Coverage
    pack_digest: str
    judge: str
    audit_defence: str = Field(description="Empty unless every constraint is satisfied or does not apply.")
    note: str


class Report(ReportHead):
    """All that one review found."""

    standings: list[Standing]
    drift: list[Drift]
    ours: list[Drift] = Field(description="What a change of the pack or the judge made different; never mailed.")
    unchecked: list[Unchecked]
    overtaken: list[Overtaken]


class ConstraintStanding(Shape):
    """A constraint, and where it stands."""

    constraint: Constraint
    standing: Standing | None = Field(description="Null before the first review.")
    report: str | None = Field(description="The id of the report that says so.")


class Flag(Shape):
    """Why a file is a candidate."""

    signal: str
    field: str = Field(description="What fired it: the name or the folder.")
    text: str


class Facts(Shape):
    """What a document says of itself."""

    kind: DocumentKind
    document_id: str
    product: str
    product_versions: list[str]
    dated: Day | None
    status: DocumentStatus
    words: int


class Candidate(Shape):
    """A file that a signal says may evidence the clause, and how far its scan is."""

    file: File
    media_type: str
    modified_at: Moment | None
    flagged: list[Flag]
    state: ScanState
    because: str = Field(description="Why it could not be checked, or was read only in part.")
    facts: Facts | None = Field(description="Null until it was scanned.")


class Move(Shape):
    """A report in which a constraint stands otherwise than in the one before it."""

    report: str = Field(description="Its id.")
    at: Moment
    outcome: Outcome
    decided: WaiverKind | None = Field(description="The decision that was in force.")
    reasons: list[str] = Field(description="What that report said of it.")


class Reading(Shape):
    """Which revision of a file was read, and when."""

    revision: str = Field(description="Empty where a newer one is known by now.")
    modified_at: Moment | None
    read_at: Moment | None
    newer: bool = Field(description="A newer revision waits to be read.")


class DocumentVerdict(Shape):
    """One document's outcome on one constraint."""

    file: File
    kind: DocumentKind
    reading: Reading
    aside: str = Field(description="Why it does not count, empty where it does.")
    unread: str = Field(description="Why it was read only in part, empty where it was read in whole.")
    constraint: str
    outcome: Outcome
    reason: str
    facets: dict[str, FacetState]
    citations: list[DocumentCitation]
