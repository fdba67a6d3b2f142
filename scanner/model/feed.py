"""A public list of tags or releases that is read each night, so that nobody has to tell of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLD_AFTER = timedelta(hours=20)  # the second night in a row: what fails once most often passes by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed of a product, and how the last look at it ended."""

    id: str  # a new one with each address: who believed the old one has not seen the new one
    product: str  # the product's id
    address: str
    set_at: datetime
    looked_at: datetime | None = None  # the last look, however it ended
    answered_at: datetime | None = None  # the last one that could be read
    because: str = ""  # why the last one could not; completes *could not look for new releases, because …*
    failing_since: datetime | None = None
    told: bool = False  # whether its people's mails about that are in the outbox
    wait_until: datetime | None = None  # the server asked not to come before
    etag: str = ""  # what the server wants to hear of its last answer
    modified: str = ""
    seen: frozenset[str] = frozenset()  # short digests of the tags that were there

    @property
    def silence(self) -> str:
        """Name the time for which it could not be read, "" while it can."""
        return f"{self.id}/{self.failing_since.isoformat()}" if self.failing_since else ""

    def to_be_told(self, now: datetime) -> bool:
        """Tell whether people are to be mailed that it cannot be read."""
        since = self.failing_since
        return since is not None and not self.told and now - since >= TOLD_AFTER
