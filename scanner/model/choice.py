"""Which folders and shared drives a connection is limited to, by name, and which a person wishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MOST_CHOSEN = 20  # folders and shared drives
MAX_ADDRESS = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A wish stays one until the next sync has asked the source what it names."""

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # of what is in force, by id
    wanted: tuple[str, ...] | None = None  # addresses or ids; () for everything, None where nothing is wished
    because: str = ""  # why the last wish was not taken
