"""What a document says about itself: title, ids, versions, dates, status; and what kind it is."""

import re
from collections.abc import Sequence
from dataclasses import replace

from scanner.checks import versions
from scanner.checks.kinds import kind_of
from scanner.checks.statements import Statement
from scanner.model.document import Document, DocumentFacts, DocumentKind, DocumentStatus, Passage, PassageKind
from scanner.versions.dates import dates_in
from scanner.versions.written import written_in

_FRONT = 80  # so many passages are looked at for what the document says of itself
_TITLE = 4  # later headings speak of sections: "Deprecated settings"
_FRONT_WORDS = 60  # a control row is short
_KEYED = re.compile(
    r"^\W{0,4}(?P<key>[A-Za-zÄÖÜäöüß][\w ./()-]{1,38}?)\W{0,4}(?::|\s\|\s)\W{0,4}(?P<value>\S.{0,200})$"
)
_KEYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "document_id",
        re.compile(
            r"^(?:doc(?:ument)?(?:\.|ument)?[ _-]?(?:id|no\.?|number|nr\.?|ref\w*)|dokument(?:en)?[- ]?(?:id"
            r"|nr\.?|nummer))$",
            re.IGNORECASE,
        ),
    ),
    (
        "document_version",
        re.compile(
            r"^(?:doc(?:ument)?[ _-]?(?:version|revision)|revision|rev\.?|edition|issue|form version"
            r"|dokumentversion|ausgabe)$",
            re.IGNORECASE,
        ),
    ),
    (
        "applies",
        re.compile(
            r"^(?:applies to|applicable (?:to|for|version\w*)|product version\w*"
            r"|software[- ]version\w*|sw[- ]version|app(?:lication)? version|produktversion|release"
            r"|(?:valid|gilt|gültig) (?:for|für|(?P<lead>from|ab|until|bis))|aplica[- ]se a|se aplica a|válido para"
            r"|vers(?:ão|ión|ione) d[eo]l? (?:software|produ[ct]to)|version du logiciel|s['’]applique à"
            r"|対象(?:ソフトウェア)?(?:バージョン)?|適用(?:対象|バージョン))$",
            re.IGNORECASE,
        ),
    ),
    ("version", re.compile(r"^version$", re.IGNORECASE)),
    (
        "product",
        re.compile(
            r"^(?:product(?: name)?|device(?: name| model| name & model)?|produkt(?:name)?|project)$", re.IGNORECASE
        ),
    ),
    (
        "date",
        re.compile(
            r"^(?:(?:document |release |effective |issue |revision |publication )?date|doc_date|last (?:updated"
            r"|modified|revised|reviewed?)|updated|effective|released?(?: on)?|datum|stand|freigabedatum"
            r"|ausgabedatum)$",
            re.IGNORECASE,
        ),
    ),
    ("status", re.compile(r"^(?:(?:document |doc_)?status|state|zustand)$", re.IGNORECASE)),
)
_SUPERSEDED = re.compile(
    r"\b(?:superseded|obsolete|deprecated|withdrawn|replaced by|veraltet|ersetzt durch|ungültig)\b", re.IGNORECASE
)
_DRAFT = re.compile(
    r"\b(?:draft|entwurf|not released|work in progress|for review|preliminary|nicht freigegeben)\b", re.IGNORECASE
)
_ID = re.compile(r"\b[A-Z]{2,6}(?:-[A-Z]{2,6}){0,3}-\d{2,6}\b")


def facts_of(document: Document, statements: Sequence[Statement]) -> DocumentFacts:
    """Return what the document says about itself."""
    title = title_of(document)
    control = control_of(document)
    history = versions.history_of(document)
    kind = kind_of(document, statements, title)
    product, applied = versions.applies_to(document, statements, title, control)
    if kind is DocumentKind.RELEASE_NOTES:
        applied = applied or versions.noted(document, title, control)
    dated = dates_in(control.get("date", "")) or ([history.dated] if history.dated else [])
    facts = DocumentFacts(
        kind=kind,
        title=title,
        document_id=_document_id(document, control),
        document_version=control.get("document_version")
        or ("" if applied and control.get("version") in applied else control.get("version", "")),
        product=product or versions.product_in_title(title, document),
        product_versions=applied,
        dated=max(dated) if dated else None,
        revision_history=history.product_versions,
        status=_status(document, control),
        words=document.words,
    )
    version = re.split(r"\s\(|\s[A-Z][a-z]{4,}", facts.document_version)[0]
    return replace(facts, document_version=version[:40], document_id=facts.document_id[:60])


def title_of(document: Document) -> str:
    """Return its title: the property, else the first heading, else the first line, else the file's name."""
    for key, value in document.properties.items():
        if key.lower() == "title" and value.strip():
            return value.strip()[:200]
    for passage in document.passages[:20]:
        if passage.kind is PassageKind.HEADING:
            return passage.text.strip()[:200]
    body = (
        passage.text
        for passage in document.passages[:3]
        if passage.kind is PassageKind.PARAGRAPH and len(passage.text) < 120
    )
    return next(body, document.name)[:200]


def control_of(document: Document) -> dict[str, str]:
    """Return what the document's front matter says under known labels; the first word on each counts."""
    known: dict[str, str] = {}
    for passage in document.passages[:_FRONT]:
        for key, value in _pairs(passage):
            found = next(((name, match) for name, pattern in _KEYS if (match := pattern.match(key))), None)
            if found and value.strip(" -–|*_") and "{{" not in value and _fits(found[0], value):
                lead = found[1].groupdict().get("lead") or ""  # "Valid from | 4.2" says less without its *from*
                known.setdefault(found[0], f"{lead} {value.strip(' |*_')}".strip())
    return known


def _fits(name: str, value: str) -> bool:
    """A version or a date holds a digit, unless it is a single letter (edition B); "Valid from" may be a day."""
    if name == "applies":
        return bool(written_in(value))
    return "version" not in name or len(value) == 1 or any(char.isdigit() for char in value)


def _pairs(passage: Passage) -> list[tuple[str, str]]:
    if passage.kind is PassageKind.TABLE_ROW:
        values = [value.strip(" *_:") for _, value in passage.cells]
        return [(values[0], values[1])] if len(values) == 2 else []
    if passage.kind is PassageKind.HEADING or len(passage.text.split()) > _FRONT_WORDS:
        return []
    pairs = []
    for line in re.split(
        r"\n|(?<=\S)\s{2,}|\s[·]\s|\s(?=\*{0,2}(?:Last Updated|Version|Language|Date|Status|Document Version"
        r"|Security Policy Version|Next Review|Release Date)\b\*{0,2}:)",
        passage.text,
    ):
        match = _KEYED.match(line.strip(" >*_"))
        if match:
            pairs.append((match.group("key").strip(" *_"), match.group("value").strip(" *_\"'")))
    return pairs


def _document_id(document: Document, control: dict[str, str]) -> str:
    if "document_id" in control:
        return control["document_id"]
    margins = (passage.text for passage in document.passages[:_FRONT] if passage.kind is PassageKind.HEADER_FOOTER)
    return next((match.group() for text in margins if (match := _ID.search(text))), "")


def _status(document: Document, control: dict[str, str]) -> DocumentStatus:
    front = (
        passage
        for place, passage in enumerate(document.passages[:_FRONT])
        if passage.kind is PassageKind.HEADER_FOOTER or (passage.kind is PassageKind.HEADING and place < _TITLE)
    )
    margins = " ".join(passage.text for passage in front if len(passage.text) < 160)
    opening = " ".join(passage.text for passage in document.passages[:8] if len(passage.text) < 200)
    said = control.get("status", "") + " " + margins
    if _SUPERSEDED.search(said) or re.search(
        r"\bthis (?:edition|version|document|guide) (?:is|was|has been) (?:superseded|obsolete|deprecated|withdrawn)\b",
        opening,
        re.IGNORECASE,
    ):
        return DocumentStatus.SUPERSEDED
    versioned = control.get("version", "") + " " + control.get("document_version", "")
    return DocumentStatus.DRAFT if _DRAFT.search(said + " " + versioned) else DocumentStatus.FINAL
