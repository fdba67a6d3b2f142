"""The command line's front door: the commands in the order in which a newcomer needs them."""

import sys
from collections.abc import Callable
from importlib import metadata
from io import TextIOWrapper
from typing import Annotated

import typer

from scanner.cli import connections, doctor, jobs, local, manage, night, packs, run, vault
from scanner.cli.help import tidied

app = typer.Typer(
    name="crosswalk",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values could show a token or a document's text
    rich_markup_mode="rich",
    help=(
        "Reads a Google Drive, read-only, and says which security documents no longer satisfy a clause.\n\n"
        "The way of the data: [bold]sync → scan → review → summarize[/].\n\n"
        "First steps: [bold]crosswalk demo[/] shows everything on an invented company; "
        "[bold]crosswalk scan FOLDER[/] judges files of your own, without Drive or database; "
        "[bold]crosswalk serve[/] runs the product."
    ),
)


def _version(wanted: bool) -> None:  # noqa: FBT001 -- typer gives it so
    if wanted:
        typer.echo(f"crosswalk {metadata.version('crosswalk')}")
        raise typer.Exit


FIRST, VERBS, THINGS = "First steps and running", "The four verbs", "What Crosswalk knows"


def _command(name: str, run: Callable[..., None], panel: str, example: str) -> None:
    app.command(name, rich_help_panel=panel, epilog=f"Example: {example}")(run)


_command("demo", run.demo, FIRST, "crosswalk demo --serve")
_command("serve", run.serve, FIRST, "CROSSWALK_PORT=9000 crosswalk serve")
_command("worker", run.worker, FIRST, "crosswalk serve --web-only & crosswalk schedule & crosswalk worker")
_command("schedule", run.schedule, FIRST, "CROSSWALK_NIGHT_HOUR=3 CROSSWALK_TIMEZONE=Europe/Berlin crosswalk schedule")
_command("doctor", doctor.doctor, FIRST, "crosswalk doctor")
_command("sync", night.sync, VERBS, "crosswalk sync && crosswalk scan && crosswalk review")
_command("scan", local.scan, VERBS, "crosswalk scan ~/Documents/my-product --format jsonl > verdicts.jsonl")
_command("review", night.review, VERBS, "crosswalk review --format json > report.json")
_command("summarize", night.summarize, VERBS, "crosswalk summarize")
app.add_typer(jobs.jobs, name="jobs", rich_help_panel=THINGS)
app.add_typer(manage.release, name="release", rich_help_panel=THINGS)
app.add_typer(packs.clauses, name="clauses", rich_help_panel=THINGS)
app.add_typer(connections.connections, name="connections", rich_help_panel=THINGS)
app.add_typer(vault.vault, name="vault", rich_help_panel=THINGS)


@app.callback()
def crosswalk(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options of all commands; what the help says of them stands above."""


def command_line() -> None:
    """Run the command that was typed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that has no ✓ shows a ? rather than a traceback
            stream.reconfigure(errors="replace")
    tidied(app)()
