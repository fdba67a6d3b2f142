"""Commands about products: which there are, and when their nights begin."""

import re
from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.model.connection import Product
from scanner.model.display import shown
from scanner.model.night import Night, known_zone

products = typer.Typer(no_args_is_help=True, help="What your customers ship, and when its nights begin.")


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
                "night": f"{night.hour:02}:{night.minute:02}" if night else "none: its Drive cannot be read",
                "zone": night.zone if night else "",
                "last night": queued.isoformat() if queued else "",
            }
        )
    print_rows(rows, output)


@products.command("night", epilog="Example: crosswalk products night p1c0ffee --at 03:30 --zone America/Chicago")
@plainly
def products_night(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="Its id or name, from `crosswalk products list`.")],
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


def _product(assembled: App, wanted: str) -> Product:
    with assembled.store.reading() as unit:
        known = [each for one in unit.connections.all() for each in unit.products.of_connection(one.id)]
    found = [one for one in known if one.id == wanted] or [one for one in known if one.name and one.name == wanted]
    if len(found) == 1:
        return found[0]
    err.print(f"There is no one product {shown(wanted)!r}. See `crosswalk products list`.", markup=False)
    raise typer.Exit(1)
