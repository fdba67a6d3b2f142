"""A channel over which the source hints that something changed; a hint carries no change, and nobody relies on it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One subscription to one change feed."""

    id: str  # ours: random
    resource_id: str  # the source's name for what is watched; needed to stop it
    feed: str  # "" for the person's own feed, else the shared drive whose feed it is
    address: str  # where the hints go
    ends_at: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A notification whose token was sealed here."""

    connection_id: str
    channel_id: str
    changed: bool  # False for the one that only says that the channel is open
