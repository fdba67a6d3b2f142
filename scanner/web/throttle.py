"""How often somebody may ask: each has an allowance that fills up again with time; in this process's memory."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0
MOST_KEYS = 100_000  # of which something is remembered; each is some hundred bytes
_TINY = 1e-6  # sums of fractions are not exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one wish."""

    most: int  # the whole allowance, and what fills up in a minute
    left: int  # so many more may come at once
    full_in: float  # seconds until the whole allowance is there again
    retry_in: float = 0.0  # seconds until the next one may come, 0 where this one could

    @property
    def allowed(self) -> bool:
        """Tell whether it may go on."""
        return self.retry_in == 0

    @property
    def headers(self) -> dict[str, str]:
        """Return what an answer says of it (draft-ietf-httpapi-ratelimit-headers; RFC 9110 §10.2.3 of a refusal)."""
        said = {
            "RateLimit-Policy": f'"default";q={self.most};w={MINUTE:.0f}',
            "RateLimit": f'"default";r={self.left};t={math.ceil(self.full_in)}',
        }
        return said if self.allowed else {**said, "Retry-After": str(max(1, math.ceil(self.retry_in)))}


class Throttle:
    """One allowance for each key, by the generic cell rate algorithm (ITU-T I.371): one moment is kept of a key."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic, keys: int = MOST_KEYS) -> None:
        """Allow so many at once, and as many a minute; 0 limits nothing. `clock` gives seconds that never go back."""
        self._most = per_minute
        self._clock = clock
        self._keys = keys
        self._full_at: OrderedDict[str, float] = OrderedDict()  # the one that asked last comes last
        self._lock = threading.Lock()

    def take(self, key: str) -> Taken | None:
        """Take one from the allowance of a key; None where nothing is limited."""
        if not self._most:
            return None
        one = MINUTE / self._most
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.pop(key, now), now)
            too_early = full_at + one - MINUTE - now
            allowed = too_early <= _TINY
            full_at += one if allowed else 0.0
            self._full_at[key] = full_at
            self._forget(now)
        left = int((now + MINUTE - full_at) / one + _TINY)
        return Taken(most=self._most, left=left, full_in=full_at - now, retry_in=0.0 if allowed else too_early)

    def _forget(self, now: float) -> None:
        """Forget who has all again, and of too many the one that has been silent longest."""
        while self._full_at:
            key, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= self._keys:
                return
            del self._full_at[key]


def network_of(address: str) -> str:
    """Return whom an address stands for: of IPv6 the network of 64 bits, since one person has all of it."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), 64), strict=False))
