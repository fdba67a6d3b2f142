"""The local judge: what a document is, what it gives on each constraint, and one sentence about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from scanner.checks.addressed import for_users
from scanner.checks.caps import SAY_NOTHING, bears, cap
from scanner.checks.facets import Bearing, Findings, citation_of
from scanner.checks.facts import facts_of
from scanner.checks.passing import in_passing
from scanner.checks.reading import Reading, read
from scanner.checks.reasons import reason_of, remark_on
from scanner.checks.release import VERSION_FACET
from scanner.checks.statements import statements_of
from scanner.checks.updates import with_updates
from scanner.model.clause import ClausePack, Constraint
from scanner.model.document import Document, DocumentStatus
from scanner.model.verdict import PROVEN, Citation, FacetState, Judgement, Outcome, Verdict

MAX_CITATIONS = 6
VERSION = "facets-7"


@dataclass(slots=True, kw_only=True)
class FacetJudge:
    """Judges by facets, purely: the same document is always judged alike."""

    methods: Mapping[str, Callable[[Constraint, Reading], Findings]]
    version: str = VERSION

    def judge(self, pack: ClausePack, document: Document) -> Judgement:
        """Return the document's facts and one verdict a constraint, in the pack's order."""
        statements = statements_of(document)
        facts = facts_of(document, statements)
        reading = read(pack, document, facts, for_users(statements, facts))
        facts = with_updates(reading)
        found = {one.id: self.methods[one.check](one, reading) for one in pack.constraints}
        if facts.status is DocumentStatus.SUPERSEDED:
            verdicts = tuple(
                _missing(one, "The document says of itself that it is superseded.") for one in pack.constraints
            )
            return Judgement(facts=facts, verdicts=verdicts)
        verdicts = tuple(_verdict(one, found[one.id], replace(reading, facts=facts)) for one in pack.constraints)
        return Judgement(facts=facts, verdicts=_without_bare_dates(pack, verdicts))


def _missing(constraint: Constraint, reason: str) -> Verdict:
    return Verdict(
        constraint=constraint.id,
        outcome=Outcome.MISSING,
        reason=reason,
        facets=MappingProxyType({facet.id: FacetState.ABSENT for facet in constraint.facets}),
    )


def _without_bare_dates(pack: ClausePack, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """A date or edition alone shows no update, unless the document gives something on another constraint."""
    releases = {one.id for one in pack.constraints if one.check == "release"}
    if any(one.constraint not in releases and one.outcome in _BEARING for one in verdicts):
        return verdicts
    bare = {
        one.constraint
        for one in verdicts
        if one.constraint in releases and one.facets.get(VERSION_FACET) is FacetState.ABSENT and one.outcome in _BEARING
    }
    reason = "The document carries a date or an edition, but nothing that would be updated with a release."
    return tuple(
        _missing(constraint, reason) if constraint.id in bare else verdict
        for constraint, verdict in zip(pack.constraints, verdicts, strict=True)
    )


def _verdict(constraint: Constraint, findings: Findings, reading: Reading) -> Verdict:
    kind = reading.facts.kind
    limit = cap(kind, constraint)
    states = {
        facet: state if bears(kind, constraint, facet) else FacetState.ABSENT
        for facet, state in findings.states.items()
    }
    borne = tuple(one for one in findings.bearings if states[one.facet] is not FacetState.ABSENT)
    outcome = _least(constraint.outcome_of(states), limit)
    few = outcome is Outcome.SATISFIED and _told_in(borne) < constraint.satisfied.at_least
    if few:
        outcome = Outcome.PARTIAL
    citations = _citations(borne)
    remark = outcome is Outcome.PARTIAL and not findings.terse and in_passing(constraint, borne, reading)
    if remark:
        outcome = Outcome.MISSING
    if outcome in PROVEN and not citations:
        outcome = Outcome.MISSING
    if limit is Outcome.MISSING or outcome is Outcome.MISSING:
        states, citations = dict.fromkeys(states, FacetState.ABSENT), ()
    moot = citation_of(findings.moot) if findings.moot is not None else None
    if outcome is Outcome.MISSING and moot is not None and kind not in SAY_NOTHING:
        outcome, citations = Outcome.NOT_APPLICABLE, (moot,)
    return Verdict(
        constraint=constraint.id,
        outcome=outcome,
        reason=remark_on(constraint, borne[0].facet)
        if remark and outcome is Outcome.MISSING
        else reason_of(constraint, outcome, states, kind, capped=limit, few=few),
        facets=MappingProxyType(states),
        citations=citations,
    )


def _told_in(borne: Sequence[Bearing]) -> int:
    """Count the statements that meet a facet: where three things are asked for, one sentence does not give them all."""
    return len({(one.read.statement.index, one.read.statement.start) for one in borne if one.state is FacetState.MET})


_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})
_ORDER = (Outcome.MISSING, Outcome.PARTIAL, Outcome.SATISFIED)


def _least(one: Outcome, other: Outcome) -> Outcome:
    return min(one, other, key=_ORDER.index)


def _citations(bearings: tuple[Bearing, ...]) -> tuple[Citation, ...]:
    """Return the best quote of each facet first, then further ones, each quote once."""
    ranked = sorted(bearings, key=lambda one: -one.score)
    first: dict[str, Citation] = {}
    rest: list[Citation] = []
    for bearing in ranked:
        if len(first) + len(rest) >= 4 * MAX_CITATIONS:
            break
        citation = citation_of(bearing)
        if citation is None:
            continue
        if bearing.facet not in first:
            first[bearing.facet] = citation
        else:
            rest.append(citation)
    said = {citation.quote for citation in first.values()}
    fresh = {citation.quote: citation for citation in rest if citation.quote not in said}
    return (*first.values(), *fresh.values())[:MAX_CITATIONS]
