"""A gap report: where each constraint stands over a product's documents, and what drifted since the last one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from scanner.model.document import DocumentFacts, Earlier, Locator
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome, Verdict
from scanner.model.waiver import Waiver, WaiverKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file as reports and mails name it."""

    id: str
    name: str
    path: str
    link: str
    owner: str = ""  # the person whose it is, "" where that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One scanned document of the set: what it says about itself, and its verdicts."""

    file: FileRef
    facts: DocumentFacts
    verdicts: tuple[Verdict, ...]
    unread: str = ""  # completes *read only in part, because …*; "" where all of it was read
    earlier: tuple[Earlier, ...] = ()  # its former revisions, the oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A candidate that could not be checked, or only in part, and why: completes *could not check, because …*."""

    file: FileRef
    because: str
    in_part: bool = False  # it was read, but not all of it
    still: bool = False  # the last report said the same: no news

    @property
    def sentence(self) -> str:
        """Say it whole: "Guide.pdf could not be checked, because it is encrypted."."""
        how = "was read only in part" if self.in_part else "could not be checked"
        return f"{self.file.name} {how}, because {self.because.rstrip('.')}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCitation:
    """A citation together with the file that it stands in."""

    file: FileRef
    quote: str
    locator: Locator
    facet: str


class UpdateCheckId(StrEnum):
    """The seven questions behind "updated with each release", in the order in which they are shown."""

    APPLIES_TO = "applies-to"
    DATE = "date"
    HISTORY = "revision-history"
    DELTA = "content-delta"
    NOTES = "release-notes"
    CONSISTENCY = "set-consistency"
    STATUS = "status"

    @property
    def label(self) -> str:
        """Name it for a person."""
        return {
            UpdateCheckId.APPLIES_TO: "Applies-to version",
            UpdateCheckId.DATE: "Date",
            UpdateCheckId.HISTORY: "Revision history",
            UpdateCheckId.DELTA: "Changes taken up",
            UpdateCheckId.NOTES: "Security in the release notes",
            UpdateCheckId.CONSISTENCY: "Consistent set",
            UpdateCheckId.STATUS: "Status",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCheck:
    """One of the seven questions, answered over the set of documents for the newest release."""

    id: UpdateCheckId
    outcome: Outcome
    reason: str  # one sentence
    citations: tuple[SetCitation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one constraint stands over the whole set of documents."""

    constraint: str
    outcome: Outcome
    reason: str
    facets: tuple[tuple[str, FacetState], ...]  # in the pack's order
    citations: tuple[SetCitation, ...]  # the best first
    severity: str | None  # set exactly when no verdict satisfies the constraint, waived or not
    waiver: Waiver | None = None  # a person's decision that is in force
    checks: tuple[UpdateCheck, ...] = ()  # of "updated with each release", once a release is known
    last_known: "Standing | None" = None  # of one that could not be checked: how it stood when it last could
    judged_by: str = ""  # of such a last standing: the pack and judge that saw it, where they were others
    behind: tuple[str, ...] | None = None  # of "updated with each release": the ids of the files that lag

    @property
    def is_gap(self) -> bool:
        """Tell whether no verdict satisfies the constraint and nobody has waived it."""
        return self.severity is not None and self.waiver is None

    @property
    def is_waived(self) -> bool:
        """Tell whether it would be a gap, were it not for a person's decision."""
        return self.severity is not None and self.waiver is not None


class DriftKind(StrEnum):
    """How a constraint moved between two reports, in the order in which a reader wants to know."""

    LOST = "lost"  # stood better before
    CONTRADICTED = "not applicable contradicted"  # was said not to apply, and a document speaks of it now
    WAIVER_EXPIRED = "waiver expired"  # a gap again, since the decision that bore it holds no longer
    STALE = "stale"  # evidence that speaks of an older release than the newest
    WAIVER_ENDING = "waiver ending"  # holds for 30, 7 or 1 more days
    UNDETERMINED_NOW = "undetermined now"  # could be checked before
    WON = "won"  # stands better now


class DriftCause(StrEnum):
    """What brought a difference about."""

    DELETED = "deleted or no longer shared"  # the source says no more than that
    TRASHED = "trashed"
    DRIVE_LOST = "its shared drive was removed or left"
    MOVED_OUT = "outside of the chosen folders"  # those that the connection is limited to
    MOVED_AWAY = "outside of the product's folders"  # still read, and perhaps another product's now
    NOT_LISTED = "no longer listed"
    PASSAGE_REMOVED = "passage removed"
    NOT_COUNTED = "no longer counted"  # still there and still says it: a draft now, archived, of another product …
    CONTRADICTION = "another document"
    RELEASE = "new release"
    UNREADABLE = "could not be read"
    INCOMPLETE_LOOK = "incomplete look"  # the sync behind the report did not see everything
    WAIVER = "waiver"
    FOUND = "found"  # what is won
    CHECKED_AGAIN = "could be checked again"
    OURS = "our judging"  # the clause pack or the judge changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference between two reports or against the newest release, with its cause."""

    kind: DriftKind
    cause: DriftCause
    constraint: str
    before: Outcome
    now: Outcome
    reason: str  # "Security Guide.docx no longer says it: account life cycle."
    file: FileRef | None  # the file that caused it, where one did
    old_quote: str = ""  # what stood there before
    waiver: Waiver | None = None  # of a decision that ended or is about to


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A report in which a constraint stands otherwise than in the one before it."""

    report: str  # its id
    at: datetime
    outcome: Outcome
    decided: WaiverKind | None  # the decision that was in force
    reasons: tuple[str, ...]  # what that report said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftGroup:
    """Differences of one kind on one constraint, which a reader takes in as one."""

    entries: tuple[Drift, ...]  # never empty

    @property
    def head(self) -> Drift:
        """Return the first, whose kind, constraint and outcomes stand for all."""
        return self.entries[0]


def grouped(drift: Iterable[Drift]) -> tuple[DriftGroup, ...]:
    """Put differences together that stand beside each other and are of one kind on one constraint."""
    runs = groupby(drift, key=lambda one: (one.kind, one.constraint, one.before, one.now))
    return tuple(DriftGroup(entries=tuple(run)) for _, run in runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusLine:
    """How much of one part of the source a look at all of it has listed."""

    name: str  # "My Drive", a shared drive's name
    files: int
    before: int | None = None  # at the whole look before that, None where there was none


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeLook:
    """What the last look at the whole source has listed, beside the one before it."""

    at: datetime
    corpora: tuple[CorpusLine, ...]  # also those that only the look before has listed
    unreadable: Mapping[str, int]  # files by why their contents cannot be had


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """What the syncs behind a report have seen."""

    complete: bool
    because: str  # why incomplete, "" otherwise
    files: int
    candidates: int
    scanned: int
    whole: WholeLook | None = None
    in_part: int = 0  # of the scanned ones, how many could not be read in whole
    strays: int = 0  # candidates that are read and belong to no product of the connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """A document whose place another one of the set takes."""

    file: str  # its id
    because: str  # completes *it does not count, because …*


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """All that one review found; an email is written from it and from nothing else."""

    id: str
    product: str  # the product's name, "" while none is known
    clause: str  # the pack's id
    created_at: datetime
    release: Release | None  # the newest known
    standings: tuple[Standing, ...]  # in the pack's order
    unchecked: tuple[Unchecked, ...]
    drift: tuple[Drift, ...]  # of the customer's documents, releases and decisions
    since: datetime | None  # when the report that drift compares with was made
    coverage: CoverageLine
    pack_digest: str
    judge: str  # the judge's version
    audit_defence: str  # "" unless every constraint is satisfied or not applicable
    note: str = ""  # what a reader must know of the comparison: "our judging changed since the last report"
    ours: tuple[Drift, ...] = ()  # differences that a change of the pack or the judge made: shown, never mailed
    waiting: tuple[Release, ...] = ()  # found, and not taken before a person says so: the newest of each source
    overtaken: tuple[Overtaken, ...] = ()  # older editions and copies, which gave nothing
    reviewed_at: datetime | None = None  # when a review last found just this; None: never again since

    @property
    def last_run(self) -> datetime:
        """Say when its documents were last reviewed, whether or not anything was new."""
        return self.reviewed_at or self.created_at

    @property
    def gaps(self) -> tuple[Standing, ...]:
        """List the standings that are gaps."""
        return tuple(standing for standing in self.standings if standing.is_gap)

    @property
    def waived(self) -> tuple[Standing, ...]:
        """List the standings that would be gaps, were it not for a person's decision."""
        return tuple(standing for standing in self.standings if standing.is_waived)
