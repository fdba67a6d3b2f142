"""Versions in a document: which product versions it applies to, and what its revision history names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scanner.checks.statements import Statement
from scanner.checks.words import without_addresses
from scanner.model.document import Document, Passage, PassageKind
from scanner.versions.dates import dates_in
from scanner.versions.written import NUMBER, THIRD_PARTY, VERSION, ranges_in

_NAME = r"[A-Z][\w+-]{1,30}(?:\s[A-Z][\w+-]{1,30}){0,3}"
_NAMED = re.compile(
    rf"(?P<name>{_NAME})[\s-]{{1,2}}(?:(?:software|app|version|release|v\.?)\s){{0,2}}(?P<version>(?:{NUMBER}))",
    re.UNICODE,
)
_SAYS = re.compile(
    rf"(?:(?:applies|applicable|valid) (?:only )?(?:to|for)|(?:this|diese[rs]?) (?:manual|guide|document"
    rf"|handbook|edition"
    rf"|page|handbuch|anleitung|leitfaden) (?:is|applies|describes|covers|explains|refers|gives|contains|for|of"
    rf"|gilt|ist"
    rf"|beschreibt)\b.{{0,120}}?\b(?:in|of|for|to|für|von)|gilt (?:für|ab)|gültig (?:für|ab)"
    rf"|valid from(?: build| version)?|(?:software|product|produkt)[- ]version\w*)"
    rf"\s(?:.{{0,80}}?\s)?(?P<version>{NUMBER})",
    re.IGNORECASE,
)
# "software 2.2", "FW 1.04": what a version follows directly, in some languages.
_SOFTWARE = re.compile(
    r"(?:\b(?:software|firmware|fw)(?:[ -]version)?|\bvers(?:ão|ión|ione) d[eo]l? software|\bversion du logiciel"
    rf"|ソフトウェアバージョン)\W{{1,5}}(?:\|\s)?(?P<version>{NUMBER})",
    re.IGNORECASE,
)
_LEAD = re.compile(  # the capital of a sentence's first word names nothing
    r"\b(?:applies|applicable|valid|gilt|gültig|this|diese[rs]?|it|the|for|software|product|produkt)\b", re.IGNORECASE
)
_HISTORY_HEADER = re.compile(r"\b(?:version|revision|rev|edition|ausgabe|form version|versie|release)\b", re.IGNORECASE)
_HISTORY_TITLE = re.compile(
    r"\b(?:history|change ?log|changes|revisions?|fixes|amendments|historie|änderung\w*)\b", re.IGNORECASE
)
_PRODUCT_HEADER = re.compile(
    r"\b(?:product|software|release|produkt|device|app|firmware)\w*[ -]?(?:version\w*)?\b", re.IGNORECASE
)
_DATE_HEADER = re.compile(r"\b(?:date|datum|released|published)\b", re.IGNORECASE)
_OFTEN = 3  # so many passages name a product
_TITLE_WORDS = re.compile(
    r"\b(?:security|guide|guides?|white|paper|manual|release|notes?|instructions|for|use|user|admin\w*"
    r"|installation|conformance|statement|residual|risk|report|mds2|document\w*|index|accompanying|network"
    r"|requirements|operator\w*|service|hardening|version|privacy|policy|quick|card|the|of|and|"
    r"sicherheits\w*|handbuch|gebrauchsanweisung|freigabemitteilung|für|configuration|administrator|advisory"
    r"|cybersecurity|information|overview|notice|decommissioning|recycling|manufacturer|disclosure|medical"
    r"|device|iso|iec)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A document's revision history."""

    rows: tuple[Passage, ...]
    product_versions: tuple[str, ...]
    dated: date | None


def history_of(document: Document) -> History:
    """Return the rows of its revision history, the product versions and the latest date that they name."""
    rows = tuple(passage for passage in document.passages if _is_history_row(passage))
    named: list[str] = []
    days: list[date] = []
    for row in rows:
        for header, value in row.cells:
            if _DATE_HEADER.search(header):
                days += dates_in(value)
            elif _PRODUCT_HEADER.search(header) and "version" in header.lower():
                named += [match.group() for match in VERSION.finditer(value)]
    return History(rows=rows, product_versions=tuple(dict.fromkeys(named)), dated=max(days) if days else None)


def _is_history_row(passage: Passage) -> bool:
    if passage.kind is not PassageKind.TABLE_ROW or len(passage.cells) < 2:
        return False
    headers = [header for header, value in passage.cells]
    filled = [value for header, value in passage.cells if header and value.strip() and "{{" not in value]
    titled = any(_HISTORY_TITLE.search(heading) for heading in passage.locator.heading[-1:])
    versioned = titled or any(_HISTORY_HEADER.search(header) for header in headers)
    dated = any(_DATE_HEADER.search(header) and dates_in(value) for header, value in passage.cells)
    return versioned and dated and len(filled) >= 2


def applies_to(
    document: Document, statements: Sequence[Statement], title: str, control: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Return the product's name and the product versions that the document says it applies to."""
    said = control.get("applies", "")
    if said and (found := ranges_in(said)):
        return _name_before(said) or control.get("product", ""), found
    margins = [passage.text for passage in document.passages[:80] if passage.kind is PassageKind.HEADER_FOOTER]
    for text in (title, *margins):
        for match in _NAMED.finditer(text):
            if not THIRD_PARTY.search(match.group("name")) and not _is_document_word(match.group("name")):
                return _bare_name(match.group("name")), (match.group("version"),)
    for one in statements[:40]:
        shown = without_addresses(one.text)
        said_so = _SAYS.search(shown)
        if said_so and not THIRD_PARTY.search(shown[: said_so.start("version")].rstrip()):
            return _name_before(shown[: said_so.start("version")][-60:]), ranges_in(
                shown[said_so.start("version") :][:60]
            )[:1]
        named = _SOFTWARE.search(shown)
        if named:
            return _name_before(shown[: named.start()][-60:]), ranges_in(shown[named.start("version") :][:60])[:1]
    return control.get("product", ""), ()


def noted(document: Document, title: str, control: Mapping[str, str]) -> tuple[str, ...]:
    """Return the versions that release notes are about: of the title, the front matter or the headings."""
    if found := [match.group() for match in VERSION.finditer(title)]:
        return tuple(found[:1])
    if "version" in control and (found := [match.group() for match in VERSION.finditer(control["version"])]):
        return tuple(found[:1])
    headings = [passage.text for passage in document.passages if passage.kind is PassageKind.HEADING]
    return tuple(dict.fromkeys(match.group() for text in headings if (match := VERSION.search(text))))[:20]


def product_in_title(title: str, document: Document) -> str:
    """Return what looks like the product's name: a title's own word that the text keeps naming, or ""."""
    bare = VERSION.sub(" ", re.sub(r"\([^)]{0,60}\)", " ", title))
    names = [name for name in re.findall(r"[A-Z][\w+-]{2,30}", bare) if not _TITLE_WORDS.fullmatch(name)]
    texts = [passage.text for passage in document.passages[:400] if passage.kind is not PassageKind.HEADING]
    return next((name for name in names if _is_a_name(name, texts)), "")


def _is_a_name(name: str, texts: Sequence[str]) -> bool:
    """A name is named often, and never written small, as common words are."""
    small = re.compile(rf"\b{re.escape(name.lower())}s?\b")
    return sum(name in text for text in texts) >= _OFTEN and not any(small.search(text) for text in texts)


def _name_before(text: str) -> str:
    match = re.search(rf"({_NAME})", _LEAD.sub(" ", text))
    return _bare_name(match.group(1)) if match and not THIRD_PARTY.search(match.group(1)) else ""


def _bare_name(name: str) -> str:
    words = [word for word in name.split() if not _TITLE_WORDS.fullmatch(word)]
    return " ".join(words[:2])


def _is_document_word(name: str) -> bool:
    return not _bare_name(name)
