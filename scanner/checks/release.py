"""Judging whether a document was updated for a release: the product version it names, and what it says was revised."""

import re
from collections.abc import Iterator

from scanner.checks import versions
from scanner.checks import vocabulary as words
from scanner.checks.facets import DIRECT, MENTION, UNDER_HEADING, Bearing, Findings
from scanner.checks.reading import Read, Reading
from scanner.checks.statements import Statement
from scanner.checks.substance import asks
from scanner.checks.told import SECURITY, SECURITY_TITLE, TELLING
from scanner.checks.words import without_addresses, words_of
from scanner.model.clause import Constraint
from scanner.model.document import Document, DocumentKind, Passage, PassageKind
from scanner.model.verdict import FacetState
from scanner.versions.dates import DATE
from scanner.versions.third_party import is_third_party
from scanner.versions.written import versions_in

VERSION_FACET, REVISION_FACET = "product-version", "revision"
_SINCE = re.compile(
    r"\b(?:since|starting (?:with|from)|as of|from|prior to|before|until|ab|seit|releases? <=?|versions? <=?"
    r"|up to)\s(?:[^\s.]{1,20}\s){0,3}?(?P<version>\bv?\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?![\d./]*[\d/]))",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:last (?:updated|modified|revised|reviewed)|(?:release|document|effective|revision) date|"
    r"document version|doc_date|stand|freigabedatum)\b|^\W{0,4}(?:date|datum)\b",
    re.IGNORECASE,
)
# "Version: 1.0", "date = 2026-02-02": an edition, of the document where nothing says of what.
_EDITION = re.compile(
    r"\b(?:version|revision|rev\.?|edition|date|last (?:updated|modified|revised|reviewed)|fassung|ausgabe|stand|datum)"
    r"[\s\"*_]{0,4}[:=|][\s\"'*_]{0,5}(?:v?\d{1,4}(?:[.-]\d{1,4}){0,3}\b)",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:tls|ssl|minimum|min|lowest|niedrigste|required|protocol|java|php|python|node|api|http)[-\w]*\W*$",
    re.IGNORECASE,
)
_VERSIONED_SECTIONS = 2
# "Changes since 4.1", "this edition replaces the one of …", "reviewed for 4.2.1, no changes".
_CHANGED = re.compile(
    r"\b(?:chang(?:es|ed)|new|neu|änderungen|geändert) (?:(?:since|seit|gegenüber)\b.{0,30}\d|in (?:this|dieser?)\b)"
    r"|\b(?:edition|notes|guide|document|manual|ausgabe|fassung|dokument)\b.{0,40}\b(?:replaces?|supersedes?|ersetzt)\b"
    r"|\bthey replace the\b|\breviewed (?:for|with)\b.{0,20}\d"
    r"|(?<![\d.])\d[\d.]{0,12}\b.{0,30}\breviewed, no changes?\b"
    r"|\bhistory of this (?:guide|document|edition)\b|\brev\.? [A-Z] ?(?:→|->|to) ?[A-Z]\b",
    re.IGNORECASE,
)
_OPENING = 60  # a document says near its beginning what is new in it
_CONTROL_CHARS = 400
_SUPPORTED = re.compile(r"\b(?:version|release)\b", re.IGNORECASE)


def judge_release(constraint: Constraint, reading: Reading) -> Findings:
    """Find the product version that the document names and the revision that it shows."""
    version, told = list(_versions(reading)), list(_told(reading))
    revision = [*_revisions(reading), *told]
    notes = reading.facts.kind is DocumentKind.RELEASE_NOTES
    states = {facet.id: FacetState.ABSENT for facet in constraint.facets}
    for facet, found in ((VERSION_FACET, version), (REVISION_FACET, revision)):
        if facet in states and found:
            best = max(found, key=lambda one: one.score)
            states[facet] = best.state
    if notes and REVISION_FACET in states and not any(one.state is FacetState.MET for one in told):
        # Of release notes a day is expected; it is what they say of security that shows an update.
        states[REVISION_FACET] = FacetState.TOUCHED if revision else FacetState.ABSENT
    if notes and not _tells_security(reading):
        states = dict.fromkeys(states, FacetState.ABSENT)
    return Findings(
        states=states, bearings=tuple(sorted((*version, *revision), key=lambda one: -one.score)), terse=True
    )


def _versions(reading: Reading) -> Iterator[Bearing]:
    """Where the document names the product's version: control rows and titles, else settings that came with one."""
    wanted = reading.facts.product_versions
    if not wanted and _by_version(reading.document):
        headings = [passage for passage in reading.document.passages if passage.kind is PassageKind.HEADING]
        yield from (
            _bearing(passage, VERSION_FACET, DIRECT) for passage in headings if versions.is_version(passage.text)
        )
        return
    if wanted:
        for passage in reading.document.passages[:120]:
            if passage.kind is not PassageKind.TOC and versions.names(passage.text, wanted):
                yield _bearing(passage, VERSION_FACET, DIRECT + _rank(passage))
                return
    for one in reading.read:
        match = _SINCE.search(without_addresses(one.statement.text))
        if (
            match
            and one.statement.passage.kind is not PassageKind.CODE
            and SECURITY.search(one.statement.text)
            and one.substance.fact
        ):
            before = one.statement.text[: match.start("version")]
            if not is_third_party(before):
                yield _of(one, VERSION_FACET, FacetState.TOUCHED, MENTION)
        elif _supported_row(one):
            yield _of(one, VERSION_FACET, FacetState.TOUCHED, MENTION)


def _rank(passage: Passage) -> float:
    return {PassageKind.TABLE_ROW: 0.5, PassageKind.HEADER_FOOTER: 0.2, PassageKind.PROPERTY: 0.1}.get(
        passage.kind, 0.4
    )


def _supported_row(one: Read) -> bool:
    cells = one.statement.passage.cells
    return len(cells) >= 2 and bool(_SUPPORTED.search(cells[0][0])) and bool(versions_in(cells[0][1]))


def _revisions(reading: Reading) -> Iterator[Bearing]:
    history = versions.history_of(reading.document)
    for number, row in enumerate(history.rows):
        fresh = versions.names(row.text, reading.facts.product_versions)
        yield _bearing(row, REVISION_FACET, DIRECT + 0.3 * fresh + number / 1000)
    for passage in reading.document.passages:
        if (
            passage.kind is not PassageKind.TOC
            and len(passage.text) < 600
            and _DATED.search(passage.text)
            and DATE.search(passage.text)
        ):
            yield _bearing(passage, REVISION_FACET, UNDER_HEADING)
            break
    for one in reading.read[:_OPENING]:
        if _CHANGED.search(one.statement.text) and one.substance.empty is None:
            yield _of(one, REVISION_FACET, FacetState.MET, UNDER_HEADING)
    edition = next((passage for passage in reading.document.passages if _is_edition(passage)), None)
    if edition is not None:
        yield _bearing(edition, REVISION_FACET, MENTION)


def _told(reading: Reading) -> Iterator[Bearing]:
    """What notes, by version or of one release, tell of security: with what to do, or in passing."""
    if reading.facts.kind is DocumentKind.RELEASE_NOTES or _by_version(reading.document):
        for one in reading.read:
            titled = any(SECURITY_TITLE.search(heading) for heading in one.statement.headings[1:])
            secure = titled or SECURITY.search(one.statement.text)
            if one.substance.empty in TELLING and secure:
                versioned = any(map(versions.is_version, one.statement.headings))
                met = _is_addressed(one) if versioned else (titled and one.substance.gives("setting"))
                state = FacetState.MET if met else FacetState.TOUCHED
                yield _of(one, REVISION_FACET, state, UNDER_HEADING if state is FacetState.MET else MENTION)


def _is_addressed(one: Read) -> bool:
    """Tell whether it asks something of its reader; "Restrict entities" under a version tells what was done."""
    return asks(one.statement) or (one.substance.action and bool(words.ASKS.search(one.statement.text)))


def _by_version(document: Document) -> bool:
    """Tell whether some of its sections are titled by nothing but a version: each says what changed with it."""
    titles = {passage.text for passage in document.passages if passage.kind is PassageKind.HEADING}
    return sum(map(versions.is_version, titles)) >= _VERSIONED_SECTIONS


def _is_edition(passage: Passage) -> bool:
    if passage.kind in {PassageKind.TOC, PassageKind.CODE} or len(passage.text) > _CONTROL_CHARS:
        return False
    match = _EDITION.search(passage.text)
    return match is not None and not _OF_SOMETHING_ELSE.search(passage.text[: match.start()][-20:])


def _tells_security(reading: Reading) -> bool:
    return any(one.substance.empty in TELLING and SECURITY.search(one.statement.text) for one in reading.read)


def _of(one: Read, facet: str, state: FacetState, score: float) -> Bearing:
    return Bearing(read=one, facet=facet, state=state, score=score, around=None)


def _bearing(passage: Passage, facet: str, score: float) -> Bearing:
    """Wrap a passage that is no statement (a heading, a margin) so that it can be cited."""
    nothing = words_of("")
    statement = Statement(
        passage=passage, index=0, start=0, end=len(passage.text), words=nothing, intro=nothing, intro_text=""
    )
    read = Read(statement=statement, direct={}, around=frozenset(), columns=frozenset())
    return Bearing(read=read, facet=facet, state=FacetState.MET, score=score, around=None)
