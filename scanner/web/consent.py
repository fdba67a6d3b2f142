"""What the pages answer when a consent was given, refused or ended; how consent works is the connector's business."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.web.own import own_of
from scanner.web.render import Frame, failure_page
from scanner.web.session import Sessions


class Connected(Protocol):
    """A consent that was given."""

    @property
    def connection_id(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def email(self) -> str: ...


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
        own = own_of(self._app, self._sessions.read(request))
        return own.connection.id if own else None

    def connected(self, _request: Request, connected: Connected) -> Response:
        """Keep the connection, ask for its first sync, and give the person a fresh session."""
        self._app.connected(connection_id=connected.connection_id, subject=connected.subject, email=connected.email)
        response = RedirectResponse("/", status_code=303)
        self._sessions.start(response, subject=connected.subject, connection=connected.connection_id)
        return response

    def disconnected(self, _request: Request, connection_id: str) -> Response:
        """Forget all that was kept of the connection, and sign the person out."""
        ended = self._app.disconnect(connection_id)
        response = failure_page(
            Frame(pack=self._app.packs[0]), status=200, title="The connection has ended", sentence=ended.words
        )
        self._sessions.end(response)
        return response

    def failed(self, _request: Request, failure: Failed) -> Response:
        """Say what went wrong, and what to do."""
        return failure_page(
            Frame(pack=self._app.packs[0]),
            status=400,
            title=failure.title,
            sentence=failure.sentence,
            what_to_do=failure.what_to_do,
        )
