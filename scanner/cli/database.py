"""database: what the schema is, how it is moved both ways, and a copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.console import Format, FormatOption, err, out, plainly, settings
from scanner.cli.rows import print_rows
from scanner.jobs.engine import queue_of
from scanner.store.backup import back_up
from scanner.store.database import Database

database = typer.Typer(
    no_args_is_help=True, help="The database: its schema's version, its way there and back, a copy of it."
)


@contextmanager
def _opened() -> Iterator[Database]:
    opened = Database(settings().url_of_database)
    try:
        yield opened
    finally:
        opened.dispose()


@database.command("show", epilog="Example: crosswalk database show")
@plainly
def show(output: FormatOption = Format.TABLE) -> None:
    """Show the schema's revision, the newest that this Crosswalk knows, and the oldest code that may run on it."""
    with _opened() as opened:
        schema = opened.schema()
    print_rows([{"schema": schema.here or "empty", "this code": schema.ours, "serves from": schema.serves}], output)
    if schema.unfit:
        err.print(schema.unfit, markup=False)
        raise typer.Exit(1)


@database.command("upgrade", epilog="Example: crosswalk database upgrade")
@plainly
def upgrade() -> None:
    """Bring the schema to the newest revision; every process does so at its start, this does nothing else."""
    with _opened() as opened:
        opened.upgrade()
        queue_of(opened)  # whose tables are its own, on PostgreSQL
        err.print(f"The schema is {opened.schema().here}.")


@database.command("downgrade", epilog="Example: crosswalk database downgrade 0009")
@plainly
def downgrade(revision: Annotated[str, typer.Argument(help="The revision to go back to.")]) -> None:
    """Take the schema back, before an older Crosswalk is installed again; what newer columns held is lost."""
    with _opened() as opened:
        opened.downgrade(revision)
        err.print(f"The schema is {opened.schema().here}. Start no process of this version again.")


@database.command("backup", epilog="Example: crosswalk database backup /backup/crosswalk-monday.db")
@plainly
def backup(to: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Copy an SQLite database while it is in use; the vault's key is not in it, and belongs elsewhere."""
    with _opened() as opened:
        size = back_up(opened, to)
    out.print(f"{to}: {size:,} bytes", markup=False)
