"""Which release is the newest, and whether a document speaks of it; pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from packaging.version import InvalidVersion, Version

from scanner.model.document import DocumentKind
from scanner.model.gap import Evidence
from scanner.model.release import Release

_NUMBER = re.compile(r"(?<![\w.])[vV]?(\d{1,6}(?:\.(?:\d{1,6}|[xX*])){1,4})(?![\w]|\.\d)")
_FROM = re.compile(r"(?:[≥>]=?|\b(?:from|since|ab|as of|starting with)\b)", re.IGNORECASE)
_ONWARD = re.compile(
    r"(?:\bor (?:later|newer|higher|above)\b|\band (?:later|newer|higher|above)\b|\bund höher\b|\+\s*$)", re.I
)
_UNTIL = re.compile(r"(?:–|—|-|\bto\b|\bthrough\b|\bbis\b|<)", re.IGNORECASE)


class Fit(StrEnum):
    """How a document's applies-to statement fits a release."""

    CURRENT = "current"  # names the release, or a range that holds it
    LINE = "line"  # names the line only: 4.2 for 4.2.1
    OLDER = "older"  # names only earlier versions
    NEWER = "newer"  # names only later versions
    UNKNOWN = "unknown"  # names no version


def newest(releases: Sequence[Release]) -> Release | None:
    """Return the release of the highest version; among unreadable versions, the one that came last."""
    if not releases:
        return None
    order = {id(release): place for place, release in enumerate(releases)}
    return max(releases, key=lambda release: (_key(release.version), order[id(release)]))


def detected(evidence: Iterable[Evidence]) -> tuple[Release, ...]:
    """Return the releases that release notes among the documents name, each once, oldest version first.

    Release notes that carry several versions count for the highest: the others are their history.
    """
    found: dict[str, Release] = {}
    for one in evidence:
        if one.facts.kind is not DocumentKind.RELEASE_NOTES:
            continue
        versions = [number for text in one.facts.product_versions for number in numbers(text) if "x" not in number]
        if versions:
            version = max(versions, key=_key)
            found.setdefault(
                version,
                Release(
                    product=one.facts.product,
                    version=version,
                    released_on=one.facts.dated,
                    source=f"release notes: {one.file.name}",
                ),
            )
    return tuple(sorted(found.values(), key=lambda release: _key(release.version)))


def fit(written: Sequence[str], version: str) -> Fit:
    """Tell how the versions that a document says it applies to fit the version of a release."""
    wanted = _parse(version)
    fits = [_fit_one(text, version, wanted) for text in written]
    for best in (Fit.CURRENT, Fit.LINE, Fit.OLDER, Fit.NEWER):
        if best in fits:
            return best
    return Fit.UNKNOWN


def numbers(text: str) -> tuple[str, ...]:
    """Return the version numbers in a text, wildcards as "x"."""
    return tuple(re.sub(r"[X*]", "x", found) for found in _NUMBER.findall(text))


def in_time(dated: date | None, release: Release) -> bool:
    """Tell whether a document of that date can speak of the release; an unknown date proves nothing against it."""
    return dated is None or release.released_on is None or dated >= release.released_on


def _fit_one(text: str, version: str, wanted: Version | None) -> Fit:
    found = numbers(text)
    if not found or wanted is None:
        return Fit.CURRENT if version and re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", text) else Fit.UNKNOWN
    if len(found) >= 2 and _UNTIL.search(text):
        return _fit_range(found[0], found[-1], wanted)
    if _FROM.search(text) or _ONWARD.search(text):
        low = _parse(found[0].replace("x", "0"))
        return Fit.CURRENT if low is not None and low <= wanted else Fit.NEWER
    return _best(_fit_number(number, wanted) for number in found)


def _fit_range(low: str, high: str, wanted: Version) -> Fit:
    first, last = _parse(low.replace("x", "0")), _parse(high.replace("x", "999999"))
    if first is None or last is None:
        return Fit.UNKNOWN
    if wanted < first:
        return Fit.NEWER
    inside = wanted <= last or _is_prefix(high, wanted)
    return Fit.CURRENT if inside else Fit.OLDER


def _fit_number(number: str, wanted: Version) -> Fit:
    if number.endswith(".x"):
        line = number.removesuffix(".x")
        if _is_prefix(line, wanted):
            return Fit.CURRENT
        number = line
    given = _parse(number.replace("x", "0"))
    if given is None:
        return Fit.UNKNOWN
    if given == wanted:
        return Fit.CURRENT
    if _is_prefix(number, wanted):
        return Fit.LINE
    return Fit.OLDER if given < wanted else Fit.NEWER


def _is_prefix(number: str, wanted: Version) -> bool:
    parts = [int(part) for part in number.split(".") if part.isdigit()]
    return list(wanted.release[: len(parts)]) == parts


def _best(fits: Iterable[Fit]) -> Fit:
    found = set(fits)
    order = (Fit.CURRENT, Fit.LINE, Fit.OLDER, Fit.NEWER)
    return next((one for one in order if one in found), Fit.UNKNOWN)


def _parse(version: str) -> Version | None:
    try:
        return Version(version)
    except InvalidVersion:
        found = numbers(version)
        return Version(found[0].replace("x", "0")) if found else None


def _key(version: str) -> tuple[int, Version, tuple[int, ...]]:
    parsed = _parse(version)
    digits = tuple(int(part) for part in re.findall(r"\d{1,9}", version))
    return (1, parsed, digits) if parsed else (0, Version("0"), digits)
