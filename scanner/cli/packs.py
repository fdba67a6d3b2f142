"""Commands for those who write clause packs: check, show, test."""

from pathlib import Path
from typing import Annotated

import typer

from scanner.checks.registry import judge
from scanner.clauses.fixtures import folder_of, without
from scanner.clauses.lint import remarks_on
from scanner.clauses.load import packs_with_files
from scanner.cli.chosen import chosen
from scanner.cli.console import Format, FormatOption, err, out, plainly, settings
from scanner.cli.rows import Row, print_rows
from scanner.cli.trial import Cell, State, counted, tried, unborne
from scanner.model.clause import ClausePack

clauses = typer.Typer(no_args_is_help=True, help="The clause packs: what is asked, and how it is judged.")

PackArgument = Annotated[str, typer.Argument(help="A pack's id, clause or file; by default every pack in use.")]


@clauses.command("check", epilog="Example: crosswalk clauses check my-packs/9.1.yaml")
@plainly
def check_packs(
    paths: Annotated[list[Path] | None, typer.Argument(help="Pack files; by default the ones in use.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Check clause packs; each remark names the file, the line and what to change."""
    files = paths or [path for path, _ in packs_with_files(settings().clause_folder)]
    wrong, rows = 0, list[Row]()
    for path in files:
        pack, remarks = remarks_on(path)
        for remark in remarks:
            err.print("error:" if remark.wrong else "note:", style="bold red" if remark.wrong else "bold", end=" ")
            err.print(str(remark), markup=False, soft_wrap=True)
        mistakes = sum(remark.wrong for remark in remarks)
        wrong += mistakes
        facets = sum(len(constraint.facets) for constraint in pack.constraints)
        counts = {"constraints": len(pack.constraints), "facets": facets, "signals": len(pack.signals)}
        rows.append({"pack": pack.id, "state": "not fine" if mistakes else "fine", **counts})
        err.print(
            f"{pack.id}: {f'{mistakes} to mend' if mistakes else 'fine'} — {len(pack.constraints)} constraints, "
            f"{facets} facets, {len(pack.signals)} signals.",
            markup=False,
        )
    if output is not Format.TABLE:
        print_rows(rows, output)
    if wrong:
        raise typer.Exit(1)


@clauses.command("show", epilog="Example: crosswalk clauses show 5.8.2")
@plainly
def show_packs(clause: PackArgument = "", output: FormatOption = Format.TABLE) -> None:
    """Show what a clause asks: its constraints, where each comes from, and how evidence shows itself."""
    packs = [pack for _, pack in chosen(clause)]
    if output is Format.TABLE:
        for pack in packs:
            _introduce(pack)
            print_rows(_asked(pack), output)
    else:
        print_rows([{"pack": pack.id, **row} for pack in packs for row in _asked(pack)], output)


@clauses.command("test", epilog="Example: crosswalk clauses test my-packs/9.1.yaml")
@plainly
def try_fixtures(
    clause: PackArgument = "",
    promote: Annotated[
        bool, typer.Option("--promote", help="Drop the lines of known misses that are missed no more.")
    ] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Judge the fixtures beside a pack, and say which are not as labelled; that alone ends with exit code 1.

    The table shows what needs a look: wrong cells, and known misses that are missed no more.
    [bold]--format jsonl[/] prints every cell.
    """
    failed = False
    for path, pack in chosen(clause):
        cells = tuple(tried(path, pack, judge()))
        told = (
            cells if output is not Format.TABLE else [one for one in cells if one.state in {State.WRONG, State.MENDED}]
        )
        print_rows([_row(one, pack) for one in told], output)
        err.print(f"{pack.id}: {counted(cells)}.", markup=False)
        if never := unborne(cells, pack):
            err.print(f"No fixture bears {', '.join(never)}.", markup=False)
        _mended(path, cells, promote=promote)
        failed |= any(one.state is State.WRONG for one in cells)
    if failed:
        raise typer.Exit(1)


def _mended(path: Path, cells: tuple[Cell, ...], *, promote: bool) -> None:
    mended = frozenset(one.miss for one in cells if one.state is State.MENDED)
    if mended and promote:
        without(folder_of(path), mended)
        err.print(f"{len(mended)} dropped from the list of known misses.")
    elif mended:
        err.print(f"{len(mended)} known misses are missed no more: promote them with --promote.")


def _row(cell: Cell, pack: ClausePack) -> dict[str, object]:
    return {
        "pack": pack.id,
        "fixture": cell.place,
        "constraint": cell.constraint,
        "state": cell.state.value,
        "expected": cell.expected.words,
        "got": cell.got.words,
        "because": cell.reason,
    }


def _introduce(pack: ClausePack) -> None:
    out.print(f"{pack.standard} §{pack.clause} — {pack.title}\n\n{pack.requirement}\n")
    for signal in pack.signals:
        out.print(f"{signal.kind.value} ({signal.source}): {signal.text}")
    out.print(f"\nCommon gap ({pack.common_gap.severity}): {pack.common_gap.title}. {pack.common_gap.text}\n")


def _asked(pack: ClausePack) -> list[Row]:
    return [
        {
            "constraint": one.id,
            "text": one.text,
            "provenance": f"{one.provenance}: {one.source}",
            "severity": one.severity,
            "facets": [facet.label for facet in one.facets],
        }
        for one in pack.constraints
    ]
