"""Commands about releases: by hand, or found in release notes."""

from datetime import datetime
from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import Row, print_rows
from scanner.model.connection import Product
from scanner.model.display import shown
from scanner.model.job import Priority
from scanner.model.release import Release
from scanner.pipeline.orders import review_job

release = typer.Typer(no_args_is_help=True, help="Releases of your product, by hand or found in release notes.")

ConnectionOption = Annotated[str, typer.Option("--connection", help="Whose product; needed with several connections.")]


@release.command("add", epilog="Example: crosswalk release add 4.3.0 --date 2026-11-20")
@plainly
def release_add(
    version: Annotated[str, typer.Argument(help="As you write it on your release notes: 4.3.0, R2026b …")],
    product: Annotated[
        str,
        typer.Option("--product", help="The product's name, as your documents write it; needed while none is known."),
    ] = "",
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of the release."),
    ] = None,
    connection: ConnectionOption = "",
    output: FormatOption = Format.TABLE,
) -> None:
    """Tell Crosswalk about a release; the next review holds every document against it."""
    version, product = shown(version), shown(product)
    if not version:
        err.print("Name the version as on your release notes, for example `crosswalk release add 4.3.0`.")
        raise typer.Exit(2)
    with app() as assembled:
        target = _product(assembled, connection)
        if not (product or target.name):
            err.print("No document has named your product yet: name it with --product.")
            raise typer.Exit(2)
        made = Release(
            product=product or target.name,
            version=version,
            released_on=date.date() if date else None,
            source="added by hand",
        )
        with assembled.store.transaction() as unit:
            if product:
                unit.products.name(target.id, product)
            new = unit.products.released(target.id, made, now=assembled.now())
        if new:
            assembled.queue.enqueue([review_job(target.connection, target.id, priority=Priority.PERSON)])
        print_rows([{**_release_row(made, target), "state": "new" if new else "known"}], output)
        err.print(f"{version} is {'noted' if new else 'known already'}; run `crosswalk review`.", markup=False)


@release.command("list", epilog="Example: crosswalk release list")
@plainly
def release_list(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """List the releases that Crosswalk knows, and where each was found."""
    with app() as assembled:
        target = _product(assembled, connection)
        with assembled.store.reading() as unit:
            known = unit.products.releases(target.id)
        print_rows([_release_row(one, target) for one in known], output)


def _release_row(release: Release, product: Product) -> Row:
    return {
        "product": release.product or product.name,
        "version": release.version,
        "date": release.released_on.isoformat() if release.released_on else "",
        "source": release.source,
    }


def _product(assembled: App, connection: str) -> Product:
    with assembled.store.reading() as unit:
        wanted = [one for one in unit.connections.all() if connection in {"", one.id, one.email}]
        products = [product for one in wanted for product in unit.products.of_connection(one.id)]
    if len(products) == 1:
        return products[0]
    if products:
        err.print("There are several connections: name one with --connection (`crosswalk connections list`).")
    else:
        err.print("There is no such connection. `crosswalk connections list` shows them.")
    raise typer.Exit(1)
