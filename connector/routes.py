"""/connections over HTTP: connect, callback, disconnect; what a person then sees is whoever mounts it's business."""

from collections.abc import Callable
from typing import Any, Protocol

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from connector.errors import ConnectorError
from connector.oauth import PENDING_SECONDS, ConsentFailed, Failure

COOKIE = "crosswalk-consent"


class Consenting(Protocol):
    """The part of the connector that these routes need."""

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Return where to send the person, and the cookie."""
        ...

    def complete(self, answer: dict[str, str], cookie: str) -> Any:
        """Return the consent. Raises ConsentFailed."""
        ...


def build_router(
    connector: Consenting,
    *,
    base_url: str,
    on_connected: Callable[[Request, Any], Response],
    on_failed: Callable[[Request, Failure], Response],
    on_disconnected: Callable[[Request, str], Response],
    current_connection: Callable[[Request], str | None],
) -> APIRouter:
    """Return the routes.

    `on_connected` gets the request and the consent; `on_failed` the request and a failure with its title, sentence and
    what to do; `on_disconnected` the request and the connection to end; `current_connection` says whose request it is.
    """
    router = APIRouter(prefix="/connections")
    redirect_uri = f"{base_url.rstrip('/')}/connections/callback"
    secure = base_url.startswith("https:")

    @router.get("/connect")
    def connect(request: Request) -> Response:
        try:
            url, cookie = connector.begin(redirect_uri)
        except ConnectorError:
            return on_failed(request, Failure.CLIENT)
        response = RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=PENDING_SECONDS,
            path="/connections",
            httponly=True,
            samesite="lax",
            secure=secure,
        )
        return response

    @router.get("/callback")
    def callback(request: Request) -> Response:
        try:
            consent = connector.complete(dict(request.query_params), request.cookies.get(COOKIE, ""))
            response = on_connected(request, consent)
        except ConsentFailed as error:
            response = on_failed(request, error.failure)
        response.delete_cookie(COOKIE, path="/connections", httponly=True, samesite="lax", secure=secure)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address holds a code
        return response

    @router.post("/disconnect")
    def disconnect(request: Request) -> Response:
        connection_id = current_connection(request)
        if connection_id is None:
            raise HTTPException(status_code=404)
        return on_disconnected(request, connection_id)

    return router
