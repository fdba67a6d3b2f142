"""One version as somebody wrote it, read so far that it can be put in order with others of its scheme.

`packaging` reads what PEP 440 allows, which takes in nearly every dotted form; the rest is what makers of medical
systems write beside it: service packs, `R2024b`, `VA30A_SP02`, "Rel. 12", "Build 1234".
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from packaging.version import InvalidVersion
from packaging.version import Version as Pep440

FINAL = (0, 0)


class Scheme(IntEnum):
    """How a version counts; versions of two schemes cannot be told apart in age, and yet stand in some order."""

    BUILD = 0  # "Build 1234"
    MODEL = 1  # "VA30A_SP02", as makers of imaging systems count
    YEAR = 2  # "R2024b", "2025 R2"
    DOTTED = 3  # "4.3.0", "Rel. 12", "2026.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version that could be read; equal where the same is meant, however it is written."""

    scheme: Scheme
    numbers: tuple[int, ...]  # the release itself, without zeros at the end
    stage: tuple[int, int] = FINAL  # below it for what comes before the release, above for service packs
    build: int = 0
    given: int = 0  # how many numbers were written, zeros at the end too
    any_from: int | None = None  # from which number on anything fits: 2 for "4.2.x"

    @property
    def key(self) -> tuple[int, tuple[int, ...], tuple[int, int], int]:
        """Order by this: total over all versions, by age within a scheme."""
        return self.scheme, self.numbers, self.stage, self.build

    @property
    def line(self) -> tuple[int, tuple[int, ...]]:
        """Return the release line that it belongs to: 4.3 of 4.3.7."""
        return self.scheme, (*self.numbers, 0, 0)[: 1 if self.scheme is Scheme.YEAR else 2]

    def starts(self, other: "Version") -> bool:
        """Tell whether the other is of the line that this names: 4.2 of 4.2.7."""
        if self.scheme is not other.scheme:
            return False
        length = self.any_from if self.any_from is not None else max(self.given, 1)
        return (*self.numbers, *[0] * 9)[:length] == (*other.numbers, *[0] * 9)[:length]


_STAGES = {"dev": -5, "snapshot": -5, "nightly": -5, "alpha": -3, "a": -3, "beta": -2, "b": -2, "rc": -1, "c": -1}
_STAGES |= {"pre": -4, "preview": -4, "m": -4, "milestone": -4, "ea": -4, "test": -4}
_PACKS = r"sp|service\s?pack|hf|hot\s?fix|patch|pl|p|update|upd|u|mr|post|rev|r|fix"
_NUMBERS = r"\d{1,8}(?:[._]\d{1,8}){0,5}"
_MODEL = re.compile(
    r"(?<![A-Za-z0-9])(?P<first>[A-Z])(?P<second>[A-Z])(?P<number>\d\d)(?P<letter>[A-Z])"
    r"(?:[ _-]?(?:SP|HF)(?P<pack>\d{1,3}))?(?![A-Za-z0-9])"
)
_YEAR = re.compile(
    r"(?<![\w.])(?:R(?P<year>20\d\d)(?P<half>[ab])|(?P<other>20\d\d)[ _.-]?R(?P<nth>[1-9]))"
    rf"(?:[ _.-]?(?:{_PACKS})[ _.-]?(?P<pack>\d{{1,4}}))?(?![\w])",
    re.IGNORECASE,
)
_BUILD = re.compile(
    r"\bbuild(?:\s?(?:no\.?|number|nr\.?|#))?[\s:#.-]{0,3}(?P<build>\d{1,12})(?:\.(?P<part>\d{1,4}))?\b", re.I
)
_DOTTED = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?:(?<![A-Za-z])|(?<![A-Za-z0-9][vV])(?<=[vV]))(?P<numbers>{_NUMBERS})"
    r"(?P<any>(?:[._][xX*](?![A-Za-z]))+)?"
)
_REST = 40  # so many characters behind the numbers may tell of a stage
_STAGE = re.compile(
    rf"^[-._ +~]?(?:(?P<pre>{'|'.join(sorted(_STAGES, key=len, reverse=True))})|(?P<pack>{_PACKS}))"
    r"(?:[-._ ]?(?P<number>\d{1,9}))?(?![a-z])",
    re.IGNORECASE,
)
_SEMVER_PRE = re.compile(r"^-(?=[0-9]*[A-Za-z])[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
_LETTER = re.compile(r"^(?P<letter>[d-z])(?![\w])")


@lru_cache(maxsize=4096)
def read(written: str) -> Version | None:
    """Read the first version in a short text that is about one, such as "PulseView Rel. 12 SP3"; None for none."""
    text = written.strip()[:200]
    for reader in (_model, _year, _dotted, _build):
        found = reader(text)
        if found is not None:
            return found
    return None


def same(one: str, other: str) -> bool:
    """Tell whether two texts mean the same version: "v4.3" and "4.3.0"."""
    first, second = read(one), read(other)
    if first is None or second is None:
        return one.strip().casefold() == other.strip().casefold()
    return first.key == second.key


def order(written: str) -> tuple[int, tuple[int, tuple[int, ...], tuple[int, int], int], tuple[int, ...]]:
    """Order texts by this: versions by their key, and below them what cannot be read, by its digits."""
    digits = tuple(int(part) for part in re.findall(r"[0-9]{1,9}", written))
    found = read(written)
    return (1, found.key, ()) if found else (0, (0, (), FINAL, 0), digits)


def _model(text: str) -> Version | None:
    match = _MODEL.search(text)
    if match is None:
        return None
    letters = [ord(match.group(name)) for name in ("first", "second")]
    numbers = (*letters, int(match.group("number")), ord(match.group("letter")))
    return Version(scheme=Scheme.MODEL, numbers=numbers, stage=_pack(match.group("pack")), given=4)


def _year(text: str) -> Version | None:
    match = _YEAR.search(text)
    if match is None:
        return None
    half = match.group("half")
    nth = "ab".index(half.lower()) + 1 if half else int(match.group("nth"))
    numbers = (int(match.group("year") or match.group("other")), nth)
    return Version(scheme=Scheme.YEAR, numbers=numbers, stage=_pack(match.group("pack")), given=2)


def _build(text: str) -> Version | None:
    match = _BUILD.search(text)
    if match is None:
        return None
    part = match.group("part")
    return Version(
        scheme=Scheme.BUILD, numbers=_bare((int(match.group("build")), int(part or 0))), given=1 + bool(part)
    )


def _dotted(text: str) -> Version | None:
    """Take the first number with a point in it; a number alone only where the text is about nothing else."""
    outside = _BUILD.sub(lambda match: " " * len(match.group()), text)
    found = list(_DOTTED.finditer(outside))
    match = next((one for one in found if re.search(r"[._]", one.group("numbers")) or one.group("any")), None)
    if match is None:
        match = found[0] if found and _is_alone(outside, found[0]) else None
    if match is None:
        return None
    built = _BUILD.search(text)
    numbers = tuple(int(part) for part in re.split(r"[._]", match.group("numbers")))
    rest = outside[match.end() :][:_REST]
    stage, plus = (FINAL, 0) if match.group("any") else _stage(match.group("numbers").replace("_", "."), rest)
    return Version(
        scheme=Scheme.DOTTED,
        numbers=_bare(numbers),
        stage=stage,
        build=int(built.group("build")) if built else plus,
        given=len(numbers),
        any_from=len(numbers) if match.group("any") else None,
    )


_LABEL = re.compile(
    r"(?:^|[\s(:_-])(?:v|ver|vers|version|versions?nummer|versão|versión|versione|wersja|verze|rel|release|r|fw|firmware|sw"
    r"|software|バージョン|版本|ver\.|バージョン番号|sp|edition)?[\s.:#_-]{0,3}$",
    re.IGNORECASE,
)


def _is_alone(text: str, match: "re.Match[str]") -> bool:
    """A bare number is a version behind a word that says so, or where nothing else stands: "Rel. 12", "v7", "12"."""
    before = text[: match.start("numbers")]
    if not before.strip("vV "):
        return bool(before.strip()) or not re.match(r"\s*[A-Za-z]{3,}", text[match.end() :])
    return bool(_LABEL.search(before.rstrip("vV") if before[-1:] in "vV" else before)) and not before[-1:].isdigit()


def _stage(numbers: str, rest: str) -> tuple[tuple[int, int], int]:
    """Return the stage, and the build behind a plus sign."""
    plus = re.match(r"^[^\s+]{0,40}\+(?:build)?\.?(?P<build>\d{1,9})\b", rest, re.IGNORECASE)
    build = int(plus.group("build")) if plus else 0
    tail = re.match(r"^[-._+~a-zA-Z0-9]*", rest)
    try:
        known = Pep440((numbers + (tail.group() if tail else "")).rstrip("-._+~"))
    except InvalidVersion:
        return _own_stage(rest), build
    if known.pre is not None:
        return (_STAGES[known.pre[0]], known.pre[1]), build
    if known.dev is not None:
        return (_STAGES["dev"], known.dev), build
    return ((1, known.post) if known.post is not None else _own_stage(rest)), build


def _own_stage(rest: str) -> tuple[int, int]:
    match = _STAGE.match(rest)
    if match is not None and (match.group("pre") or match.group("number")):
        number = int(match.group("number") or 0)
        return (_STAGES[match.group("pre").lower()], number) if match.group("pre") else (1, number)
    if _SEMVER_PRE.match(rest):
        return -4, 0  # semver.org, item 9: whatever follows a hyphen comes before the release
    letter = _LETTER.match(rest)
    return (1, ord(letter.group("letter"))) if letter else FINAL


def _pack(number: str | None) -> tuple[int, int]:
    return (1, int(number)) if number else FINAL


def _bare(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Leave out the zeros at the end: 4.3 and 4.3.0 are the same."""
    kept = len(numbers)
    while kept > 1 and numbers[kept - 1] == 0:
        kept -= 1
    return numbers[:kept]
