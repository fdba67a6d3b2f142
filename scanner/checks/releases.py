"""The releases that a document tells of: release notes of theirs, a release record of all that it lists."""

import re
from dataclasses import replace
from datetime import date

from scanner.checks import versions
from scanner.model.document import Document, DocumentFacts, DocumentKind, Listed, Named, Passage, PassageKind
from scanner.versions.dates import DATE, dates_in, day_of
from scanner.versions.version import FINAL, order, read, same
from scanner.versions.written import only_versions_in

MAX_LISTED = 100
_FRONT = 120
_RECORD = re.compile(
    r"release.?(?:record|history|list|register|log|table)|version.?(?:history|record|list)|versions(?:übersicht|liste)"
    r"|freigabe(?:liste|protokoll|übersicht)|release.?übersicht|registro.de.(?:vers|lançamento)|histórico.de.vers"
    r"|リリース(?:履歴|一覧|記録)|版数一覧",
    re.IGNORECASE,
)
_VERSION_HEADER = re.compile(r"\b(?:version\w*|release|rel|versão|versión|ausgabe)\b|バージョン|版", re.IGNORECASE)
_DAY_HEADER = re.compile(
    r"\b(?:date|day|released?(?: on)?|datum|tag|freigabe\w*|published|data|fecha|lançamento)\b|日", re.IGNORECASE
)
_PRODUCT_HEADER = re.compile(r"\b(?:product|produkt|produto|producto|device|system)\b|製品", re.IGNORECASE)
_PRODUCT_VERSION = re.compile(
    r"(?:product|produkt|produto|producto|software|製品).{0,3}(?:vers|バージョン)", re.IGNORECASE
)
_TITLE_KINDS = frozenset({PassageKind.PARAGRAPH, PassageKind.HEADING, PassageKind.HEADER_FOOTER})
_NOT_YET = re.compile(
    r"\b(?:planned|geplant|withdrawn|cancel\w+|zurückgezogen|planejad\w+|cancelad\w+)\b|予定", re.IGNORECASE
)


def releases_in(document: Document, facts: DocumentFacts, named: tuple[Named, ...]) -> tuple[Listed, ...]:
    """Return the releases that a document tells of; none that is planned, or comes before the release itself."""
    if facts.kind is DocumentKind.RELEASE_NOTES:
        return _noted(document, facts, named)
    return _listed(document)[:MAX_LISTED] if is_record(document, facts) else ()


def _noted(document: Document, facts: DocumentFacts, named: tuple[Named, ...]) -> tuple[Listed, ...]:
    """By their title, front matter, first page, headings, margins, properties, name or history."""
    headings = [passage.text for passage in document.passages if passage.kind is PassageKind.HEADING]
    written = facts.product_versions or tuple(one.version for one in named)
    if not written:
        written = only_versions_in(document.name.rsplit(".", 1)[0].replace("_", " "))[:1]
    listed = []
    for version in written:
        known = read(version)
        if known is None or known.any_from is not None or known.stage < FINAL:
            continue
        titled = next((dates_in(text) for text in headings if version in text and dates_in(text)), [])
        alone = len(written) == 1
        listed.append(Listed(version=version, dated=titled[0] if titled else facts.dated if alone else None))
    if listed and all(one.dated is None for one in listed):
        newest, dated = max(listed, key=lambda one: order(one.version)), facts.dated or _day_in_front(document)
        listed = [replace(one, dated=dated) if one is newest else one for one in listed]
    return tuple(listed) if written else _in_history(document, facts)


def _day_in_front(document: Document) -> date | None:
    """Return the day that stands by itself on the first page, or beside a name and a version."""
    for passage in document.passages[: versions.TITLE_PAGE]:
        days, rest = dates_in(passage.text), DATE.sub(" ", passage.text)
        if passage.kind in _TITLE_KINDS and days and (not re.search(r"\w", rest) or versions.is_version(rest)):
            return days[0]
    return None


def _in_history(document: Document, facts: DocumentFacts) -> tuple[Listed, ...]:
    """By the rows of their revision history, whose versions are the product's unless they are the notes' own."""
    found = (_row_of(row) for row in versions.history_of(document).rows)
    own = facts.document_version
    return tuple(one for one in found if one is not None and not (own and same(one.version, own)))


def is_record(document: Document, facts: DocumentFacts) -> bool:
    """Tell whether a document that is no release notes says of itself that it lists releases."""
    sheets = {passage.locator.sheet for passage in document.passages[:_FRONT] if passage.locator.sheet}
    return any(_RECORD.search(text) for text in (document.name, facts.title, *sheets))


def _listed(document: Document) -> tuple[Listed, ...]:
    """Return the releases of a release record: rows with a version and a day, but for those that are not out."""
    found: dict[str, Listed] = {}
    for passage in document.passages:
        if passage.kind is not PassageKind.TABLE_ROW or _NOT_YET.search(passage.text):
            continue
        if listed := _row_of(passage):
            found.setdefault(f"{listed.product} {listed.version}", listed)
    return tuple(found.values())


def _row_of(passage: Passage) -> Listed | None:
    """Return the release that a row tells of by its version and its day, None for any other row."""
    heads = sorted(passage.cells, key=lambda cell: not _PRODUCT_VERSION.search(cell[0]))
    version = next((value.strip() for head, value in heads if _VERSION_HEADER.search(head) and read(value)), "")
    day = next((day for head, value in passage.cells if _DAY_HEADER.search(head) and (day := day_of(value))), None)
    known = read(version)
    if known is None or day is None or known.stage < FINAL or len(version) > 40:
        return None
    names = (value.strip() for head, value in passage.cells if _PRODUCT_HEADER.fullmatch(head.strip()))
    return Listed(version=version, dated=day, product=next(names, "")[:100])
