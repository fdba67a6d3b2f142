"""Why a constraint stands worse than in the last report: which citation stands no longer, and why."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from scanner.model.clause import Constraint, Over
from scanner.model.gap import DriftCause, SetCitation, Standing, Unchecked
from scanner.model.verdict import FacetState, Outcome
from scanner.model.waiver import Waiver

RANK = {Outcome.MISSING: 0, Outcome.PARTIAL: 1, Outcome.SATISFIED: 2, Outcome.NOT_APPLICABLE: 2}
_GONE = {cause.value: cause for cause in DriftCause}
LEFT = frozenset(  # the file left the source, or the product's part of it
    {
        DriftCause.DELETED,
        DriftCause.TRASHED,
        DriftCause.DRIVE_LOST,
        DriftCause.MOVED_OUT,
        DriftCause.MOVED_AWAY,
        DriftCause.NOT_LISTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one file gave and gives no more."""

    citation: SetCitation  # the first of them
    facets: frozenset[str] = frozenset()  # empty where no facet is lost, and yet the constraint stands worse


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
    product: str = ""  # its name

    def doubtful(self, losses: Sequence[Loss]) -> tuple[Loss, ...]:
        """Return the losses that cannot be believed tonight."""
        return tuple(losses) if self.incomplete else tuple(one for one in losses if self._unread(one))

    def doubt(self, losses: Sequence[Loss]) -> str:
        """Say why such losses cannot be believed."""
        if self.incomplete:
            return f"not all of the source could be seen, because {self.incomplete.rstrip('.')}."
        return " ".join(self.unchecked[one.citation.file.id].sentence for one in losses)

    def _unread(self, loss: Loss) -> bool:
        return loss.citation.file.id in self.unchecked

    def cause(self, culprit: SetCitation) -> tuple[DriftCause, str]:
        """Return why the citation stands no longer, and the same in words."""
        file = culprit.file
        if file.id in self.gone:
            why = self.gone[file.id]
            if why == DriftCause.MOVED_AWAY.value:
                ours = self.product or "the product"
                return DriftCause.MOVED_AWAY, f"{file.name} lies outside of the folders of {ours} now"
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


def losses_of(old: Standing, now: Standing, *, unread: Container[str] = ()) -> tuple[Loss, ...]:
    """Return what stands no longer, file by file; a facet that a file gave which is `unread` tonight is that file's."""
    lost, kept = lost_facets(old, now), {(citation.file.id, citation.quote) for citation in now.citations}
    missing = [one for one in old.citations if (one.file.id, one.quote) not in kept]
    missing.sort(key=lambda one: one.file.id not in unread)
    of_facet = {one.facet: one for one in reversed(missing) if one.facet in lost}
    if not missing:
        return ()
    first = next((one for one in old.citations if of_facet.get(one.facet) is one), missing[0])
    found = {first.file.id: Loss(citation=first, facets=lost - of_facet.keys())}  # what was cited by nothing is its too
    for citation in sorted(of_facet.values(), key=old.citations.index):
        known = found.get(citation.file.id, Loss(citation=citation))
        found[citation.file.id] = replace(known, facets=known.facets | {citation.facet})
    return tuple(found.values())


def without(constraint: Constraint, old: Standing, losses: Iterable[Loss]) -> Standing:
    """Return how a constraint stood, less what was lost since."""
    files = {(loss.citation.file.id, facet) for loss in losses for facet in loss.facets}
    gone = {facet for _, facet in files}
    if not gone:
        return old
    facets = tuple((facet, FacetState.ABSENT if facet in gone else state) for facet, state in old.facets)
    outcome = constraint.outcome_of(dict(facets)) if constraint.over is Over.SET else Outcome.PARTIAL
    return replace(
        old,
        outcome=min(outcome, old.outcome, key=RANK.__getitem__),
        facets=facets,
        citations=tuple(one for one in old.citations if one.facet not in gone),
        severity=old.severity if outcome is Outcome.SATISFIED else old.severity or constraint.severity,
    )


def lost_sentence(constraint: Constraint, why: str, lost: frozenset[str]) -> str:
    """Say what was lost: "Guide.docx no longer says it: the life cycle."."""
    what = ", ".join(facet.label for facet in constraint.facets if facet.id in lost) or constraint.short
    return f"{why}: {what}."
