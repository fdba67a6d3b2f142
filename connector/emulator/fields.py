"""The `fields` mask: a grammar read against the schema, so that a misspelt field is refused as Google refuses it."""

import re
from collections.abc import Mapping
from typing import Any

from connector.emulator.discovery import Contract

Mask = Mapping[str, Any]  # name → deeper mask; an empty deeper mask keeps everything below; "*" stands for any name

_TOKEN = re.compile(r"\s*([A-Za-z0-9_.+-]+|[*(),/])")


class BadMask(Exception):
    """The mask names a field that does not exist, or is not a mask; `selection` is the part that is wrong."""

    def __init__(self, selection: str) -> None:
        """Keep the part of the mask that is wrong."""
        super().__init__(selection)
        self.selection = selection


def parse_mask(text: str, *, contract: Contract, schema: Mapping[str, Any]) -> Mask | None:
    """Read a mask for replies of this schema; None for a blank one, which selects nothing. Raises BadMask."""
    tokens = _tokens(text)
    if not tokens:
        return None
    mask, rest = _selection(tokens, contract, schema)
    if rest:
        raise BadMask("".join(rest))
    return mask


def apply_mask(value: Any, mask: Mask | None) -> Any:
    """Return only what the mask selects; lists are masked element by element."""
    if mask is None:
        return {}
    if not mask:
        return value
    if isinstance(value, list):
        return [apply_mask(element, mask) for element in value]
    if not isinstance(value, dict):
        return value
    whole = mask.get("*")
    return {
        name: apply_mask(found, deeper) if deeper else found
        for name, found in value.items()
        if (deeper := mask.get(name, whole)) is not None
    }


def _tokens(text: str) -> list[str]:
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise BadMask(text[position:])
        tokens.append(found[1])
        position = found.end()
    return tokens


def _selection(tokens: list[str], contract: Contract, schema: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Read `path, path, …`; returns the mask and the tokens that follow it."""
    mask: dict[str, Any] = {}
    while True:
        path, tokens = _path(tokens, contract, schema)
        _merge(mask, path)
        if tokens[:1] != [","]:
            return mask, tokens
        tokens = tokens[1:]


def _path(tokens: list[str], contract: Contract, schema: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Read `name`, `name/path` or `name(path, …)`."""
    if not tokens or tokens[0] in "(),/":
        raise BadMask(tokens[0] if tokens else "")
    name, rest = tokens[0], tokens[1:]
    below = contract.below(schema, name)
    if below is None:
        raise BadMask(name)
    if rest[:1] == ["/"]:
        deeper, rest = _path(rest[1:], contract, below)
        return {name: deeper}, rest
    if rest[:1] == ["("]:
        deeper, rest = _selection(rest[1:], contract, below)
        if rest[:1] != [")"]:
            raise BadMask("(")
        return {name: deeper}, rest[1:]
    return {name: {}}, rest


def _merge(mask: dict[str, Any], addition: Mapping[str, Any]) -> None:
    for name, deeper in addition.items():
        if name not in mask:
            mask[name] = dict(deeper)
        elif not mask[name] or not deeper:
            mask[name] = {}  # one of them wants all of it
        else:
            _merge(mask[name], deeper)
