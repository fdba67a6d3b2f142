"""Commands about connections: which there are, what each is limited to, a company's service account, the end."""

from typing import Annotated

import typer

from connector import ConsentLost
from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.model.connection import Connection
from scanner.model.display import shown

connections = typer.Typer(no_args_is_help=True, help="The Google accounts that Crosswalk may read.")

ConnectionArgument = Annotated[str, typer.Argument(help="The connection's id, from `crosswalk connections list`.")]


@connections.command("list", epilog="Example: crosswalk connections list --format json")
@plainly
def connections_list(output: FormatOption = Format.TABLE) -> None:
    """List the connections: whether each can be read, why not and what to do, and what it is limited to."""
    with app() as assembled, assembled.store.reading() as unit:
        known = unit.connections.all()
    rows = [
        {
            "id": one.id,
            "email": one.email,
            "state": one.state.value,
            "because": one.lost.because.title if one.lost else one.state_because,
            "what to do": one.lost.because.what_to_do if one.lost else "",
            "since": one.lost.at.isoformat(timespec="minutes") if one.lost else "",
            "last sync": one.synced_at.isoformat(timespec="minutes") if one.synced_at else "never",
            "limited to": list(one.within),
        }
        for one in known
    ]
    print_rows(rows, output)


@connections.command(
    "limit", epilog="Example: crosswalk connections limit c0ffee --within https://drive.google.com/drive/folders/1AbC"
)
@plainly
def connections_limit(
    connection: ConnectionArgument,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within", help="A folder or shared drive: its address in the browser or its id; may be repeated."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Read everything again that the person sees.")
    ] = False,
) -> None:
    """Limit a connection to some folders or shared drives, with all that lies below; the next sync looks anew.

    What lies outside leaves the picture as "outside of the chosen folders".
    """
    if bool(within) == everything:
        err.print("Give either --within (once or more often) or --everything.")
        raise typer.Exit(2)
    with app() as assembled:
        known = _known(assembled, connection)
        chosen = assembled.connector.chosen(known.id, within or ())
        assembled.limit(known.id, {one.id: one.name for one in chosen})
    names = ", ".join(shown(one.name or one.id, 80) for one in chosen) or "everything that the person sees"
    err.print(f"Limited to: {names}. The next sync looks at all of it; `crosswalk sync` does it now.", markup=False)


@connections.command(
    "add-service-account", epilog="Example: crosswalk connections add-service-account --subject quality@example.com"
)
@plainly
def connections_add_service_account(
    subject: Annotated[
        str, typer.Option("--subject", help="In whose name to read: an address of your Google Workspace.")
    ] = "",
    notify: Annotated[str, typer.Option("--notify", help="Where the emails go; by default to --subject.")] = "",
) -> None:
    """Let your company's service account read, instead of a person's consent; tried with Google before it is kept.

    Set CROSSWALK_GOOGLE_SERVICE_ACCOUNT_FILE to its key file first (JSON, readable by you alone). Then either delegate
    to it domain-wide, with the one scope https://www.googleapis.com/auth/drive.readonly, and name a person with
    --subject; or share the folders with its own address and name where the emails go with --notify.
    """
    if not (subject or notify):
        err.print("Give --subject (in whose name to read), or --notify (where the emails go).")
        raise typer.Exit(2)
    with app() as assembled:
        try:
            made = assembled.connector.delegate(subject)
        except ConsentLost as error:
            err.print(f"{error.because.title}. {error.because.sentence}\n{error.because.what_to_do}", markup=False)
            raise typer.Exit(1) from None
        assembled.connected(
            connection_id=made.connection_id, subject=made.subject, email=made.email, notify=notify or subject
        )
    err.print(f"{shown(made.email)} is connected as {made.connection_id}; `crosswalk sync` reads it now.", markup=False)


@connections.command("disconnect", epilog="Example: crosswalk connections disconnect c0ffee")
@plainly
def connections_disconnect(
    connection: ConnectionArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Withdraw the consent at Google and forget everything that was kept of it: files, verdicts, reports, token."""
    with app() as assembled:
        known = _known(assembled, connection)
        if not yes:
            typer.confirm(f"Disconnect {shown(known.email)} and purge all that was kept?", abort=True, err=True)
        ended = assembled.disconnect(known.id)
    print_rows([{"id": known.id, "email": known.email, "confirmed by Google": ended.revoked}], output)
    err.print(ended.words, markup=False)


def _known(assembled: App, connection: str) -> Connection:
    with assembled.store.reading() as unit:
        known = unit.connections.get(connection)
    if known is None:
        err.print(f"There is no connection {connection!r}. See `crosswalk connections list`.", markup=False)
        raise typer.Exit(1)
    return known
