"""Cues: phrases of the packs, found in words in one pass whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.checks.words import Words, stem

GAPS = {"..": 6, ".": 2}  # so many words may stand in a gap
NUMBER = "#"
_STEM_OF_PREFIX = 3  # prefixes are looked up by their first letters


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place of a phrase: any of these stems, any word that begins with these, or a number."""

    stems: frozenset[str]
    prefixes: tuple[str, ...]
    number: bool
    gap: int  # so many words may stand before it

    def takes(self, words: Words, at: int) -> bool:
        raw = words.raw[at]
        if self.number:
            return raw[0].isdigit()
        return words.stems[at] in self.stems or raw.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class Found:
    """One cue in one text: the key that it was given under, and its first and last word."""

    key: str
    first: int
    last: int


class Lexicon:
    """Many phrases under keys, looked up by their first word."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take (key, phrase) pairs; several phrases may share a key."""
        self._by_stem: dict[str, list[tuple[str, tuple[_Slot, ...]]]] = defaultdict(list)
        self._by_prefix: dict[str, list[tuple[str, tuple[_Slot, ...]]]] = defaultdict(list)
        for key, phrase in phrases:
            slots = _slots(phrase)
            for one in sorted(slots[0].stems):
                self._by_stem[one].append((key, slots))
            for letters in sorted({prefix[:_STEM_OF_PREFIX] for prefix in slots[0].prefixes}):
                self._by_prefix[letters].append((key, slots))

    def find(self, words: Words) -> dict[str, Found]:
        """Return the first place of each key that stands in the words."""
        found: dict[str, Found] = {}
        for at, (raw, one) in enumerate(zip(words.raw, words.stems, strict=True)):
            for phrases in self._starting(raw, one):
                for key, slots in phrases:
                    if key not in found and slots[0].takes(words, at):
                        last = _last(slots, 1, words, at)
                        if last is not None:
                            found[key] = Found(key=key, first=at, last=last)
        return found

    def _starting(self, raw: str, one: str) -> Iterable[Sequence[tuple[str, tuple[_Slot, ...]]]]:
        if one in self._by_stem:
            yield self._by_stem[one]
        for length in range(1, _STEM_OF_PREFIX + 1):
            if raw[:length] in self._by_prefix and (length == _STEM_OF_PREFIX or len(raw) >= length):
                yield self._by_prefix[raw[:length]]
            if len(raw) <= length:
                break


def _slots(phrase: str) -> tuple[_Slot, ...]:
    slots: list[_Slot] = []
    gap = 0
    for part in phrase.split():
        if part in GAPS:
            gap = GAPS[part]
            continue
        choices = part.split("|")
        slots.append(
            _Slot(
                stems=frozenset(stem(choice) for choice in choices if not choice.endswith("*") and choice != NUMBER),
                prefixes=tuple(choice[:-1] for choice in choices if choice.endswith("*")),
                number=NUMBER in choices,
                gap=gap,
            )
        )
        gap = 0
    return tuple(slots)


def _last(slots: tuple[_Slot, ...], slot: int, words: Words, at: int) -> int | None:
    """Return the last word that the phrase takes, given where its previous slot stands, or None."""
    ends = [at]
    for one in slots[slot:]:
        reach = one.gap + 1
        ends = sorted(
            {
                place
                for end in ends
                for place in range(end + 1, min(end + 1 + reach, len(words)))
                if words.clauses[place] == words.clauses[at] and one.takes(words, place)
            }
        )
        if not ends:
            return None
    return ends[0]
