"""What of a report's drift is which kind of news to a reader, counted and said in a few words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanner.model.display import counted
from scanner.model.gap import Drift, DriftGroup, DriftKind, GapReport, Standing, Unchecked, grouped
from scanner.model.verdict import Outcome

_NO_LOSS = frozenset({DriftKind.WON, DriftKind.UNDETERMINED_NOW, DriftKind.WAIVER_ENDING})
MET = frozenset({Outcome.SATISFIED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOwner:
    """News about the documents of one person."""

    owner: str  # "" where nobody is known, or where there is no other
    groups: tuple[DriftGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The drift of a report in a reader's order."""

    fresh: tuple[Drift, ...]  # new gaps, and gaps that grew
    back: tuple[Drift, ...]  # gaps that had been closed once
    unclear: tuple[Drift, ...]  # what could be checked before
    resolved: tuple[Drift, ...]
    ending: tuple[Drift, ...]  # decisions that end soon

    @property
    def all(self) -> tuple[Drift, ...]:
        """Return all of it, in a reader's order."""
        return (*self.fresh, *self.back, *self.resolved, *self.ending, *self.unclear)


def news_of(report: GapReport, *, again: frozenset[str] = frozenset()) -> News:
    """Sort a report's drift; `again` are the constraints whose gaps had been closed once."""
    worse = [one for one in report.drift if one.kind not in _NO_LOSS]
    back = [one for one in worse if one.constraint in again and one.kind is DriftKind.LOST and one.before in MET]
    return News(
        fresh=tuple(one for one in worse if one not in back),
        back=tuple(back),
        unclear=tuple(one for one in report.drift if one.kind is DriftKind.UNDETERMINED_NOW),
        resolved=tuple(one for one in report.drift if one.kind is DriftKind.WON),
        ending=tuple(one for one in report.drift if one.kind is DriftKind.WAIVER_ENDING),
    )


def counts(news: News) -> Iterator[str]:
    """Say how much of each kind there is: "2 new gaps", "1 resolved"; nothing of what there is none of."""
    new = {one.constraint for one in news.fresh if _is_new(one)}
    contradicted = {one.constraint for one in news.fresh if one.kind is DriftKind.CONTRADICTED and one.now in MET}
    contradicted -= new
    grown = {one.constraint for one in news.fresh if one.kind is not DriftKind.STALE} - new - contradicted
    stale = [one for one in news.fresh if one.kind is DriftKind.STALE and one.constraint not in new]
    closed = {one.constraint for one in news.resolved if one.now in MET}
    smaller = {one.constraint for one in news.resolved} - closed
    if new:
        yield counted(len(new), "new gap")
    for found, word in (
        ({one.constraint for one in news.back}, "came back"),
        (grown, "worse"),
        (contradicted, "contradicted"),
        (stale, "stale"),
        ({one.constraint for one in news.unclear}, "could not check"),
        (closed, "resolved"),
        (smaller, "better"),
    ):
        if found:
            yield f"{len(found)} {word}"
    if news.ending:
        yield f"{counted(len(news.ending), 'waiver')} ending"


def by_owner(drift: Iterable[Drift]) -> tuple[OfOwner, ...]:
    """Group news by whose documents they are about: who has none is last; with one owner there is nothing to group."""
    rows = list(drift)
    owners = sorted({_owner(one) for one in rows}, key=lambda owner: (not owner, owner))
    if len(owners) < 2:
        return (OfOwner(owner="", groups=grouped(rows)),) if rows else ()
    return tuple(OfOwner(owner=owner, groups=grouped(one for one in rows if _owner(one) == owner)) for owner in owners)


def undetermined(report: GapReport) -> tuple[Standing, ...]:
    """List the constraints that could not be checked: never counted among the gaps."""
    return tuple(standing for standing in report.standings if standing.outcome is Outcome.UNDETERMINED)


def gaps(report: GapReport) -> tuple[Standing, ...]:
    """List the gaps that were really seen."""
    return tuple(standing for standing in report.gaps if standing.outcome is not Outcome.UNDETERMINED)


def not_said(report: GapReport, unclear: Iterable[Drift]) -> tuple[tuple[Standing, ...], tuple[Unchecked, ...]]:
    """Return what else could not be checked, constraints and files, beside what is news."""
    told = list(unclear)
    constraints, files = {one.constraint for one in told}, {one.file.id for one in told if one.file}
    return (
        tuple(one for one in undetermined(report) if one.constraint not in constraints),
        tuple(one for one in report.unchecked if one.file.id not in files),
    )


def _is_new(one: Drift) -> bool:
    """Tell whether a gap was none before: met, unknown, or borne by a decision; what is met now is no gap."""
    if one.kind is DriftKind.CONTRADICTED and one.now in MET:
        return False
    return one.before not in {Outcome.PARTIAL, Outcome.MISSING} or one.kind is DriftKind.WAIVER_EXPIRED


def _owner(one: Drift) -> str:
    return one.file.owner if one.file else ""
