"""A candidate: a source file that a signal says may evidence a clause."""

from dataclasses import dataclass

from connector import SourceFile
from scanner.model.connection import ScanState
from scanner.model.document import DocumentFacts


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A candidate as a page or a table shows it: what flagged it, and how far its scan is."""

    candidate: Candidate
    state: ScanState
    because: str  # why it could not be checked, or of a scanned one, why it was read only in part
    facts: DocumentFacts | None  # None until it was scanned
    seconds: float
