"""Google's quota as a knob: calls cost units, and beyond so many a minute they are refused."""

import time
from collections import deque
from collections.abc import Callable

from connector.emulator.errors import ApiError

COSTS = {  # https://developers.google.com/workspace/drive/api/guides/limits
    "drive.files.list": 100,
    "drive.changes.list": 100,
    "drive.drives.list": 100,
    "drive.files.export": 200,
    "drive.files.download": 200,
}
OTHER, MEDIA = 5, 200
MINUTE = 60.0
_REASONS = {403: "userRateLimitExceeded", 429: "rateLimitExceeded"}


class Quota:
    """Counts units; refuses only where a limit was set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without a limit."""
        self._clock = clock
        self._limit: int | None = None
        self._status = 403
        self._retry_after: int | None = None
        self._window: deque[tuple[float, int]] = deque()
        self.spent = 0  # by calls that were answered
        self.refused = 0  # calls

    def limit(self, units_per_minute: int | None, *, status: int = 403, retry_after: int | None = None) -> None:
        """Refuse what goes beyond; None refuses nothing."""
        self._limit, self._status, self._retry_after = units_per_minute, status, retry_after
        self._window.clear()

    def spend(self, method: str, *, media: bool) -> None:
        """Count a call. Raises ApiError when the minute's units are used up."""
        units = MEDIA if media else COSTS.get(method, OTHER)
        now = self._clock()
        while self._window and self._window[0][0] <= now - MINUTE:
            self._window.popleft()
        if self._limit is not None and sum(cost for _, cost in self._window) + units > self._limit:
            self.refused += 1
            headers = {} if self._retry_after is None else {"Retry-After": str(self._retry_after)}
            reason = _REASONS[self._status]
            message = "User Rate Limit Exceeded" if self._status == 403 else "Rate Limit Exceeded"
            raise ApiError(self._status, reason, message, domain="usageLimits", headers=headers)
        self._window.append((now, units))
        self.spent += units
