"""Whose product a command is about."""

from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.console import err
from scanner.model.connection import Product

ConnectionOption = Annotated[str, typer.Option("--connection", help="Whose product; needed with several connections.")]


def product_of(assembled: App, connection: str) -> Product:
    """Return the one product, or that of a connection (its id or address); else say which to name and exit."""
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
