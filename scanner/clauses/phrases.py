"""The small language of cues: `word*`, `a|b`, `.` and `..` for gaps, `&` for either order, `<number>`, `<name>`."""

import re
from collections.abc import Mapping, Sequence

GAPS = frozenset({".", ".."})
NEAR = "&"  # what stands on either side of it may stand in either order
NUMBER = "#"  # as the judge reads it; YAML would take it for a comment
MAX_SLOTS = 12
MAX_ALTERNATIVES = 200
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*\*?")
_NAME = re.compile(r"<([a-z0-9-]+)>")


def expanded(phrase: str, vocabulary: Mapping[str, Sequence[str]]) -> str:
    """Return the phrase with its word lists written out. Raises ValueError, saying what is wrong with it."""
    slots = phrase.lower().replace("<number>", NUMBER).split()
    if len(slots) > MAX_SLOTS:
        raise ValueError(f"the cue {phrase!r} has more than {MAX_SLOTS} words")
    parts = [part.split() for part in " ".join(slots).split(f" {NEAR} ")]
    if any(not part or part[0] in GAPS or part[-1] in GAPS or NEAR in part for part in parts):
        raise ValueError(f"the cue {phrase!r} does not begin with a word and end with one or a number")
    if set(slots) <= {*GAPS, NEAR, NUMBER}:
        raise ValueError(f"the cue {phrase!r} has no word")
    return " ".join(_slot(slot, phrase, vocabulary) for slot in slots)


def _slot(slot: str, phrase: str, vocabulary: Mapping[str, Sequence[str]]) -> str:
    if slot in {*GAPS, NUMBER, NEAR}:
        return slot
    words: list[str] = []
    for alternative in slot.split("|"):
        if alternative == "<number>":
            raise ValueError(f"in the cue {phrase!r}, <number> shares its place with words; write a cue for each")
        named = _NAME.fullmatch(alternative)
        if named and named.group(1) not in vocabulary:
            raise ValueError(f"the cue {phrase!r} names the word list {alternative}, which the pack does not have")
        words += [word.lower() for word in vocabulary[named.group(1)]] if named else [alternative]
    wrong = next((word for word in words if word != NUMBER and not _WORD.fullmatch(word)), None)
    if wrong is not None:
        raise ValueError(
            f"in the cue {phrase!r}, {wrong!r} is not a word: letters and digits, a * at its end, words apart"
        )
    if len(words) > MAX_ALTERNATIVES:
        raise ValueError(f"the cue {phrase!r} has a place with more than {MAX_ALTERNATIVES} words")
    return "|".join(words)
