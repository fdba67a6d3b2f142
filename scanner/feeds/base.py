"""What the parts of a look at a feed share: an answer, a tag, and the reasons why there is none."""

from dataclasses import dataclass
from datetime import date, timedelta


class AddressRefused(Exception):
    """Nothing is asked at this address; the message says why, and what to give instead."""


class NotRead(Exception):
    """A feed could not be read; the message completes *could not look for new releases, because …*."""

    def __init__(self, because: str, *, wait: timedelta | None = None) -> None:
        """Keep why, and for how long the server wants to be left alone."""
        super().__init__(because)
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    kind: str  # its media type, without parameters
    body: bytes
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One entry of a feed."""

    name: str
    on: date | None = None  # None where the feed gives no day
