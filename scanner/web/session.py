"""Who is looking: a sealed cookie that holds a person's subject and her connection, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

LIFETIME = timedelta(hours=12)
PURPOSE = "web-session"


class Sealer(Protocol):
    """Whoever seals small values so that nobody else can read, change or make them."""

    def seal(self, purpose: str, value: bytes) -> str:
        """Return the sealed value, fit for a cookie."""
        ...

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """Return the value, or None for anything that was not sealed here for this purpose."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person at her browser."""

    subject: str
    connection: str
    since: datetime


class Sessions:
    """Reads and writes the cookie."""

    def __init__(self, sealer: Sealer, *, now: Callable[[], datetime], secure: bool) -> None:
        """Seal with this; `secure` where the pages are served over https."""
        self._sealer = sealer
        self._now = now
        self._secure = secure
        self._name = "__Host-crosswalk" if secure else "crosswalk"  # the prefix binds it to this host and to https

    def read(self, request: Request) -> Session | None:
        """Return the session of a request; None for a missing, forged or expired one."""
        opened = self._sealer.unseal(PURPOSE, request.cookies.get(self._name, ""))
        if opened is None:
            return None
        held = json.loads(opened)
        since = datetime.fromtimestamp(held["since"], UTC)
        if not since <= self._now() + timedelta(minutes=1) <= since + LIFETIME:
            return None
        return Session(subject=held["subject"], connection=held["connection"], since=since)

    def start(self, response: Response, *, subject: str, connection: str) -> None:
        """Give the browser a fresh session, whatever it held before."""
        held = {"subject": subject, "connection": connection, "since": int(self._now().timestamp())}
        response.set_cookie(
            self._name,
            self._sealer.seal(PURPOSE, json.dumps(held).encode()),
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def end(self, response: Response) -> None:
        """Take the session away."""
        response.delete_cookie(self._name, path="/", secure=self._secure, httponly=True, samesite="lax")
