"""Which passages a language model is shown: what the rules took, and what stands near a facet in words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

from scanner.checks.caps import bears
from scanner.checks.cues import GAPS, NUMBER, Lexicon
from scanner.checks.facets import Findings
from scanner.checks.quotes import holds_secret
from scanner.checks.reading import Read, Reading
from scanner.checks.statements import Statement
from scanner.checks.words import words_of
from scanner.model.clause import ClausePack, Constraint, Facet

MAX_SHOWN, MAX_CHARS, MAX_CHARS_EACH = 24, 5_000, 700  # question and answer fit the 4,096 tokens of small local models
_TAKEN_EACH, _NEAR_EACH = 2, 3  # for each facet
_COMMON, _ROOT = 4, 5  # a word whose root belongs to more facets than that tells none of them apart
_NEAR_HEADINGS = 2
_MAX_HEADING = 100
_LABEL_CHARS = 80  # so far before a statement stands what says that it is a password
_STOP = re.compile(
    r"the|and|for|not|can|may|has|have|with|from|that|what|which|when|how|who|this|them|they|only|each|every|must"
    r"|should|will|does|never|without|before|after|under|while|where|than|into|there|those|their|are|was|its|own"
)
# Sentences that speak to whoever judges instead of to whoever operates. The guards in asked.py hold without this list;
# it spares the model the temptation.
_SPEAKS_TO_JUDGES = re.compile(
    r"\b(?:ignore|disregard|forget|override|ignorier\w*|missachte\w*)\b.{0,60}"
    r"\b(?:instructions?|prompts?|rules|previous|above|anweisung\w*|vorgaben|regeln)\b"
    r"|\b(?:language model|sprachmodell|llms?|chatgpt|ai (?:assistant|model|judge|reviewer)|system prompt|as an ai)\b"
    r"|\b(?:mark|rate|judge|treat|score|classify|report|count|consider|bewerte\w*)\b.{0,80}"
    r"\b(?:satisfied|compliant|conformant|fulfilled|erfüllt)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One statement that is shown, with the facets that it may be said to bear."""

    place: int  # in the reading
    read: Read
    taken: bool
    near: Mapping[str, int]  # the facets that it may be said to bear: how many of their words stand in or over it


@dataclass(slots=True, kw_only=True)
class Offers:
    """Chooses what is shown; made for one judging of one document."""

    pack: ClausePack
    _reading: Reading | None = None
    _near: list[Mapping[str, int] | None] = field(default_factory=list)  # how many words of each facet; None: withheld

    def of(self, constraint: Constraint, reading: Reading, found: Findings) -> tuple[Offer, ...]:
        """Return what is shown on a constraint, in reading order; nothing where the document cannot bear it anyway."""
        kind = reading.facts.kind
        facets = [facet for facet in constraint.facets if bears(kind, constraint, facet.id)]
        if not facets:
            return ()
        self._read(reading)
        places = {id(one): place for place, one in enumerate(reading.read)}
        taken: dict[str, list[int]] = defaultdict(list)
        for bearing in sorted(found.bearings, key=lambda one: -one.score):
            place = places.get(id(bearing.read))
            if place is not None and self._near[place] is not None:
                taken[bearing.facet].append(place)
        chosen = self._fitting(reading, self._ranked(constraint, facets, taken))
        return tuple(
            Offer(
                place=place,
                read=reading.read[place],
                taken=any(place in some for some in taken.values()),
                near={one.id: near for one in facets if (near := self._nearness(place, _key(constraint, one)))},
            )
            for place in sorted(chosen)
        )

    def _ranked(self, constraint: Constraint, facets: list[Facet], taken: Mapping[str, list[int]]) -> Iterator[int]:
        """Yield places facet by facet: the best that the rules took, then the nearest that they did not."""
        known = {place for some in taken.values() for place in some}
        nearest = {facet.id: self._nearest(_key(constraint, facet), known) for facet in facets}
        for some, each in ((taken, _TAKEN_EACH), (nearest, _NEAR_EACH)):
            for rank in range(each):
                yield from (some[facet.id][rank] for facet in facets if len(some.get(facet.id, ())) > rank)

    def _nearest(self, key: str, known: Set[int]) -> list[int]:
        places = (at for at in range(len(self._near)) if at not in known and self._nearness(at, key))
        return sorted(places, key=lambda at: -self._nearness(at, key))

    def _nearness(self, place: int, key: str) -> int:
        near = self._near[place]
        return near.get(key, 0) if near is not None else 0

    @staticmethod
    def _fitting(reading: Reading, ranked: Iterator[int]) -> set[int]:
        chosen: set[int] = set()
        chars = 0
        for place in ranked:
            length = min(len(reading.read[place].statement.text), MAX_CHARS_EACH)
            if place in chosen or chars + length > MAX_CHARS:
                continue
            chosen.add(place)
            chars += length
            if len(chosen) == MAX_SHOWN:
                break
        return chosen

    def _read(self, reading: Reading) -> None:
        if self._reading is reading:
            return
        lexicon = _lexicon(tuple(_hints(self.pack)))
        spoiled = {one.statement.index for one in reading.read if _SPEAKS_TO_JUDGES.search(one.statement.passage.text)}
        self._reading = reading
        self._near = [
            None if one.statement.index in spoiled or _is_private(one.statement) else _near(lexicon, one)
            for one in reading.read
        ]


def under(statement: Statement) -> str:
    """Return the headings that a statement is shown under; the same is withheld from them as from passages."""
    shown = (one for one in statement.headings[-_NEAR_HEADINGS:] if not _SPEAKS_TO_JUDGES.search(one))
    return " › ".join(one[:_MAX_HEADING] for one in shown if not holds_secret(one))


def _is_private(statement: Statement) -> bool:
    """Tell whether a statement looks as if it held a credential or an address, also by the label before its words."""
    passage = statement.passage
    labelled = (f"{header}: {value}" for header, value in passage.cells)
    said = passage.text[max(statement.start - _LABEL_CHARS, 0) : statement.end]
    return holds_secret(said) or any(map(holds_secret, labelled))


def _near(lexicon: Lexicon, one: Read) -> Mapping[str, int]:
    """Count, for each facet, its words in the statement and around it."""
    statement = one.statement
    sections = statement.headings[1:][-_NEAR_HEADINGS:]  # the document's title stands over everything
    around = (statement.intro, *(words_of(heading, links=False) for heading in sections))
    found = {key for words in (statement.words, *around) for key in lexicon.find(words)}
    roots = {key.rpartition("/")[0] for key in found}  # "secure" and "security" are one word here
    return Counter(root.rpartition("/")[0] for root in roots)


@lru_cache(maxsize=8)
def _lexicon(hints: tuple[tuple[str, str], ...]) -> Lexicon:
    return Lexicon(hints)


def _hints(pack: ClausePack) -> Iterator[tuple[str, str]]:
    """Yield, under a key of facet and word, each word that tells a facet from most others."""
    facets = [(_key(one, facet), frozenset(_words(facet))) for one in pack.constraints for facet in one.facets]
    common = Counter(root for _, words in facets for root in set(map(_root, words)))
    for key, words in facets:
        yield from ((f"{key}/{_root(word)}/{word}", word) for word in sorted(words) if common[_root(word)] <= _COMMON)


def _words(facet: Facet) -> Iterator[str]:
    said = words_of(f"{facet.label} {facet.counts}").raw
    cued = (word for cue in facet.cues for part in cue.split() if part not in GAPS for word in part.split("|"))
    yield from (word for word in (*said, *cued) if len(word) > 2 and not _STOP.fullmatch(word) and word != NUMBER)


def _key(constraint: Constraint, facet: Facet) -> str:
    return f"{constraint.id}/{facet.id}"


def _root(word: str) -> str:
    return word.rstrip("*")[:_ROOT]
