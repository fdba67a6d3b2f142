"""The emulator as one ASGI application: notes each call, applies its fault, answers, and checks its own answer."""

import asyncio
import gzip
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.requests import ClientDisconnect

from connector.emulator import pages
from connector.emulator.control import BadBody, Control
from connector.emulator.drive import DriveApi
from connector.emulator.errors import ApiError
from connector.emulator.faults import Fault, FaultScript, domain_of, reason_of
from connector.emulator.journal import Journal
from connector.emulator.load import Load
from connector.emulator.oauth import OAuth
from connector.emulator.people import People
from connector.emulator.push import Channels
from connector.emulator.replies import Replies
from connector.emulator.state import World
from connector.emulator.synthetic import Synthetic
from connector.emulator.synthetic_api import SyntheticApi
from connector.emulator.tokens import OAuthKnobs, TokenStore
from connector.emulator.values import Client, Seed

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[[Request], Awaitable[Response]]
Route = tuple[str, re.Pattern[str], Handler]

CONTROL = "/_emulator/"
_DRIVE = ("/drive/", "/upload/", "/batch", "/download/")


class Emulator:
    """A local Google: one person, her Drive, and consent to read it."""

    def __init__(
        self,
        seed: Seed,
        *,
        seed_folder: Path,
        auto_consent: bool,
        base_url: str,
        synthetic: Synthetic | None = None,
        latency_ms: float = 0,
        remember_mb: int = 0,
        opens_here: bool = False,
    ) -> None:
        """Take over the seed, or a generated Drive; `base_url` is where links that the emulator hands out lead.

        `opens_here` lets the links for people lead here too, where each file has a page, and not to Google.
        """
        self._base_url = base_url
        self._load = Load(latency_ms=latency_ms, synthetic=synthetic)
        self._journal = Journal()
        self._faults = FaultScript()
        world = World(seed, now=lambda: datetime.now(UTC))
        world.viewer = base_url if opens_here else ""
        tokens = TokenStore(OAuthKnobs(auto_consent=auto_consent))
        page_caps: dict[str, int] = {}
        people = People(world)
        channels = Channels()
        oauth = OAuth(people=people, clients=seed.clients, tokens=tokens, journal=self._journal)
        control = self._control(people, tokens, page_caps, client=seed.clients[0], folder=seed_folder)
        self._drive = DriveApi(
            people=people,
            tokens=tokens,
            journal=self._journal,
            page_caps=page_caps,
            base_url=base_url,
            quota=self._load.quota,
            synthetic=SyntheticApi(synthetic) if synthetic else None,
            replies=Replies(remember_mb << 20),
            channels=channels,
        )
        knobs = (*_control_routes(control), *_load_routes(self._load), *_push_routes(channels))
        self._routes = (*_oauth_routes(oauth), *knobs, *_viewer_routes(world))

    def _control(
        self, people: People, tokens: TokenStore, page_caps: dict[str, int], *, client: Client, folder: Path
    ) -> Control:
        return Control(
            people=people,
            seed_folder=folder,
            tokens=tokens,
            client=client,
            journal=self._journal,
            faults=self._faults,
            page_caps=page_caps,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        request = Request(scope, receive)
        path, query = request.scope["path"], request.query_params.multi_items()
        fault = Fault()
        if not path.startswith(CONTROL):
            self._journal.call(request.method, path, query, wanted=request.headers.get("range"))
            self._watch_token(request)
            fault = self._faults.take(request.method, path, dict(query))
        if fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        if fault.reset:
            await _cut(receive, send)
            return
        try:
            response = _instead(fault, path) or await self._answer(request, fault)
        except ClientDisconnect:  # whoever asked was killed
            return
        if fault.truncate or fault.cut_at or fault.short or fault.stall_seconds or fault.drip_seconds:
            await _send_spoilt(response, fault, receive, send)
        else:
            await response(scope, receive, send)

    def _watch_token(self, request: Request) -> None:
        """Note a token that was sent to this server under another name than the one its addresses carry."""
        host = request.headers.get("host", "")
        if "authorization" in request.headers and f"//{host}" != self._base_url.partition(":")[2]:
            self._journal.violation("token-elsewhere", f"{request.method} {request.scope['path']} at {host}")

    async def _answer(self, request: Request, fault: Fault) -> Response:
        path = request.scope["path"]
        if path.startswith(_DRIVE):
            if self._load.latency:
                await asyncio.sleep(self._load.latency)
            return self._drive.answer(request, fault, await request.body())
        for verb, pattern, handler in self._routes:
            found = pattern.fullmatch(path)
            if found and verb == request.method:
                request.scope["path_params"] = found.groupdict()
                try:
                    return await handler(request)
                except BadBody as error:
                    return JSONResponse({"error": str(error)}, 400)
        return HTMLResponse(pages.failure_page(404), 404)


def _instead(fault: Fault, path: str) -> Response | None:
    """Return what a script wants to be answered instead of the truth."""
    if fault.login_page:
        return HTMLResponse(pages.login_page())
    if fault.redirect:
        return Response(status_code=fault.status or 302, headers={"Location": fault.redirect})
    if fault.answer is not None:
        return _said(fault, fault.answer)
    return _refusal(fault, path) if fault.status or fault.html else None


def _said(fault: Fault, answer: str) -> Response:
    headers = {"Content-Encoding": "gzip"} if fault.packed else {}
    body = gzip.compress(answer.encode()) if fault.packed else answer.encode()
    return Response(body, fault.status or 200, headers=headers, media_type="application/json")


def _refusal(fault: Fault, path: str) -> Response:
    headers: Mapping[str, str] = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.html:
        status = fault.status or 502
        return HTMLResponse(pages.failure_page(status), status, headers=headers)
    reason = reason_of(fault)
    if path in ("/token", "/revoke"):
        body = {"error": reason} | ({"error_description": fault.message} if fault.message else {})
        return JSONResponse(body, fault.status, headers=headers)
    error = ApiError(fault.status, reason, fault.message or f"Scripted: {reason}.", domain=domain_of(reason))
    return JSONResponse(error.body(), fault.status, headers=headers)


async def _cut(receive: Receive, send: Send) -> None:
    """Cut the connection before any byte of an answer.

    NOTE: ASGI has no word for this; `send` is bound to uvicorn's request cycle, which holds the transport.
    """
    send.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's own object, see above
    await _gone(receive)


async def _send_spoilt(response: Response, fault: Fault, receive: Receive, send: Send) -> None:
    """Send the whole head and a piece of the body; then cut the connection, call it all, or go on after a silence."""
    body = bytes(response.body)
    piece = body[: fault.cut_at or len(body) // 2]
    headers = [(name, value) for name, value in response.raw_headers if name != b"content-length" or not fault.short]
    if fault.short:
        headers.append((b"content-length", str(len(piece)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": piece, "more_body": not fault.short})
    if fault.stall_seconds:
        await asyncio.sleep(fault.stall_seconds)
        await send({"type": "http.response.body", "body": body[len(piece) :]})
    elif fault.drip_seconds:
        await _drip(body[len(piece) :], fault.drip_seconds, receive, send)
    elif not fault.short:
        send.__self__.transport.close()  # type: ignore[attr-defined]  # after what was sent has left; see _cut
        await _gone(receive)


async def _drip(rest: bytes, seconds: float, receive: Receive, send: Send) -> None:
    """Send a byte every so often, until nobody listens any more."""
    leaves = asyncio.ensure_future(_gone(receive))
    for place in range(len(rest)):
        if (await asyncio.wait([leaves], timeout=seconds))[0]:
            return
        await send({"type": "http.response.body", "body": rest[place : place + 1], "more_body": place + 1 < len(rest)})
    leaves.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _route(verb: str, path: str, handler: Handler) -> Route:
    return verb, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), handler


async def _sign_in(_: Request) -> Response:
    return HTMLResponse(pages.login_page())


def _oauth_routes(oauth: OAuth) -> tuple[Route, ...]:
    return (
        _route("GET", "/signin", _sign_in),
        _route("GET", "/o/oauth2/v2/auth", oauth.authorize),
        _route("POST", "/o/oauth2/v2/auth", oauth.decide),
        _route("POST", "/token", oauth.token),
        _route("POST", "/revoke", oauth.revoke),
        _route("GET", "/oauth2/v3/certs", oauth.keys),
        _route("GET", "/oauth2/v3/userinfo", oauth.identity),
        _route("GET", "/v1/userinfo", oauth.identity),
    )


def _viewer_routes(world: World) -> tuple[Route, ...]:
    async def opened(request: Request) -> Response:
        item = world.items.get(request.scope["path_params"]["id"])
        if item is None or not world.viewer:
            return HTMLResponse(pages.failure_page(404), 404)
        return HTMLResponse(pages.viewer_page(item.seed.name))

    return (_route("GET", "/file/d/{id}/view", opened), _route("GET", "/document/d/{id}/edit", opened))


def _control_routes(control: Control) -> tuple[Route, ...]:
    return (
        _route("POST", "/_emulator/items", control.put_item),
        _route("POST", "/_emulator/items/{id}/trash", control.trash),
        _route("POST", "/_emulator/items/{id}/untrash", control.untrash),
        _route("POST", "/_emulator/items/{id}/move", control.move),
        _route("POST", "/_emulator/items/{id}/rename", control.rename),
        _route("POST", "/_emulator/items/{id}/touch", control.touch),
        _route("POST", "/_emulator/items/{id}/vanish", control.vanish),
        _route("DELETE", "/_emulator/items/{id}", control.delete),
        _route("POST", "/_emulator/drives", control.put_drive),
        _route("DELETE", "/_emulator/drives/{id}", control.lose_drive),
        _route("GET", "/_emulator/calls", control.calls),
        _route("GET", "/_emulator/violations", control.violations),
        _route("POST", "/_emulator/faults", control.add_fault),
        _route("GET", "/_emulator/faults", control.list_faults),
        _route("DELETE", "/_emulator/faults", control.clear_faults),
        _route("POST", "/_emulator/oauth", control.set_oauth),
        _route("POST", "/_emulator/tokens", control.give_tokens),
        _route("POST", "/_emulator/people", control.add_person),
        _route("POST", "/_emulator/service-accounts", control.add_service_account),
        _route("POST", "/_emulator/page-cap", control.cap_pages),
        _route("POST", "/_emulator/feeds", control.part_feeds),
    )


def _push_routes(channels: Channels) -> tuple[Route, ...]:
    return (
        _route("GET", "/_emulator/channels", channels.show),
        _route("POST", "/_emulator/channels", channels.turn),
        _route("POST", "/_emulator/channels/{id}/notify", channels.notify),
    )


def _load_routes(load: Load) -> tuple[Route, ...]:
    return (
        _route("POST", "/_emulator/quota", load.set_quota),
        _route("DELETE", "/_emulator/quota", load.lift_quota),
        _route("GET", "/_emulator/quota", load.spent),
        _route("POST", "/_emulator/latency", load.set_latency),
        _route("GET", "/_emulator/processor", load.processor),
        _route("GET", "/_emulator/synthetic", load.describe),
        _route("POST", "/_emulator/synthetic/edit", load.edit),
    )
