"""The page *Alerts* and its forms."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from scanner.app import App
from scanner.web.alerts import Alerts
from scanner.web.guard import MAIL_POLICY
from scanner.web.own import Own, own_of
from scanner.web.render import Frame, failure_page, page
from scanner.web.session import Sessions

PLACE = "/alerts"
Field = Annotated[str, Form(max_length=254)]


class AlertPages:
    """Shows a person who gets mail about her own product, and takes what she changes."""

    def __init__(self, app: App, sessions: Sessions) -> None:
        """Show what this application holds to whose session it is."""
        self._app = app
        self._sessions = sessions

    def router(self) -> APIRouter:
        """Return every route."""
        router = APIRouter(prefix=PLACE, include_in_schema=False)
        router.add_api_route("", self.alerts, methods=["GET"], response_model=None)
        router.add_api_route("/message", self.message, methods=["GET"], response_model=None)
        for path, change in (
            ("/choose", self.choose),
            ("/remove", self.remove),
            ("/resume", self.resume),
            ("/quotes", self.quotes),
        ):
            router.add_api_route(path, change, methods=["POST"], response_model=None)
        return router

    def alerts(self, request: Request, to: str = "") -> Response:
        """Show all of it."""
        return self._own(request, lambda own: _page(own, to))

    def message(self, request: Request, to: str = "") -> Response:
        """Return the HTML of a recipient's mail as it would be sent now."""
        return self._own(request, lambda own: _message(own.alerts(), to))

    def choose(self, request: Request, address: Field, rhythm: Field) -> Response:
        """Add a recipient, or change when one hears."""
        return self._own(request, lambda own: self._changed(own, lambda alerts: alerts.choose(address, rhythm)))

    def remove(self, request: Request, address: Field) -> Response:
        """Forget a recipient."""
        return self._own(request, lambda own: self._changed(own, lambda alerts: alerts.remove(address)))

    def resume(self, request: Request, address: Field) -> Response:
        """Let mail go to a recipient again."""
        return self._own(request, lambda own: self._changed(own, lambda alerts: alerts.resume(address)))

    def quotes(self, request: Request, shown: Field) -> Response:
        """Let mails show what stands in documents, or not."""
        return self._own(request, lambda own: self._changed(own, lambda alerts: alerts.show_quotes(shown)))

    def _own(self, request: Request, show: Callable[[Own], Response]) -> Response:
        own = own_of(self._app, self._sessions.read(request))
        return show(own) if own else RedirectResponse("/", status_code=303)

    def _changed(self, own: Own, change: Callable[[Alerts], str | None]) -> Response:
        alerts = own.alerts()
        refused = change(alerts) if alerts else None
        if refused:
            return failure_page(_frame(own), status=400, title="That did not work", sentence=refused)
        return RedirectResponse(PLACE, status_code=303)


def _page(own: Own, to: str) -> Response:
    alerts = own.alerts()
    return page("alerts", _frame(own), page=alerts.page(to) if alerts else None)


def _message(alerts: Alerts | None, to: str) -> Response:
    """Return the mail's HTML as it is sent; only its links open elsewhere instead of inside the frame."""
    written = alerts.preview(to) if alerts else None
    if written is None:
        return Response(status_code=404)
    html = written.html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _frame(own: Own) -> Frame:
    return Frame(pack=own.pack, who=own.connection.email, here=PLACE, text_goes=own.text_goes)
