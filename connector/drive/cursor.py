"""The opaque cursor: where a walk or the change feed is, with all that it needs to go on in another process."""

import base64
import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from connector.errors import CursorRejected
from connector.source import Cursor

VERSION = 1


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
    feed: str  # the change feed's token to go on from; during a walk the one taken before it
    drives: dict[str, str] = field(default_factory=dict)  # id → name of the shared drives, as the walk began
    corpus: int = 0  # 0 is the person's own, then the shared drives in order
    page: str | None = None  # the listing's token, None at a corpus's start
    again: bool = False  # whether this corpus is listed a second time
    incomplete: bool = False  # whether Google called this listing of the corpus incomplete
    because: tuple[str, ...] = ()  # why the walk is incomplete
    listed: dict[str, int] = field(default_factory=dict)  # files by corpus
    calls: int = 0

    def at(self, **changes: Any) -> "Place":
        """Return the place with these changes."""
        return replace(self, **changes)

    def cursor(self) -> Cursor:
        """Return the cursor that leads back here."""
        body = json.dumps({"v": VERSION, **asdict(self)}, separators=(",", ":"))
        return Cursor(base64.urlsafe_b64encode(body.encode()).decode())


def place(cursor: Cursor) -> Place:
    """Return the place that a cursor leads to. Raises CursorRejected for one that was not made here."""
    try:
        body = json.loads(base64.urlsafe_b64decode(cursor.value.encode()))
        version = body.pop("v")
        body["phase"], body["because"] = Phase(body["phase"]), tuple(body["because"])
        found = Place(**body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CursorRejected("The stored place in the Drive cannot be read.") from error
    if version != VERSION:
        raise CursorRejected("The stored place in the Drive was kept by another version of Crosswalk.")
    return found
