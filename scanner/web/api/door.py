"""What stands before the API: a token in force, so often a minute, JSON both ways; and an ETag on what is read."""

import hashlib
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanner.model.api_token import ApiToken
from scanner.store.errors import DatabaseError
from scanner.web.api.faults import AGAIN_SECONDS
from scanner.web.api.problems import Problems, Trouble
from scanner.web.api.wanted import MAX_BYTES, misfit
from scanner.web.bodies import NoBody, once_more, whole
from scanner.web.throttle import Taken, Throttle

TOKEN = "crosswalk.token"  # noqa: S105 -- under this name the token that asks stands in the scope of a request
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Crosswalk"'}


class TokenDoor:
    """ASGI middleware: what is behind it is only asked with a token in force, but for what is open to all.

    No cookie is looked at, so that no other site can ask in a person's name.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        known: Callable[[str], ApiToken | None],
        throttle: Throttle,
        problems: Problems,
        open_to_all: frozenset[str],
    ) -> None:
        """Stand before this application; `known` returns the token in force that has a secret."""
        self._app = app
        self._known = known
        self._throttle = throttle
        self._problems = problems
        self._open = open_to_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse it, or pass it on with the token in its scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal, taken = await self._refusal(scope)
        send = _told(send, taken.headers if taken else {})
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["method"] in {"GET", "HEAD"}:
            # NOTE: the server leaves the body of an answer to HEAD away by itself.
            await self._app({**scope, "method": "GET"}, receive, _tagged(send, Headers(scope=scope)))
        else:
            await self._changed(scope, receive, send)

    async def _changed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may change something, with its body; who cannot send that in time and measure is told."""
        try:
            body = await whole(receive, most=MAX_BYTES)
        except NoBody as error:
            await self._problems.answer(Trouble.of(error.status))(scope, receive, send)
            return
        await self._app(scope, once_more(body, receive), send)

    async def _refusal(self, scope: Scope) -> tuple[Response | None, Taken | None]:
        if trouble := misfit(scope):
            return self._problems.answer(trouble), None
        if scope["path"].removeprefix(scope.get("root_path", "")) in self._open:
            return None, None
        try:
            token = await run_in_threadpool(self._known, _secret(Headers(scope=scope)))
        except DatabaseError:
            return self._problems.answer(Trouble.AWAY, headers={"Retry-After": str(AGAIN_SECONDS)}), None
        if token is None:
            return self._problems.answer(Trouble.NO_TOKEN, headers=_CHALLENGE), None
        scope[TOKEN] = token
        taken = self._throttle.take(token.id)
        refused = taken is not None and not taken.allowed
        return self._problems.answer(Trouble.TOO_OFTEN) if refused else None, taken


def _secret(headers: Headers) -> str:
    """Return what is sent as a bearer token (RFC 6750 §2.1), "" for nothing."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _told(send: Send, headers: dict[str, str]) -> Send:
    """Add headers to the answer."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered = MutableHeaders(scope=message)
            answered.update(headers)
            answered["Cache-Control"] = "private, no-cache"
            answered["Vary"] = "Authorization"
        await send(message)

    return told


def _tagged(send: Send, asked: Headers) -> Send:
    """Name what is answered by a digest of it, and answer 304 to who has it already (RFC 9110 §13.1.2)."""
    held: list[Message] = []

    async def tagged(message: Message) -> None:
        held.append(message)
        if message["type"] != "http.response.body" or message.get("more_body"):
            return
        start, body = held[0], b"".join(one.get("body", b"") for one in held[1:])
        if start["status"] == 200:
            headers = MutableHeaders(scope=start)
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            if _has(asked.get("if-none-match", ""), headers["ETag"]):
                start["status"], body = 304, b""
                del headers["content-length"], headers["content-type"]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return tagged


def _has(written: str, tag: str) -> bool:
    return written.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in written.split(","))
