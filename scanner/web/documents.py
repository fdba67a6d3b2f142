"""The page *Documents*, as values: a part of the candidates at a time, and what is suggested beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from scanner.clauses.naming import NAMED
from scanner.model.candidate import Scanned, SignalHit
from scanner.model.connection import ScanState
from scanner.model.display import counted, shown
from scanner.model.document import DocumentFacts
from scanner.model.gap import FileRef
from scanner.model.suggestion import Suggestion
from scanner.pipeline.suggest import ACCEPTED

ROWS = 50  # candidates on a page
MOST_WORDS = 100  # characters of what is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which candidates are to be shown."""

    state: ScanState | None = None  # None for all
    words: str = ""  # that stand in the name or the folders
    page: int = 1

    @property
    def first(self) -> int:
        """Return the place of the first one, from 0."""
        return (self.page - 1) * ROWS

    def link(self, page: int) -> str:
        """Return the query of another page of the same."""
        asked = {"state": self.state.value if self.state else "", "q": self.words, "page": page if page > 1 else ""}
        return "?" + urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A candidate: what flagged it, what it is, and how far its scan is."""

    file: FileRef
    flagged: tuple[str, ...]  # "“Security Guide” in its name"
    state: ScanState
    because: str
    facts: DocumentFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What the source's own search suggests, and how that stands."""

    new: tuple[Suggestion, ...] = ()
    accepted: tuple[Suggestion, ...] = ()
    ignored: tuple[Suggestion, ...] = ()
    searched_at: datetime | None = None  # when the last search came to its end
    because: str = ""  # why it may have left something out, or did not come to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsPage:
    """A part of the candidates of a connection."""

    asked: Asked
    rows: tuple[DocumentRow, ...]  # what could not be checked first
    found: int  # how many there are of what was asked for
    said: str  # how many candidates there are, in words
    states: tuple[tuple[ScanState, str, int], ...]  # each with its words and its count
    suggested: Suggested
    strays: int  # candidates in the folders of no product: no report counts them

    @property
    def waiting(self) -> int:
        """Return how many candidates are still to be read."""
        return next(count for state, _, count in self.states if state is ScanState.TO_SCAN)

    @property
    def pages(self) -> int:
        """Return how many pages it makes."""
        return max(1, -(-self.found // ROWS))


def documents_page(
    candidates: Sequence[Scanned],
    *,
    found: int,
    asked: Asked,
    counts: Mapping[ScanState, int],
    suggested: Suggested,
    strays: int = 0,
) -> DocumentsPage:
    """Put the page together."""
    unread, waiting = counts.get(ScanState.UNDETERMINED, 0), counts.get(ScanState.TO_SCAN, 0)
    said = [counted(sum(counts.values()), "candidate")]
    said += [f"{unread:,} could not be checked"] if unread else []
    said += [f"{waiting:,} waiting to be read"] if waiting else []
    words = {
        ScanState.UNDETERMINED: "could not be checked",
        ScanState.TO_SCAN: "waiting to be read",
        ScanState.SCANNED: "read",
    }
    return DocumentsPage(
        asked=asked,
        rows=tuple(_row(candidate) for candidate in candidates),
        found=found,
        said=", ".join(said),
        states=tuple((state, said, counts.get(state, 0)) for state, said in words.items()),
        suggested=suggested,
        strays=strays,
    )


def _row(scanned: Scanned) -> DocumentRow:
    """Turn a candidate into a row."""
    file = scanned.candidate.file
    return DocumentRow(
        file=FileRef(id=file.id, name=file.name, path=file.path, link=file.link),
        flagged=tuple(map(_flagged, scanned.candidate.hits)),
        state=scanned.state,
        because=scanned.because,
        facts=scanned.facts,
    )


def _flagged(hit: SignalHit) -> str:
    """Complete *Flagged by …*."""
    if hit.signal == ACCEPTED:
        return f"{shown(hit.text, 120)}, who accepted it"
    if hit.signal == NAMED:
        return f"your naming “{shown(hit.text, 100)}”"
    return f"“{shown(hit.text, 80)}” in its {hit.field}"
