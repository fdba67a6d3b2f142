"""What a document says of its own state towards releases, kept so far that a later release can be held against it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from scanner.checks import versions
from scanner.checks.marks import marks_of, sameness_of
from scanner.checks.quotes import quote_of
from scanner.checks.reading import Reading
from scanner.checks.releases import is_record, releases_in
from scanner.checks.told import security_of
from scanner.model.document import (
    Document,
    DocumentFacts,
    DocumentKind,
    DocumentStatus,
    Named,
    NamedAt,
    Passage,
    PassageKind,
    Said,
    SaidOf,
)
from scanner.versions.dates import dates_in
from scanner.versions.version import same
from scanner.versions.written import versions_in, written_in

MAX_ROWS, MAX_HISTORY = 6, 100
_FRONT = 120
_NEAR = 40
_PHRASE = 80
_CHANGE_HEADER = re.compile(
    r"\b(?:changes?|description|summary|remarks?|notes?|änderung\w*|beschreibung|bemerkung|alteraç\w+|descri\w+)\b|内容",
    re.IGNORECASE,
)
_OWN_HEADER = re.compile(
    r"^\W*(?:doc(?:ument)?\W?)?(?:version|rev(?:ision)?|edition|issue|ausgabe|versão)\W*$", re.IGNORECASE
)
_REVIEWED = re.compile(
    r"\b(?:review(?:ed)?|checked|updated|revised|geprüft|überarbeitet|aktualisiert|revisado|atualizado)\b.{0,30}?"
    r"\b(?:for|with|für|mit|para)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:draft|entwurf|superseded|obsolete|withdrawn|deprecated|approved|released|freigegeben|status)\b",
    re.IGNORECASE,
)


def with_updates(reading: Reading) -> DocumentFacts:
    """Return the document's facts with all that a later release is held against."""
    facts, document = reading.facts, reading.document
    rows = versions.history_of(document).rows
    named = tuple(_named(document, facts))
    releases = releases_in(document, facts, named)
    told, proof = security_of(reading, releases)
    history = dict.fromkeys((*facts.revision_history, *_in_history(rows, facts), *_reviewed(reading)))
    said = [*_said_in_front(document, facts, named), *_said_in(rows)]
    if proof is not None:
        said += _quoted(SaidOf.SECURITY, proof.statement.passage, (proof.statement.start, proof.statement.end))
    return replace(
        facts,
        revision_history=tuple(history)[:MAX_HISTORY],
        history_rows=len(rows),
        named=named,
        releases=releases,
        record=facts.kind is not DocumentKind.RELEASE_NOTES and is_record(document, facts),
        security=told,
        marks=marks_of(passage.text for passage in document.passages),
        sameness=sameness_of(document),
        said=tuple(said),
    )


def _named(document: Document, facts: DocumentFacts) -> Iterator[Named]:
    """Yield the product's versions with their places; the document's own version is none of them."""
    own = facts.document_version
    for written in facts.product_versions if facts.kind is not DocumentKind.RELEASE_NOTES else ():
        yield Named(at=NamedAt.CONTROL, version=written)
    for at, text in _places(document, facts):
        mine = [one.text for one in written_in(text) if not (own and same(one.text, own))]
        yield from (Named(at=at, version=version) for version in mine[:1])


def _places(document: Document, facts: DocumentFacts) -> Iterator[tuple[NamedAt, str]]:
    yield NamedAt.TITLE, facts.title
    margins = {passage.text for passage in document.passages if passage.kind is PassageKind.HEADER_FOOTER}
    yield from ((NamedAt.MARGIN, text) for text in sorted(margins)[:4])
    told = ("subject", "product version", "software version", "version", "release", "keywords")
    yield from ((NamedAt.PROPERTY, value) for key, value in document.properties.items() if key.casefold() in told)


def _in_history(rows: Iterable[Passage], facts: DocumentFacts) -> Iterator[str]:
    """Yield product versions that the rows name beside the document's own: "Reviewed for 4.3.0, no changes"."""
    for row in rows:
        for header, value in row.cells:
            own = bool(_OWN_HEADER.match(header))
            if not own and not _CHANGE_HEADER.search(header):
                continue
            for version in versions_in(value):
                if not own or any(same(version, written) for written in facts.product_versions):
                    yield version


def _reviewed(reading: Reading) -> Iterator[str]:
    for one in reading.read[:_FRONT]:
        match = _REVIEWED.search(one.statement.text)
        found = written_in(one.statement.text[match.end() :][:_PHRASE]) if match else ()
        if found and found[0].start < _NEAR:
            yield found[0].versions[0]


def _said_in_front(document: Document, facts: DocumentFacts, named: tuple[Named, ...]) -> Iterator[Said]:
    """Yield the quotes in which it names the product's version, its date, and that it is not final."""
    written = facts.product_versions or tuple(one.version for one in named)
    front = [passage for passage in document.passages[:_FRONT] if passage.kind is not PassageKind.TOC]
    wanted: list[tuple[SaidOf, Callable[[str], bool]]] = [
        (SaidOf.VERSION, lambda text: versions.names(text, written)),
        (SaidOf.DATE, lambda text: facts.dated in dates_in(text)),
    ]
    if facts.status is not DocumentStatus.FINAL:
        wanted.append((SaidOf.STATUS, lambda text: bool(_STATUS.search(text))))
    for of, says in wanted:
        found = next((passage for passage in front if says(passage.text)), None)
        yield from _quoted(of, found) if found else ()


def _said_in(rows: Iterable[Passage]) -> Iterator[Said]:
    for row in tuple(rows)[-MAX_ROWS:]:
        yield from _quoted(SaidOf.HISTORY, row)


def _quoted(of: SaidOf, passage: Passage, span: tuple[int, int] | None = None) -> list[Said]:
    start, end = span or (0, len(passage.text))
    quote = quote_of(passage.text, start=start, end=end)
    return [Said(of=of, quote=quote, locator=passage.locator)] if quote else []
