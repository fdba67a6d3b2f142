"""Whether the documents that a product relies on speak of its newest release; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.gaps.release import Fit, fit, in_time
from scanner.model.clause import Constraint
from scanner.model.document import DocumentKind
from scanner.model.gap import Evidence, SetCitation, Standing
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome, Verdict

# Old release notes stay as they were, and what is internal is not released.
NEVER_UPDATED = frozenset({DocumentKind.RELEASE_NOTES, DocumentKind.INTERNAL})
_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How one relied-on document stands to the newest release."""

    evidence: Evidence
    fit: Fit

    @property
    def behind(self) -> bool:
        """Tell whether it speaks of an older release, or of none."""
        return self.fit not in {Fit.CURRENT, Fit.LINE, Fit.NEWER}


def freshness(constraint: Constraint, evidence: Sequence[Evidence], release: Release) -> Standing:
    """Return where "updated with each release" stands: over every document that other constraints rest on."""
    known = ages(constraint, evidence, release)
    notes = [one for one in evidence if _notes_of(one, release)]
    current = [age for age in known if not age.behind]
    behind = [age for age in known if age.behind]
    proof = [age.evidence for age in current] + notes
    citations = tuple(citation for one in proof for citation in _own_citations(constraint, one))
    outcome = _outcome(current=len(current), behind=len(behind), proven=bool(citations))
    return Standing(
        constraint=constraint.id,
        outcome=outcome,
        reason=_reason(current, behind, release),
        facets=tuple((facet.id, _state(facet.id, proof, constraint)) for facet in constraint.facets),
        citations=citations[:8],
        severity=None if outcome is Outcome.SATISFIED else constraint.severity,
    )


def ages(constraint: Constraint, evidence: Sequence[Evidence], release: Release) -> tuple[Age, ...]:
    """Return the age of each document that another constraint rests on."""
    return tuple(
        Age(evidence=one, fit=_fit(one, release))
        for one in evidence
        if one.facts.kind not in NEVER_UPDATED
        and any(verdict.outcome in _BEARING for verdict in one.verdicts if verdict.constraint != constraint.id)
    )


def behind_sentence(age: Age, release: Release) -> str:
    """Say what is wrong with a document that lags: "names 4.2.x, the newest release is 4.3.0"."""
    return f"{_lag(age)}; the newest release is {release.version}"


def _lag(age: Age) -> str:
    written = ", ".join(age.evidence.facts.product_versions[:3])
    said = f"applies to {written}" if written else "does not say which version of the product it applies to"
    return f"{age.evidence.file.name} {said}"


def _fit(one: Evidence, release: Release) -> Fit:
    found = fit(one.facts.product_versions, release.version)
    # NOTE: an open range ("4.2 and later") written before the release existed promises, it does not prove an update.
    reviewed = release.version in one.facts.revision_history
    if found is Fit.CURRENT and not reviewed and not in_time(one.facts.dated, release):
        exact = any(release.version in written for written in one.facts.product_versions)
        return Fit.CURRENT if exact else Fit.OLDER
    return found


def _notes_of(one: Evidence, release: Release) -> bool:
    return (
        one.facts.kind is DocumentKind.RELEASE_NOTES and fit(one.facts.product_versions, release.version) is Fit.CURRENT
    )


def _outcome(*, current: int, behind: int, proven: bool) -> Outcome:
    if not proven:
        return Outcome.MISSING
    return Outcome.PARTIAL if behind or not current else Outcome.SATISFIED


def _reason(current: Sequence[Age], behind: Sequence[Age], release: Release) -> str:
    total = len(current) + len(behind)
    if not total:
        return f"No document that could be kept up to date with {release.version} was found."
    if not behind:
        return f"All {total} documents that the clause rests on speak of {release.version}."
    lag = "; ".join(_lag(age) for age in behind[:3])
    more = f"; and {len(behind) - 3} more" if len(behind) > 3 else ""
    return f"{len(current)} of {total} documents speak of {release.version}. Behind: {lag}{more}."


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
