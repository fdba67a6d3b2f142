"""The opaque cursor: where a walk or the change feed is, with all that it needs to go on in another process."""

import base64
import json
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

import msgspec

from connector.drive.slices import Slice, What
from connector.errors import CursorRejected
from connector.source import Cursor

VERSION = 4


class Phase(StrEnum):
    """What the source is doing."""

    WALK = "walk"  # listing every file
    REPLAY = "replay"  # reading what changed while the walk went on
    FEED = "feed"  # at rest, or reading changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a sync."""

    phase: Phase
    sync_id: str
    feed: str  # the token in the person's change feed to go on from; during a walk the one taken before it
    feeds: dict[str, str] = field(default_factory=dict)  # by shared drive: the token in its own feed
    begun: str = ""  # when the walk began, RFC 3339
    drives: dict[str, str] = field(default_factory=dict)  # id → name of the shared drives, as last listed
    slices: tuple[Slice, ...] = ()  # what is still to be listed
    because: tuple[str, ...] = ()  # why the walk is incomplete
    listed: dict[str, int] = field(default_factory=dict)  # files by corpus, of the slices that are done
    unreadable: dict[str, int] = field(default_factory=dict)  # files whose contents cannot be had, by reason
    calls: int = 0
    units: int = 0  # of Google's quota

    def at(self, **changes: Any) -> "Place":
        """Return the place with these changes."""
        return replace(self, **changes)

    def doubted(self, because: str) -> "Place":
        """Return the place in a sync that will end incomplete, because of this too."""
        return self if because in self.because else self.at(because=(*self.because, because))

    def cursor(self) -> Cursor:
        """Return the cursor that leads back here."""
        body = {"v": VERSION} | {one.name: getattr(self, one.name) for one in fields(self)}
        return Cursor(base64.urlsafe_b64encode(msgspec.json.encode(body)).decode())


def place(cursor: Cursor) -> Place:
    """Return the place that a cursor leads to. Raises CursorRejected for one that was not made here."""
    try:
        body = json.loads(base64.urlsafe_b64decode(cursor.value.encode()))
        if body.pop("v") != VERSION:
            raise CursorRejected("The stored place in the Drive was kept by another version of Crosswalk.")
        body["phase"], body["because"] = Phase(body["phase"]), tuple(body["because"])
        body["slices"] = tuple(Slice(**{**one, "what": What(one["what"])}) for one in body["slices"])
        return Place(**body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CursorRejected("The stored place in the Drive cannot be read.") from error
