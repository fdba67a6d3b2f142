"""Whether the documents that a product relies on speak of its newest release; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.gaps.release import Age, fit_of, is_notes_of, written_for
from scanner.gaps.updated import NEVER_UPDATED, update_checks
from scanner.model.clause import CommonGap, Constraint
from scanner.model.gap import Evidence, SetCitation, Standing, UpdateCheck, UpdateCheckId
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome, Verdict

_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """What the documents are held against."""

    release: Release  # the newest
    previous: Release | None = None  # the one before it
    aside: tuple[Evidence, ...] = ()  # documents that are superseded, archived or about another product


def freshness(constraint: Constraint, evidence: Sequence[Evidence], shipped: Shipped, gap: CommonGap) -> Standing:
    """Return where "updated with each release" stands: over every document that other constraints rest on.

    It is satisfied when each of them speaks of the release and none of the other six questions is answered with no. The
    date of a document, and that its file was touched, move nothing by themselves.
    """
    release = shipped.release
    known = ages(constraint, evidence, release)
    notes = tuple(one for one in evidence if is_notes_of(one, release))
    current = [age for age in known if not age.behind]
    behind = [age for age in known if age.behind]
    proof = [age.evidence for age in current] + list(notes)
    citations = tuple(citation for one in proof for citation in _own_citations(constraint, one))
    checks = update_checks(
        known,
        notes=notes,
        aside=shipped.aside,
        release=release,
        previous=shipped.previous,
    )
    outcome = _outcome(checks, current=len(current), behind=len(behind), proven=bool(citations))
    return Standing(
        constraint=constraint.id,
        outcome=outcome,
        reason=_reason(current, behind, release) + _more(checks, behind),
        facets=tuple((facet.id, _state(facet.id, proof, constraint)) for facet in constraint.facets),
        citations=citations[:8],
        severity=_severity(constraint, gap, outcome, checks, behind),
        checks=checks,
        behind=tuple(age.evidence.file.id for age in behind),
    )


def ages(constraint: Constraint, evidence: Sequence[Evidence], release: Release) -> tuple[Age, ...]:
    """Return the age of each document that another constraint rests on."""
    return tuple(
        Age(evidence=one, fit=fit_of(one, release))
        for one in evidence
        if one.facts.kind not in NEVER_UPDATED
        and any(verdict.outcome in _BEARING for verdict in one.verdicts if verdict.constraint != constraint.id)
    )


def behind_sentence(age: Age, release: Release) -> str:
    """Say what is wrong with a document that lags: "names 4.2.x, the newest release is 4.3.0"."""
    return f"{_lag(age)}; the newest release is {release.version}"


def _lag(age: Age) -> str:
    written = ", ".join(written_for(age.evidence)[:3])
    said = f"applies to {written}" if written else "does not say which version of the product it applies to"
    return f"{age.evidence.file.name} {said}"


def _outcome(checks: Sequence[UpdateCheck], *, current: int, behind: int, proven: bool) -> Outcome:
    if not proven:
        return Outcome.MISSING
    failed = behind or not current or any(check.outcome is Outcome.MISSING for check in checks)
    return Outcome.PARTIAL if failed else Outcome.SATISFIED


def _severity(
    constraint: Constraint, gap: CommonGap, outcome: Outcome, checks: Sequence[UpdateCheck], behind: Sequence[Age]
) -> str | None:
    """Where nothing is amiss but the release notes, it is the clause's common gap, and as severe as that."""
    if outcome is Outcome.SATISFIED:
        return None
    failed = {check.id for check in checks if check.outcome is Outcome.MISSING}
    return gap.severity if not behind and failed == {UpdateCheckId.NOTES} else constraint.severity


def _reason(current: Sequence[Age], behind: Sequence[Age], release: Release) -> str:
    total = len(current) + len(behind)
    if not total:
        return f"No document that could be kept up to date with {release.version} was found."
    if not behind:
        return f"All {total} documents that the clause rests on speak of {release.version}."
    lag = "; ".join(_lag(age) for age in behind[:3])
    more = f"; and {len(behind) - 3} more" if len(behind) > 3 else ""
    return f"{len(current)} of {total} documents speak of {release.version}. Behind: {lag}{more}."


def _more(checks: Sequence[UpdateCheck], behind: Sequence[Age]) -> str:
    """Add what else is amiss where no document lags."""
    failed = [check for check in checks if check.outcome is Outcome.MISSING]
    return "" if behind else "".join(f" {check.reason}" for check in failed[:2])


def _own(constraint: Constraint, one: Evidence) -> Verdict | None:
    return next((verdict for verdict in one.verdicts if verdict.constraint == constraint.id), None)


def _own_citations(constraint: Constraint, one: Evidence) -> tuple[SetCitation, ...]:
    verdict = _own(constraint, one)
    return tuple(
        SetCitation(file=one.file, quote=citation.quote, locator=citation.locator, facet=citation.facet)
        for citation in (verdict.citations if verdict else ())
    )


def _state(facet: str, proof: Sequence[Evidence], constraint: Constraint) -> FacetState:
    states = [verdict.facets.get(facet) for one in proof if (verdict := _own(constraint, one))]
    return FacetState.MET if FacetState.MET in states else FacetState.ABSENT
