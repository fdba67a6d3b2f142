"""What drifted between two reports, and why; a loss that cannot be believed becomes *could not check*; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scanner.gaps.causes import LEFT, RANK, Then, losses_of, lost_sentence, without, worse
from scanner.gaps.freshness import behind_sentence
from scanner.gaps.release import Age
from scanner.gaps.waived import ending
from scanner.model.clause import ClausePack, Constraint, Over
from scanner.model.display import day
from scanner.model.gap import Drift, DriftCause, DriftKind, GapReport, SetCitation, Standing
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind

_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})
_KINDS = tuple(DriftKind)
# What our judging has no part in: it stays the customer's drift although pack or judge changed.
_FACTS = LEFT | {DriftCause.RELEASE, DriftCause.WAIVER}


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
    by, now_by = _by(before.pack_digest, before.judge), _by(pack.digest, judge)
    standings = tuple(
        _doubted(pack.constraint(one.constraint), last.get(one.constraint), one, tonight, by=by if by != now_by else "")
        for one in now
    )
    found = [
        (difference, _settled(old).judged_by or by)
        for one in standings
        if (old := last.get(one.constraint)) is not None
        for difference in _differences(pack.constraint(one.constraint), old, one, before=before, tonight=tonight)
    ]
    found.sort(key=lambda one: _KINDS.index(one[0].kind))
    theirs = [one for one, seen_by in found if seen_by == now_by or one.cause in _FACTS]
    rest = tuple(replace(one, cause=DriftCause.OURS) for one, _ in found if one not in theirs)
    return Comparison(standings=standings, drift=tuple(theirs), ours=rest)


def _by(pack_digest: str, judge: str) -> str:
    return f"{pack_digest} {judge}"


def _settled(old: Standing) -> Standing:
    """Return how a constraint stood when it could last be checked."""
    return old.last_known or old


def _doubted(constraint: Constraint, old: Standing | None, now: Standing, tonight: Tonight, *, by: str) -> Standing:
    """Return the standing as *could not check* where it would be a loss, and tonight's look cannot bear one out.

    It keeps how it last stood, less what was lost for sure, and `by` whom that was seen where that was another.
    """
    if old is None:
        return now
    settled = _settled(old)
    if now.outcome is Outcome.UNDETERMINED:
        known = replace(settled, judged_by=settled.judged_by or by) if settled.outcome is not now.outcome else None
        return replace(now, last_known=known)
    if now.waiver or settled.outcome is Outcome.UNDETERMINED or not worse(settled, now):
        return now
    losses = losses_of(settled, now, unread=tonight.then.unchecked)
    doubtful = tonight.then.doubtful(losses)
    if not (doubtful or tonight.then.incomplete) or _let_go(settled, tonight):
        return now
    sure = [one for one in losses if one not in doubtful]
    last = replace(without(constraint, settled, sure), last_known=None, judged_by=settled.judged_by or by)
    reason = f"Could not check: {tonight.then.doubt(doubtful)}"
    return replace(now, outcome=Outcome.UNDETERMINED, reason=reason, last_known=last)


def _differences(
    constraint: Constraint, old: Standing, now: Standing, *, before: GapReport, tonight: Tonight
) -> list[Drift]:
    settled = _settled(old)
    told = ending(now, old, since=before.last_run.date(), today=tonight.today)
    if told or now.waiver:
        return told
    if _let_go(settled, tonight) and now.severity is not None:
        return [_waiver_over(settled, now)]
    if now.outcome is Outcome.UNDETERMINED:
        sure = now.last_known is not None and worse(settled, now.last_known)
        lost = _lost(constraint, settled, now.last_known, tonight) if sure and now.last_known else []
        return lost if old.outcome is Outcome.UNDETERMINED else [*lost, *_unknown(settled, now, tonight)]
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
    reason = f"{waiver.approver} {what} until {day(waiver.until)}; that holds no longer. {now.reason}"
    return replace(_drift(DriftKind.WAIVER_EXPIRED, DriftCause.WAIVER, settled, now, reason), waiver=waiver)


def _unknown(settled: Standing, now: Standing, tonight: Tonight) -> list[Drift]:
    """One row a file that could not be read, or one where none is to blame."""
    losses = losses_of(settled, now, unread=tonight.then.unchecked)
    unread = [one.citation for one in losses if one.citation.file.id in tonight.then.unchecked]
    if not unread or tonight.then.incomplete:
        cause = DriftCause.INCOMPLETE_LOOK if tonight.then.incomplete else DriftCause.UNREADABLE
        return [_drift(DriftKind.UNDETERMINED_NOW, cause, settled, now, now.reason)]
    return [
        _drift(
            DriftKind.UNDETERMINED_NOW,
            DriftCause.UNREADABLE,
            settled,
            now,
            f"Could not check: {tonight.then.unchecked[one.file.id].sentence}",
            one,
        )
        for one in unread
    ]


def _stale(constraint: Constraint, old: Standing, now: Standing, *, before: GapReport, tonight: Tonight) -> list[Drift]:
    """One row a document that lags behind: for a release that the last report did not know, or where it got worse."""
    settled, release = _settled(old), tonight.release
    known = before.release is not None and release is not None and before.release.version == release.version
    fresh = not known or old.outcome is Outcome.UNDETERMINED
    if not fresh and not worse(settled, now) and settled.behind is None:  # a report of before that was kept
        return _better(settled, now, DriftCause.FOUND)
    rows = _behind(settled, now, tonight, cause=DriftCause.RELEASE if fresh else DriftCause.NOT_COUNTED)
    if not fresh and settled.behind is not None:  # those that lagged before are told already
        rows = [one for one in rows if one.file and one.file.id not in settled.behind]
    if rows or not worse(settled, now):
        return rows or _better(settled, now, DriftCause.FOUND)
    if fresh:  # every document names it, and yet: no release notes, no history, a conflict
        return [_drift(DriftKind.STALE, DriftCause.RELEASE, settled, now, now.reason)]
    return _lost(constraint, settled, now, tonight)


def _behind(settled: Standing, now: Standing, tonight: Tonight, *, cause: DriftCause) -> list[Drift]:
    release = tonight.release
    assert release is not None  # noqa: S101 -- narrows the type: asked before
    return [
        replace(
            _drift(DriftKind.STALE, cause, settled, now, f"{behind_sentence(age, release)}."), file=age.evidence.file
        )
        for age in tonight.ages
        if age.behind
    ]


def _moved(constraint: Constraint, old: Standing, now: Standing, tonight: Tonight) -> list[Drift]:
    settled = _settled(old)
    if settled.outcome is Outcome.UNDETERMINED:
        return [] if now.is_gap else [_drift(DriftKind.WON, DriftCause.CHECKED_AGAIN, settled, now, now.reason)]
    losses = losses_of(settled, now)
    still = not losses or losses[0].citation.file.id not in tonight.then.gone
    if settled.outcome is Outcome.NOT_APPLICABLE and now.outcome in _BEARING and still:
        proof = now.citations[0] if now.citations else None
        return [_drift(DriftKind.CONTRADICTED, DriftCause.CONTRADICTION, settled, now, now.reason, proof)]
    if worse(settled, now):
        return _lost(constraint, settled, now, tonight)
    if old.outcome is Outcome.UNDETERMINED and not now.is_gap:
        return [_drift(DriftKind.WON, DriftCause.CHECKED_AGAIN, old, now, now.reason)]
    return _better(settled, now, DriftCause.FOUND)


def _lost(constraint: Constraint, settled: Standing, now: Standing, tonight: Tonight) -> list[Drift]:
    """One row a file that gives something no more, with what that is and why."""
    rows = []
    for loss in losses_of(settled, now):
        cause, why = tonight.then.cause(loss.citation)
        reason = lost_sentence(constraint, why, loss.facets)
        row = _drift(DriftKind.LOST, cause, settled, now, reason, loss.citation)
        rows.append(replace(row, old_quote=loss.citation.quote))
    return rows or [_drift(DriftKind.LOST, DriftCause.NOT_COUNTED, settled, now, now.reason)]


def _better(old: Standing, now: Standing, cause: DriftCause) -> list[Drift]:
    if RANK.get(now.outcome, 0) <= RANK.get(old.outcome, 0):
        return []
    known = {(citation.file.id, citation.quote) for citation in old.citations}
    fresh = next((one for one in now.citations if (one.file.id, one.quote) not in known), None)
    return [_drift(DriftKind.WON, cause, old, now, _gives_now(fresh.file.name, now) if fresh else now.reason, fresh)]


def _gives_now(name: str, now: Standing) -> str:
    """Say that a file gives it now, and what that is, its name once."""
    alone = f"Found in {name}: "
    if now.reason.startswith(alone):
        return f"{name} gives it now: {now.reason.removeprefix(alone)}"
    return f"{name} gives it now. {now.reason}"


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
