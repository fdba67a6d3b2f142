"""What drifted between two reports, and why; pure."""

from collections.abc import Mapping, Sequence

from scanner.gaps.freshness import Age, behind_sentence
from scanner.model.clause import ClausePack, Constraint, Over
from scanner.model.gap import Drift, DriftKind, GapReport, SetCitation, Standing, Unchecked
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome

_RANK = {Outcome.MISSING: 0, Outcome.PARTIAL: 1, Outcome.SATISFIED: 2, Outcome.NOT_APPLICABLE: 2}


def drift(
    pack: ClausePack,
    *,
    before: GapReport,
    now: Sequence[Standing],
    gone: Mapping[str, str],
    unchecked: Mapping[str, Unchecked],
    ages: Sequence[Age],
    release: Release | None,
) -> tuple[Drift, ...]:
    """Return what drifted since the report `before`: lost first, then stale, undetermined now, won.

    `gone` says of files cited then why they left the picture, `unchecked` of files that they could not be
    checked now, or not in whole (both by file id); `ages` says how the documents stand to the newest release.
    """
    then = {standing.constraint: standing for standing in before.standings}
    found: list[Drift] = []
    for standing in now:
        old = then.get(standing.constraint)
        constraint = pack.constraint(standing.constraint)
        if old is None:
            continue
        if constraint.over is Over.EACH and release is not None:
            found += _stale(old, standing, ages, release, before=before)
        else:
            found += _moved(constraint, old, standing, gone=gone, unchecked=unchecked)
    order = [DriftKind.LOST, DriftKind.STALE, DriftKind.UNDETERMINED_NOW, DriftKind.WON]
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def _stale(old: Standing, now: Standing, ages: Sequence[Age], release: Release, *, before: GapReport) -> list[Drift]:
    """One row a document that lags behind a release which the last report did not know."""
    if before.release is not None and before.release.version == release.version:
        return _better(old, now)
    return [
        Drift(
            kind=DriftKind.STALE,
            constraint=now.constraint,
            before=old.outcome,
            now=now.outcome,
            reason=behind_sentence(age, release) + ".",
            file=age.evidence.file,
        )
        for age in ages
        if age.behind
    ]


def _moved(
    constraint: Constraint,
    old: Standing,
    now: Standing,
    *,
    gone: Mapping[str, str],
    unchecked: Mapping[str, Unchecked],
) -> list[Drift]:
    if now.outcome is Outcome.UNDETERMINED:
        if old.outcome is Outcome.UNDETERMINED:
            return []
        return [_drift(DriftKind.UNDETERMINED_NOW, old, now, now.reason)]
    if old.outcome is Outcome.UNDETERMINED:
        return [_drift(DriftKind.WON, old, now, now.reason)] if not now.is_gap else []
    lost = _lost_facets(old, now)
    if _RANK[now.outcome] < _RANK[old.outcome] or (lost and now.is_gap):
        culprit = _culprit(old, now, lost)
        if culprit is not None and culprit.file.id in unchecked:
            return [_drift(DriftKind.UNDETERMINED_NOW, old, now, unchecked[culprit.file.id].sentence, culprit)]
        return [_lost(constraint, old, now, gone, lost=lost, culprit=culprit)]
    return _better(old, now)


def _better(old: Standing, now: Standing) -> list[Drift]:
    if _RANK.get(now.outcome, 0) <= _RANK.get(old.outcome, 0):
        return []
    known = {(citation.file.id, citation.quote) for citation in old.citations}
    fresh = next((one for one in now.citations if (one.file.id, one.quote) not in known), None)
    reason = f"{fresh.file.name} gives it now. {now.reason}" if fresh else now.reason
    return [_drift(DriftKind.WON, old, now, reason, fresh)]


def _lost(
    constraint: Constraint,
    old: Standing,
    now: Standing,
    gone: Mapping[str, str],
    *,
    lost: frozenset[str],
    culprit: SetCitation | None,
) -> Drift:
    if culprit is None:
        return _drift(DriftKind.LOST, old, now, now.reason)
    what = ", ".join(facet.label for facet in constraint.facets if facet.id in lost) or constraint.short
    name = culprit.file.name
    why = f"{name} is gone ({gone[culprit.file.id]})" if culprit.file.id in gone else f"{name} no longer says it"
    return _drift(DriftKind.LOST, old, now, f"{why}: {what}.", culprit)


def _culprit(old: Standing, now: Standing, lost: frozenset[str]) -> SetCitation | None:
    """The citation of then that stands no longer, of a lost facet before any other."""
    kept = {(citation.file.id, citation.quote) for citation in now.citations}
    missing = [one for one in old.citations if (one.file.id, one.quote) not in kept]
    return next((one for one in missing if one.facet in lost), missing[0] if missing else None)


def _lost_facets(old: Standing, now: Standing) -> frozenset[str]:
    still = {facet for facet, state in now.facets if state is FacetState.MET}
    return frozenset(facet for facet, state in old.facets if state is FacetState.MET and facet not in still)


def _drift(kind: DriftKind, old: Standing, now: Standing, reason: str, citation: SetCitation | None = None) -> Drift:
    return Drift(
        kind=kind,
        constraint=now.constraint,
        before=old.outcome,
        now=now.outcome,
        reason=reason,
        file=citation.file if citation else None,
        old_quote=citation.quote if citation and kind is DriftKind.LOST else "",
    )
