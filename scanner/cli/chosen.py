"""Which clause packs a person means by a name on the command line."""

from pathlib import Path

import typer

from scanner.clauses.load import load_pack, packs_with_files
from scanner.cli.console import err, settings
from scanner.model.clause import ClausePack


def chosen(named: str) -> tuple[tuple[Path, ClausePack], ...]:
    """Return the packs in use that go by this id or clause ("" for all), or the one in the file of this name."""
    if named.endswith(".yaml"):
        return ((Path(named), load_pack(Path(named))),)
    found = tuple(
        (path, pack) for path, pack in packs_with_files(settings().clause_folder) if named in {"", pack.id, pack.clause}
    )
    if not found:
        err.print(f"There is no clause pack {named!r}. `crosswalk clauses show` lists all.", markup=False)
        raise typer.Exit(1)
    return found
