"""What stands before the doors that anybody may knock at: sign-in and webhooks, so often a minute and address."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scanner.web.throttle import Taken, Throttle, network_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Paths that have one allowance for each address, and what is answered where it is used up."""

    paths: tuple[str, ...]  # one that ends with a slash stands for all below it
    throttle: Throttle
    refusal: Callable[[Taken], Response]

    def leads(self, path: str) -> bool:
        """Tell whether a path is one of these."""
        return any(path == one or (one.endswith("/") and path.startswith(one)) for one in self.paths)


class Throttled:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, doors: tuple[Door, ...], forwarded: bool) -> None:
        """Stand before this application; `forwarded` says that a proxy is trusted to name the sender."""
        self._app = app
        self._doors = doors
        self._said = forwarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what comes too often with 429, and pass all else on."""
        door = next((one for one in self._doors if one.leads(scope["path"])), None) if scope["type"] == "http" else None
        taken = door.throttle.take(address_of(scope)) if door else None
        self._warn(scope)
        if door is None or taken is None or taken.allowed:
            await self._app(scope, receive, send)
            return
        answer = door.refusal(taken)
        answer.headers.update(taken.headers)
        await answer(scope, receive, send)

    def _warn(self, scope: Scope) -> None:
        """Say once that all seem to come from one address, because the proxy before us is not named."""
        if self._said or not any(name == b"x-forwarded-for" for name, _ in scope.get("headers", ())):
            return
        self._said = True
        log.warning(
            "A proxy passes requests on and is not trusted to say from where: set CROSSWALK_TRUSTED_PROXIES to it.",
            extra={"event": "web.proxy_unknown"},
        )


def address_of(scope: Scope) -> str:
    """Return whom a request counts for."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""
