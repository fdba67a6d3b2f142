"""What the pages answer when a consent was given, refused or ended; how consent works is the connector's business."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.person import Person, Role
from scanner.web.render import failure_page
from scanner.web.scope import here, place_of, seen_by
from scanner.web.session import Sessions
from scanner.web.start import plain_frame


class Connected(Protocol):
    """A consent that was given."""

    @property
    def connection_id(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def back(self) -> str: ...


class Failed(Protocol):
    """A consent that did not come about, in words for a person."""

    @property
    def title(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def what_to_do(self) -> str: ...


class Consent:
    """The answers, given to the connector's routes."""

    def __init__(self, app: App, sessions: Sessions) -> None:
        """Answer for this application."""
        self._app = app
        self._sessions = sessions

    def current(self, request: Request) -> str | None:
        """Return the connection of the person who looks."""
        person = self._sessions.read(request)
        seen = seen_by(self._app, person) if person else ()
        return next((one.connection for _, one in seen if one.role is Role.OWNER), None)

    def connected(self, request: Request, connected: Connected) -> Response:
        """Keep the connection, ask for its first sync, give the person a fresh session, and go on where she wanted."""
        self._app.connected(connection_id=connected.connection_id, subject=connected.subject, email=connected.email)
        wanted = here(connected.back)
        place = place_of(product_id_of(connected.connection_id)) if wanted == "/" else wanted
        response = RedirectResponse(place, status_code=303)
        self._sessions.start(request, response, Person(subject=connected.subject, email=connected.email))
        return response

    def disconnected(self, request: Request, connection_id: str) -> Response:
        """Forget all that was kept of the connection, and sign the person out."""
        ended = self._app.disconnect(connection_id)
        response = failure_page(
            plain_frame(self._app), status=200, title="The connection has ended", sentence=ended.words
        )
        self._sessions.end(request, response)
        return response

    def failed(self, _request: Request, failure: Failed) -> Response:
        """Say what went wrong, and what to do."""
        return failure_page(
            plain_frame(self._app),
            status=400,
            title=failure.title,
            sentence=failure.sentence,
            what_to_do=failure.what_to_do,
        )
