"""The seam of asking: a question about passages of one document, and an answer that can only point at them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scanner.model.clause import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One passage as it is shown: a sentence, a list item or a table row, with the headings that it stands under."""

    id: int  # from 1, within its question
    under: str
    text: str
    taken: bool  # the rules took it for evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which of these passages bear which of these facets?"""

    constraint: str
    facets: tuple[Facet, ...]
    passages: tuple[Shown, ...]


class Why(StrEnum):
    """Why a passage that the rules took gives nothing; a closed list, since free text would end up in an email."""

    OTHER_PRODUCT = "about another product"
    OTHER_READER = "not for those who operate the product"
    DENIED = "a denial"
    FUTURE = "an announcement"
    PLACEHOLDER = "a placeholder"
    POINTER = "a pointer elsewhere"
    MARKETING = "a marketing claim"
    LAW = "a demand on manufacturers"
    INTERNAL = "internal work"
    SAFETY = "about safety, not security"
    OFF_TOPIC = "about something else"
    EMPTY = "without action, value or fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A passage is said to bear a facet, proved by a piece of its text; believed only where the quote stands there."""

    passage: int
    facet: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A passage that the rules took is said to give nothing."""

    passage: int
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that an answer can say; nothing in it is believed unchecked."""

    pointers: tuple[Pointer, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()


class Unanswered(Exception):
    """The question got no usable answer; the text says why, so that it can follow on "because"."""


class Asker(Protocol):
    """Answers questions, wherever the answer comes from."""

    name: str  # who answers, for people
    version: str  # changes whenever the same question could be answered otherwise

    def ask(self, question: Question) -> Answer:
        """Return what was answered. Raises Unanswered, and nothing else."""
        ...
