"""Who is looking: a cookie with a random secret, whose digest stands in the store beside the person."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from scanner.model.person import Person
from scanner.store.store import Store

LIFETIME = timedelta(hours=12)


class Sessions:
    """Reads and writes the cookie."""

    def __init__(self, store: Store, *, now: Callable[[], datetime], secure: bool) -> None:
        """Keep sign-ins here; `secure` where the pages are served over https."""
        self._store = store
        self._now = now
        self._secure = secure
        self._name = "__Host-crosswalk" if secure else "crosswalk"  # the prefix binds it to this host and to https

    def read(self, request: Request) -> Person | None:
        """Return the person of a request; None for a missing, forged, ended or expired cookie."""
        digest = self._digest(request)
        if not digest:
            return None
        with self._store.reading() as unit:
            known = unit.sign_ins.get(digest)
        if known is None:
            return None
        person, since = known
        return person if since <= self._now() + timedelta(minutes=1) <= since + LIFETIME else None

    def start(self, request: Request, response: Response, person: Person) -> None:
        """Give the browser a fresh session; the one that it held ends."""
        secret = secrets.token_urlsafe(32)
        with self._store.transaction() as unit:
            unit.sign_ins.prune(before=self._now() - LIFETIME)
            unit.sign_ins.end(self._digest(request))
            unit.sign_ins.begin(_digest_of(secret), person, now=self._now())
        response.set_cookie(
            self._name,
            secret,
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def end(self, request: Request, response: Response) -> None:
        """End the session, here and in the browser: a copy of its cookie opens nothing any more."""
        if digest := self._digest(request):
            with self._store.transaction() as unit:
                unit.sign_ins.end(digest)
        response.delete_cookie(self._name, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _digest(self, request: Request) -> str:
        held = request.cookies.get(self._name, "")
        return _digest_of(held) if held else ""


def _digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
