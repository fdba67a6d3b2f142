"""A verdict: an outcome on one constraint that carries its proof, or cannot be built."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scanner.model.document import DocumentFacts, Locator

MAX_QUOTE_CHARS = 240


class Outcome(StrEnum):
    """The closed set of outcomes; `undetermined` is never `missing`."""

    SATISFIED = "satisfied"  # everything that the constraint asks is there, with proof
    PARTIAL = "partial"  # usable content, clearly short of the constraint
    MISSING = "missing"  # read, and nothing usable found
    NOT_APPLICABLE = "not_applicable"  # a stated fact makes the constraint moot
    UNDETERMINED = "undetermined"  # could not check, because …

    @property
    def words(self) -> str:
        """Say it for a person."""
        return self.value.replace("_", " ")


PROVEN = frozenset({Outcome.SATISFIED, Outcome.PARTIAL, Outcome.NOT_APPLICABLE})


class FacetState(StrEnum):
    """How far a facet is borne."""

    MET = "met"  # an action, a value or a concrete fact
    TOUCHED = "touched"  # the topic is discussed without one
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The quoted, located proof of one facet."""

    quote: str  # verbatim from the passage, at most MAX_QUOTE_CHARS, free of credentials
    locator: Locator
    facet: str

    def __post_init__(self) -> None:
        """Refuse an empty or overlong quote."""
        if not self.quote.strip():
            raise ValueError("a citation needs a quote")
        if len(self.quote) > MAX_QUOTE_CHARS:
            raise ValueError(f"a quote is at most {MAX_QUOTE_CHARS} characters, this one has {len(self.quote)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One document's (or one set's) outcome on one constraint."""

    constraint: str
    outcome: Outcome
    reason: str  # one sentence that a quality manager understands
    facets: Mapping[str, FacetState] = field(default_factory=lambda: MappingProxyType({}))
    citations: tuple[Citation, ...] = ()  # the best first

    def __post_init__(self) -> None:
        """Refuse a claim without proof, and a verdict without a reason."""
        if not self.reason.strip():
            raise ValueError("a verdict needs a reason")
        if self.outcome in PROVEN and not self.citations:
            raise ValueError(f"{self.outcome.words} needs a citation: {self.constraint}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that judging one document gives: what it says about itself, and a verdict on each constraint of the pack."""

    facts: DocumentFacts
    verdicts: tuple[Verdict, ...]
    unread: str = ""  # completes *read only in part, because …*; "" where all of it was read
