"""Rows of a PDF's tables whose cells go over several lines, put together by where their columns begin."""

from dataclasses import dataclass, field

from scanner.extract.pdf_lines import Line

NEAR = 3.0  # points by which lines of one column may begin apart
CLOSE = 0.6  # a gap this many letter heights below a line still belongs to its cell


@dataclass(slots=True)
class _Row:
    """One row while its cells are gathered."""

    first: Line
    lefts: tuple[float, ...]  # of the whole table's columns
    cells: dict[int, list[str]] = field(default_factory=dict)
    bottoms: dict[int, float] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def put(self, line: Line) -> None:
        """Add a line's texts to the cells that they stand in."""
        for text, left in zip(line.columns or (line.text,), line.lefts or (line.left,), strict=True):
            place = column_of(left, self.lefts)
            place = min(range(len(self.lefts)), key=lambda n: abs(self.lefts[n] - left)) if place is None else place
            self.cells.setdefault(place, []).append(text)
            self.bottoms[place] = line.bottom
        self.lines.append(line)

    def takes(self, line: Line) -> bool:
        """Tell whether the line goes on with one of the row's cells."""
        place = column_of((line.lefts or (line.left,))[0], self.lefts)
        if place is None or not self._fits(line, place):
            return False
        if place == 0:
            return 0 in self.bottoms and not line.columns and -1 < self.bottoms[0] - line.top <= CLOSE * line.size - 2
        return self.first.top + 2 >= line.top >= min(self.bottoms.values()) - CLOSE * line.size - line.size

    def _fits(self, line: Line, place: int) -> bool:
        return bool(line.columns) or place + 1 == len(self.lefts) or line.right <= self.lefts[place + 1] + NEAR

    def joined(self) -> list[Line]:
        """Return the row as one line with columns; the lines as they were when it has a single cell after all."""
        places = sorted(self.cells)
        if len(places) < 2:
            return self.lines
        columns = tuple(" ".join(self.cells[place]) for place in places)
        first = self.first
        whole = Line(
            text=" ".join(columns), left=first.left, top=first.top, right=first.right, size=first.size,
            bottom=min(self.bottoms.values()), bold=first.bold, columns=columns,
            lefts=tuple(self.lefts[place] for place in places),
        )  # fmt: skip
        return [whole]


def column_of(left: float, lefts: tuple[float, ...]) -> int | None:
    """Return which column begins there."""
    return next((place for place, one in enumerate(lefts) if abs(one - left) <= NEAR), None)


def with_rows(lines: list[Line]) -> list[Line]:
    """Return the lines, those of one table row put together into one line with columns."""
    out: list[Line] = []
    row: _Row | None = None
    lefts: tuple[float, ...] = ()
    for line in lines:
        if row is not None and row.takes(line):
            row.put(line)
            continue
        if row is not None:
            out += row.joined()
        row = None
        if line.columns:
            known = all(column_of(left, lefts) is not None for left in line.lefts)
            lefts = lefts if known else line.lefts
            row = _Row(line, lefts)
            row.put(line)
        else:
            lefts = lefts if column_of(line.left, lefts) == 0 and line.right <= lefts[1] + NEAR else ()
            if lefts:
                row = _Row(line, lefts)
                row.put(line)
            else:
                out.append(line)
    return [*out, *row.joined()] if row is not None else out
