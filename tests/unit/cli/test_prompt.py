"""A client that does not come to the end of a request's head is left, and nobody else is hurried."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from scanner.cli import prompt
from scanner.cli.run import server_config
from scanner.settings import load

PATIENCE = 0.3
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer, after more than the patience."""
    await asyncio.sleep(2 * PATIENCE)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve as `crosswalk serve` does, with less patience."""
    monkeypatch.setattr(prompt, "HEAD_SECONDS", PATIENCE)
    config = server_config(slow, load())
    config.lifespan = "off"
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def left_after(client: socket.socket) -> float:
    """Send a head drop by drop until the server is gone; return after how many seconds."""
    began = time.monotonic()
    client.settimeout(0.05)
    while time.monotonic() - began < 20 * PATIENCE:
        try:
            client.sendall(b"a")
            if client.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def test_silence_and_drops_are_left_and_work_is_not(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as silent, socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(HEAD + b"\r\n")
        assert one.recv(1_000).startswith(b"HTTP/1.1 200")
        silent.settimeout(1)
        assert silent.recv(1) == b""
        assert PATIENCE / 2 < left_after(one) < 10 * PATIENCE  # its second head
    with socket.create_connection(("127.0.0.1", port)) as first:
        first.sendall(HEAD)
        assert PATIENCE / 2 < left_after(first) < 10 * PATIENCE
