"""A pack's fixtures through the real readers and the real judge: which cells are as labelled, and which are not."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from scanner.checks.base import Judge
from scanner.clauses.fixtures import Fixture, Miss, fixtures_of, folder_of, known_misses
from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.model.clause import ClausePack
from scanner.model.verdict import FacetState, Outcome, Verdict

_MOMENT = datetime(2026, 3, 2, tzinfo=UTC)  # the day on which made files say that they were written


class State(StrEnum):
    """How a cell came out; only a wrong one fails."""

    AS_LABELLED = "as labelled"
    WRONG = "wrong"
    KNOWN_MISS = "known miss"
    MENDED = "missed no more"  # its line in the list of known misses can go
    NOT_MADE = "not made"  # the writer of its format is not installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One fixture on one constraint."""

    place: str
    constraint: str
    expected: Outcome
    got: Outcome
    state: State
    reason: str  # the verdict's own, or why there is none
    met: frozenset[str] = frozenset()  # the facets that the document bears

    @property
    def miss(self) -> Miss:
        """Return the cell as the list of known misses names it."""
        return self.place, self.constraint


def tried(pack_file: Path, pack: ClausePack, judge: Judge) -> Iterator[Cell]:
    """Judge every fixture beside the pack. Raises PackError for a fixture or a list that is not as it should be."""
    folder = folder_of(pack_file)
    fixtures = fixtures_of(folder, pack)
    missed = known_misses(folder, fixtures)
    for fixture in fixtures:
        yield from _cells(fixture, pack, judge, missed)


def counted(cells: Iterable[Cell]) -> str:
    """Say in one line how many cells came out in which way."""
    found = Counter(cell.state for cell in cells)
    said = ", ".join(f"{found[state]} {state.value}" for state in State if found[state])
    return f"{found.total()} labelled cells: {said}" if said else "there are no fixtures"


def unborne(cells: Iterable[Cell], pack: ClausePack) -> tuple[str, ...]:
    """Return the facets that no fixture bears, "constraint/facet": nobody has seen yet that they can be found."""
    borne = {(cell.constraint, facet) for cell in cells for facet in cell.met}
    return tuple(
        f"{one.id}/{facet.id}" for one in pack.constraints for facet in one.facets if (one.id, facet.id) not in borne
    )


def _cells(fixture: Fixture, pack: ClausePack, judge: Judge, missed: frozenset[Miss]) -> Iterator[Cell]:
    verdicts: dict[str, Verdict] = {}
    because = ""
    data = _bytes(fixture)
    if data is None:
        because = f"writing .{fixture.made} needs pip install 'crosswalk[demo]'"
    else:
        try:
            judgement = judge.judge(pack, read(io.BytesIO(data), name=fixture.name))
        except Unreadable as error:
            because = str(error)
        else:
            verdicts = {one.constraint: one for one in judgement.verdicts}
    for constraint, expected in fixture.expected.items():
        verdict = verdicts.get(constraint)
        got = verdict.outcome if verdict else Outcome.UNDETERMINED
        known = (fixture.place, constraint) in missed
        yield Cell(
            place=fixture.place,
            constraint=constraint,
            expected=expected,
            got=got,
            state=State.NOT_MADE if data is None else _state(known=known, right=got is expected),
            reason=verdict.reason if verdict else because,
            met=_met(verdict) if verdict else frozenset(),
        )


def _met(verdict: Verdict) -> frozenset[str]:
    return frozenset(facet for facet, state in verdict.facets.items() if state is FacetState.MET)


def _state(*, known: bool, right: bool) -> State:
    if known:
        return State.MENDED if right else State.KNOWN_MISS
    return State.AS_LABELLED if right else State.WRONG


def _bytes(fixture: Fixture) -> bytes | None:
    """Return the file as it is judged, or None where what its format is written with is not installed."""
    if not fixture.made:
        return fixture.body.encode()
    try:
        # Late, because the writers come with an extra that production does without.
        from scanner.demo.company.render import write  # noqa: PLC0415
        from scanner.demo.company.text import parse  # noqa: PLC0415
    except ImportError:
        return None
    return write(parse(fixture.source), suffix=f".{fixture.made}", moment=_MOMENT)
