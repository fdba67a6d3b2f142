"""Versions found in texts: single ones and ranges, as written, and whose they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scanner.versions.dates import DATE
from scanner.versions.span import ANYTHING, Span
from scanner.versions.third_party import is_third_party, names_third_party
from scanner.versions.version import read

MOST = 400  # characters of a text that are looked at
JOINT = re.compile(r"(?:[\s,;/&、・]|\b(?:and|und|or|oder|e|y|et|ou|o|sowie|as well as)\b|と)+", re.IGNORECASE)
_TAIL = (  # what comes before a release or behind it, and the build
    r"(?:[\s_-]{1,2}(?:SP|service\s?pack|HF|hot\s?fix|patch|update|MR|RC|alpha|beta)[\s.-]?\d{1,3}(?![\w.]\w))?"
    r"(?:,?\s\(?build[\s:#]{0,3}\d{1,12}\b\)?)?"
)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_.,])(?:R20\d\d[ab]\b|20\d\d[ _-]?R[1-9]\b|[A-Z]{2}\d\d[A-Z](?:[ _-]?(?:SP|HF)\d{1,3})?\b"
    r"|build(?:\s?(?:no\.?|number|nr\.?|#))?[\s:#.-]{0,3}\d{1,12}(?:\.\d{1,4})?"
    r"|[vV]?\d{1,8}(?:\.(?:\d{1,8}|[xX*]))*(?:[-+~]?(?:(?:alpha|beta|rc|pre|dev|sp|hotfix)[.-]?\d*"
    rf"|[-+](?=[0-9]*[A-Za-z])[0-9A-Za-z.-]+))?)(?![A-Za-z0-9_]|\.\d){_TAIL}",
    re.IGNORECASE,
)
_LABELS = r"(?:[\s:]|\b(?:version(?:en|e)?|versão|versión|release|rel\.|rel|ver\.|build|v|la|a|o)(?!\w))*"
# A bare number is a version behind a word that says so.
_LABEL = re.compile(
    r"(?:\b(?:ver|versions?|version(?:en|es|i)|versionsnummer|vers(?:ão|ões|ión|iones|ione)|rel|releases?|fw|firmware|sw"
    r"|software)\b|バージョン|版本)[\s.:：#_-]{0,3}$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:%|°|(?:[kKMGT](?:B|Hz|bit)|Hz|[kcm]?m|[km]?g|[km]?V|k?W|mA|ml|l|mmHg|bar|hPa)\b"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|Sekunden?|Minuten?|Stunden?|Tagen?|Jahren?)\b)"
)
# "§ 164.308", "section 4.2": a place in a text, and no version.
_PLACE = re.compile(
    r"(?:§|\b(?:section|sec\.|chapter|clause|article|art\.|abschnitt|kapitel|artikel))\s{0,2}$", re.IGNORECASE
)
_FROM = re.compile(
    r"(?:[≥>]\s?=?|=>|\b(?:from|since|ab|seit|as of|starting (?:with|at|from)|beginning with|desde|a partir d[aeo]s?"
    r"|à partir de|dès|min(?:imum|destens)?|at least)\b)"
    rf"{_LABELS}$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?:>|\b(?:later|newer|higher|greater) than|\babove|\bafter|\bneuer als|\bnach){_LABELS}$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:[≤<]\s?=|=<|≤|\b(?:up to|until|through|bis(?: einschließlich)?|até|hasta|jusqu['’]à"
    r"|max(?:imum|imal)?|at most)\b)"
    rf"(?:\s?\band including\b)?{_LABELS}$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:<|\b(?:before|prior to|earlier than|older than|lower than|below|less than"
    r"|vor|älter als|antes d[aeo]|antérieure à))"
    rf"{_LABELS}$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^\s*(?:-|–|—|−|~|〜|～|\.\.\.?|to|through|thru|bis|até|a|à|al|から|and up to)\s*(?:version\s*|v)?$", re.IGNORECASE
)
_ONWARD = re.compile(
    r"^\s*(?:\+(?!\w)|[,(]?\s?(?:(?:or|and)\s(?:any\s)?(?:later|newer|higher|above|greater|up|upwards?|onwards?)|onwards?|upwards?"
    r"|(?:und|oder)\s(?:höher|neuer|später|folgende|aufwärts)\w*|ff\.?|ou\s(?:superior|posterior|mais recente)\w*"
    r"|e\s(?:superior|posterior)\w*|y\s(?:posteriores|superiores)|o\s(?:posterior|superior)|et\s(?:supérieure|ultérieure)s?"
    r"|ou\s(?:supérieure|ultérieure)s?|以降|以上|より新しい|이상))",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    r"^\s*[,(]?\s?(?:(?:or|and)\s(?:any\s)?(?:earlier|older|lower|below|previous|prior)|(?:und|oder)\s(?:älter|früher|niedriger)"
    r"|ou\s(?:anterior|inferior)\w*|e\s(?:anterior|inferior)\w*|以前|以下)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|any|every) (?:\w+ ){0,2}(?:versions?|releases?)\b|\balle(?: \w+)? (?:versionen|releases)\b"
    r"|\btodas as versões\b|\btodas las versiones\b|\btoutes les versions\b|全バージョン",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A version or a range of them where it stands in a text."""

    text: str  # verbatim, with the words that make it what it is: "Rel. 12", "ab Version 4.2", ">= 4.2 < 5"
    start: int
    span: Span
    ends: tuple[str, ...] = ()  # the versions that a range names

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the single versions that it is made of."""
        return (self.text,) if self.span.is_one else self.ends

    @property
    def end(self) -> int:
        """Return where it ends in the text."""
        return self.start + len(self.text)


def spans(written: str) -> tuple[Span, ...]:
    """Return the versions and ranges that a short text about versions names, in its order."""
    found = tuple(one.span for one in written_in(written))
    if found or any(not token.group().isdigit() for token in _TOKEN.finditer(_undated(written))):
        return found
    alone = read(written)  # "Lumora Viewer 11", "pulseview_4_3_0"
    return (Span(low=alone, high=alone),) if alone else ()


@lru_cache(maxsize=8192)
def written_in(text: str) -> tuple[Written, ...]:
    """Return the versions and ranges that a text names, as written and in its order.

    Dates, amounts, other software and standards are none; a bare number is one only behind a word that says so, as
    one end of a range, or where nothing else stands.
    """
    undated = _undated(text)
    tokens = _tokens(undated)
    found = tuple(
        Written(
            text=text[start:end],
            start=start,
            span=span,
            ends=tuple(one.group() for one in tokens if start <= one.start() < end),
        )
        for span, start, end in _ranges(undated, tokens)
    )
    everything = None if found else _ALL.search(undated)
    if everything is None or names_third_party(undated[everything.end() :]):
        return found
    return (Written(text=everything.group(), start=everything.start(), span=ANYTHING),)


def versions_in(text: str) -> tuple[str, ...]:
    """Return the versions that a text names, those of its ranges too, as written and each once."""
    return tuple(dict.fromkeys(version for one in written_in(text) for version in one.versions))


def only_versions_in(text: str) -> tuple[str, ...]:
    """Return the versions that a text names, but for ranges, as written and each once."""
    return tuple(dict.fromkeys(one.text for one in written_in(text) if one.span.is_one))


def _undated(text: str) -> str:
    """Blank out dates; three numbers with points and the year first are a version wherever one is looked for."""
    return DATE.sub(
        lambda match: match.group() if match["y1"] and "." in match.group() else " " * len(match.group()), text[:MOST]
    )


def _tokens(text: str) -> list[re.Match[str]]:
    """Return what may be a version of the product: nothing that other software names, nor a list of its versions."""
    found: list[re.Match[str]] = []
    theirs: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        before, after = text[: token.start()], text[token.end() :]
        between = text[theirs.end() : token.start()] if theirs else ""
        if (between and _joins(between)) or is_third_party(before) or names_third_party(after):
            theirs = token
        elif read(token.group()) is not None and not _UNIT.match(after) and not _PLACE.search(before[-12:]):
            found.append(token)
    return [token for place, token in enumerate(found) if _counts(text, found, place)]


def _joins(between: str) -> bool:
    return bool(JOINT.fullmatch(between) or _BETWEEN.match(between))


def _counts(text: str, tokens: Sequence[re.Match[str]], place: int) -> bool:
    """Tell whether a number is a version: by itself, or as the other end of a range."""
    if _is_plain(text, tokens[place]):
        return True
    for first, second in ((place - 1, place), (place, place + 1)):
        if first >= 0 and second < len(tokens):
            between = text[tokens[first].end() : tokens[second].start()]
            other = tokens[first if second == place else second]
            if _is_plain(text, other) and (_BETWEEN.match(between) or _ends(between)):
                return True
    return False


def _is_plain(text: str, token: re.Match[str]) -> bool:
    """Tell whether it has a point or a letter, or stands behind a word that says so, or alone."""
    before, after = text[: token.start()], text[token.end() :]
    return not token.group().isdigit() or bool(_LABEL.search(before)) or not re.search(r"\w", before + after)


def _ranges(text: str, tokens: Sequence[re.Match[str]]) -> Iterator[tuple[Span, int, int]]:
    """Yield each range or single version with its place, from the words that open it to those that close it."""
    at = 0
    while at < len(tokens):
        this, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        floor = tokens[at - 1].end() if at else 0
        before = text[floor : this.start()]
        found = _closed(text, before, this, following) if following else None
        at += 2 if found else 1
        span, start, end = found or _open(before, text[this.end() :][:40], this)
        yield span, start, end


def _closed(text: str, before: str, this: re.Match[str], following: re.Match[str]) -> tuple[Span, int, int] | None:
    """Return the range of two versions that belong together, None where they do not."""
    between = text[this.end() : following.start()]
    low, high = read(this.group()), read(following.group())
    if _BETWEEN.match(between):
        return Span(low=low, high=high), this.start(), following.end()
    lead = _FROM.search(before) or _ABOVE.search(before)
    if lead is None or not _ends(between):
        return None
    span = Span(low=low, high=high, with_low=not _is_above(before), with_high=bool(_UNTIL.search(between)))
    return span, this.start() - len(lead.group()), following.end()


def _open(before: str, after: str, this: re.Match[str]) -> tuple[Span, int, int]:
    """Return the range that is open to one side, or the single version."""
    version, start, end = read(this.group()), this.start(), this.end()
    lead, onward = _FROM.search(before) or _ABOVE.search(before), _ONWARD.match(after)
    if lead or onward:
        span = Span(low=version, high=None, with_low=not _is_above(before))
        return span, start - len(lead.group() if lead else ""), end + (onward.end() if onward else 0)
    until, backward = _UNTIL.search(before) or _BELOW.search(before), _BACKWARD.match(after)
    if until or backward:
        below = bool(_BELOW.search(before)) and not _UNTIL.search(before)
        span = Span(low=None, high=version, with_high=not below)
        return span, start - len(until.group() if until else ""), end + (backward.end() if backward else 0)
    label = _LABEL.search(before) if this.group().isdigit() else None
    return Span(low=version, high=version), start - len(label.group() if label else ""), end


def _is_above(before: str) -> bool:
    return bool(_ABOVE.search(before)) and not re.search(r"[≥]|>\s?=|=>", before)


def _ends(words: str) -> bool:
    return bool(_UNTIL.search(words) or _BELOW.search(words))
