"""What a person's decisions make of the standings: a waived gap is shown as waived, and nothing becomes satisfied."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from scanner.model.display import day
from scanner.model.gap import Drift, DriftCause, DriftKind, Standing
from scanner.model.verdict import Outcome
from scanner.model.waiver import REMIND_DAYS, Waiver, WaiverKind

_BEARING = frozenset({Outcome.SATISFIED, Outcome.PARTIAL})


def waived(standings: Sequence[Standing], waivers: Sequence[Waiver], today: date) -> tuple[Standing, ...]:
    """Return the standings under the decisions that hold today; of two on one constraint, the later counts."""
    holding = {waiver.constraint: waiver for waiver in sorted(waivers, key=lambda one: one.id) if waiver.holds(today)}
    return tuple(_under(standing, holding.get(standing.constraint)) for standing in standings)


def ending(now: Standing, old: Standing, *, since: date, today: date) -> list[Drift]:
    """Tell that the decision on a constraint ends soon, once for each of its reminders that came since then."""
    waiver = now.waiver
    if waiver is None:
        return []
    seen = waiver.days_left(max(since, waiver.decided_at.date()))
    left = waiver.days_left(today)
    if not any(left <= days < seen for days in REMIND_DAYS):
        return []
    what = "The waiver" if waiver.kind is WaiverKind.WAIVED else "The decision that this does not apply"
    return [
        Drift(
            kind=DriftKind.WAIVER_ENDING,
            cause=DriftCause.WAIVER,
            constraint=now.constraint,
            before=old.outcome,
            now=now.outcome,
            reason=f"{what} by {waiver.approver} ends after {day(waiver.until)}: {waiver.reason}",
            file=None,
            waiver=waiver,
        )
    ]


def _under(standing: Standing, waiver: Waiver | None) -> Standing:
    """Only a gap needs a decision; *not applicable* falls where a document speaks of the very thing."""
    if waiver is None or standing.severity is None:
        return standing
    if waiver.kind is WaiverKind.WAIVED:
        return replace(standing, waiver=waiver)
    if standing.outcome in _BEARING:
        reason = f"{standing.reason} Yet {waiver.approver} decided that it does not apply: {waiver.reason}"
        return replace(standing, reason=reason)
    reason = f"{waiver.approver} decided until {day(waiver.until)} that it does not apply: {waiver.reason}"
    return replace(standing, outcome=Outcome.NOT_APPLICABLE, reason=reason, severity=None, waiver=waiver)
