"""Prints rows of plain values: as a table for people, as JSON or JSON lines for programs."""

import json
from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from scanner.cli.console import Format, out
from scanner.model.display import shown

Row = Mapping[str, object]


def print_rows(rows: Sequence[Row], output: Format) -> None:
    """Print the rows on stdout; all rows have the same keys: words for people, joined by underscores for programs."""
    match output:
        case Format.JSON:
            out.out(json.dumps([keyed(row) for row in rows], ensure_ascii=False, indent=2))
        case Format.JSONL:
            for row in rows:
                out.out(json.dumps(keyed(row), ensure_ascii=False))
        case Format.TABLE:
            if rows:
                out.print(_table(rows))


def keyed(row: Row) -> Row:
    """Return the row under keys that programs like: "flagged by" becomes flagged_by."""
    return {key.replace(" ", "_"): value for key, value in row.items()}


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for key in rows[0]:
        table.add_column(key, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(_said(value))) for value in row.values()))
    return table


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
