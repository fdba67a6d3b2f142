"""A clause of a standard, as its pack carries it: constraints, their facets, and how evidence shows itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanner.model.verdict import FacetState, Outcome


class SignalKind(StrEnum):
    """How evidence shows itself."""

    FILE_EXISTS = "FILE_EXISTS"  # a regular expression over names, never a proof
    CONTENT_MATCH = "CONTENT_MATCH"  # a question about the content, for people to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One way in which evidence shows itself."""

    id: str
    kind: SignalKind
    text: str  # the pattern or the question, verbatim
    source: str  # where it comes from: "clause page", "ours: …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One part of a constraint that can be found by itself."""

    id: str
    label: str  # for people: "default accounts and changing their passwords"
    counts: str  # what a passage must give to bear it
    does_not_count: str
    cues: tuple[str, ...]  # how passages that bear it tend to speak; the judge's grammar is in scanner/checks
    detect: Mapping[str, object]  # further keys for the way of judging, checked by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When facets add up to an outcome: all of these, and at least so many of the constraint's facets."""

    all_of: tuple[str, ...] = ()
    at_least: int = 0

    def holds(self, met: frozenset[str]) -> bool:
        """Tell whether the facets that are met suffice."""
        return set(self.all_of) <= met and len(met) >= self.at_least


class Over(StrEnum):
    """Where a constraint's facets may come together."""

    SET = "set"  # spread over a product's documents
    DOCUMENT = "document"  # within one document
    EACH = "each"  # asked of every document that the other constraints rest on, against the newest release


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One atomic, testable sentence of a clause."""

    id: str
    text: str
    short: str  # two or three words for tables and mails
    provenance: str  # "clause" or "interpretation"
    source: str  # where it comes from in the standard or its neighbours
    check: str  # the way of judging, a name in scanner/checks/registry.py
    facets: tuple[Facet, ...]
    satisfied: Rule
    partial: Rule
    over: Over
    severity: str  # of the gap when it is not satisfied: high, moderate, low
    may_not_apply: bool
    suggest: tuple[str, ...] = ()  # phrases that the source's full-text search is asked for

    def outcome_of(self, facets: Mapping[str, FacetState]) -> Outcome:
        """Add facets up: met facets decide, a touched one lifts nothing to partial on its own rule's behalf.

        A facet that does not apply counts as met, but only beside one that is met.
        """
        met = frozenset(facet for facet, state in facets.items() if state is FacetState.MET)
        moot = frozenset(facet for facet, state in facets.items() if state is FacetState.NOT_APPLICABLE)
        if met and self.satisfied.holds(met | moot):
            return Outcome.SATISFIED
        if met and self.partial.holds(met | moot):
            return Outcome.PARTIAL
        touched = any(state is FacetState.TOUCHED for state in facets.values())
        return Outcome.PARTIAL if touched else Outcome.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonGap:
    """A gap that is often seen, with the severity that the clause's page gives it."""

    title: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePack:
    """The YAML of one clause, loaded and checked."""

    id: str  # "iec-81001-5-1/5.8.2"
    standard: str  # "IEC 81001-5-1"
    edition: str
    clause: str  # "5.8.2"
    title: str
    requirement: str
    background: str
    signals: tuple[Signal, ...]
    constraints: tuple[Constraint, ...]
    common_gap: CommonGap
    audit_defence: str  # with the placeholders {product} and {document_id}
    digest: str  # sha256 over the YAML's bytes: a change of the pack re-scans

    def constraint(self, constraint_id: str) -> Constraint:
        """Return the constraint of that id, or raise KeyError."""
        for constraint in self.constraints:
            if constraint.id == constraint_id:
                return constraint
        raise KeyError(constraint_id)


def constraint_in(packs: Iterable[ClausePack], clause: str, constraint_id: str) -> tuple[ClausePack, Constraint]:
    """Return the pack of that id and its constraint. Raises KeyError where there is none."""
    for pack in packs:
        if pack.id == clause:
            return pack, pack.constraint(constraint_id)
    raise KeyError(clause)
