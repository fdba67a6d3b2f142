"""What a handler is given and what it gives back: one checked call, one reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.emulator.faults import Fault
from connector.emulator.push import Channels
from connector.emulator.state import World


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Drive call that passed the checks of the discovery document."""

    world: World
    base_url: str
    path: Mapping[str, str]  # values in the path, e.g. fileId
    params: Mapping[str, Any]  # typed query parameters, defaults filled in
    headers: Mapping[str, str]  # lower-case names; no handler sees the Authorization header
    fault: Fault
    page_caps: Mapping[str, int]  # most elements of a page, by collection
    listings: "Listings"
    channels: Channels
    body: Mapping[str, Any] = field(default_factory=dict)  # checked against the schema of what the method takes


@dataclass(frozen=True, kw_only=True)
class JsonReply:
    """A resource before masking, and what a caller gets who sends no `fields`."""

    body: Mapping[str, Any]
    default_fields: str
    generated: bool = False  # from one mould: checked against the discovery document once a method, for speed


@dataclass(frozen=True, kw_only=True)
class BytesReply:
    """Bytes with their headers."""

    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Reply = JsonReply | BytesReply


class Listings:
    """Listings begun and not finished, so that pages of one listing fit together whatever changes meanwhile."""

    MOST = 2000

    def __init__(self) -> None:
        """Begin without any."""
        self._by_token: dict[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {}
        self._made = 0

    def keep(self, params: Mapping[str, Any], rest: tuple[str, ...]) -> str:
        """Keep the ids that are still to be listed; returns the page token for them."""
        self._made += 1
        token = f"~!!~page{self._made:06d}"
        self._by_token[token] = (dict(params), rest)
        while len(self._by_token) > self.MOST:
            del self._by_token[next(iter(self._by_token))]
        return token

    def resume(self, token: str, params: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return the ids that a token stands for; None when it is unknown or made for other parameters."""
        kept = self._by_token.get(token)
        return kept[1] if kept is not None and kept[0] == params else None
