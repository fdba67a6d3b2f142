"""How fast Google may be asked: quota units a minute, fewer after it complained, slowly more again (AIMD)."""

import threading
import time
from collections.abc import Callable

BURST_SECONDS = 6.0  # of saved-up units at most
RECOVERY_SECONDS = 60.0  # from a standstill back to full speed
SLOWEST = 0.01  # of the full speed: Google is always asked again
ONE_COMPLAINT_SECONDS = 1.0  # streams side by side are refused together: that is one complaint


class Pace:
    """Spends units no faster than allowed, for all threads that share it.

    The costs and limits are those of https://developers.google.com/workspace/drive/api/guides/limits.
    """

    def __init__(
        self,
        units_per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Allow so many units a minute."""
        self._full = units_per_minute / 60
        self._rate = self._full  # units a second, now
        self._saved = self._full * BURST_SECONDS
        self._clock = clock
        self._sleep = sleep
        self._at = clock()
        self._complained = float("-inf")
        self._lock = threading.Lock()

    @property
    def rate(self) -> float:
        """The units a second that are allowed at this moment."""
        with self._lock:
            self._pass_time()
            return self._rate

    def spend(self, units: int) -> None:
        """Wait until so many units may be spent; who comes first is served first."""
        with self._lock:
            self._pass_time()
            self._saved -= units
            wait = max(0.0, -self._saved / self._rate)
        if wait:
            self._sleep(wait)

    def refused(self) -> None:
        """Take it that Google found us too fast: half the speed, and nothing saved up."""
        with self._lock:
            self._pass_time()
            if self._at - self._complained < ONE_COMPLAINT_SECONDS:
                return
            self._complained = self._at
            self._rate = max(self._full * SLOWEST, self._rate / 2)
            self._saved = min(self._saved, 0.0)

    def _pass_time(self) -> None:
        now = self._clock()
        passed, self._at = now - self._at, now
        self._saved = min(self._full * BURST_SECONDS, self._saved + passed * self._rate)
        self._rate = min(self._full, self._rate + passed * self._full / RECOVERY_SECONDS)
