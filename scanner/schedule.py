"""When nights and lost work are looked for; the only user of APScheduler, and it does no work itself."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scanner.store.errors import DatabaseError

log = logging.getLogger(__name__)

NIGHT_SECONDS = 30  # how often it is looked whose hour has come
SWEEP_SECONDS = 300  # how often lost jobs are made again


class Leading(Protocol):
    """Who of several may enqueue."""

    def leads(self) -> bool:
        """Tell whether it is us; taken where nobody has it."""
        ...

    def release(self) -> None:
        """Leave it to another one."""
        ...


class Scheduler:
    """Enqueues, as long as it leads; another one beside it waits for its end."""

    def __init__(self, *, nights: Callable[[], object], sweep: Callable[[], object], leader: Leading) -> None:
        """Take what enqueues the nights that are due, and what makes lost jobs again."""
        self._nights = nights
        self._sweep = sweep
        self._leader = leader

    def run_forever(self, stop: Event) -> None:
        """Enqueue until told to stop, beginning with what a downtime missed."""
        scheduler = BackgroundScheduler(timezone=UTC)
        # Looks that came late are one look, and one that takes long is not begun a second time beside itself.
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None, "next_run_time": datetime.now(UTC)}
        for look, seconds in ((self._nights, NIGHT_SECONDS), (self._sweep, SWEEP_SECONDS)):
            scheduler.add_job(self.leading, IntervalTrigger(seconds=seconds), args=[look], **once)
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=True)
            self._leader.release()

    def leading(self, look: Callable[[], object]) -> None:
        """Look, where we lead; a database that is away is asked again the next time."""
        try:
            if self._leader.leads():
                look()
        except DatabaseError as error:
            log.warning("%s The schedule looks again soon.", error, extra={"event": "schedule.away"})
