"""The addresses below /connections: connect, sign-in, callback, changed; who mounts them says what people see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from connector.channel import Hint
from connector.errors import ConnectorError
from connector.failure import ConsentFailed, Failure
from connector.oauth import PENDING_SECONDS
from connector.push import PATH

COOKIE = "crosswalk-consent"
MAX_BACK = 1000  # characters of where to go on: the cookie has to stay below the 4096 that browsers keep


class Consenting(Protocol):
    """The part of the connector that these routes need."""

    def begin(self, redirect_uri: str, *, back: str, drive: bool, expected: str) -> tuple[str, str]:
        """Return where to send the person, and the cookie."""
        ...

    def complete(self, answer: dict[str, str], cookie: str) -> Any:
        """Return the consent. Raises ConsentFailed."""
        ...

    def heard(self, headers: Mapping[str, str]) -> Hint | None:
        """Return what a notification says, None for one that is not to be believed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What people see, given by whoever mounts the routes."""

    on_connected: Callable[[Request, Any], Response]  # the request and the consent
    on_signed_in: Callable[[Request, Any], Response]  # the request and who she is: a consent without a connection
    on_failed: Callable[[Request, Failure], Response]  # the failure has a title, a sentence and what to do
    current_subject: Callable[[Request], str]  # who is signed in, "" for nobody: only she can connect then
    on_changed: Callable[[str, str], bool]  # a connection and a channel: False where that channel is not known


def build_router(connector: Consenting, answers: Answers, *, base_url: str) -> APIRouter:
    """Return the routes; `base_url` is how browsers and Google reach them."""
    router = APIRouter(prefix="/connections")
    redirect_uri = f"{base_url.rstrip('/')}/connections/callback"
    cookie = _Cookie(secure=base_url.startswith("https:"))

    def begun(request: Request, *, to: str, drive: bool, expected: str) -> Response:
        try:
            url, sealed = connector.begin(redirect_uri, back=to[:MAX_BACK], drive=drive, expected=expected)
        except ConnectorError:
            return answers.on_failed(request, Failure.CLIENT)
        response = RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
        cookie.put(response, sealed)
        return response

    @router.get("/connect")
    def connect(request: Request, to: str = "") -> Response:
        return begun(request, to=to, drive=True, expected=answers.current_subject(request))

    @router.get("/sign-in")
    def sign_in(request: Request, to: str = "") -> Response:
        return begun(request, to=to, drive=False, expected="")

    @router.get("/callback")
    def callback(request: Request) -> Response:
        try:
            consent = connector.complete(dict(request.query_params), request.cookies.get(cookie.name, ""))
            told = answers.on_connected if consent.connection_id else answers.on_signed_in
            response = told(request, consent)
        except ConsentFailed as error:
            response = answers.on_failed(request, error.failure)
        cookie.drop(response)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address holds a code
        return response

    @router.post(PATH.removeprefix(router.prefix))
    def changed(request: Request) -> Response:  # no body is read, whatever comes
        hint = connector.heard(request.headers)
        if hint is None or (hint.changed and not answers.on_changed(hint.connection_id, hint.channel_id)):
            return PlainTextResponse("There is no such channel.", status_code=404)
        return Response(status_code=204)

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cookie:
    """The sealed consent that was begun, in the person's own browser."""

    secure: bool

    @property
    def name(self) -> str:
        """Under TLS it is bound to this very host: a neighbour's page could else plant a consent of its own."""
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    @property
    def path(self) -> str:
        """The prefix demands the whole host (RFC 6265bis, 4.1.3.2)."""
        return "/" if self.secure else "/connections"

    def put(self, response: Response, value: str) -> None:
        response.set_cookie(
            self.name,
            value,
            max_age=PENDING_SECONDS,
            path=self.path,
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )

    def drop(self, response: Response) -> None:
        response.delete_cookie(self.name, path=self.path, httponly=True, samesite="lax", secure=self.secure)
