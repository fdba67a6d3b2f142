"""What a night asks for: a sync of each product whose hour has come, once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from scanner.jobs.base import JobQueue
from scanner.model.display import counted
from scanner.model.night import Night, NightOf, due
from scanner.pipeline.orders import sync_job
from scanner.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """Queues the nights' syncs."""

    store: Store
    queue: JobQueue
    usual: Night  # of products that have none of their own
    jitter_seconds: int  # products whose nights begin together start within this span
    now: Callable[[], datetime]

    def __call__(self) -> int:
        """Queue the night of every product that is due; return how many.

        The queue first, then the note: a kill between them has the night queued again, where its job or an idempotent
        second sync meets it. The other order could lose a night.
        """
        now = self.now()
        with self.store.reading() as unit:
            known = unit.nights.all()
        last = {night: night.last(now) for night in {one.night or self.usual for one in known}}
        due_now: dict[date, list[NightOf]] = {}
        for one in known:
            day, begun = last[one.night or self.usual]
            if due(one, day=day, begun=begun, now=now, jitter_seconds=self.jitter_seconds):
                due_now.setdefault(day, []).append(one)
        if not due_now:
            return 0
        self.queue.enqueue([sync_job(one.connection) for night in due_now.values() for one in night])
        with self.store.transaction() as unit:
            queued = sum(unit.nights.queued([one.product for one in night], day) for day, night in due_now.items())
        log.info("The night of %s was queued.", counted(queued, "product"), extra={"event": "schedule.night"})
        return queued
