"""Versions in a document: which product versions it applies to, and what its revision history names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from scanner.checks.statements import Statement
from scanner.checks.words import without_addresses
from scanner.model.document import Document, Passage, PassageKind
from scanner.versions.dates import DATE, dates_in
from scanner.versions.third_party import THIRD_PARTY
from scanner.versions.written import JOINT, Written, only_versions_in, versions_in, written_in

_NAME = r"[A-Z][\w+-]{1,30}(?:\s[A-Z][\w+-]{1,30}){0,3}"
_NAMED = re.compile(rf"(?P<name>{_NAME})[\s-]{{1,2}}(?:(?:software|app|version|release|v\.?)\s){{0,2}}$", re.UNICODE)
# Behind these words a document says what it applies to; which versions that are, the phrase itself tells.
_SAYS = re.compile(
    r"\b(?:(?:applies|applicable|apply|valid|gilt|gelten|gültig)\b"
    r"|(?:this|these|diese[rs]?) (?:manual|guide|document|handbook|edition|notes|page|handbuch|anleitung|leitfaden)"
    r" (?:is|are|applies|describes|covers|explains|refers|gives|contains|for|of|gilt|ist|beschreibt)\b"
    r"(?:.{0,120}?\b(?:in|of|for|to|für|von)\b)?"
    r"|(?:software|product|produkt)[- ]version\w*"
    r"|(?:se aplicam?|aplica[- ]se|aplicam[- ]se|aplicáve(?:l|is)|aplicables?|válid[oa]s?|vale para)\b"
    r"|(?:s['’]applique(?:nt)?|applicables?|valables?)\b|(?:si applica(?:no)?|applicabil[ei]|valid[oaie])\b)"
    r"|対象|適用|本書は",
    re.IGNORECASE,
)
# "software 2.2", "FW 1.04": what a version follows directly, in some languages.
_SOFTWARE = re.compile(
    r"(?:\b(?:software|firmware|fw)(?:[ -]version)?|\bvers(?:ão|ión|ione) d[eo]l? software|\bversion du logiciel"
    r"|ソフトウェアバージョン)\W{1,5}(?:\|\s)?",
    re.IGNORECASE,
)
_PHRASE = 80  # so many characters say it
_LABELS = re.compile(r"\b(?:versions?|version(?:en|es|i)|vers(?:ão|ões|ión)|releases?|rel\.)(?!\w)", re.IGNORECASE)
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
TITLE_PAGE = 12  # so many passages may stand on it
_VERSION_FIRST = re.compile(r"\W*(?:version|release|rel\.?)\s\d", re.IGNORECASE)
_NAME_WORDS = 2
_VERSION_WORDS = re.compile(
    r"\b(?:version|release|released|v|to|from|upgrad\w+|updat\w+|changes|in|of|vom)\b|[\W\d_]+", re.IGNORECASE
)
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
                named += versions_in(value)
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
    if said and (found := written_in(said)):
        return _name_before(said) or control.get("product", ""), _texts(found)
    margins = [passage.text for passage in document.passages[:80] if passage.kind is PassageKind.HEADER_FOOTER]
    for text in (title, *margins):
        for one in written_in(text):
            named = _NAMED.search(text[: one.start])
            if named and not THIRD_PARTY.search(named["name"]) and not _is_document_word(named["name"]):
                return _bare_name(named["name"]), (one.text,)
    for statement in statements[:40]:
        shown = without_addresses(statement.text)
        for start, said_there in _said_in(shown):
            return _name_before(shown[:start][-60:]), _texts(said_there)
    return control.get("product", ""), ()


def _said_in(sentence: str) -> Iterator[tuple[int, Sequence[Written]]]:
    """Yield where a sentence names what its document applies to, and the versions or ranges that it names there."""
    for label in (*_SAYS.finditer(sentence), *_SOFTWARE.finditer(sentence)):
        phrase = sentence[label.end() :][: _PHRASE + 1]
        if len(phrase) > _PHRASE:
            phrase = re.sub(r"[\w.]+$", "", phrase)  # no half version
        found = _listed(phrase, written_in(phrase))
        if found and (label.re is _SAYS or found[0].start == 0):
            yield label.end() + found[0].start, found


def _listed(phrase: str, found: Sequence[Written]) -> Sequence[Written]:
    """Return the first, and those that only a comma or an *and* joins to it: what comes later is another matter."""
    for place, (one, following) in enumerate(pairwise(found), 1):
        between = _LABELS.sub(" ", phrase[one.end : following.start])
        if not JOINT.fullmatch(between):
            return found[:place]
    return found


def _texts(found: Sequence[Written]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text for one in found))


def noted(document: Document, title: str, control: Mapping[str, str]) -> tuple[str, ...]:
    """Return the versions that release notes are about: of the title, front matter, first page or headings."""
    for text in (title, control.get("version", "")):
        if found := only_versions_in(text):
            return found[:1]
    front = (passage.text for passage in document.passages[:TITLE_PAGE] if passage.kind is PassageKind.PARAGRAPH)
    if found := next((only_versions_in(text) for text in front if is_version(text)), ()):
        return found[:1]
    headings = [without_addresses(one.text) for one in document.passages if one.kind is PassageKind.HEADING]
    titled = [text for text in headings if is_version(text) or _VERSION_FIRST.match(text)] or headings
    return tuple(dict.fromkeys(found[0] for text in titled if (found := only_versions_in(text))))[:20]


def names(text: str, written: Iterable[str]) -> bool:
    """Tell whether a text names a version, or one end of a range, that was written so."""
    return any(one in text for whole in written for one in (whole, *versions_in(whole)))


def is_version(text: str) -> bool:
    """Tell whether a heading names a version and hardly more; the number of a section stands before its title."""
    found = written_in(text)
    if not found:
        return False
    after = _VERSION_WORDS.sub(" ", DATE.sub(" ", text[found[0].end :])).split()
    return not after and len(_VERSION_WORDS.sub(" ", text[: found[0].start]).split()) <= _NAME_WORDS


def product_in_title(title: str, document: Document) -> str:
    """Return what looks like the product's name: a title's own word that the text keeps naming, or ""."""
    bare = re.sub(r"\([^)]{0,60}\)", " ", title)
    for one in written_in(bare):
        bare = bare.replace(one.text, " ")
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
