"""Commands about a product's feed: the public list of tags or releases that is read each night."""

from typing import Annotated

import typer

from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.cli.whose import ConnectionOption, product_of
from scanner.feeds.base import AddressRefused
from scanner.model.display import shown
from scanner.model.feed import Feed

feed = typer.Typer(no_args_is_help=True, help="A public list of tags or releases that is read each night.")


@feed.command("set", epilog="Example: crosswalk release feed set https://github.com/maker/pulseview")
@plainly
def feed_set(
    address: Annotated[
        str, typer.Argument(help="An Atom or RSS feed, a Git address (….git), or a page on GitHub, GitLab or Codeberg.")
    ],
    connection: ConnectionOption = "",
) -> None:
    """Set where the product's tags or releases are listed in public, in place of a former address."""
    with app() as assembled:
        target = product_of(assembled, connection)
        try:
            known = assembled.feeds.set(target.id, address)
        except AddressRefused as error:
            err.print(f"{shown(str(error))}.", markup=False)
            raise typer.Exit(2) from None
    err.print(f"{shown(known.address)} is read each night; `crosswalk release feed look` reads it now.", markup=False)


@feed.command("show", epilog="Example: crosswalk release feed show --format json")
@plainly
def feed_show(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """Show the feed, when it was last looked at and how that ended."""
    with app() as assembled, assembled.store.reading() as unit:
        known = unit.feeds.get(product_of(assembled, connection).id)
    print_rows([_row(known)] if known else [], output)
    if known is None:
        err.print("The product has no feed; `crosswalk release feed set` gives it one.")


@feed.command("look", epilog="Example: crosswalk release feed look")
@plainly
def feed_look(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """Read the feed now, whenever it was last read; new releases are in `crosswalk release list` then."""
    with app() as assembled:
        target = product_of(assembled, connection)
        with assembled.store.reading() as unit:
            known = unit.feeds.get(target.id)
        if known is not None:
            assembled.feeds.look_at(known)
            with assembled.store.reading() as unit:
                known = unit.feeds.get(target.id)
    print_rows([_row(known)] if known else [], output)
    if known is None or known.because:
        because = f"could not look for new releases, because {known.because}" if known else "the product has no feed"
        err.print(f"{shown(because)}.", markup=False)
        raise typer.Exit(1)


@feed.command("remove", epilog="Example: crosswalk release feed remove")
@plainly
def feed_remove(connection: ConnectionOption = "") -> None:
    """Read the feed no more; the releases that it told of stay."""
    with app() as assembled:
        done = assembled.feeds.remove(product_of(assembled, connection).id)
    err.print("The feed is read no more." if done else "The product has no feed.")
    if not done:
        raise typer.Exit(1)


def _row(known: Feed) -> dict[str, object]:
    return {
        "address": known.address,
        "last look": known.looked_at.isoformat(timespec="minutes") if known.looked_at else "none yet",
        "last read": known.answered_at.isoformat(timespec="minutes") if known.answered_at else "never",
        "could not, because": known.because,
    }
