"""All that is known of a product's documents becomes one gap report; pure, and the only place that builds one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from scanner.gaps.assess import assess, relied_on, retired
from scanner.gaps.causes import Then
from scanner.gaps.defence import audit_defence
from scanner.gaps.drift import Comparison, Tonight, compare
from scanner.gaps.freshness import ages
from scanner.gaps.waived import waived
from scanner.model.clause import ClausePack, Over
from scanner.model.connection import NAMELESS, Called
from scanner.model.gap import CoverageLine, Evidence, GapReport, Standing, Unchecked
from scanner.model.release import Release
from scanner.model.waiver import Waiver

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
OURS = "Our judging changed since the last report, so what differs from it is not drift of your documents."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that one report is made from."""

    called: Called = NAMELESS  # the product, by the names that a person gave
    evidence: tuple[Evidence, ...]
    unchecked: tuple[Unchecked, ...]  # what could not be read at all
    coverage: CoverageLine
    release: Release | None  # the newest known
    previous: Release | None = None  # the one before it
    waiting: tuple[Release, ...] = ()  # found, and not taken before a person says so
    waivers: tuple[Waiver, ...] = ()  # every decision on a constraint of the clause, also those that ended
    before: GapReport | None = None  # the last report
    gone: Mapping[str, str] = field(  # files cited in the last report that left the picture, with the reason
        default_factory=lambda: MappingProxyType({})
    )


def report_of(pack: ClausePack, picture: Picture, *, id: str, now: datetime, judge: str) -> GapReport:  # noqa: A002 -- what the report calls it
    """Return where the clause stands, what drifted, what could not be checked, and the defence where all is met."""
    called, before = replace(picture.called, name=product_name(picture)), picture.before
    unchecked = _unchecked(picture)
    standings = waived(
        assess(
            pack,
            evidence=picture.evidence,
            unchecked=picture.unchecked,
            release=picture.release,
            previous=picture.previous,
            called=called,
        ),
        picture.waivers,
        now.date(),
    )
    current, overtaken = relied_on(picture.evidence, called)
    compared = _compared(pack, picture, standings, unchecked, current=current, now=now, judge=judge, name=called.name)
    ours = before is not None and (before.pack_digest, before.judge) != (pack.digest, judge)
    report = GapReport(
        id=id,
        product=called.name,
        clause=pack.id,
        created_at=now,
        release=picture.release,
        standings=compared.standings,
        unchecked=unchecked,
        drift=compared.drift,
        since=before.created_at if before else None,
        coverage=replace(picture.coverage, in_part=sum(bool(one.unread) for one in picture.evidence)),
        pack_digest=pack.digest,
        judge=judge,
        audit_defence="",
        note=OURS if ours else "",
        ours=compared.ours,
        waiting=picture.waiting,
        overtaken=overtaken,
    )
    return replace(report, audit_defence=audit_defence(pack, report, picture.evidence))


def is_news(report: GapReport) -> bool:
    """Tell whether a report that compares with the last one tells of a difference."""
    return bool(report.drift or report.ours or report.note)


def reads_alike(report: GapReport, before: GapReport) -> bool:
    """Tell whether two reports are equal in everything that a reader sees, but for when and how they came to be."""
    return _bare(report) == _bare(before)


def _bare(report: GapReport) -> GapReport:
    unchecked = tuple(sorted(compared_with(None, report.unchecked), key=lambda one: (one.file.id, one.because)))
    bare = replace(report, id="", created_at=_NEVER, since=None, drift=(), ours=(), note="", reviewed_at=None)
    return replace(bare, unchecked=unchecked)


def product_name(picture: Picture) -> str:
    """Return the name that was given, else the one that the newest release or most documents give."""
    if picture.called.name:
        return picture.called.name
    if picture.release and picture.release.product:
        return picture.release.product
    theirs = (one.facts.product for one in picture.evidence if not retired(one))
    named = Counter(one for one in theirs if one and not picture.called.is_another(one))
    return named.most_common(1)[0][0] if named else ""


def _unchecked(picture: Picture) -> tuple[Unchecked, ...]:
    """List what could not be read, then what was read only in part."""
    in_part = tuple(
        Unchecked(file=one.file, because=one.unread, in_part=True) for one in picture.evidence if one.unread
    )
    return compared_with(picture.before, (*picture.unchecked, *in_part))


def compared_with(told: GapReport | None, unchecked: Iterable[Unchecked]) -> tuple[Unchecked, ...]:
    """Mark what an older report said of the same files in the same words; what is new comes first."""
    said = {(one.file.id, one.because) for one in told.unchecked} if told else set()
    marked = (replace(one, still=(one.file.id, one.because) in said) for one in unchecked)
    return tuple(sorted(marked, key=lambda one: one.still))


def _compared(
    pack: ClausePack,
    picture: Picture,
    standings: tuple[Standing, ...],
    unchecked: Sequence[Unchecked],
    *,
    current: Sequence[Evidence],
    now: datetime,
    judge: str,
    name: str,
) -> Comparison:
    if picture.before is None:
        return Comparison(standings=standings, drift=(), ours=())
    each = next((constraint for constraint in pack.constraints if constraint.over is Over.EACH), None)
    then = Then(
        gone=picture.gone,
        unchecked={one.file.id: one for one in unchecked},
        quoted={one.file.id: quotes_of(one) for one in picture.evidence},
        counted=frozenset(one.file.id for one in current),
        incomplete="" if picture.coverage.complete else picture.coverage.because or "the last sync did not end",
        waivers=picture.waivers,
        product=name,
    )
    tonight = Tonight(
        then=then,
        ages=ages(each, current, picture.release) if each and picture.release else (),
        release=picture.release,
        today=now.date(),
    )
    return compare(pack, before=picture.before, now=standings, tonight=tonight, judge=judge)


def quotes_of(one: Evidence) -> frozenset[str]:
    """Return all that the verdicts on a document quote."""
    return frozenset(citation.quote for verdict in one.verdicts for citation in verdict.citations)
