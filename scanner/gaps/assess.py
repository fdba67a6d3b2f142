"""Verdicts of many documents into one standing a constraint; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.gaps.editions import overtaken
from scanner.gaps.freshness import Shipped, freshness
from scanner.model.clause import ClausePack, Constraint, Over
from scanner.model.connection import NAMELESS, Called
from scanner.model.display import counted
from scanner.model.document import DocumentKind, DocumentStatus
from scanner.model.gap import Evidence, Overtaken, SetCitation, Standing, Unchecked
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome, Verdict

MAX_CITATIONS = 8
_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})
_RANK = {FacetState.MET: 3, FacetState.NOT_APPLICABLE: 2, FacetState.TOUCHED: 1, FacetState.ABSENT: 0}
_RETIRED_FOLDER = re.compile(r"\b(?:archiv\w*|old|obsolete|superseded|veraltet|deprecated|retired)\b", re.IGNORECASE)


def assess(
    pack: ClausePack,
    *,
    evidence: Sequence[Evidence],
    unchecked: Sequence[Unchecked],
    release: Release | None,
    previous: Release | None = None,
    called: Called = NAMELESS,
) -> tuple[Standing, ...]:
    """Return where each constraint of the pack stands over the set, in the pack's order.

    Only what `relied_on` keeps gives anything; drafts and internal documents only touch. `previous` is the release
    before `release`.
    """
    current, _ = relied_on(evidence, called)
    blind = _Blind(aside=len(evidence) - len(current), unchecked=len(unchecked))
    counted_on = {one.file.id for one in current}
    aside = tuple(one for one in evidence if one.file.id not in counted_on)
    shipped = Shipped(release=release, previous=previous, aside=aside) if release else None
    return tuple(
        freshness(constraint, current, shipped, pack.common_gap)
        if constraint.over is Over.EACH and shipped is not None
        else _standing(constraint, current, blind)
        for constraint in pack.constraints
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blind:
    """How many documents are behind an absence without being looked at for it."""

    aside: int  # read, but not relied on
    unchecked: int


def relied_on(evidence: Sequence[Evidence], called: Called) -> tuple[tuple[Evidence, ...], tuple[Overtaken, ...]]:
    """Leave out what is superseded, archived or about another product, then older editions and copies of the rest.

    Returns what counts, and those editions and copies.
    """
    current = [one for one in evidence if not left_aside(one, called)]
    replaced = overtaken(current)
    files = {one.file for one in replaced}
    return tuple(one for one in current if one.file.id not in files), replaced


def left_aside(one: Evidence, called: Called) -> str:
    """Say why a document does not count, completing *it does not count, because …*; "" where it does."""
    if one.facts.status is DocumentStatus.SUPERSEDED:
        return "it says that it is superseded"
    if retired(one):
        return "it lies in a folder for what is archived"
    return f"it is about another product, {one.facts.product}" if called.is_another(one.facts.product) else ""


def retired(one: Evidence) -> bool:
    """Tell whether the document says that it is superseded, or lies in a folder for what is."""
    return one.facts.status is DocumentStatus.SUPERSEDED or bool(_RETIRED_FOLDER.search(one.file.path))


def _standing(constraint: Constraint, evidence: Sequence[Evidence], blind: _Blind) -> Standing:
    bearing = [(one, verdict) for one, verdict in _verdicts(constraint, evidence) if verdict.outcome in _BEARING]
    if not bearing:
        return _without_evidence(constraint, evidence, blind)
    facets = _union(constraint, bearing)
    if constraint.over is Over.SET:
        outcome = _set_outcome(constraint, facets, bearing)
    else:
        best = max(bearing, key=lambda pair: _merit(*pair))
        outcome, facets = best[1].outcome, _union(constraint, [best])
    return Standing(
        constraint=constraint.id,
        outcome=outcome,
        reason=_reason(constraint, facets, bearing, outcome) + _contradicted(constraint, evidence),
        facets=tuple(facets.items()),
        citations=_citations(bearing, facets),
        severity=None if outcome is Outcome.SATISFIED else constraint.severity,
    )


def _verdicts(constraint: Constraint, evidence: Sequence[Evidence]) -> list[tuple[Evidence, Verdict]]:
    return [(one, verdict) for one in evidence for verdict in one.verdicts if verdict.constraint == constraint.id]


def _union(constraint: Constraint, bearing: Sequence[tuple[Evidence, Verdict]]) -> dict[str, FacetState]:
    states = {facet.id: FacetState.ABSENT for facet in constraint.facets}
    for one, verdict in bearing:
        for facet, state in verdict.facets.items():
            if facet in states:
                states[facet] = max(states[facet], _worth(one, state), key=_RANK.__getitem__)
    return states


def _worth(one: Evidence, state: FacetState) -> FacetState:
    """Let what is not released to operators touch a facet at most."""
    unreleased = one.facts.kind is DocumentKind.INTERNAL or one.facts.status is DocumentStatus.DRAFT
    return FacetState.TOUCHED if unreleased and state is FacetState.MET else state


def _set_outcome(
    constraint: Constraint, facets: Mapping[str, FacetState], bearing: Sequence[tuple[Evidence, Verdict]]
) -> Outcome:
    released = [verdict.outcome for one, verdict in bearing if one.facts.status is not DocumentStatus.DRAFT]
    if Outcome.SATISFIED in released or constraint.outcome_of(facets) is Outcome.SATISFIED:
        return Outcome.SATISFIED
    return Outcome.PARTIAL


def _without_evidence(constraint: Constraint, evidence: Sequence[Evidence], blind: _Blind) -> Standing:
    moot = [
        (one, verdict) for one, verdict in _verdicts(constraint, evidence) if verdict.outcome is Outcome.NOT_APPLICABLE
    ]
    facets = tuple((facet.id, FacetState.ABSENT) for facet in constraint.facets)
    if moot:
        one, verdict = moot[0]
        return Standing(
            constraint=constraint.id,
            outcome=Outcome.NOT_APPLICABLE,
            reason=f"{one.file.name} states it: {verdict.reason}",
            facets=facets,
            citations=_citations(moot, {}),
            severity=None,
        )
    outcomes = {verdict.outcome for _, verdict in _verdicts(constraint, evidence)}
    unknown = outcomes == {Outcome.UNDETERMINED} if evidence else bool(blind.unchecked)
    return Standing(
        constraint=constraint.id,
        outcome=Outcome.UNDETERMINED if unknown else Outcome.MISSING,
        reason=_unknown(evidence, blind) if unknown else _absence(evidence, blind),
        facets=facets,
        citations=(),
        severity=constraint.severity,
    )


def _contradicted(constraint: Constraint, evidence: Sequence[Evidence]) -> str:
    moot = [one for one, verdict in _verdicts(constraint, evidence) if verdict.outcome is Outcome.NOT_APPLICABLE]
    return f" Yet {moot[0].file.name} says that it does not apply." if moot else ""


def _unknown(evidence: Sequence[Evidence], blind: _Blind) -> str:
    if not evidence:
        return f"Could not check, because none of the {counted(blind.unchecked, 'document')} found could be read."
    sentence = "Could not check: nothing was found in what was read, but no document could be read in whole"
    return sentence + (f"; {counted(blind.unchecked, 'document')} not at all." if blind.unchecked else ".")


def _absence(evidence: Sequence[Evidence], blind: _Blind) -> str:
    """Say over how many documents it was looked for: all that were read, and why some of them do not count."""
    read, in_part = len(evidence) + blind.aside, sum(bool(one.unread) for one in evidence)
    if not read:
        return "No document was found that could give it."
    said = [f"None of the {read} documents read gives it" if read > 1 else "The only document read does not give it"]
    aside = f"{blind.aside} of them left aside as superseded, archived or about another product"
    said += [aside] if blind.aside else []
    said += [f"{in_part} of them read only in part"] if in_part else []
    said += [f"{counted(blind.unchecked, 'document')} could not be checked"] if blind.unchecked else []
    return "; ".join(said) + "."


def _merit(one: Evidence, verdict: Verdict) -> tuple[bool, int, bool, int]:
    met = sum(_worth(one, state) is FacetState.MET for state in verdict.facets.values())
    guide = one.facts.kind in {DocumentKind.OPERATOR_GUIDE, DocumentKind.RISK_REPORT, DocumentKind.CONFORMANCE}
    return verdict.outcome is Outcome.SATISFIED, met, guide, len(verdict.citations)


def _citations(
    bearing: Sequence[tuple[Evidence, Verdict]], facets: Mapping[str, FacetState]
) -> tuple[SetCitation, ...]:
    """Return the best citation of each facet that is borne, then the next best, the strongest documents first."""
    ranked = sorted(bearing, key=lambda pair: _merit(*pair), reverse=True)
    everything = [
        SetCitation(file=one.file, quote=citation.quote, locator=citation.locator, facet=citation.facet)
        for one, verdict in ranked
        for citation in verdict.citations
        if not facets or facets.get(citation.facet, FacetState.ABSENT) is not FacetState.ABSENT
    ]
    first: dict[str, SetCitation] = {}
    for citation in everything:
        first.setdefault(citation.facet, citation)
    rest = [citation for citation in everything if citation not in first.values()]
    return tuple([*first.values(), *rest][:MAX_CITATIONS])


def _reason(
    constraint: Constraint,
    facets: Mapping[str, FacetState],
    bearing: Sequence[tuple[Evidence, Verdict]],
    outcome: Outcome,
) -> str:
    labels = {facet.id: facet.label for facet in constraint.facets}
    found = [labels[facet] for facet, state in facets.items() if state is FacetState.MET]
    needed = constraint.satisfied.all_of or tuple(labels)  # what would be good beside that is no part of the gap
    lacking = [
        labels[facet]
        for facet, state in facets.items()
        if facet in needed and state in {FacetState.ABSENT, FacetState.TOUCHED}
    ]
    names = sorted({one.file.name for one, _ in bearing})
    where = names[0] if len(names) == 1 else f"{len(names)} documents"
    said = f"Found in {where}: {_listed(found)}" if found else f"{where} only touches on it"
    whole = outcome is Outcome.SATISFIED or not lacking
    return f"{said}." if whole else f"{said}; not found: {_listed(lacking)}."


def _listed(words: Sequence[str], most: int = 5) -> str:
    shown = list(words[:most]) + ([f"{len(words) - most} more"] if len(words) > most else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}"
