"""How values are said to people: text from strangers made safe to show, links, days, counts and symbols."""

import unicodedata
from datetime import date, datetime
from urllib.parse import urlsplit

from scanner.model.document import Locator
from scanner.model.verdict import Outcome

MAX_LINK_CHARS = 600
_JOINERS = "\u200c\u200d"  # real words in several scripts need them, and they cannot turn a line around
_SOFT_HYPHEN = "\u00ad"
_UNSEEN = "\ufffd"


def shown(text: str, limit: int | None = None) -> str:
    """Return the text on one line without anything that could steer a terminal, a mail header or a reader's eye.

    White space is folded; control, bidirectional and other invisible characters and lone surrogates become U+FFFD, so
    that a name made to deceive looks odd instead of innocent. Longer than `limit`, it ends in an ellipsis.
    """
    safe = (
        text if text.isprintable() else "".join(_visible(char) for char in text)
    )  # most texts are, and pages show many
    line = " ".join(safe.split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def safe_link(link: str) -> str:
    """Return the link if it is a web address that a page or mail may point to, "" otherwise."""
    if len(link) > MAX_LINK_CHARS or " " in link:
        return ""
    # Of what is printable, only the space is white or would be shown as anything else; most links are.
    if not link.isprintable() and any(char.isspace() or _visible(char) != char for char in link):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme in {"http", "https"} and parts.hostname else ""


def cited_link(link: str, locator: Locator) -> str:
    """Return the link so that it opens at the cited place where the viewer can: a PDF's page, a Google Doc's heading.

    "#page=" is what browsers' and Adobe's viewers know (RFC 8118 §3); others open the file at its beginning.
    """
    safe = safe_link(link)
    if not safe or "#" in safe:
        return safe
    if locator.anchor and urlsplit(safe).hostname == "docs.google.com":
        return f"{safe}#heading={locator.anchor}"
    if locator.page is not None and not (locator.part or "").startswith(("attachment ", "file ")):  # its own page
        return f"{safe}#page={locator.page}"
    return safe


def day(when: date) -> str:
    """Say a day: "4 May 2026"; a moment is said by its own day."""
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """Say a moment: "4 May 2026, 02:15 UTC"."""
    return f"{day(when)}, {when:%H:%M} {when.tzname()}"


def since(then: datetime, *, seen: datetime) -> str:
    """Say a moment as seen from another: its day, and on that same day its time as well."""
    return day(then) if then.date() != seen.date() else moment(then)


def counted(number: int, one: str, many: str = "") -> str:
    """Say a number with its noun: "1 gap", "2 gaps"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def revision_words(fingerprint: str) -> str:
    """Name a file's revision by its fingerprint, short enough to be read: "sha256 3f2a9c81b07d", "version 42"."""
    kind, _, rest = fingerprint.partition(":")
    return shown(f"{kind} {rest.partition(':')[0][:12]}".strip(), 40)


def symbol(outcome: Outcome) -> str:
    """Return the one character that stands for an outcome where colour cannot be seen."""
    match outcome:
        case Outcome.SATISFIED:
            return "✓"
        case Outcome.PARTIAL:
            return "◐"
        case Outcome.MISSING:
            return "✗"
        case Outcome.NOT_APPLICABLE:
            return "–"
        case Outcome.UNDETERMINED:
            return "?"


def _visible(char: str) -> str:
    """Return the character, or what stands for it."""
    if char in _JOINERS or (char.isprintable() and char != _SOFT_HYPHEN):
        return char
    if char.isspace():
        return " "
    if char == _SOFT_HYPHEN:
        return ""
    return _UNSEEN if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char
