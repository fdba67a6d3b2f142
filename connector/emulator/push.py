"""Notification channels: `changes.watch`, `channels.stop`, and the notifications, sent by a thread of their own.

The envelope is that of https://developers.google.com/workspace/drive/api/guides/push. The knobs are under
`/_emulator/`, bodies are JSON:
- `GET /_emulator/channels` → `{"channels": [{"id", "resourceId", "address", "expiration", "state": "open", "stopped" or
  "expired", "sent": [{"number", "state", "status"}]}]}`, the oldest first; `status` is 0 where nobody answered. A token
  is never shown.
- `POST /_emulator/channels` `{"lose": true}` loses every notification from now on, `{"expire": true}` ends all that are
  open.
- `POST /_emulator/channels/{id}/notify` sends one more, also over a channel that has ended, and answers with the
  `{"status"}` that came back. For a forged one, `{"headers": {…}}` puts others in the place of the real headers (null
  leaves one out) and `{"bytes": n}` sends a body along.

Addresses are on this machine and plain http only. A notification that fails is not sent again.
"""

import hashlib
import http.client
import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from connector.emulator.errors import ApiError, required
from connector.emulator.state import World

DEFAULT_LIFE, LONGEST_LIFE = timedelta(hours=1), timedelta(days=7)
MOST_ID, MOST_TOKEN = 64, 256  # characters
PROJECT = "emulator"
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_TIMEOUT = 10.0


@dataclass(eq=False)
class _Channel:
    id: str
    resource_id: str
    resource_uri: str
    address: str
    token: str
    ends_at: datetime
    world: World
    stop: Callable[[], None]
    stopped: bool = False
    sent: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0  # of the last message

    def headers(self, state: str) -> dict[str, str]:
        """Return the next message's headers."""
        self.number += 1
        given = {
            "X-Goog-Channel-ID": self.id,
            "X-Goog-Channel-Expiration": format_datetime(self.ends_at, usegmt=True),
            "X-Goog-Message-Number": str(self.number),
            "X-Goog-Resource-ID": self.resource_id,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": self.resource_uri,
        }
        return given | ({"X-Goog-Channel-Token": self.token} if self.token else {})


class Channels:
    """Every channel that was ever opened, and what was sent over each."""

    def __init__(self) -> None:
        """Begin with none; the sending thread starts with the first."""
        self._all: dict[str, _Channel] = {}
        self._waiting: queue.SimpleQueue[tuple[_Channel, dict[str, str]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lose = False

    def open(
        self,
        asked: Mapping[str, Any],
        *,
        world: World,
        uri: str,
        listen: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> dict[str, Any]:
        """Open a channel as `changes.watch` does; `listen` takes what to call at a change and returns how to end that.

        Raises ApiError.
        """
        self._check(asked)
        now = world.now()
        wanted = datetime.fromtimestamp(int(asked["expiration"]) / 1000, UTC) if "expiration" in asked else None
        if wanted is not None and wanted <= now:
            raise ApiError(400, "invalid", "Expiration must be in the future.")
        channel = _Channel(
            id=asked["id"],
            resource_id=hashlib.sha256(f"{world.user.sub} {uri}".encode()).hexdigest()[:27],
            resource_uri=uri,
            address=asked["address"],
            token=asked.get("token", ""),
            ends_at=min(wanted or now + DEFAULT_LIFE, now + LONGEST_LIFE).replace(microsecond=0),
            world=world,
            stop=lambda: None,
        )
        channel.stop = listen(lambda: self._tell(channel, "change"))
        self._all[channel.id] = channel
        self._tell(channel, "sync")
        body = {"kind": "api#channel", "id": channel.id, "resourceId": channel.resource_id, "resourceUri": uri}
        told = {"token": channel.token} if channel.token else {}
        return body | told | {"expiration": str(int(channel.ends_at.timestamp() * 1000))}

    def close(self, asked: Mapping[str, Any], world: World) -> None:
        """Stop a channel as `channels.stop` does. Raises ApiError."""
        for name in ("id", "resourceId"):
            if not asked.get(name):
                raise required(name)
        channel = self._all.get(asked["id"])
        if (
            channel is None
            or (channel.world, channel.resource_id) != (world, asked["resourceId"])
            or _state(channel) != "open"
        ):
            raise ApiError(404, "notFound", f"Channel '{asked['id']}' not found for project '{PROJECT}'")
        channel.stopped = True
        channel.stop()

    async def show(self, _: Request) -> Response:
        """Return every channel and what was sent over it."""
        shown = [
            {
                "id": one.id,
                "resourceId": one.resource_id,
                "address": one.address,
                "expiration": str(int(one.ends_at.timestamp() * 1000)),
                "state": _state(one),
                "sent": one.sent,
            }
            for one in self._all.values()
        ]
        return JSONResponse({"channels": shown})

    async def turn(self, request: Request) -> Response:
        """Lose notifications, or end all channels."""
        body = json.loads(await request.body() or b"{}")
        self._lose = bool(body.get("lose", self._lose))
        if body.get("expire"):
            for one in self._all.values():
                one.ends_at = one.world.now()
        return JSONResponse({})

    async def notify(self, request: Request) -> Response:
        """Send one more notification, real or forged, and say how it was answered."""
        channel = self._all.get(request.path_params["id"])
        if channel is None:
            return JSONResponse({"error": "no such channel"}, 404)
        body = json.loads(await request.body() or b"{}")
        forged = channel.headers("change") | body.get("headers", {})
        headers = {name: value for name, value in forged.items() if value is not None}
        status = await run_in_threadpool(_post, channel.address, headers, b"x" * body.get("bytes", 0))
        return JSONResponse({"status": status})

    def _check(self, asked: Mapping[str, Any]) -> None:
        for name in ("id", "type", "address"):
            if not asked.get(name):
                raise required(name)
        if asked["type"] not in ("web_hook", "webhook"):
            raise ApiError(400, "channelTypeNotSupported", "Channel type not supported.", domain="push")
        if len(asked["id"]) > MOST_ID or len(asked.get("token", "")) > MOST_TOKEN:
            raise ApiError(400, "invalid", "A channel's id has at most 64 characters, its token at most 256.")
        if asked["id"] in self._all:
            raise ApiError(400, "channelIdNotUnique", f"Channel id {asked['id']} not unique")
        address = urlsplit(asked["address"])
        if address.scheme != "http" or address.hostname not in _LOOPBACK:
            message = f"Unauthorized WebHook callback channel: {asked['address']}"
            raise ApiError(401, "webhookUrlUnauthorized", message, domain="push")

    def _tell(self, channel: _Channel, state: str) -> None:
        """Have a notification sent, if the channel is open; the answer that is being made does not wait for it."""
        if _state(channel) != "open":
            return
        headers = channel.headers(state)
        if self._lose:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._send, name="push", daemon=True)
            self._thread.start()
        self._waiting.put((channel, headers))

    def _send(self) -> None:
        while True:
            channel, headers = self._waiting.get()
            status = _post(channel.address, headers, b"")
            number, state = int(headers["X-Goog-Message-Number"]), headers["X-Goog-Resource-State"]
            channel.sent.append({"number": number, "state": state, "status": status})


def _state(channel: _Channel) -> str:
    if channel.stopped:
        return "stopped"
    return "open" if channel.world.now() < channel.ends_at else "expired"


def _post(address: str, headers: Mapping[str, str], body: bytes) -> int:
    """Send a notification; returns the status of the answer, 0 for none."""
    to = urlsplit(address)
    wire = http.client.HTTPConnection(to.hostname or "", to.port, timeout=_TIMEOUT)
    try:
        wire.request("POST", to.path or "/", body=body, headers={"User-Agent": "APIs-Google", **headers})
        return wire.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        wire.close()
