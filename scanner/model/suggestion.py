"""A suggestion: a file that no name gave away, and that the source's own search finds by words of a clause."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connector import SourceFile


class SuggestionState(StrEnum):
    """What a person said to it."""

    NEW = "new"
    ACCEPTED = "accepted"  # it is a candidate, whatever it is called
    IGNORED = "ignored"  # it is not suggested again


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A file that may evidence a clause, by the words that are found in it; no word of the file itself is kept."""

    file: SourceFile
    clause: str  # the pack's id
    words: tuple[str, ...]  # those of the pack that were found
    state: SuggestionState
    found_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
