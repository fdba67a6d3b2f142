"""Which documents of a set are older editions or copies of another one in it; pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from scanner.model.document import DocumentFacts, DocumentKind, DocumentStatus
from scanner.model.gap import Evidence, Overtaken
from scanner.versions.version import read

# Each release has notes of its own, under one title; and what is not released takes no other's place.
_EACH_STANDS = frozenset({DocumentKind.RELEASE_NOTES})
_TAKES_NO_PLACE = frozenset({DocumentKind.INTERNAL, DocumentKind.TEMPLATE})
_WORDS = re.compile(r"[\W\d_]+")  # a title's letters are its words; its numbers change with each edition
_MOST = 200  # documents that would be editions of one another: more are something else that looks so


def overtaken(evidence: Sequence[Evidence]) -> tuple[Overtaken, ...]:
    """Return the documents whose place another one takes: a newer edition, or of copies the first by path.

    It is the same document where the id printed in it and the words of its title are the same, in the same kind of
    document on the same product; without an id only on a product that it names. Editions count only where both versions
    of their own can be put in order.
    """
    same: defaultdict[tuple[str, ...], list[Evidence]] = defaultdict(list)
    for one in evidence:
        if one.facts.kind not in _EACH_STANDS and (key := _identity(one.facts)):
            same[key].append(one)
    found = (pair for editions in same.values() if len(editions) <= _MOST for pair in _pairs(editions))
    return tuple(Overtaken(file=old.file.id, because=_because(old, new)) for old, new in found)


def _pairs(editions: Sequence[Evidence]) -> Iterator[tuple[Evidence, Evidence]]:
    """Yield each edition that gives way, and the one that stays in its place."""
    stay = [one for one in editions if not any(_replaces(other, one) for other in editions)]
    for old in editions:
        new = next((one for one in stay if _replaces(one, old)), None)
        if new is not None:
            yield old, new


def _identity(facts: DocumentFacts) -> tuple[str, ...]:
    """Return what all editions of a document share; nothing where they could not be told from other documents."""
    # The words too: many a company prints its template's id on all that is written on it.
    title = _WORDS.sub("", facts.title.casefold())
    if not (facts.document_id or (title and facts.product)):
        return ()
    return facts.kind.value, facts.product.casefold(), facts.document_id.casefold(), title


def _replaces(new: Evidence, old: Evidence) -> bool:
    if new.facts.status is not DocumentStatus.FINAL or new.facts.kind in _TAKES_NO_PLACE:
        return False
    return _is_newer(new.facts, old.facts) or (_is_copy(new, old) and _place(new) < _place(old))


def _is_newer(new: DocumentFacts, old: DocumentFacts) -> bool:
    one, other = new.document_version.strip(), old.document_version.strip()
    if len(one) == len(other) == 1 and one.isalpha() and other.isalpha():  # "revision C"
        return one.upper() > other.upper()
    later, earlier = read(one), read(other)
    return later is not None and earlier is not None and later.scheme is earlier.scheme and later.key > earlier.key


def _is_copy(one: Evidence, other: Evidence) -> bool:
    """Tell whether both say the same of the same versions."""
    same = one.facts.sameness == other.facts.sameness != ""
    return same and _says_of_itself(one.facts) == _says_of_itself(other.facts)


def _says_of_itself(facts: DocumentFacts) -> tuple[object, ...]:
    return facts.document_version, facts.product_versions, facts.dated, facts.status


def _place(one: Evidence) -> tuple[str, str, str]:
    return one.file.path, one.file.name, one.file.id


def _because(old: Evidence, new: Evidence) -> str:
    if _is_newer(new.facts, old.facts):
        return f"{new.file.name} is a newer edition of it, {new.facts.document_version}"
    return f"it is a copy of {new.file.name}"
