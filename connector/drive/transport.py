"""How Google is reached: one transport a thread, streams side by side, at a pace, and again where that may help."""

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from typing import ParamSpec, TypeVar

import google_auth_httplib2
import requests
import urllib3
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.auth.transport.requests import Request as GoogleRequest

from connector.calls import Call, Counted, nobody
from connector.drive.access import Person, Robot
from connector.drive.answers import Refusal
from connector.drive.bounded import BoundedHttp
from connector.drive.links import MOST_REDIRECTS, Trust, onward, same_host, trust
from connector.drive.pace import Pace
from connector.drive.parts import begins_at
from connector.errors import ConnectorError, FileUnavailable, RateLimited, SourceUnavailable
from connector.settings import ConnectorSettings

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

RESOURCE_KEYS = "X-Goog-Drive-Resource-Keys"
MAX_WAIT = 64.0  # seconds between two attempts, as Google's backoff advice caps it


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
        counted: Counted = nobody,
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
        self._counted = counted
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
        """Make a call in one of the streams, beside the others; what the work belongs to is known there too."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._settings.streams, thread_name_prefix="drive")
        here = contextvars.copy_context()
        return self._pool.submit(lambda: here.run(call, *args, **kwargs))

    def tried(self, call: Callable[[], T], *, method: str, units: int) -> T:
        """Make the call, again where trying again may help: full jitter, and never sooner than Google asks."""
        for attempt in range(1, self._settings.call_attempts + 1):
            self._spend(units)
            try:
                return self._told(call, method=method, units=units)
            except ConnectorError as error:
                if isinstance(error, RateLimited):
                    for pace in self._paces:
                        pace.refused()
                last = attempt == self._settings.call_attempts or self._closing.is_set()
                if not error.transient or last:
                    raise
                wait = max(error.retry_after or 0.0, self._jitter(attempt))
                if wait > MAX_WAIT:
                    raise
                log.info("Google is asked again in %.1f s.", wait, extra={"event": "drive.retry"})
                self._sleep(wait)
        raise AssertionError("unreachable")

    def pause(self, seconds: float) -> None:
        """Wait. Raises SourceUnavailable when all is closed meanwhile."""
        self._sleep(seconds)
        if self._closing.is_set():
            raise SourceUnavailable("Crosswalk was stopped.")

    def back_off(self, setbacks: int) -> None:
        """Wait after so many setbacks in a row, as before a further attempt of a call."""
        self.pause(self._jitter(setbacks))

    def http(self) -> google_auth_httplib2.AuthorizedHttp:
        """Return this thread's transport for calls: httplib2 is not thread-safe."""
        if not hasattr(self._mine, "http"):
            http = BoundedHttp(timeout=self._settings.call_timeout)
            self._mine.http = google_auth_httplib2.AuthorizedHttp(self._credentials, http=http)
            self._open.append(self._mine.http.close)
        return self._mine.http

    def opened(self, uri: str, *, first: int = 0, key: str = "") -> requests.Response:
        """Open a download from a byte on, with a resource key; its status is checked before a byte is handed over.

        Where the server does not go on from there (it knows no ranges, or no such place), it is opened from the
        beginning. Raises ConnectorError.
        """
        place = {"Range": f"bytes={first}-"} if first else {}
        answer = self._followed(uri, place | ({RESOURCE_KEYS: key} if key else {}))
        if not first or answer.status_code not in {206, 416}:
            return _good(answer)
        if begins_at(answer) == first:
            return answer
        answer.close()
        return self.opened(uri, key=key)

    def _followed(self, uri: str, headers: Mapping[str, str]) -> requests.Response:
        """Ask an address, and where it sends us, as far as that is Google's."""
        here, with_token = uri, True
        for _ in range(1 + MOST_REDIRECTS):
            allowed = trust(here, api_root=self._settings.google_api_root)
            if allowed is Trust.NOTHING:
                break
            # Who is sent to another host is known there by the address, or not at all; once gone, the token stays away.
            with_token = with_token and allowed is Trust.TOKEN and same_host(here, uri)
            answer = self._got(self._session() if with_token else self._plain(), here, headers)
            if not answer.is_redirect:
                return answer
            answer.close()
            here = onward(here, answer.headers["location"])
        if here is uri:
            raise FileUnavailable("Google's link to it leads to somebody else")
        raise SourceUnavailable("Google sent us to a sign-in page or elsewhere in place of the file.")

    def _got(self, session: requests.Session, uri: str, headers: Mapping[str, str]) -> requests.Response:
        wanted = {"Accept-Encoding": "identity", **headers}  # packed, a place in the bytes would mean another one
        timeout = self._settings.call_timeout
        try:
            return session.get(uri, headers=wanted, stream=True, timeout=timeout, allow_redirects=False)
        # NOTE: requests reads a redirect's address even when it is not to follow it; a broken one is a ValueError.
        except (requests.RequestException, GoogleAuthError, ValueError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error

    def _told(self, call: Callable[[], T], *, method: str, units: int) -> T:
        """Make the call once, and tell who counts how it went."""
        began, status = time.monotonic(), "none"
        try:
            answer = call()
            status = "ok"
        except ConnectorError as error:
            status = str(error.status or "none")
            raise
        finally:
            seconds = time.monotonic() - began
            self._counted(Call(method=method, status=status, units=units, seconds=seconds))
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
            signing_in = requests.Session()
            signing_in.max_redirects = 0  # a refresh token goes to Google and nowhere else
            session = AuthorizedSession(  # type: ignore[no-untyped-call]  # google-auth ships no types
                self._credentials, auth_request=GoogleRequest(signing_in)
            )
            self._open.append(signing_in.close)
            self._mine.session = session
            self._open.append(session.close)
        return session

    def _plain(self) -> requests.Session:
        """Return this thread's session that carries no token."""
        if not hasattr(self._mine, "plain"):
            self._mine.plain = requests.Session()
            self._mine.plain.auth = _no_password
            self._open.append(self._mine.plain.close)
        plain: requests.Session = self._mine.plain
        return plain

    def _jitter(self, attempt: int) -> float:
        return self._random.uniform(0, min(MAX_WAIT, 2.0**attempt))


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send a request as it is: without this, a password for its host in a .netrc would go along."""
    return request


def _good(answer: requests.Response) -> requests.Response:
    """Return an answer with all of what was asked for. Raises ConnectorError for any other."""
    if answer.status_code == 200:
        return answer
    with answer:
        try:
            body = answer.raw.read(65536, decode_content=True) or b""
        except (OSError, urllib3.exceptions.HTTPError):
            body = b""
    raise Refusal.read(answer.status_code, answer.headers, body).error()
