"""How documents were judged on one constraint, as a page shows it: what bears it in whole, the others counted."""

from dataclasses import dataclass
from datetime import datetime

from scanner.model.document import DocumentKind
from scanner.model.gap import Evidence, FileRef
from scanner.model.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Which revision of a file was read, and when."""

    revision: str  # the source's fingerprint of it, in words; "" where a newer one is known by now
    modified_at: datetime | None  # when it was last changed, as the source says
    read_at: datetime | None
    newer: bool = False  # a newer revision waits to be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A document that gives something on the constraint."""

    evidence: Evidence  # with this one verdict
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Documents that give nothing, for the same reason."""

    outcome: Outcome  # missing, or undetermined
    reason: str
    kind: DocumentKind | None  # None for those that could not be read at all
    count: int
    some: tuple[FileRef, ...]  # of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """All candidates, as far as one constraint is concerned."""

    bearing: tuple[Ruling, ...] = ()  # as many as a page shows
    more: int = 0  # further ones that bear it
    rejected: tuple[Rejected, ...] = ()  # the largest groups first
    waiting: int = 0  # candidates that are still to be read
