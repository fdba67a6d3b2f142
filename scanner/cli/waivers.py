"""Commands about waivers: what a person decides about a constraint, with a reason, a name and an end."""

from datetime import datetime
from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import Row, print_rows
from scanner.cli.whose import ConnectionOption, product_of
from scanner.model.clause import ClausePack, Constraint
from scanner.model.display import shown
from scanner.model.waiver import Waiver, WaiverKind
from scanner.pipeline.decisions import NotDecided

waiver = typer.Typer(no_args_is_help=True, help="Decisions on constraints: gaps that are borne, or that do not apply.")


@waiver.command(
    "add",
    epilog="Example: crosswalk waiver add residual-risks --until 2026-12-31 --by 'Mara Voss' --reason 'Comes with 4.4'",
)
@plainly
def waiver_add(
    constraint: Annotated[str, typer.Argument(help="The constraint's id, from `crosswalk clauses show`.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands on the page and in the report.")],
    by: Annotated[str, typer.Option("--by", help="Who answers for it: a name or an address.")],
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day on which it holds."),
    ],
    not_applicable: Annotated[
        bool, typer.Option("--not-applicable", help="The constraint does not apply to the product, rather than waits.")
    ] = False,
    connection: ConnectionOption = "",
    output: FormatOption = Format.TABLE,
) -> None:
    """Decide on a constraint: its gap is shown as waived, never as satisfied, until the day that you name.

    You are told 30, 7 and 1 days before that day. A later decision on the same constraint takes the place of this one.
    """
    with app() as assembled:
        pack, known = constraint_named(assembled, constraint)
        try:
            kept = assembled.people.decisions.make(
                product_of(assembled, connection).id,
                known.id,
                clause=pack.id,
                kind=WaiverKind.NOT_APPLICABLE if not_applicable else WaiverKind.WAIVED,
                reason=reason,
                approver=by,
                until=until.date(),
            )
        except NotDecided as refused:
            err.print(str(refused), markup=False)
            raise typer.Exit(2) from None
    print_rows([_row(kept, holds=True)], output)


@waiver.command("list", epilog="Example: crosswalk waiver list")
@plainly
def waiver_list(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """List the decisions, those that ended too."""
    with app() as assembled:
        target, today = product_of(assembled, connection), assembled.now().date()
        with assembled.store.reading() as unit:
            known = unit.waivers.of_product(target.id)
    print_rows([_row(one, holds=one.holds(today)) for one in known], output)


@waiver.command("end", epilog="Example: crosswalk waiver end 3")
@plainly
def waiver_end(
    waiver_id: Annotated[int, typer.Argument(metavar="ID", help="From `crosswalk waiver list`.")],
    connection: ConnectionOption = "",
) -> None:
    """End a decision before its day: what it bore is a gap again."""
    with app() as assembled:
        done = assembled.people.decisions.end(product_of(assembled, connection).id, waiver_id)
    err.print(f"Decision {waiver_id} {'has ended' if done else 'is not known, or ended before'}.", markup=False)
    if not done:
        raise typer.Exit(1)


def constraint_named(assembled: App, wanted: str) -> tuple[ClausePack, Constraint]:
    """Return the constraint of that id with its pack; else say which there are and exit."""
    for pack in assembled.packs:
        for one in pack.constraints:
            if one.id == wanted:
                return pack, one
    names = ", ".join(one.id for pack in assembled.packs for one in pack.constraints)
    err.print(f"There is no constraint {shown(wanted)}. There are: {names}.", markup=False)
    raise typer.Exit(2)


def _row(one: Waiver, *, holds: bool) -> Row:
    return {
        "id": one.id,
        "constraint": one.constraint,
        "decision": one.kind.value,
        "until": one.until.isoformat(),
        "state": "in force" if holds else "ended",
        "by": one.approver,
        "reason": one.reason,
    }
