"""What a gap summary says of one product on one clause: its headline, and its rows in the order of their weight."""

from dataclasses import dataclass

from scanner.model.clause import ClausePack
from scanner.model.coverage import coverage_words
from scanner.model.display import counted, day, shown, since
from scanner.model.gap import DriftGroup, GapReport, Standing, Unchecked, grouped
from scanner.model.release import Release
from scanner.notify.news import MET, News, OfOwner, by_owner, counts, gaps, news_of, not_said, undetermined

NO_RELEASE = (
    "No release is known yet. Add one by hand, or keep release notes that name the product and its version "
    "in the folders that are read."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many rows a mail shows of each kind before it says *and n more*."""

    drift: int = 20
    gaps: int = 10
    unchecked: int = 6
    standings: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a mail is to tell of one product on one clause."""

    report: GapReport  # its drift is what happened since the last mail that its reader got
    pack: ClausePack
    again: frozenset[str] = frozenset()  # constraints whose gaps had been closed once
    quotes: bool = False  # whether what stands in documents may be shown
    whole: bool = True  # whether the open gaps are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A report in a reader's order; the templates lay it out and decide nothing."""

    report: GapReport
    pack: ClausePack
    clause: str  # "IEC 81001-5-1 §5.8.2"
    product: str  # "PulseView 4.3.0"
    headline: str
    change: str  # what is new, in a few words; "" in a first mail
    release: str
    since: str  # when the report that drift compares with was made; "" in a first mail
    fresh: tuple[OfOwner, ...]
    back: tuple[DriftGroup, ...]
    resolved: tuple[DriftGroup, ...]
    ending: tuple[DriftGroup, ...]
    unclear: tuple[DriftGroup, ...]
    gaps: tuple[Standing, ...]
    undetermined: tuple[Standing, ...]  # beside what is news
    unchecked: tuple[Unchecked, ...]  # the same; what is new first
    standings: tuple[Standing, ...]
    coverage: str
    quotes: bool
    more_drift: int
    more_gaps: int
    more_unchecked: int
    more_standings: int

    @property
    def closing(self) -> str:
        """Name what is resolved for what it is: a gap that only got smaller is none that was closed."""
        closed = {group.head.now in MET for group in self.resolved}
        return "Resolved" if closed == {True} else "Better" if closed == {False} else "Resolved or better"

    @property
    def waived(self) -> tuple[Standing, ...]:
        """Return what would be a gap, were it not for a person's decision."""
        return self.report.waived

    @property
    def drift(self) -> tuple[DriftGroup, ...]:
        """Return all news, in a reader's order."""
        return (
            *(group for one in self.fresh for group in one.groups),
            *self.back,
            *self.resolved,
            *self.ending,
            *self.unclear,
        )


def letter(part: Part, *, caps: Caps) -> Letter:
    """Put a report into a reader's order, with at most so many rows as the caps allow."""
    report, pack = part.report, part.pack
    news, left = _capped(news_of(report, again=part.again), caps.drift)
    seen = gaps(report)
    said = {one.constraint for one in news.all}
    told = tuple(one for one in seen if one.constraint not in said) if part.whole else ()
    unclear, unread = not_said(report, news.unclear)
    return Letter(
        report=report,
        pack=pack,
        clause=clause_of(pack),
        product=product_of(report),
        headline=headline_of(report),
        change=change_of(part),
        release=release_of(report.release),
        since=since(report.since, seen=report.created_at) if report.since else "",
        fresh=by_owner(news.fresh),
        back=grouped(news.back),
        resolved=grouped(news.resolved),
        ending=grouped(news.ending),
        unclear=grouped(news.unclear),
        gaps=told[: caps.gaps],
        undetermined=unclear[: caps.gaps],
        unchecked=unread[: caps.unchecked],
        standings=report.standings[: caps.standings],
        coverage=coverage_words(report.coverage),
        quotes=part.quotes,
        more_drift=left,
        more_gaps=max(0, len(told) - caps.gaps),
        more_unchecked=max(0, len(unread) - caps.unchecked) + max(0, len(unclear) - caps.gaps),
        more_standings=max(0, len(report.standings) - caps.standings),
    )


def subject(part: Part) -> str:
    """Say a report in one line: `[PulseView 4.3.0] 2 new gaps, 1 resolved – IEC 81001-5-1 §5.8.2`."""
    return shown(f"[{product_of(part.report)}] {said_of(part)} – {clause_of(part.pack)}", 200)


def clause_of(pack: ClausePack) -> str:
    """Name a pack's clause: "IEC 81001-5-1 §5.8.2"."""
    return f"{pack.standard} §{pack.clause}"


def product_of(report: GapReport) -> str:
    """Name what the report is about: product and newest release as far as they are known."""
    version = report.release.version if report.release else ""
    return f"{shown(report.product, 60)} {shown(version, 30)}".strip() or "Your product"


def headline_of(report: GapReport) -> str:
    """Say in one sentence where the clause stands."""
    total, unclear, seen, waived = (
        len(report.standings),
        len(undetermined(report)),
        len(gaps(report)),
        len(report.waived),
    )
    rest = [f"{unclear} could not be checked"] if unclear else []
    rest += [f"{waived} {_are(waived)} waived"] if waived else []
    if seen:
        return "; ".join([f"{seen} of {total} constraints {_are(seen)} not satisfied", *rest]) + "."
    if rest:
        return f"No gap was found, but of {total} constraints {' and '.join(rest)}."
    return f"No gap: all {total} constraints are satisfied or do not apply."


def change_of(part: Part) -> str:
    """Say what is new: "2 new gaps, 1 resolved", "nothing changed", or "" where there was no mail before."""
    if part.report.since is None:
        return ""
    return ", ".join(counts(news_of(part.report, again=part.again))) or "nothing changed"


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


def said_of(part: Part) -> str:
    """Say a report in a few words, without whose it is: the subject's middle part."""
    report, change = part.report, change_of(part)
    seen = len(gaps(report))
    standing = "clause met" if report.audit_defence else counted(seen, "gap") if seen else "no gaps"
    if change == "nothing changed":
        change = f"nothing changed, {standing}"
    told = change or standing
    if report.audit_defence and standing not in told:
        told = f"{told}, {standing}"
    if "could not check" in told:
        return told
    return ", ".join(piece for piece in (told, _open_ends(report)) if piece)


def _capped(news: News, most: int) -> tuple[News, int]:
    """Cut news to so many rows, the least urgent first, and say how many are left out."""
    room, kept = most, []
    for rows in (news.fresh, news.back, news.resolved, news.ending, news.unclear):
        kept.append(rows[:room])
        room -= len(kept[-1])
    fresh, back, resolved, ending, unclear = kept
    cut = News(fresh=fresh, back=back, resolved=resolved, ending=ending, unclear=unclear)
    return cut, len(news.all) - len(cut.all)


def _open_ends(report: GapReport) -> str:
    """Say what a reader of the subject must not take for a result."""
    if unclear := len(undetermined(report)):
        return f"{unclear} undetermined"
    if report.waived and not gaps(report):
        return f"{len(report.waived)} waived"
    clean = not gaps(report)  # then every file that was not read matters; else those that are news
    unread = [one for one in report.unchecked if clean or not one.still]
    return f"{counted(len(unread), 'file')} unchecked" if unread else ""


def _are(number: int) -> str:
    """Agree with a number."""
    return "is" if number == 1 else "are"
