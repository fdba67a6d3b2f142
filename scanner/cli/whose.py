"""Whose product a command is about."""

from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.console import err
from scanner.model.connection import Product

ConnectionOption = Annotated[
    str, typer.Option("--of", "--connection", help="Of which connection or product; needed with several.")
]


def product_of(assembled: App, connection: str) -> Product:
    """Return the one product, that of a connection (id, address) or that of an id or name; else say so and exit."""
    with assembled.store.reading() as unit:
        known = [(one, product) for one in unit.connections.all() for product in unit.products.of_connection(one.id)]
    products = [
        product
        for one, product in known
        if connection in {"", one.id, one.email, product.id, product.name or product.id}
    ]
    if len(products) == 1:
        return products[0]
    if products:
        err.print("There are several products: name one with --of (`crosswalk products list`).")
    else:
        err.print("There is no such connection or product. `crosswalk products list` shows them.")
    raise typer.Exit(1)
