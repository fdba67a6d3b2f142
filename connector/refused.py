"""A setting that cannot be used, in one sentence: which, what to set it to, and what it is now."""

from types import UnionType
from typing import Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

PREFIX = "CROSSWALK_"
MOST_SHOWN = 80  # characters of the value that was given
_NAMED = ((int, "a whole number"), (float, "a number"), (bool, "true or false"))


def refused(error: ValidationError, model: type[BaseModel]) -> str:
    """Say the first problem of these settings: "Set CROSSWALK_SLOTS to a whole number from 1 to 64; it is 'many'."

    What a setting must be is said by its description, where it has one; a secret's value is never repeated.
    """
    first = error.errors()[0]
    if not first["loc"]:
        return first["msg"].removeprefix("Value error, ")
    name = str(first["loc"][0])
    field = model.model_fields[name]
    secret = SecretStr in (field.annotation, *get_args(field.annotation))
    given = "" if secret or first["type"] == "missing" else f"; it is {_cut(repr(first['input']))}"
    return f"Set {PREFIX}{name.upper()} to {_wanted(field)}{given}."


def _wanted(field: FieldInfo) -> str:
    if field.description:
        return field.description
    kind = field.annotation
    if get_origin(kind) is Literal:
        *most, last = (str(each) for each in get_args(kind))
        return f"{', '.join(most)} or {last}"
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    named = next((words for each, words in _NAMED if kind is each), "a text")
    return f"{named}{_range(field)}"


def _range(field: FieldInfo) -> str:
    low = next((f"from {each.ge}" for each in field.metadata if isinstance(each, Ge)), "")
    low = low or next((f"above {each.gt}" for each in field.metadata if isinstance(each, Gt)), "")
    high = next((f"to {each.le}" for each in field.metadata if isinstance(each, Le)), "")
    bounds = f"{low} {high}".strip() if high else low.replace("from", "of at least")
    return f" {bounds}" if bounds else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
