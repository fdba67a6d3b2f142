"""What `--help` shows beside our own words: the names of values, as people would write them."""

from typing import TypeVar

from typer.core import TyperCommand, TyperGroup, TyperOption

C = TypeVar("C", bound=TyperCommand | TyperGroup)


def tidied(command: C, name: str) -> C:
    """Return the command with options that name their values: `--product PRODUCT`, and a switch names none."""
    context = command.make_context(name, [], resilient_parsing=True)
    for option in command.get_params(context):
        if isinstance(option, TyperOption) and option.metavar is None and not option.type_descriptor.is_choice:
            option.metavar = "" if option.is_flag else str(option.name).upper()
    if isinstance(command, TyperGroup):
        for each, inner in command.commands.items():
            if isinstance(inner, TyperCommand | TyperGroup):
                tidied(inner, each)
    return command
