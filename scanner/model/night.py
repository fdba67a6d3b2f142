"""A product's night: when it begins, by the clock on its wall; pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """When nights begin."""

    hour: int
    minute: int
    zone: str  # an IANA time zone

    def begins(self, day: date) -> datetime:
        """Return the moment at which the night of a day begins.

        It is one moment whatever the clocks do: an hour that is left out begins where the clocks jump to, and of one
        that comes twice the first counts (PEP 495, fold=0).
        """
        return datetime.combine(day, time(self.hour, self.minute), ZoneInfo(self.zone)).astimezone(UTC)

    def next(self, now: datetime) -> datetime:
        """Return when the next night begins, by its zone's clock."""
        zone = ZoneInfo(self.zone)
        day = now.astimezone(zone).date() - DAY
        while self.begins(day) <= now:
            day += DAY
        return self.begins(day).astimezone(zone)

    def last(self, now: datetime) -> tuple[date, datetime]:
        """Return the day whose night was the last to begin, and when; a day that a zone left out has none."""
        zone = ZoneInfo(self.zone)
        day = now.astimezone(zone).date() + DAY  # a night may begin when its day is over on the wall: then look around
        while self.begins(day) > now:
            day -= DAY
        begun = self.begins(day)
        return begun.astimezone(zone).date(), begun


@dataclass(frozen=True, slots=True, kw_only=True)
class NightOf:
    """A product's night, and what of it is known."""

    product: str
    connection: str
    night: Night | None  # None for the one of the settings
    queued: date | None  # the last night that was queued
    synced_at: datetime | None  # when the connection's last sync ended


def jitter(product: str, day: date, *, at_most: int) -> timedelta:
    """Return how many seconds after its night's begin a product comes: another number each night, and known ahead."""
    number = int.from_bytes(hashlib.sha256(f"{product} {day}".encode()).digest()[:8], "big")
    return timedelta(seconds=number % (at_most + 1))


def due(one: NightOf, *, day: date, begun: datetime, now: datetime, jitter_seconds: int) -> bool:
    """Tell whether a product's night is to be queued now; `day` is the last whose night has begun.

    Nights that were missed are one: the last. A sync that ended since it began has done its work. What is noted of a
    time that has not come yet was noted while the clock was ahead, and says nothing.
    """
    if one.queued is not None and day <= one.queued <= (now.astimezone(UTC) + DAY).date():
        return False
    moment = begun + jitter(one.product, day, at_most=jitter_seconds)
    return moment <= now and (one.synced_at is None or one.synced_at < begun or one.synced_at > now + DAY)


def known_zone(name: str) -> bool:
    """Tell whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
