"""How often one host is asked, however many products have their feed there."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

APART = 1.0  # seconds between two questions to the same host, in each process


@dataclass(slots=True, kw_only=True)
class Pace:
    """Lets questions to one host through one after the other."""

    apart: float = APART
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, host: str) -> None:
        """Wait for the host's turn; what a worker has no slot for does not queue here, so the wait is short."""
        with self._lock:
            now = self.clock()
            turn = max(now, self._next.get(host, now))
            self._next = {one: due for one, due in self._next.items() if due > now} | {host: turn + self.apart}
        self.sleep(turn - now)
