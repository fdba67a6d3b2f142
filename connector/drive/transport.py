"""How Google is reached: one transport a thread, streams side by side, at a pace, and again where that may help."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from typing import ParamSpec, TypeVar

import google_auth_httplib2
import httplib2
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from connector.drive.access import Person, Robot
from connector.drive.answers import Refusal
from connector.drive.pace import Pace
from connector.errors import ConnectorError, RateLimited, SourceUnavailable
from connector.settings import ConnectorSettings

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

MAX_WAIT = 64.0  # seconds between two attempts, as Google's backoff advice caps it
CHUNK = 1 << 20


class Transport:
    """One connection's way to Google; access tokens are fetched as needed and kept in memory only."""

    def __init__(
        self,
        settings: ConnectorSettings,
        credentials: Person | Robot,
        *,
        project: Pace | None,
        sleep: Callable[[float], object] | None,
        random: Random | None,
    ) -> None:
        """Call with these credentials; `project` is the pace that all clients of one Google Cloud project share."""
        self._settings = settings
        self._credentials = credentials
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait
        user = Pace(settings.google_user_units_per_minute, sleep=self._sleep)
        self._paces = (user, project) if project else (user,)
        self._pool: ThreadPoolExecutor | None = None
        self._random = random or Random()  # noqa: S311 -- jitter, not a secret
        self._mine = threading.local()
        self._open: list[Callable[[], None]] = []  # how to close each transport
        self._count = threading.Lock()
        self.calls = 0  # sent so far
        self.units = 0  # of Google's quota, spent so far

    def close(self) -> None:
        """End the streams after the calls that are under way, without a retry, and close all transports.

        It can be used again and opens new ones.
        """
        self._closing.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._closing.clear()
        self._mine = threading.local()
        while self._open:
            self._open.pop()()

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Make a call in one of the streams, beside the others."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._settings.streams, thread_name_prefix="drive")
        return self._pool.submit(call, *args, **kwargs)

    def tried(self, call: Callable[[], T], *, units: int) -> T:
        """Make the call, again where trying again may help: full jitter, and never sooner than Google asks."""
        for attempt in range(1, self._settings.call_attempts + 1):
            self._spend(units)
            try:
                return call()
            except ConnectorError as error:
                if isinstance(error, RateLimited):
                    for pace in self._paces:
                        pace.refused()
                last = attempt == self._settings.call_attempts or self._closing.is_set()
                if not error.transient or last:
                    raise
                wait = max(error.retry_after or 0.0, self._random.uniform(0, min(MAX_WAIT, 2.0**attempt)))
                if wait > MAX_WAIT:
                    raise
                log.info("Google is asked again in %.1f s.", wait, extra={"event": "drive.retry"})
                self._sleep(wait)
        raise AssertionError("unreachable")

    def http(self) -> google_auth_httplib2.AuthorizedHttp:
        """Return this thread's transport for calls: httplib2 is not thread-safe."""
        if not hasattr(self._mine, "http"):
            http = httplib2.Http(timeout=self._settings.call_timeout)
            http.follow_redirects = False
            self._mine.http = google_auth_httplib2.AuthorizedHttp(self._credentials, http=http)
            self._open.append(self._mine.http.close)
        return self._mine.http

    def opened(self, uri: str) -> requests.Response:
        """Open a download; its status is checked before the first byte is handed over. Raises ConnectorError."""
        try:
            answer = self._session().get(uri, stream=True, timeout=self._settings.call_timeout, allow_redirects=False)
        except (requests.RequestException, GoogleAuthError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error
        if answer.status_code != 200:
            with answer:
                refusal = Refusal.read(answer.status_code, answer.headers, _body(answer))
            raise refusal.error()
        return answer

    def _spend(self, units: int) -> None:
        for pace in self._paces:
            pace.spend(units)
        with self._count:
            self.calls += 1
            self.units += units

    def _session(self) -> AuthorizedSession:
        session: AuthorizedSession | None = getattr(self._mine, "session", None)
        if session is None:
            session = AuthorizedSession(self._credentials)  # type: ignore[no-untyped-call]  # google-auth ships no types
            self._mine.session = session
            self._open.append(session.close)
        return session


def chunks_of(answer: requests.Response) -> Iterator[bytes]:
    """Go through an answer's bytes. Raises SourceUnavailable where they end too early."""
    try:
        yield from answer.iter_content(CHUNK)
    except requests.RequestException as error:
        raise SourceUnavailable("Google stopped in the middle of a file.") from error


def _body(answer: requests.Response) -> bytes:
    try:
        return answer.raw.read(65536, decode_content=True) or b""
    except (OSError, requests.RequestException):
        return b""
