"""Judging residual risks: which weaknesses a document tells its users, and what it tells them to do about each."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.checks import risk_words as terms
from scanner.checks import vocabulary as words
from scanner.checks.facets import DIRECT, MENTION, UNDER_HEADING, Bearing, Findings
from scanner.checks.forms import Answer, answered
from scanner.checks.passing import TERSE
from scanner.checks.reading import Read, Reading, key_of
from scanner.checks.substance import Empty
from scanner.model.clause import Constraint
from scanner.model.document import DocumentKind, PassageKind
from scanner.model.verdict import FacetState

_NOTED_WORDS = 4
_BARE_WORDS = 4
_CELL_WORDS = 5
_ITEMS = frozenset({PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})
_TELL_NOTHING = frozenset(Empty) - {Empty.FUTURE, Empty.INTERNAL}
_LISTED_SHARE = 0.4
_OPENING_WORDS = 15
_REACH = 3  # an action speaks to a risk that stands at most so many statements above it, under the same heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One weakness that is told, with the statement that says what its reader does about it, where one does."""

    read: Read
    action: Read | None
    listed: bool  # under a heading, or in a table, that says that it is about what remains
    fixed: bool = False
    sure: bool = True  # not by a hint alone
    promised: bool = False  # the maker says that he will do something about it
    answer: bool = False  # a form's No, which names a limit but explains nothing


def judge_risks(constraint: Constraint, reading: Reading) -> Findings:
    """Read the document's risks once, and answer the facets that the constraint has."""
    risks = _believed(risks_of(constraint, reading))
    open_risks = [risk for risk in risks if not risk.fixed]
    answers = {
        "listed": lambda: _listed(open_risks, reading),
        "limitation": lambda: _each(open_risks, "limitation"),
        "fixed": lambda: _each([risk for risk in risks if risk.fixed], "fixed"),
        "explained": lambda: _each(_specific(open_risks, reading), "explained"),
        "category": lambda: _each([risk for risk in open_risks if _grouped(risk)], "category"),
        "operator-action": lambda: _actions(open_risks),
        "complete": lambda: _complete(open_risks),
    }
    found = {facet.id: answers[facet.id]() if facet.id in answers else [] for facet in constraint.facets}
    return Findings(
        states={facet: FacetState.MET if bearings else FacetState.ABSENT for facet, bearings in found.items()},
        bearings=tuple(bearing for bearings in found.values() for bearing in bearings),
        terse=True,
    )


def _believed(risks: list[Risk]) -> list[Risk]:
    """A single statement that only hints at a weakness tells none."""
    return risks if len(risks) > 1 or any(risk.sure for risk in risks) else []


def risks_of(constraint: Constraint, reading: Reading) -> list[Risk]:
    """Return the weaknesses that the document tells, in its order."""
    found: list[Risk] = []
    reads = reading.read
    places = _risky_places(constraint, reading)
    notes = reading.facts.kind is DocumentKind.RELEASE_NOTES
    for at, one in enumerate(reads):
        form = answered(one.statement.passage)
        listed = one.statement.headings in places
        if form is not None:
            if form.answer is Answer.NO and one.substance.usable():
                found.append(Risk(read=one, action=one if one.substance.action else None, listed=False, answer=True))
        elif notes and _is_noted_fix(one):
            found.append(Risk(read=one, action=None, listed=False, fixed=True))
        elif _is_risk(constraint, reading, one) or (listed and _is_told(one)):
            found.append(
                Risk(
                    read=one,
                    action=_action_for(reads, at),
                    promised=_promised(reads, at),
                    listed=listed or _risk_row(one),
                    fixed=_is_fixed(one),
                    sure=listed or _risk_row(one) or _is_cued(constraint, one),
                )
            )
    return found


def _is_noted_fix(one: Read) -> bool:
    """A line of release notes on a vulnerability, or under "security fixes", tells what older versions carry."""
    if one.substance.empty is not None or len(one.statement.words) < _NOTED_WORDS:
        return False
    around = (one.statement.intro_text, *one.statement.headings[1:])
    return bool(terms.FLAW.search(one.statement.text)) or any(map(terms.FIXES_TITLE.search, around))


def _risky_places(constraint: Constraint, reading: Reading) -> frozenset[tuple[str, ...]]:
    """Return the sections that say that they tell what remains, where it is security that they speak of."""
    opening = {one.statement.headings: one for one in reversed(reading.read)}
    said = {place for place, one in opening.items() if _announced(constraint, one)}
    about = {
        one.statement.headings
        for one in reading.read
        if one.statement.headings in said
        and (any(map(terms.SECURITY_TITLE.search, one.statement.headings)) or _is_risk(constraint, reading, one))
    }
    return frozenset(about)


def _announced(constraint: Constraint, one: Read) -> bool:
    """Tell whether a section's title, or its first sentence where it is short, says that it lists what remains."""
    keys = [key_of(constraint.id, facet.id, "sections") for facet in constraint.facets]
    opens = len(one.statement.words) <= _OPENING_WORDS
    return any(key in one.above or key in one.around or (opens and key in one.direct) for key in keys)


def _is_told(one: Read) -> bool:
    """A sentence of a section of risks tells one, unless it says what to do or what will be done about it."""
    if one.substance.empty is not None or one.substance.action or not one.substance.fact:
        return False
    return not terms.SAFETY.search(one.statement.text) and not terms.PURPOSE.search(one.statement.text)


def _is_risk(constraint: Constraint, reading: Reading, one: Read) -> bool:
    sure = _is_cued(constraint, one)
    cued = sure or any(key_of(constraint.id, facet.id, "hints") in one.direct for facet in constraint.facets)
    if not (cued or _risk_row(one)) or not _is_weakness(one):
        return False
    if any(key_of(constraint.id, facet.id, "never") in one.direct for facet in constraint.facets):
        return False
    internal = reading.facts.kind is DocumentKind.INTERNAL
    return (sure or _is_about_security(one, internal=internal)) and (cued or not internal)


def _is_cued(constraint: Constraint, one: Read) -> bool:
    return any(key_of(constraint.id, facet.id, "cues") in one.direct for facet in constraint.facets)


def _is_fixed(one: Read) -> bool:
    told = one.statement.text
    versioned = terms.VERSION.search(told) or terms.VERSION.search(" ".join(one.statement.headings))
    return _is_past(one) or bool(terms.PAST.search(told) and versioned)


def _is_weakness(one: Read) -> bool:
    """A sentence or row that says something, is no denial, no order and no safety hazard without a word of security."""
    if one.substance.empty in _TELL_NOTHING:
        return False
    text = one.statement.text
    if (
        one.statement.passage.kind is PassageKind.CODE
        or terms.SUBJECTLESS.search(text)
        or words.STANDARD_ITEM.search(text)
    ):
        return False
    if words.WITHHELD.search(text):
        return False
    if (words.CONTROL.search(text) or _orders(one)) and not words.NEGATION.search(_unbracketed(text)):
        return False
    return len(one.statement.words) >= 4 and (one.substance.fact or len(one.statement.words) >= 6)


def _unbracketed(text: str) -> str:
    """Leave out what stands in brackets beside a sentence: a condition there is no weakness."""
    bare = terms.BRACKETS.sub(" ", text)
    return bare if len(bare.split()) >= _BARE_WORDS else text


def _is_past(one: Read) -> bool:
    heads = " ".join(header for header, _ in one.statement.passage.cells)
    return bool(terms.EARLIER.search(heads) or terms.BEFORE.search(one.statement.text))


def _is_about_security(one: Read, *, internal: bool) -> bool:
    """Safety hazards are told in the same words; something of security must stand in or above the statement."""
    if terms.SECURITY.search(one.statement.text):
        return True
    return not internal and any(terms.SECURITY_TITLE.search(heading) for heading in one.statement.headings)


def _orders(one: Read) -> bool:
    """Tell whether it begins with a command: that is what to do about a risk, not the risk."""
    first = next(iter(one.statement.words.raw), "")
    return first in words.IMPERATIVES and first not in words.NOUN_LIKE


def _risk_row(one: Read) -> bool:
    """Tell whether it is a row of a table that has a column for what remains, is wrong or could happen."""
    cells = one.statement.passage.cells
    risky = [
        value for header, value in cells if header and terms.RISK_COLUMN.search(header) and len(value.split()) >= 2
    ]
    return bool(risky) and sum(bool(value.strip()) for _, value in cells) >= 2


def _action_for(reads: Sequence[Read], at: int) -> Read | None:
    one = reads[at]
    if one.statement.passage.kind is PassageKind.TABLE_ROW:
        cells = one.statement.passage.cells
        done = [value for header, value in cells if terms.ACTION_COLUMN.search(header) and len(value.split()) >= 2]
        if done:
            return one
    if one.substance.action:
        return one
    place = one.statement.headings
    for other in (*reads[at + 1 : at + 1 + _REACH], *reads[max(at - 1, 0) : at]):
        if other.statement.headings != place:
            continue
        if other.substance.empty is None and other.substance.action:
            return other
        if terms.ACTION_LEAD.search(other.statement.intro_text):
            return other
    return None


def _promised(reads: Sequence[Read], at: int) -> bool:
    place = reads[at].statement.headings
    return any(
        one.substance.empty is Empty.FUTURE and one.statement.headings == place for one in reads[at : at + 1 + _REACH]
    )


def _explains(risk: Risk) -> bool:
    if risk.answer and risk.action is None:
        return False
    told = risk.read.statement.text
    cells = risk.read.statement.passage.cells
    if cells and max(len(value.split()) for _, value in cells) < _CELL_WORDS:
        return False  # a name with a score is no explanation
    return len(risk.read.statement.words) >= 7 and not told.rstrip().endswith(":") and not terms.PURPOSE.search(told)


def _specific(risks: Sequence[Risk], reading: Reading) -> list[Risk]:
    """In a longer document, a single weakness is specific only where it is listed or something is done about it."""
    told = [risk for risk in risks if _explains(risk)]
    dwelt_on = any(risk.action is not None or risk.listed or risk.promised for risk in told)
    return told if dwelt_on or len(told) > 1 or len(reading.read) <= TERSE else []


def _grouped(risk: Risk) -> bool:
    return bool(risk.read.statement.headings) or len(risk.read.statement.passage.cells) >= 3


def _bearing(read: Read, facet: str, score: float) -> Bearing:
    return Bearing(read=read, facet=facet, state=FacetState.MET, score=score, around=None)


def _each(risks: Sequence[Risk], facet: str) -> list[Bearing]:
    return [
        _bearing(
            risk.read,
            facet,
            UNDER_HEADING
            + risk.listed
            + 0.5 * (risk.action is not None)
            - bool(terms.PURPOSE.search(risk.read.statement.text)),
        )
        for risk in risks
    ]


def _listed(risks: Sequence[Risk], reading: Reading) -> list[Bearing]:
    """A list is at least two weaknesses where the document says that it tells what remains, or three in one section."""
    told = [risk for risk in risks if not risk.answer and not terms.SAFETY.search(risk.read.statement.text)]
    listed = [risk for risk in told if risk.listed]
    if not listed:
        listed = [risk for risk in told if _mostly_risks(risk, told, reading)]
    return [_bearing(risk.read, "listed", DIRECT) for risk in listed]


def _mostly_risks(risk: Risk, told: Sequence[Risk], reading: Reading) -> bool:
    """Tell whether it stands in a list or table a good part of which tells weaknesses."""
    place = risk.read.statement.headings
    if risk.read.statement.passage.kind not in _ITEMS:
        return False
    items = [one for one in reading.read if one.statement.headings == place and one.statement.passage.kind in _ITEMS]
    risky = sum(
        other.read.statement.headings == place and other.read.statement.passage.kind in _ITEMS for other in told
    )
    return risky >= 2 and risky >= _LISTED_SHARE * len(items)


def _actions(risks: Sequence[Risk]) -> list[Bearing]:
    return [
        _bearing(risk.action, "operator-action", MENTION + 1 + risk.listed) for risk in risks if risk.action is not None
    ]


def _complete(risks: Sequence[Risk]) -> list[Bearing]:
    """Two weaknesses each with an action of the operator's, or the only one that is listed."""
    explained = [risk for risk in risks if _explains(risk)]
    done = [risk for risk in explained if risk.action is not None]
    most = 2 * len(done) >= len(explained)
    enough = (len(done) >= 2 and most) or (len(explained) == 1 and len(done) == 1 and explained[0].listed)
    return [_bearing(risk.read, "complete", DIRECT) for risk in done] if enough else []
