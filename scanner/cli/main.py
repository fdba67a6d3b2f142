"""The command line's front door: the commands in the order in which a newcomer needs them."""

import gc
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from io import TextIOWrapper
from types import MappingProxyType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from scanner.cli.help import tidied

FIRST, VERBS, THINGS = "First steps and running", "The four verbs", "What Crosswalk knows"


@dataclass(frozen=True, slots=True)
class _Command:
    """One command, or a group of them, by the place where it is found once it is asked for."""

    place: str  # module:attribute
    panel: str
    example: str = ""

    def found(self) -> Any:
        module, _, attribute = self.place.partition(":")
        return getattr(import_module(f"scanner.cli.{module}"), attribute)

    def load(self, name: str) -> TyperCommand | TyperGroup:
        found = self.found()
        command = get_group(found) if isinstance(found, typer.Typer) else self._alone(found, name)
        command.name, command.rich_help_panel = name, self.panel
        return tidied(command, name)

    def _alone(self, run: Callable[..., None], name: str) -> TyperCommand:
        app = typer.Typer(add_completion=False, rich_markup_mode="rich")
        app.command(name, epilog=f"Example: {self.example}")(run)
        command = get_command(app)
        assert isinstance(command, TyperCommand)  # noqa: S101 -- narrows the type: an app of one command is a command
        return command


COMMANDS: Mapping[str, _Command] = MappingProxyType(
    {
        "demo": _Command("run:demo", FIRST, "crosswalk demo --serve"),
        "serve": _Command("run:serve", FIRST, "CROSSWALK_PORT=9000 crosswalk serve"),
        "worker": _Command("run:worker", FIRST, "crosswalk serve --web-only & crosswalk schedule & crosswalk worker"),
        "schedule": _Command(
            "run:schedule", FIRST, "CROSSWALK_NIGHT_HOUR=3 CROSSWALK_TIMEZONE=Europe/Berlin crosswalk schedule"
        ),
        "doctor": _Command("doctor:doctor", FIRST, "crosswalk doctor"),
        "sync": _Command("night:sync", VERBS, "crosswalk sync && crosswalk scan && crosswalk review"),
        "scan": _Command("local:scan", VERBS, "crosswalk scan ~/Documents/my-product --format jsonl > verdicts.jsonl"),
        "review": _Command("night:review", VERBS, "crosswalk review --format json > report.json"),
        "summarize": _Command("night:summarize", VERBS, "crosswalk summarize"),
        "jobs": _Command("jobs:jobs", THINGS),
        "release": _Command("manage:release", THINGS),
        "hook": _Command("hooks:hook", THINGS),
        "waiver": _Command("waivers:waiver", THINGS),
        "objections": _Command("objections:objections", THINGS),
        "clauses": _Command("packs:clauses", THINGS),
        "products": _Command("products:products", THINGS),
        "connections": _Command("connections:connections", THINGS),
        "vault": _Command("vault:vault", THINGS),
        "database": _Command("database:database", THINGS),
    }
)


class _Commands(TyperGroup):
    """The commands in the order in which a newcomer needs them, each loaded only when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- typer keeps the type to itself
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:  # noqa: ARG002 -- the same
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.add_command(COMMANDS[cmd_name].load(cmd_name), cmd_name)
        return self.commands.get(cmd_name)  # type: ignore[return-value]  # there are none but those that were added


app = typer.Typer(
    name="crosswalk",
    cls=_Commands,
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


@app.callback()
def crosswalk(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options of all commands; what the help says of them stands above."""


def commands() -> TyperGroup:
    """Return all that a person can type."""
    return tidied(get_group(app), "crosswalk")


def command_line() -> None:
    """Run the command that was typed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that has no ✓ shows a ? rather than a traceback
            stream.reconfigure(errors="replace")
    for name in sys.argv[1:2]:
        if name in COMMANDS:
            COMMANDS[name].found()  # loaded here, for typer would answer a ctrl-C meanwhile with silence
    gc.freeze()  # what was loaded stays, and is looked through by no collector
    gc.enable()
    commands()()
