"""A gap report: where each constraint stands over a product's documents, and what drifted since the last one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from scanner.model.document import DocumentFacts, Locator
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file as reports and mails name it."""

    id: str
    name: str
    path: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One scanned document of the set: what it says about itself, and its verdicts."""

    file: FileRef
    facts: DocumentFacts
    verdicts: tuple[Verdict, ...]
    unread: str = ""  # completes *read only in part, because …*; "" where all of it was read


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one constraint stands over the whole set of documents."""

    constraint: str
    outcome: Outcome
    reason: str
    facets: tuple[tuple[str, FacetState], ...]  # in the pack's order
    citations: tuple[SetCitation, ...]  # the best first
    severity: str | None  # set exactly when this is a gap

    @property
    def is_gap(self) -> bool:
        """Tell whether no verdict satisfies the constraint."""
        return self.severity is not None


class DriftKind(StrEnum):
    """How a constraint moved between two reports."""

    LOST = "lost"  # stood better before
    WON = "won"  # stands better now
    STALE = "stale"  # evidence that speaks of an older release than the newest
    UNDETERMINED_NOW = "undetermined now"  # could be checked before


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference between two reports or against the newest release, with its cause."""

    kind: DriftKind
    constraint: str
    before: Outcome
    now: Outcome
    reason: str  # "Security Guide.docx was edited: account life cycle is no longer described"
    file: FileRef | None  # the file that caused it, where one did
    old_quote: str = ""  # what stood there before


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
    drift: tuple[Drift, ...]
    since: datetime | None  # when the report that drift compares with was made
    coverage: CoverageLine
    pack_digest: str
    judge: str  # the judge's version
    audit_defence: str  # "" unless every constraint is satisfied or not applicable
    note: str = ""  # what a reader must know of the comparison: "our judging changed since the last report"

    @property
    def gaps(self) -> tuple[Standing, ...]:
        """List the standings that are gaps."""
        return tuple(standing for standing in self.standings if standing.is_gap)
