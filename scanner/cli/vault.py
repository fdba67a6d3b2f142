"""Commands about the vault: the keys that seal the consents, and a new one in their place."""

import typer

from connector import VaultState
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.model.display import counted

vault = typer.Typer(no_args_is_help=True, help="The keys that seal the consents.")


@vault.command("list", epilog="Example: crosswalk vault list")
@plainly
def vault_list(output: FormatOption = Format.TABLE) -> None:
    """List the vault's keys by their ids, and how many consents each holds; a key itself is never shown."""
    with app() as assembled:
        state = assembled.connector.vault()
    print_rows(_rows(state), output)
    _unopened(state)


@vault.command("rotate", epilog="Example: crosswalk vault rotate")
@plainly
def vault_rotate(output: FormatOption = Format.TABLE) -> None:
    """Seal every consent with a new key. It can be stopped at any moment and run again; nobody has to connect anew.

    With a key file (the default) a fresh key is made and put first in it; what runs takes it up by itself, and
    `crosswalk vault prune` lets the old keys go later. With CROSSWALK_VAULT_KEY put the new key first yourself,
    the old ones after commas, restart what runs, then run this; it says which of the old ones can be taken out.
    """
    with app() as assembled:
        before = assembled.connector.vault().keys[0].name
        state = assembled.connector.rotate()
        assembled.hooks.reseal()
        set_by_hand = assembled.connector.keys_are_set
    newest, old = state.keys[0], [key for key in state.keys[1:] if not key.tokens]
    made = "Sealed with" if newest.name == before else "A new key was made,"
    err.print(f"{made} {newest.name}: {counted(state.resealed, 'consent')} sealed anew.", markup=False)
    if old:
        how = "take them out of CROSSWALK_VAULT_KEY" if set_by_hand else "`crosswalk vault prune` lets them go"
        err.print(f"No longer needed: {', '.join(key.name for key in old)} ({how}).", markup=False)
    print_rows(_rows(state), output)
    _unopened(state)


@vault.command("prune", epilog="Example: crosswalk vault prune")
@plainly
def vault_prune(output: FormatOption = Format.TABLE) -> None:
    """Delete the keys in the key file that hold no consent any more; the newest always stays.

    Web sessions that began before the rotation end with them: people sign in again.
    """
    with app() as assembled:
        if assembled.connector.keys_are_set:
            err.print("The keys come from CROSSWALK_VAULT_KEY: take out those that `crosswalk vault list` shows empty.")
            raise typer.Exit(1)
        assembled.hooks.reseal()  # with the newest key, before the one that sealed it goes
        state = assembled.connector.prune()
    print_rows(_rows(state), output)
    _unopened(state)


def _rows(state: VaultState) -> list[dict[str, object]]:
    return [
        {
            "key": key.name,
            "consents": key.tokens,
            "what": "newest: seals" if key.newest else "opens" if key.tokens else "no longer needed",
        }
        for key in state.keys
    ]


def _unopened(state: VaultState) -> None:
    """Say which consents no key opens, and end with exit code 1 where there is one."""
    if state.unopened:
        err.print(
            f"No key opens the consent of {', '.join(state.unopened)}: put back what sealed it, or connect again.",
            markup=False,
        )
        raise typer.Exit(1)
