"""The small language of cues: `word*`, `a|b`, `.` and `..` for gaps, `<number>`, `<name>` for a word list."""

import re
from collections.abc import Mapping, Sequence

GAPS = frozenset({".", ".."})
NUMBER = "#"  # as the judge reads it; YAML would take it for a comment
MAX_SLOTS = 12
MAX_ALTERNATIVES = 80
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*\*?")
_NAME = re.compile(r"<([a-z0-9-]+)>")


def expanded(phrase: str, vocabulary: Mapping[str, Sequence[str]]) -> str:
    """Return the phrase with its word lists written out. Raises ValueError, saying what is wrong with it."""
    slots = [NUMBER if slot == "<number>" else slot for slot in phrase.lower().split()]
    if len(slots) > MAX_SLOTS:
        raise ValueError(f"the cue {phrase!r} has more than {MAX_SLOTS} words")
    if not slots or slots[0] in {*GAPS, NUMBER} or slots[-1] in GAPS:
        raise ValueError(f"the cue {phrase!r} does not begin with a word and end with one or a number")
    return " ".join(_slot(slot, phrase, vocabulary) for slot in slots)


def _slot(slot: str, phrase: str, vocabulary: Mapping[str, Sequence[str]]) -> str:
    if slot in {*GAPS, NUMBER}:
        return slot
    words: list[str] = []
    for alternative in slot.split("|"):
        if alternative == "<number>":
            raise ValueError(f"in the cue {phrase!r}, <number> shares its place with words; write a cue for each")
        named = _NAME.fullmatch(alternative)
        if named and named.group(1) not in vocabulary:
            raise ValueError(f"the cue {phrase!r} names the word list {alternative}, which the pack does not have")
        words += [word.lower() for word in vocabulary[named.group(1)]] if named else [alternative]
    wrong = next((word for word in words if not _WORD.fullmatch(word)), None)
    if wrong is not None:
        raise ValueError(
            f"in the cue {phrase!r}, {wrong!r} is not a word: letters and digits, a * at its end, words apart"
        )
    if len(words) > MAX_ALTERNATIVES:
        raise ValueError(f"the cue {phrase!r} has a place with more than {MAX_ALTERNATIVES} words")
    return "|".join(words)
