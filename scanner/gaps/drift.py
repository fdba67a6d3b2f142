"""What drifted between two reports, and why; a loss that cannot be believed becomes *could not check*; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scanner.gaps.causes import RANK, Then, culprit_of, lost_facets, lost_sentence, worse
from scanner.gaps.freshness import behind_sentence
from scanner.gaps.release import Age
from scanner.gaps.waived import ending
from scanner.model.clause import ClausePack, Constraint, Over
from scanner.model.gap import Drift, DriftCause, DriftKind, GapReport, SetCitation, Standing
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind

_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})
_KINDS = tuple(DriftKind)
# What our judging has no part in: it stays the customer's drift although pack or judge changed.
_FACTS = frozenset(
    {
        DriftCause.DELETED,
        DriftCause.TRASHED,
        DriftCause.DRIVE_LOST,
        DriftCause.MOVED_OUT,
        DriftCause.NOT_LISTED,
        DriftCause.RELEASE,
        DriftCause.WAIVER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What comparing with the last report gives."""

    standings: tuple[Standing, ...]  # as they were, but for losses that cannot be believed tonight
    drift: tuple[Drift, ...]  # in a reader's order
    ours: tuple[Drift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tonight:
    """What is known tonight beside the standings."""

    then: Then  # what became of the files cited in the last report
    ages: tuple[Age, ...]  # how the documents stand to the newest release
    release: Release | None
    today: date


def compare(
    pack: ClausePack, *, before: GapReport, now: Sequence[Standing], tonight: Tonight, judge: str
) -> Comparison:
    """Compare tonight's standings with the last report's.

    Where the pack or the judge changed since, only what neither has a part in (a file that is gone, a new release, a
    waiver that ended) is told as drift; the rest is ours.
    """
    last = {standing.constraint: standing for standing in before.standings}
    ours = (before.pack_digest, before.judge) != (pack.digest, judge)
    standings = tuple(one if ours else _doubted(last.get(one.constraint), one, tonight) for one in now)
    found = [
        difference
        for one in standings
        if (old := last.get(one.constraint)) is not None
        for difference in _differences(pack.constraint(one.constraint), old, one, before=before, tonight=tonight)
    ]
    found.sort(key=lambda one: _KINDS.index(one.kind))
    theirs = [one for one in found if not ours or one.cause in _FACTS]
    rest = tuple(replace(one, cause=DriftCause.OURS) for one in found if one not in theirs)
    return Comparison(standings=standings, drift=tuple(theirs), ours=rest)


def _doubted(old: Standing | None, now: Standing, tonight: Tonight) -> Standing:
    """Return the standing as *could not check* where it would be a loss, and tonight's look cannot bear one out."""
    if old is None:
        return now
    settled = old.last_known or old
    if now.outcome is Outcome.UNDETERMINED:
        known = settled if settled.outcome is not Outcome.UNDETERMINED else None
        return replace(now, last_known=known)
    if now.waiver or settled.outcome is Outcome.UNDETERMINED or not worse(settled, now):
        return now
    doubt = tonight.then.doubt(culprit_of(settled, now))
    if not doubt or _let_go(settled, tonight):
        return now
    last_known = replace(settled, last_known=None)
    return replace(now, outcome=Outcome.UNDETERMINED, reason=f"Could not check: {doubt}", last_known=last_known)


def _differences(
    constraint: Constraint, old: Standing, now: Standing, *, before: GapReport, tonight: Tonight
) -> list[Drift]:
    settled = old.last_known or old
    told = ending(now, old, since=before.last_run.date(), today=tonight.today)
    if told or now.waiver:
        return told
    if _let_go(settled, tonight) and now.severity is not None:
        return [_waiver_over(settled, now)]
    if now.outcome is Outcome.UNDETERMINED:
        return [] if old.outcome is Outcome.UNDETERMINED else [_unknown(settled, now, tonight)]
    if constraint.over is Over.EACH and tonight.release is not None:
        return _stale(constraint, old, now, before=before, tonight=tonight)
    return _moved(constraint, old, now, tonight)


def _let_go(settled: Standing, tonight: Tonight) -> bool:
    """Tell whether a decision bore the constraint in the last report and does not any more."""
    return settled.waiver is not None and not tonight.then.in_force(settled.waiver, tonight.today)


def _waiver_over(settled: Standing, now: Standing) -> Drift:
    waiver = settled.waiver
    assert waiver is not None  # noqa: S101 -- narrows the type: asked before
    what = "waived this" if waiver.kind is WaiverKind.WAIVED else "decided that this does not apply"
    reason = f"{waiver.approver} {what} until {waiver.until.isoformat()}; that holds no longer. {now.reason}"
    return replace(_drift(DriftKind.WAIVER_EXPIRED, DriftCause.WAIVER, settled, now, reason), waiver=waiver)


def _unknown(settled: Standing, now: Standing, tonight: Tonight) -> Drift:
    culprit = culprit_of(settled, now)
    unread = culprit is not None and culprit.file.id in tonight.then.unchecked
    incomplete = bool(tonight.then.incomplete) and not unread
    cause = DriftCause.INCOMPLETE_LOOK if incomplete else DriftCause.UNREADABLE
    return _drift(DriftKind.UNDETERMINED_NOW, cause, settled, now, now.reason, culprit if unread else None)


def _stale(constraint: Constraint, old: Standing, now: Standing, *, before: GapReport, tonight: Tonight) -> list[Drift]:
    """One row a document that lags behind: for a release that the last report did not know, or where it got worse."""
    settled, release = old.last_known or old, tonight.release
    assert release is not None  # noqa: S101 -- narrows the type: asked before
    known = before.release is not None and before.release.version == release.version
    fresh = not known or old.outcome is Outcome.UNDETERMINED
    if not fresh and not worse(settled, now):
        return _better(settled, now, DriftCause.FOUND)
    cause = DriftCause.RELEASE if fresh else DriftCause.NOT_COUNTED
    behind = [
        replace(
            _drift(DriftKind.STALE, cause, settled, now, f"{behind_sentence(age, release)}."), file=age.evidence.file
        )
        for age in tonight.ages
        if age.behind
    ]
    if behind or not worse(settled, now):
        return behind or _better(settled, now, DriftCause.FOUND)
    if fresh:  # every document names it, and yet: no release notes, no history, a conflict
        return [_drift(DriftKind.STALE, cause, settled, now, now.reason)]
    return [_lost(constraint, settled, now, culprit_of(settled, now), tonight)]


def _moved(constraint: Constraint, old: Standing, now: Standing, tonight: Tonight) -> list[Drift]:
    settled = old.last_known or old
    if settled.outcome is Outcome.UNDETERMINED:
        return [] if now.is_gap else [_drift(DriftKind.WON, DriftCause.CHECKED_AGAIN, settled, now, now.reason)]
    culprit = culprit_of(settled, now)
    still = culprit is None or culprit.file.id not in tonight.then.gone
    if settled.outcome is Outcome.NOT_APPLICABLE and now.outcome in _BEARING and still:
        proof = now.citations[0] if now.citations else None
        return [_drift(DriftKind.CONTRADICTED, DriftCause.CONTRADICTION, settled, now, now.reason, proof)]
    if worse(settled, now):
        return [_lost(constraint, settled, now, culprit, tonight)]
    if old.outcome is Outcome.UNDETERMINED and not now.is_gap:
        return [_drift(DriftKind.WON, DriftCause.CHECKED_AGAIN, old, now, now.reason)]
    return _better(settled, now, DriftCause.FOUND)


def _lost(
    constraint: Constraint, settled: Standing, now: Standing, culprit: SetCitation | None, tonight: Tonight
) -> Drift:
    if culprit is None:
        return _drift(DriftKind.LOST, DriftCause.NOT_COUNTED, settled, now, now.reason)
    cause, why = tonight.then.cause(culprit)
    reason = lost_sentence(constraint, why, lost_facets(settled, now))
    return replace(_drift(DriftKind.LOST, cause, settled, now, reason, culprit), old_quote=culprit.quote)


def _better(old: Standing, now: Standing, cause: DriftCause) -> list[Drift]:
    if RANK.get(now.outcome, 0) <= RANK.get(old.outcome, 0):
        return []
    known = {(citation.file.id, citation.quote) for citation in old.citations}
    fresh = next((one for one in now.citations if (one.file.id, one.quote) not in known), None)
    reason = f"{fresh.file.name} gives it now. {now.reason}" if fresh else now.reason
    return [_drift(DriftKind.WON, cause, old, now, reason, fresh)]


def _drift(  # noqa: PLR0917 -- kind and cause, from and to, why and where: each call says all of it
    kind: DriftKind, cause: DriftCause, old: Standing, now: Standing, reason: str, citation: SetCitation | None = None
) -> Drift:
    return Drift(
        kind=kind,
        cause=cause,
        constraint=now.constraint,
        before=old.outcome,
        now=now.outcome,
        reason=reason,
        file=citation.file if citation else None,
    )
