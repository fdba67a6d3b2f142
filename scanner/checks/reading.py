"""A document read once for a pack: its statements, what each gives, and which cues stand in and around it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from scanner.checks.cues import Found, Lexicon
from scanner.checks.statements import Statement, statements_of
from scanner.checks.substance import Substance, substance_of
from scanner.checks.words import words_of
from scanner.model.clause import ClausePack, Facet
from scanner.model.document import Document, DocumentFacts

LISTS = ("cues", "beside", "somewhere", "sections", "facts", "hints", "never", "moot")
_NEAR_HEADINGS = 1  # a section's own heading and the one above it speak for what stands under them


@dataclass(frozen=True, kw_only=True)  # without slots: what it gives is found out when it is asked for
class Read:
    """One statement with all that the ways of judging ask about it."""

    statement: Statement
    direct: Mapping[str, Found]
    around: frozenset[str]  # keys found in its headings or in the line that introduces it
    columns: frozenset[str]  # keys found in the heads of its row's columns
    above: frozenset[str] = frozenset()  # keys found in any heading above it

    @cached_property
    def substance(self) -> Substance:
        """Say what the statement gives, and why it would give nothing."""
        return substance_of(self.statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document with its statements read."""

    document: Document
    facts: DocumentFacts
    read: tuple[Read, ...]
    places: Mapping[str, tuple[int, ...]]  # where each key stands in, above or over a statement

    def where(self, keys: Iterable[str]) -> list[Read]:
        """Return the statements in or around which one of the keys stands, in the document's order."""
        found = {place for key in keys for place in self.places.get(key, ())}
        return [self.read[place] for place in sorted(found)]


@cache
def key_of(constraint: str, facet: str, phrases: str) -> str:
    """Return the key under which a facet's phrases are looked up."""
    return f"{constraint}/{facet}/{phrases}"


def phrases_of(facet: Facet, name: str) -> tuple[str, ...]:
    """Return one of a facet's lists of phrases."""
    found = facet.cues if name == "cues" else facet.detect.get(name, ())
    return tuple(str(phrase) for phrase in found) if isinstance(found, (tuple, list)) else ()


@lru_cache(maxsize=8)
def _lexicon(phrases: tuple[tuple[str, str], ...]) -> Lexicon:
    return Lexicon(phrases)


def lexicon_of(pack: ClausePack) -> Lexicon:
    """Return the lexicon of all phrases of a pack, built once."""
    return _lexicon(
        tuple(
            (key_of(constraint.id, facet.id, name), phrase)
            for constraint in pack.constraints
            for facet in constraint.facets
            for name in LISTS
            for phrase in phrases_of(facet, name)
        )
    )


def read(pack: ClausePack, document: Document, facts: DocumentFacts, statements: tuple[Statement, ...]) -> Reading:
    """Read a document's statements for a pack."""
    lexicon = lexicon_of(pack)
    known: dict[str, frozenset[str]] = {}

    def keys_in(texts: Iterable[str]) -> frozenset[str]:
        keys: frozenset[str] = frozenset()
        for text in texts:
            if text and text not in known:
                known[text] = frozenset(lexicon.find(words_of(text, links=False)))
            keys |= known.get(text, frozenset())
        return keys

    found = tuple(
        Read(
            statement=one,
            direct=lexicon.find(one.words),
            around=keys_in((*one.headings[-_NEAR_HEADINGS:], one.intro_text)),
            columns=keys_in(header for header, _ in one.passage.cells),
            above=keys_in(one.headings),
        )
        for one in statements
    )
    return reading_of(document, facts, found)


def reading_of(document: Document, facts: DocumentFacts, found: tuple[Read, ...]) -> Reading:
    """Return the reading of a document whose statements are read already."""
    return Reading(document=document, facts=facts, read=found, places=_places(found))


def _places(found: tuple[Read, ...]) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        for key in one.around.union(one.columns, one.direct):
            places[key].append(place)
    return {key: tuple(known) for key, known in places.items()}


__all__ = ["LISTS", "Read", "Reading", "key_of", "lexicon_of", "phrases_of", "read", "reading_of", "statements_of"]
