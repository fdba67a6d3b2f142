"""What `--help` shows beside our own words: the names of values, as people would write them."""

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command


def tidied(app: typer.Typer) -> TyperGroup:
    """Return the commands with options that name their values: `--product PRODUCT`, and a switch names none."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)  # noqa: S101 -- narrows the type: an app of several commands is a group
    _tidy(group, "crosswalk")
    return group


def _tidy(command: TyperCommand | TyperGroup, name: str) -> None:
    context = command.make_context(name, [], resilient_parsing=True)
    for option in command.get_params(context):
        if isinstance(option, TyperOption) and option.metavar is None and not option.type_descriptor.is_choice:
            option.metavar = "" if option.is_flag else str(option.name).upper()
    if isinstance(command, TyperGroup):
        for each, inner in command.commands.items():
            if isinstance(inner, TyperCommand | TyperGroup):
                _tidy(inner, each)
