"""Google's answers from bytes into values: quickly, since a whole walk is little else."""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from googleapiclient.model import JsonModel

from connector.drive.items import Change, ChangePage, Drive, DriveListing, Item, Listing

T = TypeVar("T")

_NUL = b"\\u0000"  # as JSON writes it
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WITHIN: Mapping[type, Mapping[str, type]] = {  # where the values are in which a wrong field is as one left out
    Listing: {"files": Item},
    ChangePage: {"changes": Change},
    Change: {"file": Item, "drive": Drive},
    DriveListing: {"drives": Drive},
}
_TYPES = {  # of those values' fields
    kind: {field.encode_name: field.type for field in msgspec.structs.fields(kind)} for kind in (Item, Drive)
}


class Wire(JsonModel):  # type: ignore[misc]  # Google's client ships no types
    """Hands a good answer's bytes through, for `read`: Google's client knows the types of none."""

    def __init__(self) -> None:
        """Drive wraps its answers in nothing."""
        super().__init__(data_wrapper=False)

    def deserialize(self, content: bytes) -> bytes:
        """Return the bytes as they are."""
        return content


def read(content: bytes, kind: type[T]) -> T:
    """Return what an answer holds. Raises ValueError where it is no such thing, such as a page for people.

    NOTE: names come from strangers. The standard library reads what the quick one refuses as no good JSON, half
    characters and numbers that are none; in a text, what no database keeps (these, and NUL) leaves a mark. And a field
    of an item that is not of its documented type is left out, as Google leaves out any field; a page's own are not,
    since a token that is passed over ends a listing.
    """
    try:
        if _NUL not in content:
            return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return msgspec.convert(_fitting(_slowly(content), kind), kind)


def _slowly(content: bytes) -> Any:
    try:
        return _storable(json.loads(content))
    except RecursionError as error:
        raise ValueError("an answer that is too deep") from error


def _storable(value: Any) -> Any:
    match value:
        case str():
            return _UNSTORABLE.sub("\ufffd", value)
        case list():
            return [_storable(one) for one in value]
        case dict():
            return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def _fitting(value: Any, kind: type) -> Any:
    """Return the value without those fields of its items and drives that are of another type."""
    if isinstance(value, list):
        return [_fitting(one, kind) for one in value]
    if not isinstance(value, dict):
        return value
    if kind in _TYPES:
        return {name: field for name, field in value.items() if _fits(field, _TYPES[kind].get(name))}
    within = _WITHIN.get(kind, {})
    return {name: _fitting(field, within[name]) if name in within else field for name, field in value.items()}


def _fits(field: Any, kind: Any) -> bool:
    try:
        msgspec.convert(field, kind)
    except msgspec.ValidationError:
        return False
    return True
