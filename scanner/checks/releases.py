"""The releases that a document tells of: release notes of theirs, a release record of all that it lists."""

import re
from dataclasses import replace

from scanner.model.document import Document, DocumentFacts, DocumentKind, Listed, Named, PassageKind
from scanner.versions.dates import dates_in, day_of
from scanner.versions.version import FINAL, order, read
from scanner.versions.written import VERSION

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
_NOT_YET = re.compile(
    r"\b(?:planned|geplant|withdrawn|cancel\w+|zurückgezogen|planejad\w+|cancelad\w+)\b|予定", re.IGNORECASE
)


def releases_in(document: Document, facts: DocumentFacts, named: tuple[Named, ...]) -> tuple[Listed, ...]:
    """Return the releases that a document tells of; none that is planned, or comes before the release itself."""
    if facts.kind is DocumentKind.RELEASE_NOTES:
        return _noted(document, facts, named)
    return _listed(document)[:MAX_LISTED] if is_record(document, facts) else ()


def _noted(document: Document, facts: DocumentFacts, named: tuple[Named, ...]) -> tuple[Listed, ...]:
    """By their title, front matter, headings, margins, properties or name."""
    headings = [passage.text for passage in document.passages if passage.kind is PassageKind.HEADING]
    written = facts.product_versions or tuple(one.version for one in named)
    if not written and (found := VERSION.search(document.name.replace("_", " "))):
        written = (found.group(),)
    listed = []
    for version in written:
        known = read(version)
        if known is None or known.any_from is not None or known.stage < FINAL:
            continue
        titled = next((dates_in(text) for text in headings if version in text and dates_in(text)), [])
        alone = len(written) == 1
        listed.append(Listed(version=version, dated=titled[0] if titled else facts.dated if alone else None))
    if listed and all(one.dated is None for one in listed):
        newest = max(listed, key=lambda one: order(one.version))
        listed = [replace(one, dated=facts.dated) if one is newest else one for one in listed]
    return tuple(listed)


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
        version = next(
            (value.strip() for head, value in passage.cells if _VERSION_HEADER.search(head) and read(value)), ""
        )
        day = next((day for head, value in passage.cells if _DAY_HEADER.search(head) and (day := day_of(value))), None)
        known = read(version)
        if known is not None and day is not None and known.stage >= FINAL and len(version) <= 40:
            product = next((value.strip() for head, value in passage.cells if _PRODUCT_HEADER.search(head)), "")
            found.setdefault(f"{product} {version}", Listed(version=version, dated=day, product=product[:100]))
    return tuple(found.values())
