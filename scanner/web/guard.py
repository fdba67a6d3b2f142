"""What stands before every page: security headers on each answer, and no change asked for by another site."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The email as it was sent: its own inline style, nothing else, and only inside our own page.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under it browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware."""

    def __init__(
        self, app: ASGIApp, *, https: bool, verified: Sequence[str] = (), programs: Sequence[str] = ()
    ) -> None:
        """Stand before this application; `https` asks browsers to stay on it.

        `verified` are paths whose requests come from elsewhere, need no cookie and prove themselves; one that ends with
        a slash stands for all below it, and "" for none. Below `programs` that holds for every method.
        """
        self._app = app
        self._verified = tuple(verified)
        self._programs = tuple(programs)
        self._headers = headers_of(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a foreign wish for a change with 403; pass everything else on, and add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        ours = scope["method"] in _SAFE or self._proves_itself(scope) or same_origin(Headers(scope=scope))
        if not ours:
            refusal = PlainTextResponse("This request did not come from Crosswalk's own pages.", status_code=403)
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)

    def _proves_itself(self, scope: Scope) -> bool:
        path = scope["path"]
        if path.startswith(self._programs):
            return True
        return scope["method"] == "POST" and lies_in(path, self._verified)


def lies_in(path: str, places: Iterable[str]) -> bool:
    """Tell whether a path is one of these; one that ends with a slash stands for all below it, and "" for none."""
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in places if one)


def headers_of(*, https: bool) -> dict[str, str]:
    """Return the security headers of a page."""
    return _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def same_origin(headers: Headers) -> bool:
    """Tell whether a request comes from our own pages, by what browsers say and pages cannot forge.

    A browser that sends neither Sec-Fetch-Site nor Origin with a POST is older than both; it is refused.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
