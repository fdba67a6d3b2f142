"""A server of tags on loopback that speaks what forges speak, and misbehaves where a test tells it to."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ATOM, RSS, GIT = (
    "application/atom+xml; charset=utf-8",
    "application/rss+xml",
    "application/x-git-upload-pack-advertisement",
)


@dataclass
class Answered:
    """What is answered; `drip` sends the body so many bytes at a time, a moment apart."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": ATOM})
    drip: int = 0
    endless: bool = False


@dataclass
class FeedServer:
    """What it answers by path, and what it was asked."""

    root: str = ""
    answers: dict[str, Answered | Callable[[Mapping[str, str]], Answered]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def atom(*entries: tuple[str, str], page: str = "https://github.com/maker/pulseview/releases/tag/") -> bytes:
    """Write a feed as GitHub does: tags with their days."""
    written = "".join(
        f"<entry><id>tag:forge,2008:Repository/1/{tag}</id><updated>{on}T10:00:00Z</updated>"
        f'<link rel="alternate" type="text/html" href="{page}{tag}"/><title>{tag}</title>'
        '<content type="html">&lt;p&gt;PostgreSQL 14.9 and TLS 1.2&lt;/p&gt;</content></entry>'
        for tag, on in entries
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Tags of 9.9.9</title>'
    )
    return f"{head}{written}</feed>".encode()


def advertised(*refs: str) -> bytes:
    """Write references as a Git server does, capabilities after the first."""
    lines = [f"{number:040x} {ref}" for number, ref in enumerate(refs, 1)]
    first = lines[0] + "\0multi_ack side-band-64k agent=git/2.47" if lines else "0" * 40 + " capabilities^{}\0agent=x"
    packets = b"".join(packet(line) for line in [first, *lines[1:]])
    return packet("# service=git-upload-pack") + b"0000" + packets + b"0000"


def packet(line: str) -> bytes:
    """Write one line of Git's protocol."""
    return f"{len(line.encode()) + 5:04x}{line}\n".encode()


@contextmanager
def a_feed_server() -> Iterator[FeedServer]:
    """Serve while the block runs."""
    served = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            known = served.answers.get(self.path, Answered(status=404))
            answer = known(served.asked[-1][1]) if callable(known) else known
            self.close_connection = True
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.endless and "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(OSError):  # whoever asked has left
                self._send(answer)

        def _send(self, answer: Answered) -> None:
            while answer.endless:
                self.wfile.write(b"<!-- and on -->" * 5_000)
            step = answer.drip or max(1, len(answer.body))
            for at in range(0, len(answer.body), step):
                self.wfile.write(answer.body[at : at + step])
                time.sleep(0.05 if answer.drip else 0)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    served.root = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
