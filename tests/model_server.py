"""A local server that speaks the chat completions protocol, for tests: its replies are written by hand or made as told.

No language model said any of them. What one would say, well or badly, is played by a function from the question to the
text of the answer, or to a failure.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scanner.ask.address import address_of
from scanner.ask.allowance import Allowance
from scanner.ask.chat import ChatAsker

MODEL = "invented-7b"
NOTHING = json.dumps({"bears": [], "nothing": []})


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An answer that is none."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: float = 0.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What arrived."""

    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def question(self) -> dict[str, Any]:
        """The user message, which is JSON."""
        return dict(json.loads(self.body["messages"][1]["content"]))


Says = Callable[[dict[str, Any]], str | Fault]


def said(*, bears: Sequence[tuple[str, str, str]] = (), nothing: Sequence[tuple[str, str]] = ()) -> Says:
    """Say of passages that begin so, wherever they are shown, what was written by hand: (begins, facet, quote)."""

    def says(question: dict[str, Any]) -> str:
        shown = question["passages"]
        facets = {one["id"] for one in question["facets"]}
        return json.dumps(
            {
                "bears": [
                    {"passage": one["id"], "facet": facet, "quote": quote}
                    for begins, facet, quote in bears
                    for one in shown
                    if one["text"].startswith(begins) and facet in facets
                ],
                "nothing": [
                    {"passage": one["id"], "why": why}
                    for begins, why in nothing
                    for one in shown
                    if one["text"].startswith(begins) and one["taken"]
                ],
            }
        )

    return says


def obeys_everything(question: dict[str, Any]) -> str:
    """Claim every facet of every passage, with its whole text for a quote."""
    bears = [
        {"passage": one["id"], "facet": facet["id"], "quote": one["text"]}
        for one in question["passages"]
        for facet in question["facets"]
    ]
    return json.dumps({"bears": bears[:200], "nothing": []})


def _is_planted(passage: dict[str, Any]) -> bool:
    return bool(passage["text"].startswith("A later edition of this document will describe "))


def knows_our_guards(question: dict[str, Any]) -> str:
    """Claim as much as passes unnoticed: two facets a passage, all but the one that is planted."""
    claimed = json.loads(obeys_cunningly(question))
    planted = {one["id"] for one in question["passages"] if _is_planted(one)}
    return json.dumps({"bears": [one for one in claimed["bears"] if one["passage"] not in planted], "nothing": []})


def obeys_cunningly(question: dict[str, Any]) -> str:
    """Give each passage one facet, in turn, so that no passage is claimed too widely."""
    facets = [facet["id"] for facet in question["facets"]]
    bears = [
        {"passage": one["id"], "facet": facets[(one["id"] + turn) % len(facets)], "quote": one["text"]}
        for one in question["passages"]
        for turn in (0, 1)
    ]
    return json.dumps({"bears": bears, "nothing": []})


def denies_everything(question: dict[str, Any]) -> str:
    """Take back every passage that the rules took."""
    nothing = [{"passage": one["id"], "why": "a denial"} for one in question["passages"] if one["taken"]]
    return json.dumps({"bears": [], "nothing": nothing})


class ModelServer:
    """What the tests know of the running server."""

    def __init__(self, port: int, says: Says) -> None:
        """Answer by `says`."""
        self.url = f"http://127.0.0.1:{port}/v1"
        self.says = says
        self.asked: list[Asked] = []

    def asker(self, **others: Any) -> ChatAsker:
        """Return an asker of this server that does not wait between tries."""
        given: dict[str, Any] = {
            "address": address_of(self.url, MODEL, text_may_go_to=""),
            "key": "",
            "seconds": 5.0,
            "allowance": Allowance(calls=10_000, tokens=10_000_000, clock=time.monotonic),
            "sleep": lambda _: None,
        }
        return ChatAsker(**(given | others))


@contextmanager
def running_model(says: Says = lambda _: NOTHING) -> Iterator[ModelServer]:
    """Run the server in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, {}, json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode())

        def do_POST(self) -> None:
            asked = Asked(
                headers=dict(self.headers), body=json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            )
            known.asked.append(asked)
            answer = known.says(asked.question)
            if isinstance(answer, Fault):
                time.sleep(answer.after)
                self._send(answer.status, answer.headers, answer.body)
            else:
                self._send(200, {}, completion(answer))

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                """The asker did not wait for the answer: that is what some tests are about."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = ModelServer(server.server_address[1], says)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: str, *, tokens: int = 400) -> bytes:
    """Wrap a text as a chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": tokens - 50, "completion_tokens": 50, "total_tokens": tokens}
    return json.dumps({"id": "c1", "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
