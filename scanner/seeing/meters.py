"""What this process counts as it works: jobs, calls of the Drive API, mails; each label is of a closed set."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

from scanner.model.job import JobKind

JOB_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)
CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)


class Meters:
    """The counters of one process; Prometheus adds up those of many."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._jobs = Histogram(
            "crosswalk_job_seconds",
            "How long attempts at jobs took, by kind and how they ended (done, failed).",
            ("kind", "ended"),
            buckets=JOB_SECONDS,
            registry=self.registry,
        )
        self._calls = Counter(
            "crosswalk_drive_calls",
            "Calls of the Drive API, by method and HTTP status (ok; none where nobody answered).",
            ("method", "status"),
            registry=self.registry,
        )
        self._units = Counter(
            "crosswalk_drive_quota_units",
            "Units of Google's quota that calls cost.",
            ("method", "status"),
            registry=self.registry,
        )
        self._waits = Histogram(
            "crosswalk_drive_call_seconds",
            "How long Google took to answer a call.",
            ("method",),
            buckets=CALL_SECONDS,
            registry=self.registry,
        )
        self._mails = Counter(
            "crosswalk_mails",
            "Mails by what became of them (sent; later: tried again; refused).",
            ("outcome",),
            registry=self.registry,
        )
        for outcome in ("sent", "later", "refused"):  # a rate needs a zero to begin at
            self._mails.labels(outcome)
        for kind in JobKind:
            for ended in ("done", "failed"):
                self._jobs.labels(kind.value, ended)

    @contextmanager
    def job(self, kind: JobKind) -> Iterator[None]:
        """Measure an attempt at a job."""
        began, ended = time.monotonic(), "failed"
        try:
            yield
            ended = "done"
        finally:
            self._jobs.labels(kind.value, ended).observe(time.monotonic() - began)

    def call(self, *, method: str, status: str, units: int, seconds: float) -> None:
        """Count a call of the Drive API."""
        self._calls.labels(method, status).inc()
        self._units.labels(method, status).inc(units)
        self._waits.labels(method).observe(seconds)

    def mail(self, outcome: str) -> None:
        """Count a mail: sent, later, refused."""
        self._mails.labels(outcome).inc()
