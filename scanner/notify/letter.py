"""What a gap summary says: its subject, its headline, and the rows of a report in the order in which they matter."""

from dataclasses import dataclass

from scanner.model.clause import ClausePack
from scanner.model.coverage import coverage_words
from scanner.model.display import counted, day, shown, since
from scanner.model.gap import DriftGroup, DriftKind, GapReport, Standing, Unchecked, grouped
from scanner.model.release import Release
from scanner.model.verdict import Outcome

NO_RELEASE = (
    "No release is known yet. Add one by hand, or keep release notes that name the product and its version "
    "in the folders that are read."
)
_ORDER = tuple(DriftKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many rows a mail shows of each kind before it says *and n more*."""

    drift: int = 20
    gaps: int = 12
    unchecked: int = 8
    standings: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A report in a reader's order; the templates lay it out and decide nothing."""

    report: GapReport
    clause: str  # "IEC 81001-5-1 §5.8.2"
    product: str  # "PulseView 4.3.0"
    headline: str
    change: str  # what drifted, in a few words; "" in a first mail
    release: str
    since: str  # when the report that drift compares with was made; "" in a first mail
    drift: tuple[DriftGroup, ...]
    gaps: tuple[Standing, ...]
    undetermined: tuple[Standing, ...]
    unchecked: tuple[Unchecked, ...]  # what is new first
    standings: tuple[Standing, ...]
    coverage: str
    more_drift: int
    more_gaps: int
    more_unchecked: int
    more_standings: int


def letter(report: GapReport, *, pack: ClausePack, caps: Caps) -> Letter:
    """Put a report into a reader's order, with at most so many rows as the caps allow."""
    drift = tuple(sorted(report.drift, key=lambda entry: _ORDER.index(entry.kind)))
    gaps = tuple(standing for standing in report.gaps if standing.outcome is not Outcome.UNDETERMINED)
    return Letter(
        report=report,
        clause=f"{pack.standard} §{pack.clause}",
        product=product_of(report),
        headline=headline_of(report),
        change=change_of(report),
        release=release_of(report.release),
        since=since(report.since, seen=report.created_at) if report.since else "",
        drift=grouped(drift[: caps.drift]),
        gaps=gaps[: caps.gaps],
        undetermined=_undetermined(report)[: caps.gaps],
        unchecked=report.unchecked[: caps.unchecked],
        standings=report.standings[: caps.standings],
        coverage=coverage_words(report.coverage),
        more_drift=max(0, len(drift) - caps.drift),
        more_gaps=max(0, len(gaps) - caps.gaps),
        more_unchecked=max(0, len(report.unchecked) - caps.unchecked),
        more_standings=max(0, len(report.standings) - caps.standings),
    )


def subject(report: GapReport, *, pack: ClausePack) -> str:
    """Say a report in one line: `[PulseView 4.3.0] 2 lost, 1 won – IEC 81001-5-1 §5.8.2`."""
    return shown(f"[{product_of(report)}] {_news(report)} – {pack.standard} §{pack.clause}", 200)


def product_of(report: GapReport) -> str:
    """Name what the report is about: product and newest release as far as they are known."""
    version = report.release.version if report.release else ""
    return f"{shown(report.product, 60)} {shown(version, 30)}".strip() or "Your product"


def headline_of(report: GapReport) -> str:
    """Say in one sentence where the clause stands."""
    total = len(report.standings)
    unclear = len(_undetermined(report))
    gaps = _gap_count(report)
    if gaps and unclear:
        return f"{gaps} of {total} constraints {_are(gaps)} not satisfied; {unclear} could not be checked."
    if gaps:
        return f"{gaps} of {total} constraints {_are(gaps)} not satisfied."
    if unclear:
        return f"No gap was found, but {unclear} of {total} constraints could not be checked."
    return f"No gap: all {total} constraints are satisfied or do not apply."


def change_of(report: GapReport) -> str:
    """Say what drifted since the last mail: "2 lost, 1 won", "nothing changed", or "" where there was none."""
    if report.since is None:
        return ""
    said = {
        DriftKind.LOST: "lost",
        DriftKind.CONTRADICTED: "contradicted",
        DriftKind.WAIVER_EXPIRED: "waiver expired",
        DriftKind.WAIVER_ENDING: "waiver ending",
        DriftKind.STALE: "stale",
        DriftKind.UNDETERMINED_NOW: "could not check",
        DriftKind.WON: "won",
    }
    counts = [(sum(entry.kind is kind for entry in report.drift), said[kind]) for kind in _ORDER]
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing changed"


def release_of(release: Release | None) -> str:
    """Say which release is the newest known, and how we came to know of it."""
    if release is None:
        return NO_RELEASE
    dated = f" of {day(release.released_on)}" if release.released_on else ""
    return f"Newest release: {shown(release.version, 30)}{dated} ({shown(release.source, 140)})."


def short_name(pack: ClausePack, constraint: str) -> str:
    """Return a constraint's short name, or its id where the pack no longer has it."""
    try:
        return pack.constraint(constraint).short
    except KeyError:
        return constraint


def _news(report: GapReport) -> str:
    """Say the subject's middle part."""
    change = change_of(report)
    gaps = counted(_gap_count(report), "gap") if _gap_count(report) else "no gaps"
    if report.audit_defence:
        gaps = "clause met"
    if change == "nothing changed":
        change = f"nothing changed, {gaps}"
    told = change or gaps
    if report.audit_defence and gaps not in told:
        told = f"{told}, {gaps}"
    if "could not check" in told:
        return told
    return ", ".join(part for part in (told, _open_ends(report)) if part)


def _open_ends(report: GapReport) -> str:
    """Say what a reader of the subject must not take for a result."""
    if unclear := len(_undetermined(report)):
        return f"{unclear} undetermined"
    clean = not _gap_count(report)  # then every file that was not read matters; else those that are news
    unread = [one for one in report.unchecked if clean or not one.still]
    return f"{counted(len(unread), 'file')} unchecked" if unread else ""


def _undetermined(report: GapReport) -> tuple[Standing, ...]:
    """List the constraints that could not be checked: never counted among the gaps."""
    return tuple(standing for standing in report.standings if standing.outcome is Outcome.UNDETERMINED)


def _gap_count(report: GapReport) -> int:
    """Count the gaps that were really seen."""
    return sum(standing.outcome is not Outcome.UNDETERMINED for standing in report.gaps)


def _are(number: int) -> str:
    """Agree with a number."""
    return "is" if number == 1 else "are"
