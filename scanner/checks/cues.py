"""Cues: phrases of the packs, found in words in one pass whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.checks.words import Words, stem

GAPS = {"..": 6, ".": 2}  # so many words may stand in a gap
NUMBER = "#"
NEAR = 12  # parts that are joined by & stand at most so many words apart, in either order
_NUMBERS_SAID = """
    two three four five six seven eight nine ten eleven twelve fifteen twenty thirty
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig dreißig
"""
_NUMBER_WORDS = frozenset(_NUMBERS_SAID.split())
_STEM_OF_PREFIX = 3  # prefixes are looked up by their first letters


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place of a phrase: any of these stems, any word that begins with these, or a number."""

    stems: frozenset[str]
    prefixes: tuple[str, ...]
    number: bool

    def takes(self, raw: str, one: str) -> bool:
        return (
            one in self.stems
            or raw.startswith(self.prefixes)
            or (self.number and (raw[0].isdigit() or raw in _NUMBER_WORDS))
        )


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The parts of a phrase, each a run of slots with the gap that may stand before each slot."""

    key: str
    parts: tuple[tuple[tuple[int, int], ...], ...]
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """One cue in one text: the key that it was given under, and its first and last word."""

    key: str
    first: int
    last: int


class Lexicon:
    """Many phrases under keys; a text is held only against those all of whose words it has."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take (key, phrase) pairs; several phrases may share a key."""
        self._numbers: dict[_Slot, int] = {}
        self._slots: list[_Slot] = []
        self._by_slot: dict[int, list[_Phrase]] = defaultdict(list)
        self._known: dict[str, tuple[int, ...]] = {}  # the slots that take a word
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_prefix: dict[str, list[int]] = defaultdict(list)
        for key, phrase in phrases:
            self._add(key, phrase)

    def find(self, words: Words) -> dict[str, Found]:
        """Return the first place of each key that stands in the words."""
        places: dict[int, list[int]] = {}
        for at, raw in enumerate(words.raw):
            for slot in self._taking(raw, words.stems[at]):
                places.setdefault(slot, []).append(at)
        found: dict[str, Found] = {}
        present = places.keys()
        for slot in places:
            for phrase in self._by_slot.get(slot, ()):
                if phrase.key not in found and phrase.slots <= present:
                    span = _span(phrase.parts, places, words)
                    if span is not None:
                        found[phrase.key] = Found(key=phrase.key, first=span[0], last=span[1])
        return found

    def _add(self, key: str, phrase: str) -> None:
        parts = tuple(tuple(self._run(part)) for part in phrase.split(" & "))
        slots = frozenset(slot for part in parts for slot, _ in part)
        rarest = min(slots, key=lambda slot: (self._breadth(slot), slot))
        self._by_slot[rarest].append(_Phrase(key=key, parts=parts, slots=slots))

    def _run(self, part: str) -> Iterator[tuple[int, int]]:
        gap = 0
        for word in part.split():
            if word in GAPS:
                gap = GAPS[word]
                continue
            yield self._number_of(_slot(word)), gap
            gap = 0

    def _number_of(self, slot: _Slot) -> int:
        if slot not in self._numbers:
            number = self._numbers[slot] = len(self._slots)
            self._slots.append(slot)
            for one in slot.stems:
                self._by_stem[one].append(number)
            for letters in {prefix[:_STEM_OF_PREFIX] for prefix in slot.prefixes}:
                self._by_prefix[letters].append(number)
            if slot.number:
                for letters in {word[:_STEM_OF_PREFIX] for word in (*"0123456789", *_NUMBER_WORDS)}:
                    self._by_prefix[letters].append(number)
        return self._numbers[slot]

    def _breadth(self, number: int) -> int:
        slot = self._slots[number]
        return len(slot.stems) + 2 * len(slot.prefixes) + 10 * slot.number

    def _taking(self, raw: str, one: str) -> tuple[int, ...]:
        """Return the slots that take a word; found out once for each word of a language, not of a document."""
        known = self._known.get(raw)
        if known is None:
            near = {*self._by_stem.get(one, ())}
            for length in range(1, _STEM_OF_PREFIX + 1):
                near.update(self._by_prefix.get(raw[:length], ()))
            known = tuple(sorted(number for number in near if self._slots[number].takes(raw, one)))
            if len(self._known) < _MOST_WORDS:
                self._known[raw] = known
        return known


_MOST_WORDS = 200_000  # words from strangers are kept no further than this


def _slot(word: str) -> _Slot:
    choices = word.split("|")
    return _Slot(
        stems=frozenset(stem(choice) for choice in choices if not choice.endswith("*") and choice != NUMBER),
        prefixes=tuple(choice[:-1] for choice in choices if choice.endswith("*")),
        number=NUMBER in choices,
    )


def _span(
    parts: Sequence[Sequence[tuple[int, int]]], places: Mapping[int, Sequence[int]], words: Words
) -> tuple[int, int] | None:
    """Return the first and last word of the first place where all parts stand near one another, or None."""
    if len(parts) == 1:
        return next(_runs(parts[0], places, words.clauses), None)
    others = [tuple(_runs(part, places, words.clauses)) for part in parts[1:]]
    for first in _runs(parts[0], places, words.clauses):
        span: tuple[int, int] | None = first
        for runs in others:
            span = _joined(span, runs, words.lines) if span is not None else None
        if span is not None:
            return span
    return None


def _joined(span: tuple[int, int], runs: Sequence[tuple[int, int]], lines: Sequence[int]) -> tuple[int, int] | None:
    """Widen a span by the nearest of the runs in its line, where one is near enough and does not stand in it."""
    apart = (
        (max(left - span[1], span[0] - right), left, right) for left, right in runs if lines[left] == lines[span[0]]
    )
    near = min((one for one in apart if 0 < one[0] <= NEAR + 1), default=None)
    return (min(span[0], near[1]), max(span[1], near[2])) if near is not None else None


def _runs(
    part: Sequence[tuple[int, int]], places: Mapping[int, Sequence[int]], clauses: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield where the slots stand in their order, within one clause and their gaps."""
    (head, _), rest = part[0], part[1:]
    for start in places[head]:
        ends = [start]
        for slot, gap in rest:
            ends = [
                place
                for place in places[slot]
                if clauses[place] == clauses[start] and any(end < place <= end + gap + 1 for end in ends)
            ]
            if not ends:
                break
        if ends:
            yield start, ends[0]
