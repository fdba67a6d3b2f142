"""The pages: each asks its own person's data and renders it; no page works, it queries or enqueues."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from scanner.app import App
from scanner.web.guard import MAIL_POLICY
from scanner.web.own import Own, own_of
from scanner.web.render import Frame, failure_page, page
from scanner.web.session import Sessions

Page = Callable[[Own], Response]


def pages(app: App, sessions: Sessions) -> APIRouter:
    """Return the routes of all pages but the connector's."""
    router = APIRouter(include_in_schema=False)

    def signed_in(request: Request, show: Page) -> Response:
        """Show a page to the person whose session it is; nobody and strangers get the landing page's answer."""
        own = own_of(app, sessions.read(request))
        return show(own) if own else RedirectResponse("/", status_code=303)

    @router.get("/")
    def start(request: Request) -> Response:
        own = own_of(app, sessions.read(request))
        return _overview(own) if own else page("landing", Frame(pack=app.packs[0]))

    @router.get("/progress")
    def progress(request: Request) -> Response:
        own = own_of(app, sessions.read(request))
        return page("progress", Frame(pack=own.pack), progress=own.progress()) if own else Response(status_code=404)

    @router.get("/documents")
    def documents(request: Request) -> Response:
        return signed_in(request, lambda own: page("documents", _frame(own, "/documents"), page=own.documents()))

    @router.get("/constraints/{constraint_id}")
    def constraint(request: Request, constraint_id: str) -> Response:
        return signed_in(request, lambda own: _constraint(own, constraint_id))

    @router.get("/email")
    def email(request: Request) -> Response:
        return signed_in(request, _email)

    @router.get("/email/message")
    def email_message(request: Request) -> Response:
        return signed_in(request, _email_message)

    @router.post("/sync")
    def sync(request: Request) -> Response:
        return signed_in(request, _sync)

    @router.post("/sign-out")
    def sign_out() -> Response:
        response = RedirectResponse("/", status_code=303)
        sessions.end(response)
        return response

    @router.get("/healthz")
    def health() -> Response:
        with app.store.reading() as unit:
            unit.connections.get("")
        return JSONResponse({"status": "ok"})

    return router


def _frame(own: Own, here: str = "") -> Frame:
    """Frame a signed-in person's page."""
    return Frame(pack=own.pack, who=own.connection.email, here=here)


def _overview(own: Own) -> Response:
    """Show where the clause stands."""
    return page("overview", _frame(own, "/"), page=own.overview())


def _constraint(own: Own, constraint_id: str) -> Response:
    """Show one constraint."""
    known = own.constraint(constraint_id)
    if known is None:
        return not_found(_frame(own))
    return page("constraint", _frame(own), page=known)


def not_found(frame: Frame) -> HTMLResponse:
    """Say that there is no such page."""
    return failure_page(
        frame, status=404, title="There is no such page", sentence="It may have gone with an older clause pack."
    )


def _email(own: Own) -> Response:
    """Show the email in a frame."""
    written = own.email()
    if written is None:
        return page("email", _frame(own, "/email"), subject="", to="", delivered="")
    message, said = written
    return page("email", _frame(own, "/email"), subject=message.subject, to=message.to, delivered=said)


def _email_message(own: Own) -> Response:
    """Return the email's HTML as it is sent; only its links open elsewhere instead of inside the frame."""
    written = own.email()
    if written is None:
        return Response(status_code=404)
    html = written[0].html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _sync(own: Own) -> Response:
    """Ask for a sync and go back to see it."""
    own.look_again()
    return RedirectResponse("/", status_code=303)
