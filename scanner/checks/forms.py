"""Filled forms such as MDS2: question, answer and note in a row; a No is a limit that remains, not a capability."""

from dataclasses import dataclass
from enum import Enum

from scanner.model.document import Passage, PassageKind

_YES = frozenset({"yes", "ja", "y"})
_NO = frozenset({"no", "nein", "n"})
_OPEN = frozenset({"n/a", "na", "not applicable", "entfällt", "see note", "siehe hinweis"})


class Answer(Enum):
    """What a form's row answers."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # not applicable, or left to the note


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question of a form with its answer and what was noted beside it."""

    question: str
    answer: Answer
    note: str


def answered(passage: Passage) -> Answered | None:
    """Read a table row as a form's, or return None where it is none: it has a question, and an answer after it."""
    if passage.kind is not PassageKind.TABLE_ROW:
        return None
    values = [value.strip() for _, value in passage.cells]
    asked = next((place for place, value in enumerate(values) if value.endswith("?")), None)
    if asked is None:
        return None
    for place in range(asked + 1, len(values)):
        answer = _answer(values[place])
        if answer is not None:
            return Answered(question=values[asked], answer=answer, note=" ".join(values[place + 1 :]).strip())
    return None


def _answer(value: str) -> Answer | None:
    bare = value.lower().rstrip(".")
    if bare in _YES:
        return Answer.YES
    if bare in _NO:
        return Answer.NO
    return Answer.OPEN if bare in _OPEN else None
