"""Why a constraint stands worse than in the last report: which citation stands no longer, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from scanner.model.clause import Constraint
from scanner.model.gap import DriftCause, SetCitation, Standing, Unchecked
from scanner.model.verdict import FacetState, Outcome
from scanner.model.waiver import Waiver

RANK = {Outcome.MISSING: 0, Outcome.PARTIAL: 1, Outcome.SATISFIED: 2, Outcome.NOT_APPLICABLE: 2}
_GONE = {cause.value: cause for cause in DriftCause}


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What became of the files that the last report cites, and of the decisions that it was made under."""

    gone: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # why they left the picture
    unchecked: Mapping[str, Unchecked] = field(default_factory=lambda: MappingProxyType({}))  # not read, or in part
    quoted: Mapping[str, frozenset[str]] = field(  # by file: what its verdicts quote, whether or not it counts
        default_factory=lambda: MappingProxyType({})
    )
    counted: frozenset[str] = frozenset()  # files that give something to the set
    incomplete: str = ""  # why tonight's picture of the source is not whole, "" where it is
    waivers: tuple[Waiver, ...] = ()

    def doubt(self, culprit: SetCitation | None) -> str:
        """Say why a loss cannot be believed tonight, "" where it can be."""
        if self.incomplete:
            return f"not all of the source could be seen, because {self.incomplete.rstrip('.')}."
        if culprit is not None and culprit.file.id in self.unchecked:
            return self.unchecked[culprit.file.id].sentence
        return ""

    def cause(self, culprit: SetCitation) -> tuple[DriftCause, str]:
        """Return why the citation stands no longer, and the same in words."""
        file = culprit.file
        if file.id in self.gone:
            why = self.gone[file.id]
            return _GONE.get(why, DriftCause.NOT_LISTED), f"{file.name} is gone ({why})"
        if file.id not in self.quoted:
            return DriftCause.NOT_COUNTED, f"{file.name} is no longer among the documents that are read"
        if file.id not in self.counted:
            return DriftCause.NOT_COUNTED, f"{file.name} is superseded, archived or about another product now"
        if culprit.quote in self.quoted[file.id]:
            return DriftCause.NOT_COUNTED, f"{file.name} still says it, but no longer counts for it"
        return DriftCause.PASSAGE_REMOVED, f"{file.name} no longer says it"

    def in_force(self, waiver: Waiver, today: date) -> bool:
        """Tell whether a decision of then still holds, as it is kept today."""
        kept = next((one for one in self.waivers if one.id == waiver.id), None)
        return kept is not None and kept.holds(today)


def worse(old: Standing, now: Standing) -> bool:
    """Tell whether a constraint stands worse: a lower outcome, or a gap that grew by a facet."""
    if Outcome.UNDETERMINED in {old.outcome, now.outcome}:
        return False
    return RANK[now.outcome] < RANK[old.outcome] or (now.severity is not None and bool(lost_facets(old, now)))


def lost_facets(old: Standing, now: Standing) -> frozenset[str]:
    """Return the facets that were met and are not any more."""
    still = {facet for facet, state in now.facets if state is FacetState.MET}
    return frozenset(facet for facet, state in old.facets if state is FacetState.MET and facet not in still)


def culprit_of(old: Standing, now: Standing) -> SetCitation | None:
    """Return the citation of then that stands no longer, of a lost facet before any other."""
    lost = lost_facets(old, now)
    kept = {(citation.file.id, citation.quote) for citation in now.citations}
    missing = [one for one in old.citations if (one.file.id, one.quote) not in kept]
    return next((one for one in missing if one.facet in lost), missing[0] if missing else None)


def lost_sentence(constraint: Constraint, why: str, lost: frozenset[str]) -> str:
    """Say what was lost: "Guide.docx no longer says it: the life cycle."."""
    what = ", ".join(facet.label for facet in constraint.facets if facet.id in lost) or constraint.short
    return f"{why}: {what}."
