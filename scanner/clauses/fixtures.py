"""Fixtures of a clause pack: documents that lie beside it, and the outcome that each of them is to get."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal

from pydantic import Field, ValidationError

from scanner.clauses.load import FIXTURES
from scanner.clauses.nodes import Marked, PackError
from scanner.clauses.schema import Strict
from scanner.model.clause import ClausePack
from scanner.model.verdict import Outcome

OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "satisfied": Outcome.SATISFIED,
        "partial": Outcome.PARTIAL,
        "missing": Outcome.MISSING,
        "not-applicable": Outcome.NOT_APPLICABLE,
        "looks-like": Outcome.MISSING,  # what a reader in a hurry would take for evidence
    }
)
LOOKS_LIKE, DOCUMENTS = "looks-like", "documents"
KNOWN_MISSES = "known-misses.txt"
_OTHERS = "others"
_FRONT = re.compile(r"\A---\n(?P<front>.*?)^---\n", re.DOTALL | re.MULTILINE)

Word = Literal["satisfied", "partial", "missing", "not-applicable"]
Miss = tuple[str, str]  # the fixture's place and the constraint


class FrontModel(Strict):
    """What may stand above a fixture's text between two lines of `---`; none of it is judged as text."""

    made: Literal["docx", "xlsx", "pptx", "pdf", "odt", "rtf"] | None = Field(
        default=None, alias="as", description="The format that is made from the text before it is read."
    )
    title: str = Field(default="", description="Written into the made file, as are the next five.")
    author: str = ""
    header: str = ""
    footer: str = ""
    control: dict[str, object] = Field(default={}, max_length=20)
    contents: bool = False
    labels: dict[str, Word] = Field(
        default={}, description="Outcomes beside the one that the place gives; `others` stands for all that are left."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One document, and the outcome that it is to get on each constraint that it is labelled for."""

    place: str  # below the folder of fixtures, "account-management/partial/ldap-only.adoc"
    name: str  # the file name under which it is judged
    made: str  # the format that is made from the source, "" where the body is read as it stands
    source: str  # with the front matter
    body: str  # without it
    expected: Mapping[str, Outcome]


def folder_of(pack_file: Path) -> Path:
    """Return where a pack's fixtures lie: `5.8.2.tests` beside `5.8.2.yaml`."""
    return pack_file.with_suffix(FIXTURES)


def fixtures_of(folder: Path, pack: ClausePack) -> tuple[Fixture, ...]:
    """Return the fixtures in a pack's folder, by place. Raises PackError: the file, the line and what to change."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / KNOWN_MISSES)
    return tuple(_fixture(path, folder, pack) for path in files)


def known_misses(folder: Path, fixtures: tuple[Fixture, ...]) -> frozenset[Miss]:
    """Return the pairs of place and constraint that the list beside the fixtures says are missed today.

    Raises PackError for a line that names no labelled pair, so that the list cannot outlive its fixtures.
    """
    path = folder / KNOWN_MISSES
    labelled = {(one.place, constraint) for one in fixtures for constraint in one.expected}
    found: set[Miss] = set()
    for number, line in enumerate(_lines(path), 1):
        constraint, _, place = line.partition("#")[0].strip().partition(" ")
        if not constraint:
            continue
        miss = (place.strip(), constraint)
        if miss not in labelled:
            raise PackError(path, number, f"no fixture {place.strip()!r} is labelled for {constraint!r}; drop the line")
        if miss in found:
            raise PackError(path, number, "this line stands here a second time; drop it")
        found.add(miss)
    return frozenset(found)


def without(folder: Path, mended: frozenset[Miss]) -> None:
    """Drop the lines of known misses that are missed no more, and leave all others as they stand."""
    path = folder / KNOWN_MISSES
    kept = [line for line in _lines(path) if _miss(line) not in mended]
    path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _miss(line: str) -> Miss:
    constraint, _, place = line.partition("#")[0].strip().partition(" ")
    return place.strip(), constraint


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _fixture(path: Path, folder: Path, pack: ClausePack) -> Fixture:
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(path, 1, "a fixture is UTF-8 text that can be read") from error
    place = path.relative_to(folder).as_posix()
    found = _FRONT.match(source)
    marked = Marked(path, b"\n" + found["front"].encode()) if found and found["front"].strip() else None
    front = _front(marked) if marked else FrontModel()
    expected = dict(_expected(path, place, front, pack, marked))
    if not expected:
        raise PackError(path, 1, "nothing is expected of this fixture: give it labels")
    return Fixture(
        place=place,
        name=f"{path.stem}.{front.made}" if front.made else path.name,
        made=front.made or "",
        source=source,
        body=source[found.end() :] if found else source,
        expected=MappingProxyType(expected),
    )


def _front(marked: Marked) -> FrontModel:
    try:
        return FrontModel.model_validate(marked.values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = "this key means nothing here" if first["type"] == "extra_forbidden" else first["msg"]
        raise PackError(marked.path, marked.line(first["loc"]), f"{where}: {said}") from error


def _expected(
    path: Path, place: str, front: FrontModel, pack: ClausePack, marked: Marked | None
) -> Iterator[tuple[str, Outcome]]:
    """Yield the outcomes that a fixture's place gives, and those of its labels for the other constraints."""
    given = dict(_given(path, PurePosixPath(place).parts, pack))
    ids = [one.id for one in pack.constraints]
    for name in front.labels:
        line = marked.line(("labels", name)) if marked else 1
        if name != _OTHERS and name not in ids:
            raise PackError(path, line, f"the pack has no constraint {name!r}")
        if name == PurePosixPath(place).parts[0]:
            raise PackError(path, line, f"the place of the file says already what {name!r} is to get; drop the label")
    labels = {name: OUTCOMES[word] for name, word in front.labels.items()}
    others = labels.pop(_OTHERS, None)
    for name in ids:
        outcome = labels.get(name, given.get(name, others))
        if outcome is not None:
            yield name, outcome


def _given(path: Path, parts: tuple[str, ...], pack: ClausePack) -> Iterator[tuple[str, Outcome]]:
    ids = [one.id for one in pack.constraints]
    if len(parts) == 3 and parts[0] in ids and parts[1] in OUTCOMES:  # <constraint>/<outcome>/<file>
        yield parts[0], OUTCOMES[parts[1]]
    elif parts[0] == LOOKS_LIKE and len(parts) > 1:
        yield from ((name, Outcome.MISSING) for name in ids)
    elif parts[0] != DOCUMENTS or len(parts) == 1:
        allowed = ", ".join(OUTCOMES)
        raise PackError(
            path, 1, f"a fixture lies in <constraint>/<outcome>/ (one of {allowed}), {LOOKS_LIKE}/ or {DOCUMENTS}/"
        )
