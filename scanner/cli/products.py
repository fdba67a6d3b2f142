"""Commands about products: which there are, and when their nights begin."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import typer

from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.model.connection import Product
from scanner.model.deed import OPERATOR
from scanner.model.display import counted, shown
from scanner.model.night import Night, known_zone
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.portfolio import folders_named

products = typer.Typer(
    no_args_is_help=True, help="What your customers ship: what it is called, what belongs to it, when its nights begin."
)

ProductArgument = Annotated[
    str, typer.Argument(metavar="PRODUCT", help="Its id or name, from `crosswalk products list`.")
]
FoldersOption = Annotated[
    list[str], typer.Option("--in", metavar="FOLDER", help="The address, id or name of a folder or shared drive.")
]
T = TypeVar("T")


@products.command("list", epilog="Example: crosswalk products list --format json")
@plainly
def products_list(output: FormatOption = Format.TABLE) -> None:
    """List the products: whose each is, when its night begins and which one was the last."""
    with app() as assembled, assembled.store.reading() as unit:
        known = [(one, each) for one in unit.connections.all() for each in unit.products.of_connection(one.id)]
        nights = {one.product: one for one in unit.nights.all()}
        usual = assembled.usual_night
    rows = []
    for connection, product in known:
        night = (product.night or usual) if product.id in nights else None
        queued = nights[product.id].queued if product.id in nights else None
        rows.append(
            {
                "id": product.id,
                "name": product.name,
                "connection": connection.email,
                "belongs": ", ".join(product.folders.values()) or "everything",
                "night": f"{night.hour:02}:{night.minute:02}" if night else "none: its Drive cannot be read",
                "zone": night.zone if night else "",
                "last night": queued.isoformat() if queued else "",
            }
        )
    print_rows(rows, output)


@products.command(
    "add", epilog="Example: crosswalk products add Gateway --in https://drive.google.com/drive/folders/1c0ffee"
)
@plainly
def products_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As your documents write it.")],
    folders: FoldersOption = [],  # noqa: B006 -- Typer copies it
    beside: Annotated[
        str, typer.Option("--beside", help="A product of the same Drive; needed with several Drives.")
    ] = "",
) -> None:
    """Add a product of a Drive: of some folders, or of everything that is read."""
    with app() as assembled:
        known = _of_one_drive(assembled, beside)
        with assembled.store.reading() as unit:
            connection = unit.connections.get(known.connection)
        wanted = _folders(assembled, known, folders)
        made = _decided(
            lambda: assembled.people.portfolio.add(
                known.connection, name, folders=wanted, notify=connection.email if connection else "", by=OPERATOR
            )
        )
    err.print(f"{made.name} is {made.id}.", markup=False)


@products.command("change", epilog="Example: crosswalk products change Gateway --also PG-200 --file 'DHF-*-SEC*'")
@plainly
def products_change(
    product: ProductArgument,
    *,
    name: Annotated[str, typer.Option("--name", help="Call it by another name.")] = "",
    folders: FoldersOption = [],  # noqa: B006 -- Typer copies it
    everything: Annotated[bool, typer.Option("--everything", help="All that is read belongs to it.")] = False,
    also: Annotated[list[str], typer.Option("--also", help="Its other names, all of them.")] = [],  # noqa: B006 -- Typer copies it
    files: Annotated[list[str], typer.Option("--file", help="How its documents' files are called, all patterns.")] = [],  # noqa: B006 -- Typer copies it
) -> None:
    """Change what a product is called and what belongs to it; what is left out stays as it is."""
    with app() as assembled:
        known, portfolio = _product(assembled, product), assembled.people.portfolio
        if name:
            _decided(lambda: portfolio.rename(known.id, name, by=OPERATOR))
        if also or files:
            others, patterns = also or known.also_called, files or known.naming
            _decided(lambda: portfolio.describe(known.id, also_called=others, naming=patterns, by=OPERATOR))
        if folders or everything:
            wanted = () if everything else _folders(assembled, known, folders)
            _decided(lambda: portfolio.choose(known.id, wanted, by=OPERATOR))
    err.print("It is kept; the next `crosswalk review` takes it into account.", markup=False)


@products.command("remove", epilog="Example: crosswalk products remove Gateway --yes")
@plainly
def products_remove(
    product: ProductArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it is only said what goes.")] = False,
) -> None:
    """Remove a product with all that is kept about it; its files stay, and what was read of them."""
    with app() as assembled:
        known = _product(assembled, product)
        with assembled.store.reading() as unit:
            held = unit.counts.held_of(known.id)
        said = ", ".join(counted(count, noun) for noun, count in held.items()) or "nothing"
        if yes:
            _decided(lambda: assembled.people.portfolio.remove(known.id, by=OPERATOR))
    err.print(f"{said} {'went' if yes else 'would go'} with it{'' if yes else '; do it with --yes'}.", markup=False)


@products.command("night", epilog="Example: crosswalk products night p1c0ffee --at 03:30 --zone America/Chicago")
@plainly
def products_night(
    product: ProductArgument,
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="When its night begins, by its own clock.")] = "",
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help="An IANA time zone such as Europe/Berlin.")] = "",
    usual: Annotated[bool, typer.Option("--usual", help="Back to the night of the settings.")] = False,
) -> None:
    """Set when a product's night begins; what is left out stays as it is. It counts from the next night on."""
    if usual == bool(at or zone):
        err.print("Give --at and --zone, or one of them, or --usual.")
        raise typer.Exit(2)
    hour, minute = _clock(at)
    if zone and not known_zone(zone):
        err.print(f"{shown(zone)} is no time zone; name one such as Europe/Berlin.", markup=False)
        raise typer.Exit(2)
    with app() as assembled:
        known = _product(assembled, product)
        before = known.night or assembled.usual_night
        night = Night(
            hour=before.hour if hour is None else hour,
            minute=before.minute if minute is None else minute,
            zone=zone or before.zone,
        )
        with assembled.store.transaction() as unit:
            unit.nights.set(known.id, None if usual else night)
        night = assembled.usual_night if usual else night
    err.print(f"Its nights begin at {night.hour:02}:{night.minute:02} {night.zone}.", markup=False)


def _clock(at: str) -> tuple[int, int] | tuple[None, None]:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if found:
        return int(found[1]), int(found[2])
    if at:
        err.print(f"{shown(at)} is no time of day; say it as 03:30.", markup=False)
        raise typer.Exit(2)
    return None, None


def _of_one_drive(assembled: App, beside: str) -> Product:
    """Return a product of the Drive that is meant: the one named, or any where there is one Drive only."""
    with assembled.store.reading() as unit:
        first = [found[0] for one in unit.connections.all() if (found := unit.products.of_connection(one.id))]
    if beside or len(first) == 1:
        return _product(assembled, beside) if beside else first[0]
    err.print("Name a product of the Drive with --beside; `crosswalk products list` shows them.")
    raise typer.Exit(1)


def _folders(assembled: App, product: Product, addresses: Sequence[str]) -> tuple[str, ...]:
    with assembled.store.reading() as unit:
        return _decided(lambda: folders_named(unit, product.connection, addresses))


def _decided(do: Callable[[], T]) -> T:
    try:
        return do()
    except NotDecided as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _product(assembled: App, wanted: str) -> Product:
    with assembled.store.reading() as unit:
        known = [each for one in unit.connections.all() for each in unit.products.of_connection(one.id)]
    found = [one for one in known if one.id == wanted] or [one for one in known if one.name and one.name == wanted]
    if len(found) == 1:
        return found[0]
    err.print(f"There is no one product {shown(wanted)!r}. See `crosswalk products list`.", markup=False)
    raise typer.Exit(1)
