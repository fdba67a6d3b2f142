"""A candidate: a source file that a signal says may evidence a clause."""

from dataclasses import dataclass

from connector import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHit:
    """Which signal fired, and on what."""

    signal: str  # the signal's id
    field: str  # "name" or "folder"
    text: str  # the piece of the name that matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source file with the signals that flagged it; never empty of them."""

    file: SourceFile
    clause: str  # the pack's id
    hits: tuple[SignalHit, ...]
