"""What the pages answer when somebody signed in or consented, or did not; how is the connector's business."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.person import Person
from scanner.web.render import failure_page
from scanner.web.scope import here, place_of
from scanner.web.session import Sessions
from scanner.web.start import plain_frame


class Connected(Protocol):
    """A consent that was given, or only who she is."""

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

    def current(self, request: Request) -> str:
        """Return who is signed in (her subject), "" for nobody."""
        person = self._sessions.read(request)
        return person.subject if person else ""

    def connected(self, request: Request, connected: Connected) -> Response:
        """Keep the connection, ask for its first sync, give the person a fresh session, and go on where she wanted."""
        self._app.connected(connection_id=connected.connection_id, subject=connected.subject, email=connected.email)
        wanted = here(connected.back)
        with self._app.store.reading() as unit:
            products = unit.products.of_connection(connected.connection_id)
        place = place_of(products[0].id) if wanted == "/" and len(products) == 1 else wanted
        return self._signed_in(request, connected, place)

    def signed_in(self, request: Request, connected: Connected) -> Response:
        """Give the person a fresh session, and go on where she wanted."""
        return self._signed_in(request, connected, here(connected.back))

    def _signed_in(self, request: Request, who: Connected, place: str) -> Response:
        response = RedirectResponse(place, status_code=303)
        self._sessions.start(request, response, Person(subject=who.subject, email=who.email))
        return response

    def failed(self, request: Request, failure: Failed) -> Response:
        """Say what went wrong, and what to do."""
        person = self._sessions.read(request)
        return failure_page(
            plain_frame(self._app, who=person.email if person else ""),
            status=400,
            title=failure.title,
            sentence=failure.sentence,
            what_to_do=failure.what_to_do,
        )
