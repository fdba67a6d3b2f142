"""The only caller of Google's client library: read methods only, its failures as our errors."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache
from http.client import HTTPException
from random import Random
from typing import Any, ParamSpec, TypeVar

import httplib2
import requests
from google.auth.exceptions import GoogleAuthError
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleApiError
from googleapiclient.errors import HttpError

from connector.calls import Counted, nobody
from connector.drive.access import access
from connector.drive.answers import NOT_KNOWN, Refusal, of_no_file, says_place
from connector.drive.corpora import ALL_DRIVES, ALL_ITEMS, corpus_of, feed_of
from connector.drive.files import CHANGE_FIELDS, DRIVE_FIELDS, FILE_FIELDS, LIST_FIELDS, moment
from connector.drive.items import ChangePage, Drive, DriveListing, Item, Listing
from connector.drive.pace import Pace
from connector.drive.parts import Part, part_of
from connector.drive.reads import DOWNLOAD_UNITS, OTHER_UNITS, UNITS, checked
from connector.drive.slices import rfc3339
from connector.drive.transport import RESOURCE_KEYS, Transport
from connector.drive.wire import Wire, read
from connector.errors import CursorRejected, FileUnavailable, SourceRefused, SourceUnavailable
from connector.grant import Grant, Keeper, Nowhere
from connector.settings import ConnectorSettings

Raw = dict[str, Any]  # an answer whose fields are looked at one by one
T = TypeVar("T")
P = ParamSpec("P")

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
        counted: Counted = nobody,
        keeper: Keeper | None = None,
    ) -> None:
        """Read with what was granted; access tokens are fetched as needed and kept in memory only.

        `project` is the pace that all clients of one Google Cloud project share; `counted` is told of each call;
        `keeper` keeps the grant where Google renews it.
        Raises SourceRefused where a service account's key cannot be used.
        """
        self._settings = settings
        credentials = access(settings, grant, keeper=keeper or Nowhere(), now=now)
        self._transport = Transport(settings, credentials, project=project, sleep=sleep, random=random, counted=counted)
        self._files, self._changes, self._drives, self._operations, self._channels = _drive(settings.google_api_root)
        self._keys: dict[str, str] = {}  # resource keys, by file
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
        with nullcontext() if drive else of_no_file():
            answer = self._execute(self._changes.getStartPageToken(**feed_of(drive), **ALL_DRIVES))
        token = answer.get("startPageToken")
        if not (token and isinstance(token, str)):
            raise SourceUnavailable("Google told no place in its change feed.")
        return token

    def changes(self, page_token: str, *, drive: str = "") -> ChangePage:
        """Return one page of the person's change feed, or of a shared drive's."""
        request = self._changes.list(
            pageToken=page_token,
            pageSize=self._settings.page_size,
            includeRemoved=True,
            includeCorpusRemovals=True,  # a file that was moved on to another drive comes with where it is now
            fields=CHANGE_FIELDS,
            **feed_of(drive),
            **ALL_ITEMS,
        )
        try:
            return self._read(request, ChangePage)
        except (SourceRefused, FileUnavailable) as error:
            out_of_reach = bool(drive) and isinstance(error, FileUnavailable)  # perhaps: whoever reads its feed asks
            if out_of_reach or not says_place(error):
                raise
            raise CursorRejected(NOT_KNOWN) from error

    def watch(
        self, page_token: str, *, channel: str, address: str, token: str, expiration: str, drive: str = ""
    ) -> Raw:
        """Have Google tell an address that something stands in a feed; returns the channel as it was made.

        `channel` is its new id, `expiration` when it is to end, in milliseconds since 1970.
        """
        request = self._changes.watch(
            body={"id": channel, "type": "web_hook", "address": address, "token": token, "expiration": expiration},
            pageToken=page_token,
            includeRemoved=True,
            includeCorpusRemovals=True,
            **feed_of(drive),
            **ALL_ITEMS,
        )
        return self._execute(request)

    def stop(self, channel: str, resource_id: str) -> None:
        """Have Google tell no more over a channel. Raises FileGone when it knows no such channel."""
        self._sent(self._channels.stop(body={"id": channel, "resourceId": resource_id}), lambda _: None)

    def files(
        self, query: str, *, drive: str = "", page_token: str | None = None, fields: str = LIST_FIELDS
    ) -> Listing:
        """Return one page of a flat listing: of the person's own corpus, of a shared drive, or of all (ANYWHERE)."""
        request = self._files.list(
            q=query,
            pageSize=self._settings.page_size,
            pageToken=page_token,
            fields=fields,
            **corpus_of(drive),
            **ALL_ITEMS,
        )
        try:
            return self._read(request, Listing)
        except SourceRefused as error:
            if page_token is None or not says_place(error):
                raise
            raise CursorRejected(NOT_KNOWN) from error

    def moments(self, query: str, until: datetime, *, drive: str = "") -> Sequence[datetime]:
        """Return the modified times of some items at or before a moment, the newest that there are.

        A hint only: Google does not always keep an order that it is asked for.
        """
        request = self._files.list(
            q=f"{query} and modifiedTime <= '{rfc3339(until)}'",
            orderBy="modifiedTime desc",
            pageSize=min(SAMPLE, self.page_size),
            fields="files(modifiedTime)",
            **corpus_of(drive),
            **ALL_ITEMS,
        )
        times = (moment(str(raw.get("modifiedTime", ""))) for raw in self._execute(request).get("files", ()))
        return [time for time in times if time is not None]

    def unlock(self, file_id: str, resource_key: str) -> None:
        """Send a file's resource key with each call about it: without it, what was shared by a link is not found.

        https://developers.google.com/workspace/drive/api/guides/resource-keys
        """
        self._keys[file_id] = resource_key

    def file(self, file_id: str) -> Item:
        """Return one file's metadata. Raises FileGone."""
        request = self._files.get(fileId=file_id, fields=FILE_FIELDS, **ALL_DRIVES)
        return self._read(self._keyed(file_id, request), Item)

    def drives(self) -> Iterator[Drive]:
        """Go through the shared drives that the person is a member of."""
        token, before = None, set[str]()
        while True:
            request = self._drives.list(pageSize=100, pageToken=token, fields=DRIVE_FIELDS)
            with of_no_file():
                page = self._read(request, DriveListing)
            yield from page.drives
            token = page.next_page_token
            if not token:
                return
            if token in before:
                raise SourceUnavailable("Google's pages of shared drives lead round in a circle.")
            before.add(token)

    @contextmanager
    def media(self, file_id: str, *, first: int = 0, acknowledge_abuse: bool = False) -> Iterator[Part]:
        """Yield a file's bytes from a place on, or from the beginning where Google does not go on from there."""
        abuse = {"acknowledgeAbuse": True} if acknowledge_abuse else {}
        read = checked(self._keyed(file_id, self._files.get_media(fileId=file_id, **ALL_DRIVES, **abuse)))
        key = _key(read)
        with self._part("files.get media", lambda: self._transport.opened(read.uri, first=first, key=key)) as part:
            yield part

    @contextmanager
    def export(self, file_id: str, media_type: str) -> Iterator[Part]:
        """Yield a Google document in another format, up to 10 MB."""
        request = self._keyed(file_id, self._files.export_media(fileId=file_id, mimeType=media_type))
        with self._part(
            "files.export", lambda: self._transport.opened(checked(request).uri, key=_key(request))
        ) as part:
            yield part

    def prepare_download(self, file_id: str, media_type: str) -> Raw:
        """Let Google prepare a Google document in another format, of any size; returns the operation."""
        return self._execute(self._keyed(file_id, self._files.download(fileId=file_id, mimeType=media_type)))

    def operation(self, name: str) -> Raw:
        """Return how an operation stands; when it is done, its response holds the address of the bytes."""
        # NOTE: some names come with the collection that the path holds already, and would be looked for below it.
        return self._execute(self._operations.get(name=name.removeprefix("operations/")))

    def export_links(self, file_id: str) -> Raw:
        """Return the addresses of a Google document in other formats, by media type."""
        request = self._keyed(file_id, self._files.get(fileId=file_id, fields="exportLinks", **ALL_DRIVES))
        links = self._execute(request).get("exportLinks")
        return links if isinstance(links, dict) else {}

    @contextmanager
    def linked(self, address: str) -> Iterator[Part]:
        """Yield the bytes behind an absolute address that Google handed out. Raises FileUnavailable if not Google's."""
        with self._part("link", lambda: self._transport.opened(address)) as part:
            yield part

    def pause(self, seconds: float) -> None:
        """Wait. Raises SourceUnavailable when the client is closed meanwhile."""
        self._transport.pause(seconds)

    def back_off(self, setbacks: int) -> None:
        """Wait after so many setbacks in a row."""
        self._transport.back_off(setbacks)

    def _keyed(self, file_id: str, request: Any) -> Any:
        if file_id in self._keys:
            request.headers[RESOURCE_KEYS] = f"{file_id}/{self._keys[file_id]}"
        return request

    def _execute(self, request: Any) -> Raw:
        return self._read(request, Raw)

    def _read(self, request: Any, kind: type[T]) -> T:
        return self._sent(request, lambda content: read(content, kind))

    def _sent(self, request: Any, taken: Callable[[bytes], T]) -> T:
        checked(request)
        units, method = UNITS.get(request.methodId, OTHER_UNITS), request.methodId.removeprefix("drive.")
        return self._transport.tried(lambda: self._once(request, taken), method=method, units=units)

    def _once(self, request: Any, taken: Callable[[bytes], T]) -> T:
        try:
            return taken(request.execute(http=self._transport.http(), num_retries=0))
        except HttpError as error:
            raise Refusal.read(error.resp.status, error.resp, error.content).error() from error
        except (OSError, HTTPException, httplib2.HttpLib2Error, GoogleAuthError, GoogleApiError, ValueError) as error:
            raise SourceUnavailable(f"Google could not be reached ({type(error).__name__}).") from error

    @contextmanager
    def _part(self, method: str, opened: Callable[[], requests.Response]) -> Iterator[Part]:
        with self._transport.tried(opened, method=method, units=DOWNLOAD_UNITS) as answer:
            yield part_of(answer, timeout=self._settings.call_timeout)


@lru_cache(maxsize=8)
def _drive(api_root: str) -> tuple[Any, ...]:
    """Return the parts of Google's client that are used: they only word requests, and take their time to be made."""
    drive = build(
        "drive",
        "v3",
        http=httplib2.Http(),
        static_discovery=True,
        cache_discovery=False,  # there is nothing to fetch; looking for a cache only logs that there is none
        client_options={"api_endpoint": f"{api_root}/drive/v3/"},
        model=Wire(),
        num_retries=0,
    )
    return drive.files(), drive.changes(), drive.drives(), drive.operations(), drive.channels()


def _key(request: Any) -> str:
    return str(request.headers.get(RESOURCE_KEYS, ""))
