"""A feed is asked over a real socket: to a checked address, so much and so long, and for nothing else."""

import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scanner.feeds.base import Answer, NotRead
from scanner.feeds.fetch import MAX_BYTES, MOST_WAIT, Fetch
from scanner.feeds.pace import Pace
from tests.feed_server import ATOM, Answered, FeedServer, a_feed_server, atom

NOW = datetime(2026, 5, 15, 2, 15, tzinfo=UTC)
BODY = atom(("v4.3.0", "2026-05-14"))
PACE = Pace(apart=0)
FETCH = Fetch(named={"127.0.0.1"}, now=lambda: NOW, pace=PACE)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with a_feed_server() as made:
        yield made


def because(server: FeedServer, path: str = "/feed", fetch: Fetch = FETCH) -> str:
    """Return why a feed could not be read."""
    with pytest.raises(NotRead) as caught:
        fetch(f"{server.root}{path}")
    return str(caught.value)


def test_it_asks_for_feeds_and_says_nothing_of_who_asks(server: FeedServer) -> None:
    server.answers["/feed?format=atom"] = Answered(
        BODY, headers={"Content-Type": ATOM, "ETag": 'W/"1"', "Last-Modified": "x", "Set-Cookie": "a=b"}
    )
    for _ in range(2):
        answer = FETCH(f"{server.root}/feed?format=atom")
        assert answer == Answer(kind="application/atom+xml", body=BODY, etag='W/"1"', modified="x")
    port = server.root.rpartition(":")[2]
    assert [headers for _, headers in server.asked] == 2 * [
        {
            "host": f"127.0.0.1:{port}",
            "accept": "application/atom+xml, application/rss+xml, application/xml, "
            "application/x-git-upload-pack-advertisement",
            "accept-encoding": "identity",
            "user-agent": "Crosswalk",
        }
    ]


def test_what_has_not_changed_is_not_read_again(server: FeedServer) -> None:
    server.answers["/feed"] = Answered(status=304)
    assert FETCH(f"{server.root}/feed", etag='W/"1"', modified="Thu, 14 May 2026 10:00:00 GMT") is None
    headers = server.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('W/"1"', "Thu, 14 May 2026 10:00:00 GMT")


def test_it_follows_to_where_the_feed_has_moved_and_not_for_ever(server: FeedServer) -> None:
    server.answers["/feed"] = Answered(status=301, headers={"Location": "/moved"})
    server.answers["/moved"] = Answered(BODY)
    found = FETCH(f"{server.root}/feed")
    assert found is not None
    assert found.body == BODY
    server.answers["/moved"] = Answered(status=302, headers={"Location": "/feed"})
    assert because(server) == "it sends us on more than 3 times"
    assert server.paths()[2:] == ["/feed", "/moved", "/feed", "/moved"]


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/iam",
        "https://169.254.169.254/",
        "http://127.0.0.2:{port}/secret",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.5/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/x",
        "https://user:word@github.com/",
        "//[",
        "",
    ],
)
def test_a_feed_that_sends_us_into_a_private_network_is_not_followed(server: FeedServer, to: str) -> None:
    location = to.format(port=server.root.rpartition(":")[2])
    server.answers["/feed"] = Answered(status=302, headers={"Location": location})
    said = because(server)
    assert said.startswith("nothing is asked where it leads to: ") or (to == "" and "sends us on" in said)
    assert set(server.paths()) == {"/feed"}


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_the_one_that_is_asked(server: FeedServer) -> None:
    """A name that leads to a public address when it is checked and to this machine when it is asked reaches nothing."""
    port = int(server.root.rpartition(":")[2])
    resolved: list[str] = []

    def rebinding(host: str, _: int) -> Sequence[str]:
        resolved.append(host)
        return ("127.0.0.1",) if len(resolved) == 1 else ("169.254.169.254",)

    server.answers["/feed"] = Answered(BODY)
    fetch = replace(FETCH, named={"git.maker.example"}, resolve=rebinding)
    assert fetch(f"http://git.maker.example:{port}/feed") is not None
    assert (resolved, server.asked[0][1]["host"]) == (["git.maker.example"], f"git.maker.example:{port}")
    with pytest.raises(NotRead, match="private network"):
        fetch(f"http://git.maker.example:{port}/feed")


@pytest.mark.parametrize("leads", [("10.0.0.1",), ("140.82.121.4", "127.0.0.1"), ("169.254.169.254",), ()])
def test_a_public_name_that_leads_into_a_private_network_is_not_asked(leads: tuple[str, ...]) -> None:
    fetch = replace(FETCH, resolve=lambda *_: leads)
    with pytest.raises(NotRead, match="private network"):
        fetch("https://feeds.example/tags.atom")


def test_a_name_that_leads_nowhere_says_so() -> None:
    def nowhere(*_: object) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NotRead, match="its name leads nowhere"):
        replace(FETCH, resolve=nowhere)("https://feeds.example/tags.atom")


def test_a_long_body_is_cut_off(server: FeedServer) -> None:
    server.answers["/feed"] = Answered(endless=True)
    assert because(server) == "its answer is longer than 2 MB"
    server.answers["/feed"] = Answered(b"x", headers={"Content-Length": str(MAX_BYTES + 1)})
    assert because(server) == "its answer is longer than 2 MB"


def test_a_server_that_sends_drop_by_drop_is_left(server: FeedServer) -> None:
    impatient = replace(FETCH, seconds=0.4)
    server.answers["/feed"] = Answered(BODY, drip=1)
    began = time.monotonic()
    assert because(server, fetch=impatient) == "it took longer than 0.4 seconds"
    assert time.monotonic() - began < 3


def test_headers_that_come_drop_by_drop_or_never_are_left() -> None:
    for said in (b"HTTP/1.1 200 OK\r\nX-Slow: ", b""):
        with a_bare_server(said, drops=b"a" * 100) as port:
            began = time.monotonic()
            with pytest.raises(NotRead, match=r"it took longer than 0\.4 seconds"):
                replace(FETCH, seconds=0.4)(f"http://127.0.0.1:{port}/feed")
            assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", b"HTTP/1.1 2", b""]
)
def test_what_is_no_http_or_breaks_off_is_not_taken_for_a_feed(said: bytes) -> None:
    with a_bare_server(said) as port, pytest.raises(NotRead, match="breaks off, or is no HTTP"):
        FETCH(f"http://127.0.0.1:{port}/feed")


def test_what_is_compressed_unasked_is_not_unpacked(server: FeedServer) -> None:
    server.answers["/feed"] = Answered(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert because(server) == "it answers in a compression that was not asked for"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "it asks us to sign in (401), and only public feeds are read"),
        (403, "it asks us to sign in (403), and only public feeds are read"),
        (404, "nothing is there (404)"),
        (410, "nothing is there (410)"),
        (500, "it answers 500"),
    ],
)
def test_a_refusal_says_what_it_is(server: FeedServer, status: int, said: str) -> None:
    server.answers["/feed"] = Answered(status=status)
    assert because(server) == said


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Fri, 15 May 2026 03:15:00 GMT", timedelta(hours=1)),
        ("Thu, 14 May 2026 03:15:00 GMT", timedelta(0)),
        ("99999999999999999999", None),
        ("31536000", MOST_WAIT),
        ("soon", None),
        ("", None),
    ],
)
def test_a_server_may_say_when_to_come_again(server: FeedServer, asked: str, wait: timedelta | None) -> None:
    server.answers["/feed"] = Answered(status=429, headers={"Retry-After": asked})
    with pytest.raises(NotRead, match="another time") as caught:
        FETCH(f"{server.root}/feed")
    assert caught.value.wait == wait


def test_one_host_is_asked_one_thing_after_the_other() -> None:
    now: list[float] = [0.0]
    slept: list[float] = []
    pace = Pace(apart=1.0, clock=lambda: now[0], sleep=slept.append)
    for host in ("a", "a", "b", "a"):
        pace.wait(host)
    now[0] = 10.0
    pace.wait("a")
    assert slept == [0.0, 1.0, 0.0, 2.0, 0.0]


def test_a_certificate_has_to_be_the_hosts_own(tmp_path: Path) -> None:
    with a_tls_server(tmp_path) as (port, trusted):
        mine = replace(FETCH, tls=trusted)
        found = mine(f"https://127.0.0.1:{port}/feed")
        assert found is not None
        assert found.body == BODY
        with pytest.raises(NotRead, match="its certificate cannot be trusted"):
            FETCH(f"https://127.0.0.1:{port}/feed")
        named = replace(mine, named={"git.maker.example"}, resolve=lambda *_: ("127.0.0.1",))
        with pytest.raises(NotRead, match="its certificate cannot be trusted"):
            named(f"https://git.maker.example:{port}/feed")


def test_a_handshake_that_never_ends_is_left() -> None:
    with a_bare_server(b"", drops=b"\x16" * 100) as port, pytest.raises(NotRead, match=r"it took longer|TLS"):
        replace(FETCH, seconds=0.4)(f"https://127.0.0.1:{port}/feed")


@contextmanager
def a_bare_server(said: bytes, *, drops: bytes = b"") -> Iterator[int]:
    """Say something to whoever connects, then send drop by drop; then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            wire, _ = listener.accept()
            with wire:
                wire.recv(65_536)
                try:
                    wire.sendall(said)
                    for drop in drops:
                        time.sleep(0.05)
                        wire.sendall(bytes([drop]))
                except OSError:
                    return  # whoever asked has left

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=10)


@contextmanager
def a_tls_server(folder: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Serve the feed under a certificate for 127.0.0.1; yield the port and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "feeds")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2090, 1, 1))  # noqa: DTZ001 -- as X.509 takes it
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    (folder / "both.pem").write_bytes(
        pem + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", ATOM)
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that does not trust us hangs up
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1], ssl.create_default_context(cadata=pem.decode())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
