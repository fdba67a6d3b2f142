"""Asks a stranger's server for a feed: to an address that was checked, so much and so long, and for nothing else."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Timer
from urllib.parse import urljoin

from scanner.feeds.address import NOT_PUBLIC, Place, may_be_asked, place_of
from scanner.feeds.base import AddressRefused, Answer, NotRead
from scanner.feeds.pace import Pace

MAX_BYTES = 2_000_000  # GitHub's ten releases with long notes stay below it, and a Git server's 25,000 tags
MOST_REDIRECTS = 3
MOST_WAIT = timedelta(days=7)  # nobody keeps us away for longer
_MOST_ADDRESSES = 3
_CONNECT_SECONDS = 5.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASKED = {
    "Accept": "application/atom+xml, application/rss+xml, application/xml, application/x-git-upload-pack-advertisement",
    "Accept-Encoding": "identity",
    "User-Agent": "Crosswalk",
}

Resolve = Callable[[str, int], Sequence[str]]  # (host, port) → IP addresses; raises OSError


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host as the system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Asks once, without cookies, credentials or the environment's proxies."""

    named: Collection[str]  # hosts of the operator's own network
    seconds: float = 20.0  # that a look may take, with all redirects; only the system's wait for a name is its own
    resolve: Resolve = resolve
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pace: Pace = field(default_factory=Pace)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, address: str, *, etag: str = "", modified: str = "") -> Answer | None:
        """Return the answer, None where nothing has changed since the one with that etag or date. Raises NotRead."""
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {**_ASKED, **{name: value for name, value in known.items() if value}}
        until = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            try:
                found = self._ask(place_of(address, named=self.named), headers, until=until)
                if not isinstance(found, str):
                    return found
                address = _onward(address, found)
            except AddressRefused as error:
                raise NotRead(f"nothing is asked where it leads to: {error}") from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                late = time.monotonic() >= until
                raise NotRead(f"it took longer than {self.seconds:g} seconds" if late else _words(error)) from error
        raise NotRead(f"it sends us on more than {MOST_REDIRECTS} times")

    def _ask(self, place: Place, headers: dict[str, str], *, until: float) -> Answer | str | None:
        """Ask one server; return where it sends us on to instead, as it says that."""
        self.pace.wait(place.host)
        with self._connected(place, until=until) as line:
            line.request("GET", place.target, headers=headers)
            with line.getresponse() as response:
                if response.status == 304:
                    return None
                if response.status in _REDIRECTS:
                    return response.getheader("Location", "")
                if response.status != 200:
                    raise self._refused(response)
                return _answer(response, until=until)

    @contextmanager
    def _connected(self, place: Place, *, until: float) -> Iterator[http.client.HTTPConnection]:
        """Connect to an address that was checked, and to no other, whatever the name leads to a moment later."""
        wire = self._wire(place, until=until)
        if place.secure:
            wire = self.tls.wrap_socket(wire, server_hostname=place.host, do_handshake_on_connect=False)
        # A server that sends drop by drop keeps within every time-out of one read: the whole is cut off.
        cut = Timer(max(0.0, until - time.monotonic()), _cut, [wire])
        cut.daemon = True
        cut.start()
        line = _line(place, self.tls)
        line.sock, line.auto_open = wire, 0
        try:
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            yield line
        finally:
            cut.cancel()
            line.close()
            wire.close()

    def _wire(self, place: Place, *, until: float) -> socket.socket:
        found = self.resolve(place.host, place.port)
        if not found or not all(may_be_asked(one, place) for one in found):
            raise AddressRefused(NOT_PUBLIC)
        because: OSError = TimeoutError()
        for one in found[:_MOST_ADDRESSES]:
            try:
                left = min(_CONNECT_SECONDS, max(0.1, until - time.monotonic()))
                wire = socket.create_connection((one, place.port), timeout=left)
            except OSError as error:
                because = error
            else:
                wire.settimeout(self.seconds)
                return wire
        raise because

    def _refused(self, response: http.client.HTTPResponse) -> NotRead:
        match response.status:
            case 401 | 403:
                return NotRead(f"it asks us to sign in ({response.status}), and only public feeds are read")
            case 404 | 410:
                return NotRead(f"nothing is there ({response.status})")
            case 429 | 503:
                wait = _wait(response.getheader("Retry-After", ""), self.now())
                return NotRead(f"it asks us to come another time ({response.status})", wait=wait)
        return NotRead(f"it answers {response.status}")


def _onward(address: str, to: str) -> str:
    try:
        return urljoin(address, to)
    except ValueError as error:
        raise AddressRefused("that is no web address") from error


def _line(place: Place, tls: ssl.SSLContext) -> http.client.HTTPConnection:
    """Return what speaks HTTP; it names the host that was asked for, and never connects by itself."""
    if place.secure:
        return http.client.HTTPSConnection(place.host, place.port, context=tls)
    return http.client.HTTPConnection(place.host, place.port)


def _cut(wire: socket.socket) -> None:
    """End a connection under whoever reads from it; a TLS socket's own way would wait for the other side."""
    with suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)


def _answer(response: http.client.HTTPResponse, *, until: float) -> Answer:
    if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise NotRead("it answers in a compression that was not asked for")
    too_long = NotRead(f"its answer is longer than {MAX_BYTES // 1_000_000} MB")
    if (response.length or 0) > MAX_BYTES:
        raise too_long
    body = bytearray()
    while piece := response.read1(65_536):
        body += piece
        if len(body) > MAX_BYTES:
            raise too_long
    if response.length or time.monotonic() >= until:
        raise http.client.IncompleteRead(b"")
    kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    etag, modified = (response.getheader(name, "")[:200] for name in ("ETag", "Last-Modified"))
    return Answer(kind=kind, body=bytes(body), etag=etag, modified=modified)


def _wait(asked: str, now: datetime) -> timedelta | None:
    """Return for how long the header Retry-After (RFC 9110 §10.2.3) asks to be left alone."""
    try:
        wait = timedelta(seconds=int(asked)) if asked.isdecimal() else parsedate_to_datetime(asked) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), MOST_WAIT)


def _words(error: Exception) -> str:
    match error:
        case socket.gaierror() | UnicodeError():
            return "its name leads nowhere"
        case ssl.SSLCertVerificationError():
            return "its certificate cannot be trusted"
        case ssl.SSLError():
            return "it does not speak TLS as it should"
        case TimeoutError() | ConnectionRefusedError():
            return "it cannot be reached"
        case _:
            return "its answer breaks off, or is no HTTP"
