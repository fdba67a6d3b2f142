"""What only the database knows, read when it is asked for: the queue, what could not be checked, the last syncs."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from scanner.model.job import JobKind, JobState, Waiting
from scanner.model.unchecked import Uncheckable


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How things stand at one moment; nothing in it names a person."""

    now: datetime
    jobs: tuple[Waiting, ...] = ()
    unchecked: Mapping[Uncheckable, int] = field(default_factory=dict)  # candidates
    connections: Mapping[str, int] = field(default_factory=dict)  # by state
    complete: Mapping[str, datetime] = field(default_factory=dict)  # when a product's last complete sync ended


class AtEachScrape(Collector):
    """Tells how things stand at each scrape; many scrapes within some seconds are one look at the database."""

    def __init__(self, look: Callable[[], Figures], *, seconds: float = 30.0) -> None:
        """Look no more often than this."""
        self._look = look
        self._seconds = seconds
        self._lock = threading.Lock()
        self._seen: tuple[float, Figures | None] = (float("-inf"), None)

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; where the database does not answer, only that."""
        figures = self._figures()
        yield GaugeMetricFamily(
            "crosswalk_database_up", "Whether the database answered the last look.", value=figures is not None
        )
        if figures is not None:
            yield from _told(figures)

    def describe(self) -> Iterator[Metric]:
        """Name the figures without a look, as a registry asks for at the beginning."""
        yield from _told(Figures(now=datetime.min))  # noqa: DTZ901 -- no moment: there is nothing to reckon with it

    def _figures(self) -> Figures | None:
        with self._lock:
            at, seen = self._seen
            if time.monotonic() - at >= self._seconds:
                try:
                    seen = self._look()
                except Exception:  # noqa: BLE001 -- whatever it is: the other figures are still to be told
                    seen = None
                self._seen = (time.monotonic(), seen)
            return seen


def _told(figures: Figures) -> Iterator[Metric]:
    depth = GaugeMetricFamily("crosswalk_jobs", "Live jobs, by kind and state.", labels=("kind", "state"))
    age = GaugeMetricFamily(
        "crosswalk_jobs_oldest_seconds", "For how long the oldest due job of a kind has waited.", labels=("kind",)
    )
    live = {(one.kind, one.state): one for one in figures.jobs}
    for kind in JobKind:
        for state in (JobState.QUEUED, JobState.RUNNING):
            one = live.get((kind, state))
            depth.add_metric((kind.value, state.value), one.count if one else 0)
        queued = live.get((kind, JobState.QUEUED))
        waited = (figures.now - queued.oldest).total_seconds() if queued and queued.oldest else 0.0
        age.add_metric((kind.value,), max(0.0, waited))
    yield from (depth, age)
    unchecked = GaugeMetricFamily(
        "crosswalk_undetermined", "Candidates that could not be checked, by reason.", labels=("reason",)
    )
    for reason in Uncheckable:
        unchecked.add_metric((reason.value,), figures.unchecked.get(reason, 0))
    yield unchecked
    connections = GaugeMetricFamily("crosswalk_connections", "Connections, by state.", labels=("state",))
    for state_name, count in sorted(figures.connections.items()):
        connections.add_metric((state_name,), count)
    yield connections
    complete = GaugeMetricFamily(
        "crosswalk_last_complete_sync_timestamp_seconds",
        "When the last complete sync of a product ended.",
        labels=("product",),
    )
    for product, when in sorted(figures.complete.items()):
        complete.add_metric((product,), when.timestamp())
    yield complete
