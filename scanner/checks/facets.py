"""Judging by facets: for each facet of a constraint, the statements that bear it and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.checks.quotes import quote_of
from scanner.checks.reading import Read, Reading, key_of
from scanner.model.clause import Constraint, Facet
from scanner.model.document import PassageKind
from scanner.model.verdict import Citation, FacetState

DIRECT, UNDER_HEADING, MENTION = 3.0, 2.0, 1.0
_MIN_WORDS = 4  # under a heading, a shorter line is a label


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """One statement that bears a facet, and how well."""

    read: Read
    facet: str
    state: FacetState
    score: float
    around: tuple[int, int] | None  # the cue's place in the passage's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a way of judging found out about one constraint."""

    states: Mapping[str, FacetState]
    bearings: tuple[Bearing, ...]
    moot: Bearing | None = None  # a statement that makes the constraint not applicable


def judge_by_facets(constraint: Constraint, reading: Reading) -> Findings:
    """Find the statements that bear each facet of the constraint."""
    states: dict[str, FacetState] = {}
    bearings: list[Bearing] = []
    for facet in constraint.facets:
        found = bearings_of(constraint, facet, reading)
        states[facet.id] = state_of(facet, found)
        if states[facet.id] is not FacetState.ABSENT:
            bearings += found
    return Findings(states=states, bearings=tuple(bearings), moot=_moot(constraint, reading))


def bearings_of(constraint: Constraint, facet: Facet, reading: Reading) -> list[Bearing]:
    """Return the statements that bear a facet, the best first."""
    near = reading.where(key_of(constraint.id, facet.id, name) for name in ("cues", "facts", "touches", "sections"))
    found = [bearing for one in near if (bearing := _bearing(constraint, facet, one)) is not None]
    return sorted(found, key=lambda bearing: -bearing.score)


def state_of(facet: Facet, found: Sequence[Bearing]) -> FacetState:
    """Add up what was found: enough that give it, or some, or none."""
    wanted = facet.detect.get("count", 1)
    met = len({bearing.read.statement.text for bearing in found if bearing.state is FacetState.MET})
    if met and isinstance(wanted, int) and met >= wanted:
        return FacetState.MET
    return FacetState.TOUCHED if found else FacetState.ABSENT


def _bearing(constraint: Constraint, facet: Facet, one: Read) -> Bearing | None:
    def stands(name: str) -> bool:
        return key_of(constraint.id, facet.id, name) in one.direct

    def near(name: str) -> bool:
        key = key_of(constraint.id, facet.id, name)
        return key in one.around or key in one.columns

    if stands("never") or (constraint.may_not_apply and _denies(constraint, one)):
        return None
    cue = next(
        (
            one.direct[key]
            for name in ("facts", "cues", "touches")
            if (key := key_of(constraint.id, facet.id, name)) in one.direct
        ),
        None,
    )
    if cue is None and not (near("cues") or near("sections")):
        return None
    if facet.detect.get("beside") and not (stands("beside") or near("beside")):
        return None
    if not one.substance.usable(internal=_borne_by_internal_work(facet)):
        return None
    row = one.statement.passage.kind is PassageKind.TABLE_ROW
    headed = any(key_of(constraint.id, facet.id, name) in one.columns for name in ("cues", "sections"))
    headed = headed or (row and near("sections"))
    fact = stands("facts") or (headed and facet.detect.get("needs") == "fact")
    state, score = _weight(facet, one, direct=cue is not None or headed, fact=fact, cued=stands("cues") or headed)
    if state is FacetState.ABSENT:
        return None
    around = (
        (
            one.statement.start + one.statement.words.spans[cue.first][0],
            one.statement.start + one.statement.words.spans[cue.last][1],
        )
        if cue is not None
        else None
    )
    return Bearing(read=one, facet=facet.id, state=state, score=score, around=around)


def _weight(facet: Facet, one: Read, *, direct: bool, fact: bool, cued: bool) -> tuple[FacetState, float]:
    substance, needs = one.substance, str(facet.detect.get("needs", "setting"))
    bonus = 0.3 * substance.action + 0.2 * substance.value + min(len(one.statement.words), 30) / 200
    if not direct:
        acts = substance.gives("action" if needs in {"action", "fact"} else needs)
        long_enough = len(one.statement.words) >= _MIN_WORDS
        return (FacetState.MET, UNDER_HEADING + bonus) if acts and long_enough else (FacetState.ABSENT, 0.0)
    if (fact and substance.gives("fact")) or (cued and substance.gives(needs) and not _only_claims(one, needs)):
        return FacetState.MET, DIRECT + bonus
    usable = substance.action or (substance.value and substance.fact and not substance.claims)
    if facet.detect.get("touch", True) and usable:
        return FacetState.TOUCHED, MENTION + bonus
    return FacetState.ABSENT, 0.0


def _borne_by_internal_work(facet: Facet) -> bool:
    kinds = facet.detect.get("also_from", ())
    return isinstance(kinds, tuple) and "internal" in kinds


def _only_claims(one: Read, needs: str) -> bool:
    """A capability ("supports TLS 1.2") is no setting, and alone no fact: it says nothing of what to do with it."""
    if not one.substance.claims or one.substance.action:
        return False
    return needs in {"setting", "value"} or (needs == "fact" and not one.substance.value)


def _denies(constraint: Constraint, one: Read) -> bool:
    """A statement that something is not there at all bears nothing about it."""
    return any(key_of(constraint.id, facet.id, "moot") in one.direct for facet in constraint.facets)


def _moot(constraint: Constraint, reading: Reading) -> Bearing | None:
    if not constraint.may_not_apply:
        return None
    for facet in constraint.facets:
        key = key_of(constraint.id, facet.id, "moot")
        for one in reading.where([key]):
            if key in one.direct and one.substance.fact and one.substance.empty is None:
                cue, spans = one.direct[key], one.statement.words.spans
                around = (one.statement.start + spans[cue.first][0], one.statement.start + spans[cue.last][1])
                return Bearing(read=one, facet=facet.id, state=FacetState.NOT_APPLICABLE, score=DIRECT, around=around)
    return None


def citation_of(bearing: Bearing) -> Citation | None:
    """Return a bearing's verbatim quote with its place, or None where every piece of it looks like a secret."""
    one = bearing.read.statement
    quote = quote_of(one.passage.text, start=one.start, end=one.end, around=bearing.around)
    if not quote or quote not in one.passage.text:
        return None
    return Citation(quote=quote, locator=one.passage.locator, facet=bearing.facet)
