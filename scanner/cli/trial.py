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
from scanner.model.verdict import Outcome

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


def _cells(fixture: Fixture, pack: ClausePack, judge: Judge, missed: frozenset[Miss]) -> Iterator[Cell]:
    got: dict[str, tuple[Outcome, str]] = {}
    instead, because = Outcome.UNDETERMINED, ""
    data = _bytes(fixture)
    if data is None:
        because = f"writing .{fixture.made} needs pip install 'crosswalk[demo]'"
    else:
        try:
            judgement = judge.judge(pack, read(io.BytesIO(data), name=fixture.name))
        except Unreadable as error:
            because = str(error)
        else:
            got = {one.constraint: (one.outcome, one.reason) for one in judgement.verdicts}
    for constraint, expected in fixture.expected.items():
        outcome, reason = got.get(constraint, (instead, because))
        known = (fixture.place, constraint) in missed
        state = State.NOT_MADE if data is None else _state(known=known, right=outcome is expected)
        yield Cell(
            place=fixture.place, constraint=constraint, expected=expected, got=outcome, state=state, reason=reason
        )


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
