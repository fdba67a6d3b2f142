"""The loop that claims jobs, keeps their leases alive and ends them."""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from threading import Event
from typing import Protocol

from scanner.jobs.base import GaveUp, Handler, Idle, Limits
from scanner.jobs.policy import sentence
from scanner.jobs.reporting import sparing, tell_failure
from scanner.jobs.threads import in_thread
from scanner.model.job import Job, JobKind
from scanner.store.errors import DatabaseError

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # how soon an idle worker sees a job that another process queued
AWAY_SECONDS = 2.0  # how long to wait when the database does not answer
AWAY_TRIES = 3  # of somebody who waits for the end; a worker goes on trying


class Leases(Protocol):
    """What the worker asks of its queue."""

    limits: Limits

    def claim(self, kinds: Sequence[JobKind]) -> tuple[Job, str] | None: ...
    def beat(self, tokens: Sequence[str]) -> None: ...
    def report(self, token: str, progress: str) -> None: ...
    def done(self, token: str) -> bool: ...
    def failed(self, job: Job, token: str, error: BaseException) -> bool: ...
    def again(self, token: str) -> None: ...
    def give_back(self, token: str) -> None: ...
    def reap(self) -> tuple[Job, ...]: ...
    def any_live(self, kinds: Sequence[JobKind]) -> bool: ...


class Worker:
    """Runs jobs in threads: their heavy work happens in reader processes and in the database."""

    def __init__(
        self,
        leases: Leases,
        handlers: Mapping[JobKind, Handler],
        *,
        gave_up: GaveUp,
        slots: int,
        idle: Idle | None = None,
    ) -> None:
        """Run at most `slots` jobs at a time; with nothing to do, call `idle` now and then."""
        self._leases = leases
        self._handlers = handlers
        self._gave_up = gave_up
        self._slots = slots
        self._idle = idle
        self._running: dict[Future[bool | None], tuple[Job, str]] = {}
        self._ended = 0
        self._next_beat = self._next_reap = 0.0
        self._next_idle = time.monotonic() + leases.limits.idle_seconds

    def run(self, *, until_idle: bool, stop: Event) -> int:
        """Work until told to stop or, with `until_idle`, until no job of our kinds is live; return how many ended.

        An exception such as ctrl-C's ends it at once.
        """
        try:
            self._work(until_idle=until_idle, stop=stop)
            self._finish()
        finally:
            self._release()
        return self._ended

    def _work(self, *, until_idle: bool, stop: Event) -> None:
        away = 0
        while not stop.is_set():
            try:
                busy = self._round() or self._running
                away = 0
                if busy:
                    continue
                if until_idle and not self._leases.any_live(tuple(self._handlers)):
                    break
                self._look_around()
            except DatabaseError as error:
                away += 1
                if until_idle and away >= AWAY_TRIES:  # somebody waits for the end
                    raise
                log.warning("%s Trying again.", error, extra={"event": "jobs.away"})
                stop.wait(AWAY_SECONDS)
            stop.wait(POLL_SECONDS)

    def _round(self) -> bool:
        """Keep leases, take back lost jobs, fill the free slots; True when something was claimed or ended."""
        self._keep()
        claimed = False
        while len(self._running) < self._slots and (lease := self._leases.claim(tuple(self._handlers))):
            job, token = lease
            report = sparing(partial(self._leases.report, token))
            self._running[in_thread(self._handlers[job.kind], job, report)] = lease
            claimed = True
        return self._collect(timeout=POLL_SECONDS) or claimed

    def _keep(self) -> None:
        now = time.monotonic()
        if now >= self._next_beat and self._running:
            self._next_beat = now + self._leases.limits.lease_seconds / 3
            self._leases.beat([token for _, token in self._running.values()])
        if now >= self._next_reap:
            self._next_reap = now + self._leases.limits.lease_seconds / 3
            for job in self._leases.reap():
                self._gave_up(job, job.error)
                self._ended += 1

    def _look_around(self) -> None:
        """Let work be looked for that a killed process left unqueued; while any job is live there is no need yet."""
        if self._idle is None or time.monotonic() < self._next_idle:
            return
        self._next_idle = time.monotonic() + self._leases.limits.idle_seconds
        if not self._leases.any_live(tuple(self._handlers)):
            self._idle()

    def _collect(self, *, timeout: float) -> bool:
        if not self._running:
            return False
        ended, _ = wait(self._running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in ended:
            job, token = self._running.pop(future)
            error = future.exception()
            if error is None and future.result():
                self._leases.again(token)
            else:
                self._end(job, token, error)
        return bool(ended)

    def _end(self, job: Job, token: str, error: BaseException | None) -> None:
        if error is None:
            self._ended += self._leases.done(token)
            return
        tell_failure(job, error)
        if self._leases.failed(job, token, error):
            self._gave_up(job, sentence(error))
            self._ended += 1

    def _finish(self) -> None:
        """Let running jobs end within the grace period."""
        deadline = time.monotonic() + self._leases.limits.grace_seconds
        while self._running and time.monotonic() < deadline:
            self._keep()
            self._collect(timeout=min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))

    def _release(self) -> None:
        """Give back what still runs; its thread is not waited for, and what it finds is refused."""
        while self._running:
            _, (_, token) = self._running.popitem()
            self._leases.give_back(token)
