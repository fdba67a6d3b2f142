"""The only caller of Google's client library: read methods only, its failures as our errors."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from random import Random
from typing import Any, ParamSpec, TypeVar

import httplib2
from google.auth.exceptions import GoogleAuthError
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleApiError
from googleapiclient.errors import HttpError

from connector.drive.access import access
from connector.drive.answers import Refusal
from connector.drive.files import CHANGE_FIELDS, DRIVE_FIELDS, FILE_FIELDS, LIST_FIELDS, moment
from connector.drive.pace import Pace
from connector.drive.slices import rfc3339
from connector.drive.transport import Transport, chunks_of
from connector.errors import SourceUnavailable
from connector.grant import Grant
from connector.settings import ConnectorSettings

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


class DriveClient:
    """Drive as one person sees it."""

    def __init__(
        self,
        settings: ConnectorSettings,
        grant: Grant,
        *,
        project: Pace | None = None,
        sleep: Callable[[float], object] | None = None,
        random: Random | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Read with what was granted; access tokens are fetched as needed and kept in memory only.

        `project` is the pace that all clients of one Google Cloud project share. Raises SourceRefused where a service
        account's key cannot be used.
        """
        self._settings = settings
        credentials = access(settings, grant, now=now)
        self._transport = Transport(settings, credentials, project=project, sleep=sleep, random=random)
        endpoint = {"api_endpoint": f"{settings.google_api_root}/drive/v3/"}
        drive = build(
            "drive", "v3", http=httplib2.Http(), static_discovery=True, client_options=endpoint, num_retries=0
        )
        self._files, self._changes, self._drives = drive.files(), drive.changes(), drive.drives()
        self.streams = settings.streams
        self.page_size = settings.page_size

    @property
    def calls(self) -> int:
        """Requests sent so far."""
        return self._transport.calls

    @property
    def units(self) -> int:
        """Units of Google's quota spent so far."""
        return self._transport.units

    def __repr__(self) -> str:
        """Never show a token."""
        return f"DriveClient({self._settings.google_api_root})"

    def close(self) -> None:
        """End what is under way and close what is open; the client can be used again."""
        self._transport.close()

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Make a call in one of the streams, beside the others."""
        return self._transport.submit(call, *args, **kwargs)

    def start_page_token(self, *, drive: str = "") -> str:
        """Return the place of now in the person's change feed, or in a shared drive's."""
        return str(self._execute(self._changes.getStartPageToken(**_feed(drive), **ALL_DRIVES))["startPageToken"])

    def changes(self, page_token: str, *, drive: str = "") -> Raw:
        """Return one page of the person's change feed, or of a shared drive's."""
        request = self._changes.list(
            pageToken=page_token,
            pageSize=self._settings.page_size,
            includeRemoved=True,
            includeCorpusRemovals=True,  # a file that was moved on to another drive comes with where it is now
            fields=CHANGE_FIELDS,
            **_feed(drive),
            **ALL_ITEMS,
        )
        return self._execute(request)

    def files(self, query: str, *, drive: str = "", page_token: str | None = None) -> Raw:
        """Return one page of a flat listing: of the person's own corpus, or of a shared drive."""
        corpus = {"corpora": "drive", "driveId": drive} if drive else {"corpora": "user"}
        request = self._files.list(
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
        request = self._files.list(
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
        request = self._files.get(fileId=file_id, fields=FILE_FIELDS, **ALL_DRIVES)
        if resource_key:
            request.headers["X-Goog-Drive-Resource-Keys"] = f"{file_id}/{resource_key}"
        return self._execute(request)

    def drives(self) -> Iterator[Raw]:
        """Go through the shared drives that the person is a member of."""
        token: str | None = None
        while True:
            page = self._execute(self._drives.list(pageSize=100, pageToken=token, fields=DRIVE_FIELDS))
            yield from page.get("drives", ())
            token = page.get("nextPageToken")
            if not token:
                return

    @contextmanager
    def media(self, file_id: str) -> Iterator[Iterator[bytes]]:
        """Yield the chunks of a file's bytes."""
        with self._stream(self._files.get_media(fileId=file_id, **ALL_DRIVES)) as chunks:
            yield chunks

    @contextmanager
    def export(self, file_id: str, media_type: str) -> Iterator[Iterator[bytes]]:
        """Yield the chunks of a Google document in another format."""
        with self._stream(self._files.export_media(fileId=file_id, mimeType=media_type)) as chunks:
            yield chunks

    def _execute(self, request: Any) -> Raw:
        _only_reads(request)
        return self._transport.tried(lambda: self._once(request), units=UNITS.get(request.methodId, OTHER_UNITS))

    def _once(self, request: Any) -> Raw:
        try:
            answer: Raw = request.execute(http=self._transport.http(), num_retries=0)
        except HttpError as error:
            raise Refusal.read(error.resp.status, error.resp, error.content).error() from error
        except (OSError, HTTPException, httplib2.HttpLib2Error, GoogleAuthError, GoogleApiError, ValueError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error
        return answer

    @contextmanager
    def _stream(self, request: Any) -> Iterator[Iterator[bytes]]:
        _only_reads(request)
        with self._transport.tried(lambda: self._transport.opened(request.uri), units=DOWNLOAD_UNITS) as answer:
            yield chunks_of(answer)


def _feed(drive: str) -> Mapping[str, str]:
    return {"driveId": drive} if drive else {}


def _only_reads(request: Any) -> None:
    """Refuse to send anything but a read, whatever the code above asks for."""
    if request.method != "GET" or request.methodId not in READS:
        raise AssertionError(f"Crosswalk only reads: {request.methodId} is not on the list")
