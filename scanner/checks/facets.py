"""Judging by facets: for each facet of a constraint, the statements that bear it and how far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.checks import vocabulary as words
from scanner.checks.cues import Found
from scanner.checks.forms import Answer, answered
from scanner.checks.quotes import quote_of
from scanner.checks.reading import Read, Reading, key_of
from scanner.model.clause import Constraint, Facet
from scanner.model.document import PassageKind
from scanner.model.verdict import Citation, FacetState

DIRECT, UNDER_HEADING, MENTION = 3.0, 2.0, 1.0
HALF = 0.5  # a hint alone, or a heading alone, is half of what a cue is
_BRIEF = 40  # a document of no more statements says things once
_MIN_WORDS = 4  # under a heading, a shorter line is a label


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """One statement that bears a facet, and how well."""

    read: Read
    facet: str
    state: FacetState
    score: float
    around: tuple[int, int] | None  # the cue's place in the passage's text
    weight: float = 1.0
    headed: bool = False  # nothing but the heading above it says that it is about the facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a way of judging found out about one constraint."""

    states: Mapping[str, FacetState]
    bearings: tuple[Bearing, ...]
    moot: Bearing | None = None  # a statement that makes the constraint not applicable
    terse: bool = False  # told in one place and yet evidence: a version, a scattered weakness


def judge_by_facets(constraint: Constraint, reading: Reading) -> Findings:
    """Find the statements that bear each facet of the constraint."""
    states: dict[str, FacetState] = {}
    bearings: list[Bearing] = []
    for facet in constraint.facets:
        found = bearings_of(constraint, facet, reading)
        states[facet.id] = state_of(facet, found, brief=len(reading.read) <= _BRIEF)
        if states[facet.id] is not FacetState.ABSENT:
            bearings += found
    return Findings(states=states, bearings=tuple(bearings), moot=_moot(constraint, reading))


def bearings_of(constraint: Constraint, facet: Facet, reading: Reading) -> list[Bearing]:
    """Return the statements that bear a facet, the best first."""
    wanted = key_of(constraint.id, facet.id, "somewhere")
    if facet.detect.get("somewhere") and not reading.places.get(wanted):
        return []
    near = reading.where(key_of(constraint.id, facet.id, name) for name in ("cues", "facts", "hints", "sections"))
    found = [bearing for one in near if (bearing := _bearing(constraint, facet, one)) is not None]
    return sorted(found, key=lambda bearing: -bearing.score)


def state_of(facet: Facet, found: Sequence[Bearing], *, brief: bool = False) -> FacetState:
    """Add up what was found: enough that give it, or some, or none; in a brief document, one statement is enough."""
    wanted = 1 if brief else facet.detect.get("count", 1)
    met = _weight_of(one for one in found if one.state is FacetState.MET)
    if met >= max(wanted if isinstance(wanted, int) else 1, 1):
        return FacetState.MET
    touched = bool(facet.detect.get("touch", True)) and _weight_of(found) >= 1
    return FacetState.TOUCHED if touched else FacetState.ABSENT


def _weight_of(found: Iterable[Bearing]) -> float:
    """Add up, each statement once; what stands under a heading without a word of its own adds up to one at most."""
    told = {one.read.statement.text: one for one in found}.values()
    headed = sum(one.weight for one in told if one.headed)
    return sum(one.weight for one in told if not one.headed) + min(headed, 1.0)


def _bearing(constraint: Constraint, facet: Facet, one: Read) -> Bearing | None:
    place = _Place(constraint=constraint, facet=facet, one=one)
    if not place.counts or not one.substance.usable(internal=_borne_by_internal_work(facet)):
        return None
    state, score = _weight(place)
    if state is FacetState.ABSENT:
        return None
    return Bearing(
        read=one,
        facet=facet.id,
        state=state,
        score=score * (1.0 if place.sure else HALF),
        around=_span(one, place.cue),
        weight=1.0 if place.sure else HALF,
        headed=place.cue is None and not place.headed,
    )


def _span(one: Read, cue: Found | None) -> tuple[int, int] | None:
    """Return where a cue stands in its passage's text."""
    if cue is None:
        return None
    start, spans = one.statement.start, one.statement.words.spans
    return start + spans[cue.first][0], start + spans[cue.last][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How a facet's phrases stand in and around one statement."""

    constraint: Constraint
    facet: Facet
    one: Read

    def stands(self, name: str) -> bool:
        return key_of(self.constraint.id, self.facet.id, name) in self.one.direct

    def heads(self, name: str) -> bool:
        return key_of(self.constraint.id, self.facet.id, name) in self.one.columns

    def near(self, name: str) -> bool:
        return self.heads(name) or key_of(self.constraint.id, self.facet.id, name) in self.one.around

    @property
    def cue(self) -> Found | None:
        keys = (key_of(self.constraint.id, self.facet.id, name) for name in ("facts", "cues", "hints"))
        return next((self.one.direct[key] for key in keys if key in self.one.direct), None)

    @property
    def sure(self) -> bool:
        """Tell whether more than a hint or a heading alone says that it is about the facet."""
        headed = self.near("cues") or self.near("sections")
        return self.stands("cues") or self.stands("facts") or self.headed or (self.stands("hints") and headed)

    @property
    def headed(self) -> bool:
        """Tell whether the heads of its columns, or for a row its section, say that it is about the facet."""
        row = self.one.statement.passage.kind is PassageKind.TABLE_ROW
        return self.heads("cues") or self.heads("sections") or (row and self.near("sections"))

    @property
    def counts(self) -> bool:
        """Tell whether the phrases that the facet needs are there, and none that rules the statement out."""
        about = self.cue is not None or self.near("cues") or self.near("sections")
        beside = not self.facet.detect.get("beside") or self.stands("beside") or self.near("beside")
        return about and beside and not self.stands("never") and not self._denied

    @property
    def _denied(self) -> bool:
        """A form's No, and a statement that something is not there at all, bear nothing about it."""
        form = answered(self.one.statement.passage)
        if form is not None and (form.answer is Answer.NO or (form.answer is Answer.OPEN and not form.note)):
            return True
        moot = (key_of(self.constraint.id, facet.id, "moot") for facet in self.constraint.facets)
        return self.constraint.may_not_apply and any(key in self.one.direct for key in moot)


def _weight(place: _Place) -> tuple[FacetState, float]:
    one, detect = place.one, place.facet.detect
    substance, needs = one.substance, str(detect.get("needs", "setting"))
    bonus = 0.3 * substance.action + 0.2 * substance.value + _readiness(place)
    if substance.lacks and needs != "fact":
        return FacetState.ABSENT, 0.0
    if place.cue is None and not place.headed:
        acts = substance.gives("action" if needs in {"action", "fact"} else needs)
        long_enough = len(one.statement.words) >= _MIN_WORDS
        return (FacetState.MET, UNDER_HEADING + bonus) if acts and long_enough else (FacetState.ABSENT, 0.0)
    fact = (place.stands("facts") or (place.headed and needs == "fact")) and substance.gives("fact")
    cued = (
        (place.stands("cues") or place.stands("hints") or place.headed)
        and substance.gives(needs)
        and not _only_claims(one, needs)
    )
    if fact or cued:
        return FacetState.MET, DIRECT + bonus
    usable = substance.action or (substance.value and substance.fact and not substance.claims)
    return (FacetState.TOUCHED, MENTION + bonus) if detect.get("touch", True) and usable else (FacetState.ABSENT, 0.0)


def _readiness(place: _Place) -> float:
    """Prefer, for quoting, statements of a sentence's length whose cue stands close together."""
    length = len(place.one.statement.words)
    spread = place.cue.last - place.cue.first if place.cue is not None else 0
    return min(length, 30) / 200 - max(length - 45, 0) / 200 - spread / 40


def _borne_by_internal_work(facet: Facet) -> bool:
    kinds = facet.detect.get("also_from", ())
    return isinstance(kinds, tuple) and "internal" in kinds


def _only_claims(one: Read, needs: str) -> bool:
    """A capability ("supports TLS 1.2") is no setting, and alone no fact: it says nothing of what to do with it."""
    if not one.substance.claims or one.substance.action:
        return False
    return needs in {"setting", "value"} or (needs == "fact" and not one.substance.value)


def _moot(constraint: Constraint, reading: Reading) -> Bearing | None:
    if not constraint.may_not_apply:
        return None
    for facet in constraint.facets:
        key = key_of(constraint.id, facet.id, "moot")
        for one in reading.where([key]):
            orders = not words.MODALS.isdisjoint(one.statement.words.raw)  # "should not be used to store …" is no fact
            if key in one.direct and one.substance.fact and not orders and one.substance.empty is None:
                around = _span(one, one.direct[key])
                return Bearing(read=one, facet=facet.id, state=FacetState.NOT_APPLICABLE, score=DIRECT, around=around)
    return None


def citation_of(bearing: Bearing) -> Citation | None:
    """Return a bearing's verbatim quote with its place, or None where every piece of it looks like a secret."""
    one = bearing.read.statement
    quote = quote_of(one.passage.text, start=one.start, end=one.end, around=bearing.around)
    if not quote or quote not in one.passage.text:
        return None
    return Citation(quote=quote, locator=one.passage.locator, facet=bearing.facet)
