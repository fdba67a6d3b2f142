"""The four ways to write a table in reStructuredText, as rows of cells."""

import csv
import re

SIMPLE_BORDER = re.compile(r"^=+(?: +=+)+$")
_GRID_BORDER = re.compile(r"^\+(?:[-=]+\+)+$")


def is_grid_border(line: str) -> bool:
    """Tell whether the line is a grid table's border."""
    return bool(_GRID_BORDER.match(line))


def grid_rows(lines: list[str]) -> list[list[str]]:
    """Return the rows of a grid table; a cell that spans columns is one cell."""
    rows: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        if line.startswith("+"):
            if any(current):
                rows.append(current)
            current = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > len(current):
            current += [""] * (len(cells) - len(current))
        for place, cell in enumerate(cells):
            current[place] = f"{current[place]} {cell}".strip()
    return [*rows, current] if any(current) else rows


def simple_rows(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    """Return the rows of the simple table that begins there, and where it ends; a blank first column goes on."""
    spans = [(mark.start(), mark.end()) for mark in re.finditer(r"=+", lines[at])]
    rows: list[list[str]] = []
    place = at + 1
    while place < len(lines):
        line = lines[place]
        place += 1
        if SIMPLE_BORDER.match(line):
            if place >= len(lines) or not lines[place]:
                break
            continue
        if not line or set(line) <= {"-", " "}:
            continue
        ends = [start for start, _ in spans[1:]] + [len(line) + 1]
        cells = [line[start:end].strip() for (start, _), end in zip(spans, ends, strict=True)]
        if rows and not cells[0]:
            rows[-1] = [f"{before} {cell}".strip() for before, cell in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows, place


def directive_rows(name: str, content: list[str]) -> list[list[str]]:
    """Return the rows in the body of a list-table or a csv-table."""
    lines = [line for line in content if line.strip()]
    if name == "csv-table":
        try:
            return list(csv.reader([line.strip() for line in lines], skipinitialspace=True))
        except csv.Error:
            return [[line] for line in lines]
    rows: list[list[str]] = []
    for line in lines:
        if row := re.match(r"^[*+-]\s+[*+-](?:\s+(.*))?$", line):
            rows.append([row.group(1) or ""])
        elif (cell := re.match(r"^\s+[*+-](?:\s+(.*))?$", line)) and rows:
            rows[-1].append(cell.group(1) or "")
        elif rows:
            rows[-1][-1] = f"{rows[-1][-1]} {line.strip()}"
    return rows
