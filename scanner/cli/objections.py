"""Commands about objections: what people say against verdicts, for those who make the packs and the judge."""

from typing import Annotated

import typer

from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import Row, print_rows
from scanner.cli.whose import ConnectionOption, product_of
from scanner.model.objection import Objected

objections = typer.Typer(no_args_is_help=True, help="What people say against verdicts.")


@objections.command("list", epilog="Example: crosswalk objections list --format json")
@plainly
def objections_list(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """List the objections, those that were withdrawn too. No word of a document is among them."""
    with app() as assembled:
        listed = assembled.people.objecting.listed(product_of(assembled, connection).id)
    print_rows([_row(one) for one in listed], output)


@objections.command("withdraw", epilog="Example: crosswalk objections withdraw 3")
@plainly
def objections_withdraw(
    objection_id: Annotated[int, typer.Argument(metavar="ID", help="From `crosswalk objections list`.")],
    connection: ConnectionOption = "",
) -> None:
    """Withdraw an objection; it stays in the list as withdrawn."""
    with app() as assembled:
        done = assembled.people.objecting.withdraw(product_of(assembled, connection).id, objection_id)
    how = "is withdrawn" if done else "is not known, or was withdrawn before"
    err.print(f"Objection {objection_id} {how}.", markup=False)
    if not done:
        raise typer.Exit(1)


def _row(listed: Objected) -> Row:
    one = listed.objection
    return {
        "id": one.id,
        "clause": one.clause,
        "constraint": one.constraint,
        "file": one.file,
        "name": listed.name,
        "revision": one.judged.revision,
        "pack": one.judged.pack_digest,
        "judge": one.judged.judge,
        "given": one.given.value,
        "claimed": one.claimed.value,
        "reason": one.reason,
        "by": one.by,
        "made": one.made_at.isoformat(),
        "state": "withdrawn" if one.withdrawn_at else listed.older or "stands",
    }
