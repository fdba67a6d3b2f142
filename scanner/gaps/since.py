"""What is news to a person who was last told of an older report: the drift of all reports since, added up; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanner.gaps.causes import LEFT, RANK
from scanner.gaps.report import OURS, compared_with
from scanner.model.gap import Drift, DriftKind, GapReport
from scanner.model.verdict import Outcome

_KINDS = tuple(DriftKind)


def told_since(told: GapReport | None, reports: Sequence[GapReport]) -> GapReport:
    """Return the newest report with the drift since the one that was told; `reports` came after it, the oldest first.

    To somebody who was told of none it has no drift: what it says is all new, and so is every file that could not be
    checked. What was lost and is back again is no news, and what was lost in two steps is told in one. Raises
    ValueError where there is no report at all.
    """
    if told is None:
        if not reports:
            raise ValueError("there is no report to tell of")
        newest = reports[-1]
        return replace(newest, drift=(), unchecked=compared_with(None, newest.unchecked), since=None, note="")
    newest = reports[-1] if reports else told
    ours = (told.pack_digest, told.judge) != (newest.pack_digest, newest.judge)
    drift = tuple(sorted(_added_up(reports, newest), key=lambda one: _KINDS.index(one.kind)))
    unchecked = compared_with(told, newest.unchecked)
    return replace(newest, drift=drift, unchecked=unchecked, since=told.created_at, note=OURS if ours else "")


def _added_up(reports: Sequence[GapReport], newest: GapReport) -> Iterator[Drift]:
    now = {standing.constraint: standing for standing in newest.standings}
    steps: dict[str, list[list[Drift]]] = {}
    endings: dict[str, Drift] = {}
    gone = _gone(reports)
    for report in reports:
        for row in report.drift:
            if row.kind is DriftKind.WAIVER_ENDING:
                endings[row.constraint] = row
        for constraint in dict.fromkeys(one.constraint for one in report.drift):
            rows = [one for one in report.drift if one.constraint == constraint]
            steps.setdefault(constraint, []).append([one for one in rows if one.kind is not DriftKind.WAIVER_ENDING])
    for constraint, rounds in steps.items():
        moved = [step for step in rounds if step]
        if moved:
            told = _one(moved, now[constraint].outcome if constraint in now else moved[-1][0].now)
            here = [one for one in told if not (one.kind is DriftKind.STALE and one.file and one.file.id in gone)]
            yield from here or told  # that it moved is told in any case
    yield from (row for name, row in endings.items() if name in now and now[name].waiver is not None)


def _gone(reports: Sequence[GapReport]) -> frozenset[str]:
    """Return the files that left the source since, and of which no later report speaks otherwise."""
    left: set[str] = set()
    for report in reports:
        rows = [one for one in report.drift if one.file]
        left -= {one.file.id for one in rows if one.file}
        left |= {one.file.id for one in rows if one.file and one.cause in LEFT}
    return frozenset(left)


def _one(rounds: Sequence[Sequence[Drift]], now: Outcome) -> Sequence[Drift]:
    """Add up what happened to one constraint, in the last words on each file in the direction that all of it took."""
    if len(rounds) == 1:
        return rounds[0]
    before = rounds[0][0].before
    better = [[one for one in step if one.kind is DriftKind.WON] for step in rounds]
    worse = [[one for one in step if one.kind is not DriftKind.WON] for step in rounds]
    if before is now and any(better) and any(worse):
        return ()
    up = now is not Outcome.UNDETERMINED and (before is Outcome.UNDETERMINED or RANK[now] > RANK[before])
    last = next((step for step in reversed(better if up else worse) if step), rounds[-1])
    told = last if up else _remaining(rounds) or last
    return [replace(one, before=before, now=now) for one in told]


def _remaining(rounds: Sequence[Sequence[Drift]]) -> list[Drift]:
    """Return the last words on each file that made it worse and did not make it better again."""
    kept: dict[str, Drift] = {}
    for one in (row for step in rounds for row in step):
        file = one.file.id if one.file else ""
        kept.pop(file, None)
        if one.kind is not DriftKind.WON:
            kept[file] = one
    return list(kept.values())
