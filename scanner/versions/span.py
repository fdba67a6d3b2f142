"""A range of versions, and how it fits one: "4.1 – 4.3", "≥ 4.2 < 5", "4.2 and later"."""

from dataclasses import dataclass
from enum import StrEnum

from scanner.versions.version import Scheme, Version


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


ANYTHING = Span(low=None, high=None)


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
