"""When each night's syncs are enqueued; the only user of APScheduler, and it does no work itself."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

LOOK_MINUTES = 5  # how often the sweep runs, and a night that was missed is looked for
GRACE_SECONDS = 6 * 3600  # a start that was late by no more than this still counts as tonight's


class Scheduler:
    """Enqueues; two of them by accident enqueue once, because a live sync of a connection has one key."""

    def __init__(
        self,
        *,
        enqueue: Callable[[str, timedelta], object],
        connections: Callable[[], Sequence[str]],
        last_sync: Callable[[str], datetime | None],
        sweep: Callable[[], int],
        hour: int,
        minute: int,
        timezone: str,
        jitter_seconds: int,
        random: Random | None = None,
    ) -> None:
        """Take how a connection's sync is enqueued (not before so long), which connections there are, and the night."""
        self._enqueue = enqueue
        self._connections = connections
        self._last_sync = last_sync
        self._sweep = sweep
        self._night = CronTrigger(hour=hour, minute=minute, timezone=ZoneInfo(timezone))
        self._at = (hour, minute, ZoneInfo(timezone))
        self._jitter = jitter_seconds
        self._random = random or Random()  # noqa: S311 -- spreads load, no secret

    def run_forever(self, stop: Event) -> None:
        """Enqueue each night, and what a downtime missed, until told to stop."""
        scheduler = BackgroundScheduler(timezone=UTC)
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS}
        scheduler.add_job(self.tonight, self._night, id="night", **once)
        now = datetime.now(UTC)
        scheduler.add_job(self.look, IntervalTrigger(minutes=LOOK_MINUTES), id="look", next_run_time=now, **once)
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=False)

    def tonight(self) -> None:
        """Enqueue a sync of every connection, spread over the jitter."""
        for connection in self._connections():
            delay = timedelta(seconds=self._random.uniform(0, self._jitter))
            self._enqueue(connection, delay)
        log.info("The night's syncs were queued.", extra={"event": "schedule.night"})

    def look(self) -> None:
        """Make lost jobs again, and catch up once on a night that nobody was there for."""
        self._sweep()
        due = last_due(datetime.now(UTC), *self._at)
        for connection in self._connections():
            if missed(self._last_sync(connection), due):
                self._enqueue(connection, timedelta(0))


def last_due(now: datetime, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    """Return when the night last began, by the zone's clock."""
    local = now.astimezone(zone)
    tonight = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return tonight if tonight <= local else tonight - timedelta(days=1)


def missed(last_sync: datetime | None, due: datetime) -> bool:
    """Tell whether the night that began at `due` was missed: the last sync ended before it, or never."""
    return last_sync is None or last_sync < due
