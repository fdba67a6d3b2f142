"""What stands before the pages' forms: a body is short and no file, and nothing holds what no table can keep."""

from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scanner.web.bodies import NoBody, once_more, whole
from scanner.web.guard import lies_in

MOST_BYTES = 200_000  # the longest form has some thousands of characters, nine bytes each at worst
_NO_TEXT = "A character was sent that no text holds."
_NUL = b"%00"  # as a query and a form hold it: no text of a page has one, and PostgreSQL keeps none


class Sound:
    """ASGI middleware: what it passes on, a page can read."""

    def __init__(
        self, app: ASGIApp, *, refusal: Callable[[int, str], Response], verified: Sequence[str], programs: Sequence[str]
    ) -> None:
        """Stand before this application.

        `verified` are paths that read no body or read it by themselves, as Guard has them. Below `programs` nothing is
        looked at: what is there says itself what it takes.
        """
        self._app = app
        self._refusal = refusal
        self._verified = tuple(verified)
        self._programs = tuple(programs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse it, or pass it on with its body."""
        if scope["type"] != "http" or scope["path"].startswith(self._programs):
            await self._app(scope, receive, send)
            return
        try:
            form = await self._form(scope, receive)
        except NoBody as error:
            await self._refusal(error.status, f"{error}")(scope, receive, send)
            return
        await self._app(scope, form, send)

    async def _form(self, scope: Scope, receive: Receive) -> Receive:
        """Return what gives the form that was sent, if any. Raises NoBody."""
        path = scope["path"]
        if "\0" in path:
            raise NoBody(404, _NO_TEXT)
        if _NUL in scope["query_string"]:
            raise NoBody(400, _NO_TEXT)
        if scope["method"] in {"GET", "HEAD"} or lies_in(path, self._verified):
            return receive
        return await _read(scope, receive)


async def _read(scope: Scope, receive: Receive) -> Receive:
    """Return what gives a form that was read. Raises NoBody: it is a file, too long, or holds what no table keeps."""
    if Headers(scope=scope).get("content-type", "").strip().lower().startswith("multipart/"):
        raise NoBody(415, "Nothing is uploaded here.")
    body = await whole(receive, most=MOST_BYTES)
    if _NUL in body or b"\0" in body:
        raise NoBody(400, _NO_TEXT)
    return once_more(body, receive)
