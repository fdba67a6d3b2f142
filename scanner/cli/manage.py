"""Commands about releases: by hand, or found elsewhere and confirmed or refused."""

from datetime import datetime
from typing import Annotated

import typer

from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.feeds import feed
from scanner.cli.rows import Row, print_rows
from scanner.cli.whose import ConnectionOption, product_of
from scanner.model.connection import Product
from scanner.model.display import shown
from scanner.model.release import Release

release = typer.Typer(no_args_is_help=True, help="Releases of your product, by hand or found in release notes.")
release.add_typer(feed, name="feed")


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
        target = product_of(assembled, connection)
        if not (product or target.name):
            err.print("No document has named your product yet: name it with --product.")
            raise typer.Exit(2)
        made = Release(
            product=product or target.name,
            version=version,
            released_on=date.date() if date else None,
            source="added by hand",
        )
        if product:
            with assembled.store.transaction() as unit:
                unit.products.name(target.id, product)
        new = assembled.releases.tell(target.id, made) is not None
        print_rows([{**_release_row(made, target), "state": "new" if new else "known"}], output)
        err.print(f"{version} is {'noted' if new else 'known already'}; run `crosswalk review`.", markup=False)


@release.command("list", epilog="Example: crosswalk release list")
@plainly
def release_list(connection: ConnectionOption = "", output: FormatOption = Format.TABLE) -> None:
    """List the releases that Crosswalk knows, where each was found, and which wait for your word."""
    with app() as assembled:
        target = product_of(assembled, connection)
        with assembled.store.reading() as unit:
            known = unit.products.releases(target.id)
        print_rows([{**_release_row(one, target), "state": one.state.value} for one in known], output)


VersionArgument = Annotated[str, typer.Argument(help="The version, as `crosswalk release list` shows it.")]


@release.command("confirm", epilog="Example: crosswalk release confirm 4.3.0")
@plainly
def release_confirm(version: VersionArgument, connection: ConnectionOption = "") -> None:
    """Say that a release which was found is one, so that documents are held against it.

    The first release of each source waits for this; later ones of the same source are taken at once.
    """
    with app() as assembled:
        done = assembled.releases.confirm(product_of(assembled, connection).id, version)
    _answered(done, f"{shown(version)} is confirmed; run `crosswalk review`.", f"No release {shown(version)} waits.")


@release.command("refuse", epilog="Example: crosswalk release refuse 4.3.0-rc1")
@plainly
def release_refuse(version: VersionArgument, connection: ConnectionOption = "") -> None:
    """Say that a release is none, or take one back; it is not taken again from where it was found."""
    with app() as assembled:
        done = assembled.releases.refuse(product_of(assembled, connection).id, version)
    _answered(done, f"{shown(version)} is refused; run `crosswalk review`.", f"No release {shown(version)} is known.")


def _answered(done: bool, said: str, why_not: str) -> None:  # noqa: FBT001 -- whether it was done, and both sentences
    err.print(said if done else why_not, markup=False)
    if not done:
        raise typer.Exit(1)


def _release_row(release: Release, product: Product) -> Row:
    return {
        "product": release.product or product.name,
        "version": release.version,
        "date": release.released_on.isoformat() if release.released_on else "",
        "source": release.source,
    }
