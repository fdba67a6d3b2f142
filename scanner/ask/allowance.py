"""How much may be asked: calls and tokens within a day of one process, and a rest after failures in a row."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

DAY = 86_400.0
_FAILURES, _REST = 3, 300.0  # after so many failures in a row nobody is asked for so many seconds


@dataclass(slots=True, kw_only=True)
class Allowance:
    """Counts what was asked; shared by all threads of a process."""

    calls: int
    tokens: int
    clock: Callable[[], float]  # seconds that never go back
    _since: float | None = None
    _calls: int = 0
    _tokens: int = 0
    _failures: int = 0
    _rest_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refused(self) -> str:
        """Take one call, or say why there is none to take; "" means go on."""
        with self._lock:
            now = self.clock()
            if self._since is None or now - self._since >= DAY:
                self._since, self._calls, self._tokens = now, 0, 0
            if now < self._rest_until:
                return "the language model failed several times in a row and is left alone for some minutes"
            if self._calls >= self.calls:
                return f"the allowance of {self.calls} calls a day is used up"
            if self._tokens >= self.tokens:
                return f"the allowance of {self.tokens} tokens a day is used up"
            self._calls += 1
            return ""

    def spent(self, tokens: int) -> None:
        """Count what an answer cost; an answer also ends a row of failures."""
        with self._lock:
            self._tokens += max(tokens, 0)
            self._failures = 0

    def failed(self) -> None:
        """Count a call that brought no answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._failures, self._rest_until = 0, self.clock() + _REST
