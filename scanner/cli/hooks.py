"""Commands about hooks: ways in for programs that tell of releases."""

from enum import StrEnum
from typing import Annotated

import typer

from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.cli.whose import ConnectionOption, product_of
from scanner.model.display import shown
from scanner.model.hook import HookKind

hook = typer.Typer(no_args_is_help=True, help="Ways in for programs that tell of releases: signed webhooks.")


class Who(StrEnum):
    """Who will tell."""

    GITHUB = "github"
    WEBHOOK = "webhook"


@hook.command("add", epilog="Example: crosswalk hook add github")
@plainly
def hook_add(
    who: Annotated[Who, typer.Argument(help="github: its `release` and `create` events; webhook: anything else.")],
    connection: ConnectionOption = "",
    output: FormatOption = Format.TABLE,
) -> None:
    """Make a hook. Its secret is shown this once: put it where the program keeps its own."""
    with app() as assembled:
        target = product_of(assembled, connection)
        made = assembled.hooks.make(target.id, HookKind[who.name])
        address = f"{assembled.settings.base_url}/hooks/{made.hook.id}"
        row = {"id": made.hook.id, "address": address, "secret": made.secret}
    print_rows([row], output)
    err.print("The secret is shown only now. Its first release waits for `crosswalk release confirm`.", markup=False)


@hook.command("list", epilog="Example: crosswalk hook list")
@plainly
def hook_list(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """List the hooks, and when each last proved itself."""
    with app() as assembled:
        target = product_of(assembled, connection)
        with assembled.store.reading() as unit:
            known = unit.hooks.of_product(target.id)
    rows = [
        {
            "id": one.id,
            "kind": one.kind.value,
            "made": one.made_at.isoformat(timespec="minutes"),
            "last heard": one.heard_at.isoformat(timespec="minutes") if one.heard_at else "never",
        }
        for one in known
    ]
    print_rows(rows, output)


@hook.command("end", epilog="Example: crosswalk hook end h3fk")
@plainly
def hook_end(
    hook_id: Annotated[str, typer.Argument(metavar="ID", help="From `crosswalk hook list`.")],
    connection: ConnectionOption = "",
) -> None:
    """End a hook: what comes over it is refused from now on."""
    with app() as assembled:
        done = assembled.hooks.end(product_of(assembled, connection).id, hook_id)
    err.print(f"Hook {shown(hook_id)} {'has ended' if done else 'is not known'}.", markup=False)
    if not done:
        raise typer.Exit(1)
