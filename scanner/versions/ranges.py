"""What a document says it applies to, held against a version: "4.1 – 4.3", "≥ 4.2 < 5", "Software-Version ab 4.2"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scanner.versions.version import Scheme, Version, read


class Fit(StrEnum):
    """How an applies-to statement fits a release, the best first."""

    CURRENT = "current"  # names the release, or a range that holds it
    LINE = "line"  # names the line only: 4.2 for 4.2.1
    PATCH = "patch"  # names an earlier patch of the same line: 4.2.0 for 4.2.1
    OLDER = "older"  # names only earlier versions
    NEWER = "newer"  # names only later versions: it is ahead
    UNKNOWN = "unknown"  # names no version, or one of another scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The versions from one to another; None is open."""

    low: Version | None
    high: Version | None
    with_low: bool = True
    with_high: bool = True

    @property
    def is_open(self) -> bool:
        """Tell whether it holds versions that nobody has made yet."""
        return self.high is None

    @property
    def is_one(self) -> bool:
        """Tell whether it is no range."""
        return self.low is not None and self.low is self.high

    def fit(self, wanted: Version) -> Fit:
        """Tell how it fits a version."""
        ends = [end for end in (self.low, self.high) if end is not None]
        if any(end.scheme is not wanted.scheme for end in ends):
            return Fit.UNKNOWN
        if self.low is not None and self.is_one:
            return _fit_one(self.low, wanted)
        if self.low is not None and (wanted.key < self.low.key or (wanted.key == self.low.key and not self.with_low)):
            return Fit.NEWER
        if self.high is None or wanted.key < self.high.key:
            return Fit.CURRENT
        return Fit.CURRENT if self.with_high and self.high.starts(wanted) else Fit.OLDER


_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_.,])(?:R20\d\d[ab]\b|20\d\d[ _-]?R[1-9]\b|[A-Z]{2}\d\d[A-Z](?:[ _-]?(?:SP|HF)\d{1,3})?\b"
    r"|build\s?\d{1,12}|[vV]?\d{1,8}(?:\.(?:\d{1,8}|[xX*]))*(?:[-+~]?(?:(?:alpha|beta|rc|pre|dev|sp|hotfix)[.-]?\d*"
    r"|[-+](?=[0-9]*[A-Za-z])[0-9A-Za-z.-]+))?)(?![A-Za-z0-9_]|\.\d)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:[≥>]\s?=?|=>|\b(?:from|since|ab|seit|as of|starting (?:with|at|from)|beginning with|desde|a partir d[aeo]s?"
    r"|à partir de|dès|min(?:imum|destens)?|at least)\b)"
    r"(?:[\s:]|\b(?:version|versão|versión|release|build|v|la|a|o)\b)*$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:>|\b(?:later|newer|higher|greater) than|\babove|\bafter|\bneuer als|\bnach)(?:[\s:]|\bversion\b)*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:[≤<]\s?=|=<|≤|\b(?:up to|until|through|bis(?: einschließlich)?|até|hasta|jusqu['’]à"
    r"|max(?:imum|imal)?|at most)\b)"
    r"(?:[\s:]|\b(?:and including|version|versão|a|la)\b)*$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:<|\b(?:before|prior to|earlier than|older than|lower than|below|less than"
    r"|vor|älter als|antes d[aeo]|antérieure à))"
    r"(?:[\s:]|\b(?:version|versão)\b)*$",
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
_ANYTHING = Span(low=None, high=None)


def spans(written: str) -> tuple[Span, ...]:
    """Return the versions and ranges that a statement names, in its order."""
    text = written[:400]
    found = tuple(_spans(text, [match for match in _TOKEN.finditer(text) if read(match.group()) is not None]))
    if found:
        return found
    if _ALL.search(text):
        return (_ANYTHING,)
    alone = read(text)  # "Rel. 12", "Build 1234", "pulseview_4_3_0"
    return (Span(low=alone, high=alone),) if alone else ()


def fit(written: Sequence[str], version: str) -> Fit:
    """Tell how the versions that a document says it applies to fit the version of a release: the best of them."""
    wanted = read(version)
    if wanted is None:
        return Fit.CURRENT if any(_names(text, version) for text in written) else Fit.UNKNOWN
    fits = {span.fit(wanted) for text in written for span in spans(text)}
    return next((one for one in Fit if one in fits), Fit.UNKNOWN)


def names_it(written: Iterable[str], version: str) -> bool:
    """Tell whether a text names just this version, not a range that happens to hold it."""
    wanted = read(version)
    if wanted is None:
        return any(_names(text, version) for text in written)
    return any(span.is_one and span.fit(wanted) is Fit.CURRENT for text in written for span in spans(text))


def _names(text: str, version: str) -> bool:
    return bool(version.strip()) and bool(re.search(rf"(?<![\w.]){re.escape(version.strip())}(?![\w.])", text, re.I))


def _spans(text: str, tokens: Sequence["re.Match[str]"]) -> Iterator[Span]:
    at = 0
    while at < len(tokens):
        this, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        before = text[tokens[at - 1].end() if at else 0 : this.start()]
        between = text[this.end() : following.start()] if following else ""
        version, after = read(this.group()), text[this.end() :][:40]
        at += 1
        if following and _BETWEEN.match(between):
            yield Span(low=version, high=read(following.group()))
            at += 1
        elif (_FROM.search(before) or _ABOVE.search(before)) and following and _ends(between):
            yield Span(
                low=version,
                high=read(following.group()),
                with_low=not _is_above(before),
                with_high=bool(_UNTIL.search(between)),
            )
            at += 1
        elif _FROM.search(before) or _ABOVE.search(before) or _ONWARD.match(after):
            yield Span(low=version, high=None, with_low=not _is_above(before))
        elif _ends(before) or _BACKWARD.match(after):
            yield Span(low=None, high=version, with_high=not _BELOW.search(before) or bool(_UNTIL.search(before)))
        elif version is not None and (_is_dotted(this.group()) or not any(_is_dotted(one.group()) for one in tokens)):
            yield Span(low=version, high=version)  # a number alone beside "4.2" is no version: "4.2, page 7"


def _is_dotted(token: str) -> bool:
    return not token.lstrip("vV").isdigit()


def _is_above(before: str) -> bool:
    return bool(_ABOVE.search(before)) and not re.search(r"[≥]|>\s?=|=>", before)


def _ends(words: str) -> bool:
    return bool(_UNTIL.search(words) or _BELOW.search(words))


def _fit_one(given: Version, wanted: Version) -> Fit:
    if _means(given, wanted):
        return Fit.CURRENT
    if given.any_from is not None:
        return Fit.OLDER if given.numbers < wanted.numbers else Fit.NEWER
    if given.given < wanted.given and given.starts(wanted):
        return Fit.LINE
    if given.key > wanted.key:
        return Fit.NEWER
    patched = given.numbers == wanted.numbers or (
        given.scheme is Scheme.DOTTED and given.line == wanted.line and given.given > 2
    )
    return Fit.PATCH if patched else Fit.OLDER


def _means(given: Version, wanted: Version) -> bool:
    """Tell whether a version as written means the wanted one: itself, a build of it, or a wildcard that holds it."""
    if given.any_from is not None:
        return given.starts(wanted)
    if given.key == wanted.key or (given.key[:3] == wanted.key[:3] and 0 in {given.build, wanted.build}):
        return True
    built = wanted.given >= 3 and given.given > wanted.given and wanted.starts(given)  # 4.3.0.1234 of 4.3.0
    return built and given.stage == wanted.stage
