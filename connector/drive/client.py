"""The only caller of Google's client library: read methods only, retried by reason, one transport a thread."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from random import Random
from typing import Any, ParamSpec, TypeVar

import google_auth_httplib2
import httplib2
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleApiError
from googleapiclient.errors import HttpError

from connector.drive.answers import Refusal, consent_lost
from connector.drive.files import CHANGE_FIELDS, DRIVE_FIELDS, FILE_FIELDS, LIST_FIELDS, moment
from connector.drive.pace import Pace
from connector.drive.slices import rfc3339
from connector.errors import ConnectorError, RateLimited, SourceUnavailable
from connector.settings import ConnectorSettings

log = logging.getLogger(__name__)

Raw = Mapping[str, Any]
T = TypeVar("T")
P = ParamSpec("P")

# Every call sees shared drives: without these, their items vanish from lists or answer 404.
ALL_DRIVES = {"supportsAllDrives": True}
ALL_ITEMS = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
READS = frozenset({"drive.files.list", "drive.files.get", "drive.files.export", "drive.changes.list"}) | {
    "drive.changes.getStartPageToken",
    "drive.drives.list",
}
# What a call costs of Google's quota: https://developers.google.com/workspace/drive/api/guides/limits
UNITS = {"drive.files.list": 100, "drive.changes.list": 100, "drive.drives.list": 100, "drive.files.export": 200}
DOWNLOAD_UNITS, OTHER_UNITS = 200, 5
SAMPLE = 200  # files whose dates tell how dense a listing is
MAX_WAIT = 64.0  # seconds between two attempts, as Google's backoff advice caps it
CHUNK = 1 << 20


class DriveClient:
    """Drive as one person sees it."""

    def __init__(
        self,
        settings: ConnectorSettings,
        refresh_token: str,
        *,
        project: Pace | None = None,
        sleep: Callable[[float], object] | None = None,
        random: Random | None = None,
    ) -> None:
        """Read with this refresh token; access tokens are fetched as needed and kept in memory only.

        `project` is the pace that all clients of one Google Cloud project share.
        """
        self._settings = settings
        self._credentials = Credentials(  # type: ignore[no-untyped-call]  # google-auth ships no types for it
            token=None,
            refresh_token=refresh_token,
            token_uri=settings.google_token_url,
            client_id=settings.google_client_id,
            client_secret=settings.google_client_secret.get_secret_value(),
        )
        _refresh_once(self._credentials)
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait
        user = Pace(settings.google_user_units_per_minute, sleep=self._sleep)
        self._paces = (user, project) if project else (user,)
        self._pool: ThreadPoolExecutor | None = None
        self._random = random or Random()  # noqa: S311 -- jitter, not a secret
        self._mine = threading.local()
        self._transports: list[Callable[[], None]] = []  # how to close each
        endpoint = {"api_endpoint": f"{settings.google_api_root}/drive/v3/"}
        self._drive = build(
            "drive", "v3", http=httplib2.Http(), static_discovery=True, client_options=endpoint, num_retries=0
        )
        self._count = threading.Lock()
        self.calls = 0
        self.units = 0
        self.streams = settings.streams
        self.page_size = settings.page_size

    def __repr__(self) -> str:
        """Never show a token."""
        return f"DriveClient({self._settings.google_api_root})"

    def close(self) -> None:
        """End the streams after the calls that are under way, without a retry, and close all transports.

        The client can be used again and opens new ones.
        """
        self._closing.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._closing.clear()
        self._mine = threading.local()
        while self._transports:
            self._transports.pop()()

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Make a call in one of the streams, beside the others."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.streams, thread_name_prefix="drive")
        return self._pool.submit(call, *args, **kwargs)

    def start_page_token(self) -> str:
        """Return the change feed's place of now."""
        return str(self._execute(self._drive.changes().getStartPageToken(**ALL_DRIVES))["startPageToken"])

    def changes(self, page_token: str) -> Raw:
        """Return one page of the change feed."""
        request = self._drive.changes().list(
            pageToken=page_token,
            pageSize=self._settings.page_size,
            includeRemoved=True,
            fields=CHANGE_FIELDS,
            **ALL_ITEMS,
        )
        return self._execute(request)

    def files(self, query: str, *, drive: str = "", page_token: str | None = None) -> Raw:
        """Return one page of a flat listing: of the person's own corpus, or of a shared drive."""
        corpus = {"corpora": "drive", "driveId": drive} if drive else {"corpora": "user"}
        request = self._drive.files().list(
            q=query,
            pageSize=self._settings.page_size,
            pageToken=page_token,
            fields=LIST_FIELDS,
            **corpus,
            **ALL_ITEMS,
        )
        return self._execute(request)

    def moments(self, query: str, until: datetime, *, drive: str = "") -> Sequence[datetime]:
        """Return the modified times of some items at or before a moment, the newest that there are.

        A hint only: Google does not always keep an order that it is asked for.
        """
        corpus = {"corpora": "drive", "driveId": drive} if drive else {"corpora": "user"}
        request = self._drive.files().list(
            q=f"{query} and modifiedTime <= '{rfc3339(until)}'",
            orderBy="modifiedTime desc",
            pageSize=min(SAMPLE, self.page_size),
            fields="files(modifiedTime)",
            **corpus,
            **ALL_ITEMS,
        )
        times = (moment(raw.get("modifiedTime")) for raw in self._execute(request).get("files", ()))
        return [time for time in times if time is not None]

    def file(self, file_id: str, *, resource_key: str = "") -> Raw:
        """Return one file's metadata. Raises FileGone."""
        request = self._drive.files().get(fileId=file_id, fields=FILE_FIELDS, **ALL_DRIVES)
        if resource_key:
            request.headers["X-Goog-Drive-Resource-Keys"] = f"{file_id}/{resource_key}"
        return self._execute(request)

    def drives(self) -> Iterator[Raw]:
        """Go through the shared drives that the person is a member of."""
        token: str | None = None
        while True:
            page = self._execute(self._drive.drives().list(pageSize=100, pageToken=token, fields=DRIVE_FIELDS))
            yield from page.get("drives", ())
            token = page.get("nextPageToken")
            if not token:
                return

    @contextmanager
    def media(self, file_id: str) -> Iterator[Iterator[bytes]]:
        """Yield the chunks of a file's bytes."""
        with self._stream(self._drive.files().get_media(fileId=file_id, **ALL_DRIVES)) as chunks:
            yield chunks

    @contextmanager
    def export(self, file_id: str, media_type: str) -> Iterator[Iterator[bytes]]:
        """Yield the chunks of a Google document in another format."""
        with self._stream(self._drive.files().export_media(fileId=file_id, mimeType=media_type)) as chunks:
            yield chunks

    def _execute(self, request: Any) -> Raw:
        _only_reads(request)
        return self._tried(lambda: self._once(request), units=UNITS.get(request.methodId, OTHER_UNITS))

    def _once(self, request: Any) -> Raw:
        try:
            answer: Raw = request.execute(http=self._http(), num_retries=0)
        except HttpError as error:
            raise Refusal.read(error.resp.status, error.resp, error.content).error() from error
        except RefreshError as error:
            raise consent_lost(error) from error
        except (OSError, HTTPException, httplib2.HttpLib2Error, GoogleAuthError, GoogleApiError, ValueError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error
        return answer

    @contextmanager
    def _stream(self, request: Any) -> Iterator[Iterator[bytes]]:
        """Open a download; its status is checked before the first byte is handed over."""
        _only_reads(request)
        with self._tried(lambda: self._open(request.uri), units=DOWNLOAD_UNITS) as answer:
            yield _chunks(answer)

    def _open(self, uri: str) -> requests.Response:
        try:
            answer = self._session().get(uri, stream=True, timeout=self._settings.call_timeout, allow_redirects=False)
        except RefreshError as error:
            raise consent_lost(error) from error
        except (requests.RequestException, GoogleAuthError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error
        if answer.status_code != 200:
            with answer:
                refusal = Refusal.read(answer.status_code, answer.headers, _body(answer))
            raise refusal.error()
        return answer

    def _tried(self, call: Callable[[], T], *, units: int) -> T:
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

    def _spend(self, units: int) -> None:
        for pace in self._paces:
            pace.spend(units)
        with self._count:
            self.calls += 1
            self.units += units

    def _http(self) -> google_auth_httplib2.AuthorizedHttp:
        """One transport a thread: httplib2 is not thread-safe."""
        if not hasattr(self._mine, "http"):
            http = httplib2.Http(timeout=self._settings.call_timeout)
            http.follow_redirects = False
            self._mine.http = google_auth_httplib2.AuthorizedHttp(self._credentials, http=http)
            self._transports.append(self._mine.http.close)
        return self._mine.http

    def _session(self) -> AuthorizedSession:
        session: AuthorizedSession | None = getattr(self._mine, "session", None)
        if session is None:
            session = AuthorizedSession(self._credentials)  # type: ignore[no-untyped-call]  # as above
            self._mine.session = session
            self._transports.append(session.close)
        return session


def _refresh_once(credentials: Credentials) -> None:
    """Let threads that meet an expired access token together wait for one refresh, instead of each asking for its own.

    Of too many at once Google drops the oldest without a word.
    """
    refresh, lock = credentials.refresh, threading.Lock()

    def once(request: Any) -> None:
        stale = credentials.token
        with lock:
            if credentials.token == stale:
                refresh(request)  # type: ignore[no-untyped-call]  # google-auth again

    credentials.refresh = once  # type: ignore[method-assign]  # the one place that google-auth refreshes through


def _only_reads(request: Any) -> None:
    """Refuse to send anything but a read, whatever the code above asks for."""
    if request.method != "GET" or request.methodId not in READS:
        raise AssertionError(f"Crosswalk only reads: {request.methodId} is not on the list")


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_content(CHUNK)
    except requests.RequestException as error:
        raise SourceUnavailable("Google stopped in the middle of a file.") from error


def _body(answer: requests.Response) -> bytes:
    try:
        return answer.raw.read(65536, decode_content=True) or b""
    except (OSError, requests.RequestException):
        return b""
