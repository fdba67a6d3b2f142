"""The command line's front door: the commands in the order in which a newcomer needs them."""

import sys
from io import TextIOWrapper

import typer

from scanner.cli import connections, doctor, local, manage, night, packs, run, vault

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

FIRST, VERBS, THINGS = "First steps and running", "The four verbs", "What Crosswalk knows"

app.command("demo", rich_help_panel=FIRST)(run.demo)
app.command("serve", rich_help_panel=FIRST)(run.serve)
app.command("worker", rich_help_panel=FIRST)(run.worker)
app.command("schedule", rich_help_panel=FIRST)(run.schedule)
app.command("doctor", rich_help_panel=FIRST)(doctor.doctor)
app.command("sync", rich_help_panel=VERBS)(night.sync)
app.command("scan", rich_help_panel=VERBS)(local.scan)
app.command("review", rich_help_panel=VERBS)(night.review)
app.command("summarize", rich_help_panel=VERBS)(night.summarize)
app.add_typer(manage.release, name="release", rich_help_panel=THINGS)
app.add_typer(packs.clauses, name="clauses", rich_help_panel=THINGS)
app.add_typer(connections.connections, name="connections", rich_help_panel=THINGS)
app.add_typer(vault.vault, name="vault", rich_help_panel=THINGS)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that has no ✓ shows a ? rather than a traceback
            stream.reconfigure(errors="replace")
    app()
