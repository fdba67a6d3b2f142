"""What is remembered of a document's content: short ids that stand in it, and a digest that shows any other change."""

import hashlib
import re
from collections.abc import Iterable

from scanner.model.document import Document, PassageKind
from scanner.versions.dates import DATE

MAX_MARKS = 200
_DIGIT = re.compile(r"\d")
_VARYING = re.compile(
    r"(?<!\d)(?<!\d[._])[vV]?\d{1,8}(?:[._](?:\d{1,8}|[xX])){1,2}(?![._]?\d)|\b(?:19|20)\d\d\b|[\s#]+"
)
_MARKS = (
    re.compile(r"\bCVE-\d{4}-\d{4,7}\b"),
    re.compile(r"(?<![\w-])(?:R|RR|SR|RC|RSK|RISK)-\d{1,4}(?![\w-])"),
    re.compile(r"\b\d{2,5}/(?:tcp|udp)\b", re.IGNORECASE),
    re.compile(r"\bports?:?\s(?P<port>\d{2,5})\b(?!/)", re.IGNORECASE),
    re.compile(r"(?<![\w./-])(?P<key>[A-Za-z][\w-]{1,30}(?:[._][A-Za-z][\w-]{1,30}){1,4})(?=\s?[=:]\s?\S)"),
    re.compile(r"(?<![\w.])(?P<env>[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){1,5})(?![\w.])"),
)


def marks_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the short ids in texts: risks, CVEs, ports as "443/tcp" or "port 443", configuration keys; in order."""
    found: set[str] = set()
    for text in texts:
        for pattern in _MARKS:
            for match in pattern.finditer(text):
                mark = match.groupdict().get("key") or match.groupdict().get("env") or match.group()
                port = match.groupdict().get("port")
                found.add(f"port {port}" if port else mark.upper() if mark.startswith("CVE") else _even(mark))
    return tuple(sorted(found))[:MAX_MARKS]


def sameness_of(document: Document) -> str:
    """Return a digest that stays the same where only versions, dates and years changed."""
    told = hashlib.sha256()
    for passage in document.passages:
        if passage.kind is not PassageKind.PROPERTY:
            told.update(_masked(passage.text).encode() + b"\n")
    return told.hexdigest()[:24]


def _even(mark: str) -> str:
    return f"port {mark.partition('/')[0]}" if mark[:1].isdigit() else mark


def _masked(text: str) -> str:
    """Blot out versions, dates and years; a number of four parts may be an address, and stays."""
    if not _DIGIT.search(text):
        return " ".join(text.split()).casefold()
    return _VARYING.sub("#", DATE.sub("#", text)).casefold()
