"""Suggestions: what the source's own search finds by a clause's words, and what people say to it.

It ends a look at the whole source, bounded, and can fail without harm: the next sync asks again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from connector import ConnectorError, FileSource
from scanner.clauses.match import Flags
from scanner.jobs.base import JobQueue
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, Product
from scanner.model.deed import Act, Deed
from scanner.model.display import shown
from scanner.model.job import Priority
from scanner.model.suggestion import Suggestion, SuggestionState
from scanner.pipeline.orders import review_job, revision_of, scan_job
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

ACCEPTED = "accepted"  # the signal that a person is
MOST_FOUND = 1_000  # files a phrase: those that a name gave away are among them
MOST_SUGGESTED = 100  # files a clause, those that speak of most


def searches(packs: tuple[ClausePack, ...]) -> dict[str, tuple[str, ...]]:
    """Return the phrases of each pack, by its id."""
    found = {
        pack.id: tuple(dict.fromkeys(words for one in pack.constraints for words in one.suggest)) for pack in packs
    }
    return {clause: words for clause, words in found.items() if words}


def suggest(
    store: Store, known: Connection, open_source: Callable[[], FileSource], packs: tuple[ClausePack, ...], now: datetime
) -> None:
    """Search, where a look at the whole ended since the last search, and keep what was found; no failure leaves it."""
    with store.reading() as unit:
        last, _ = unit.suggestions.last_search(known.id)
    if known.walked_at is None or (last is not None and last >= known.walked_at):
        return
    try:
        source = open_source()
        found = {clause: _searched(source, phrases) for clause, phrases in searches(packs).items()}
    except ConnectorError as error:
        log.warning("The search for suggestions failed.", extra={"event": "suggest.failed", "connection": known.id})
        with store.transaction() as unit:
            if unit.connections.still_within(known):
                unit.suggestions.searched(known.id, because=shown(str(error), 300), at=None)
        return
    with store.transaction() as unit:
        if not unit.connections.still_within(known):  # it was ended or limited meanwhile
            return
        for clause, (words, _) in found.items():
            unit.suggestions.found(known.id, clause, _worth(unit, known.id, clause, words), now=now)
        because = next((why for _, why in found.values() if why), "")
        unit.suggestions.searched(known.id, because=because, at=now)


def _searched(source: FileSource, phrases: Sequence[str]) -> tuple[dict[str, list[str]], str]:
    """Return the phrases that each file has, and why files may be missing."""
    words: dict[str, list[str]] = {}
    because = ""
    for phrase in phrases:
        found = source.search(phrase, limit=MOST_FOUND)
        because = because or found.because
        for file_id in found.ids:
            words.setdefault(file_id, []).append(phrase)
    return words, because


def _worth(unit: Unit, connection: str, clause: str, words: dict[str, list[str]]) -> dict[str, list[str]]:
    """Keep what is in the picture, can be read and is no candidate; of those, the ones that speak of most."""
    flagged = {file_id for file_id, of in unit.candidates.among(connection, list(words)) if of == clause}
    known = unit.files.some(connection, words)
    open_ones = [one for one in words if one in known and one not in flagged and known[one].blocked is None]
    ranked = sorted(open_ones, key=lambda one: (-len(words[one]), known[one].path, known[one].name, one))
    return {one: words[one] for one in ranked[:MOST_SUGGESTED]}


def accepted_by(person: str) -> SignalHit:
    """Return the signal that a person is who accepted a suggestion."""
    return SignalHit(signal=ACCEPTED, field="suggestion", text=person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggesting:
    """Takes what people say to suggestions. Each method returns False where there is no such suggestion (any more)."""

    store: Store
    queue: JobQueue
    packs: tuple[ClausePack, ...]
    judge: str  # the judge's version
    now: Callable[[], datetime]

    def accept(self, product: Product, file_id: str, *, clause: str, by: str) -> bool:
        """Make a product's file a candidate, whatever it is called, and ask for its scan."""
        connection = product.connection
        pack = next((one for one in self.packs if one.id == clause), None)
        with self.store.transaction() as unit:
            known = unit.suggestions.get(connection, file_id, clause, extent=product.extent)
            if pack is None or known is None:
                return False
            person = shown(by, 120)
            state = SuggestionState.ACCEPTED
            unit.suggestions.decide(connection, file_id, clause, state, by=person, now=self.now())
            revision = revision_of(known.file, pack_digest=pack.digest, judge=self.judge)
            flagged = Flags(pack).candidate(known.file)
            hits = (*(flagged.hits if flagged else ()), accepted_by(person))
            candidate = Candidate(file=known.file, clause=clause, hits=hits)
            due = unit.candidates.flag(connection, candidate, revision=revision)
            unit.deeds.add(connection, self._deed(Act.SUGGESTION_TAKEN, known, by))
        if due:
            self.queue.enqueue([scan_job(connection, file_id, clause, revision, priority=Priority.PERSON)])
        return True

    def ignore(self, product: Product, file_id: str, *, clause: str, by: str) -> bool:
        """Never suggest the file again."""
        return self._take_back(product, file_id, clause, SuggestionState.IGNORED, by)

    def undo(self, product: Product, file_id: str, *, clause: str, by: str) -> bool:
        """Take back what a person said: the file is a suggestion like any other."""
        return self._take_back(product, file_id, clause, SuggestionState.NEW, by)

    def _take_back(self, product: Product, file_id: str, clause: str, state: SuggestionState, by: str) -> bool:
        """Set the state; a candidate that only a person made is none any more, and the documents are judged anew."""
        connection = product.connection
        with self.store.transaction() as unit:
            known = unit.suggestions.get(connection, file_id, clause, extent=product.extent)
            if known is None:
                return False
            unit.suggestions.decide(connection, file_id, clause, state, by=shown(by, 120), now=self.now())
            was_accepted = known.state is SuggestionState.ACCEPTED
            act = Act.SUGGESTION_IGNORED if state is SuggestionState.IGNORED else Act.SUGGESTION_REOPENED
            unit.deeds.add(connection, self._deed(act, known, by))
            if was_accepted:
                unit.candidates.unflag_as(connection, file_id, clause, signal=ACCEPTED)
            products = unit.products.of_connection(connection)
        if was_accepted:
            self.queue.enqueue([review_job(connection, one.id, priority=Priority.PERSON) for one in products])
        return True

    def _deed(self, act: Act, known: Suggestion, by: str) -> Deed:
        return Deed(by=shown(by, 120), act=act, about=shown(known.file.name, 120), at=self.now())
