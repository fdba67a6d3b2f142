"""All that is known of a product's documents becomes one gap report; pure, and the only place that builds one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from scanner.gaps.assess import assess, relied_on, retired
from scanner.gaps.defence import audit_defence
from scanner.gaps.drift import drift
from scanner.gaps.freshness import ages
from scanner.model.clause import ClausePack, Over
from scanner.model.gap import CoverageLine, Drift, Evidence, GapReport, Standing, Unchecked
from scanner.model.release import Release

OURS = "Our judging changed since the last report, so what differs from it is not drift of your documents."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that one report is made from."""

    named: str = ""  # the product's name where a person gave it
    evidence: tuple[Evidence, ...]
    unchecked: tuple[Unchecked, ...]  # what could not be read at all
    coverage: CoverageLine
    release: Release | None  # the newest known
    before: GapReport | None = None  # the last report
    gone: Mapping[str, str] = field(  # files cited in the last report that left the picture, with the reason
        default_factory=lambda: MappingProxyType({})
    )


def report_of(pack: ClausePack, picture: Picture, *, id: str, now: datetime, judge: str) -> GapReport:  # noqa: A002 -- what the report calls it
    """Return where the clause stands, what drifted, what could not be checked, and the defence where all is met."""
    name, before = product_name(picture), picture.before
    unchecked = _unchecked(picture)
    standings = assess(
        pack, evidence=picture.evidence, unchecked=picture.unchecked, release=picture.release, product=name
    )
    ours = before is not None and (before.pack_digest, before.judge) != (pack.digest, judge)
    report = GapReport(
        id=id,
        product=name,
        clause=pack.id,
        created_at=now,
        release=picture.release,
        standings=standings,
        unchecked=unchecked,
        drift=() if before is None or ours else _drift(pack, picture, before, standings, unchecked, product=name),
        since=before.created_at if before else None,
        coverage=replace(picture.coverage, in_part=sum(bool(one.unread) for one in picture.evidence)),
        pack_digest=pack.digest,
        judge=judge,
        audit_defence="",
        note=OURS if ours else "",
    )
    return replace(report, audit_defence=audit_defence(pack, report, picture.evidence))


def product_name(picture: Picture) -> str:
    """Return the name that was given, else the one that the newest release or most documents give."""
    if picture.named:
        return picture.named
    if picture.release and picture.release.product:
        return picture.release.product
    named = Counter(one.facts.product for one in picture.evidence if one.facts.product and not retired(one))
    return named.most_common(1)[0][0] if named else ""


def _unchecked(picture: Picture) -> tuple[Unchecked, ...]:
    """List what could not be read, then what was read only in part; what the last report said already comes last."""
    in_part = tuple(
        Unchecked(file=one.file, because=one.unread, in_part=True) for one in picture.evidence if one.unread
    )
    told = {(one.file.id, one.because) for one in picture.before.unchecked} if picture.before else set()
    found = (replace(one, still=(one.file.id, one.because) in told) for one in (*picture.unchecked, *in_part))
    return tuple(sorted(found, key=lambda one: one.still))


def _drift(
    pack: ClausePack,
    picture: Picture,
    before: GapReport,
    standings: Sequence[Standing],
    unchecked: Sequence[Unchecked],
    *,
    product: str,
) -> tuple[Drift, ...]:
    each = next((constraint for constraint in pack.constraints if constraint.over is Over.EACH), None)
    current = relied_on(picture.evidence, product)
    return drift(
        pack,
        before=before,
        now=standings,
        gone=picture.gone,
        unchecked={one.file.id: one for one in unchecked},
        ages=ages(each, current, picture.release) if each and picture.release else (),
        release=picture.release,
    )
