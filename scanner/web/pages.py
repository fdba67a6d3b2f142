"""The pages: each asks its own person's data and renders it; no page works, it queries or enqueues."""

import logging
from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from scanner.app import App
from scanner.web.own import Own, own_of
from scanner.web.render import Frame, failure_page, page
from scanner.web.session import Sessions

log = logging.getLogger(__name__)


class Pages:
    """All pages about documents, and what a browser asks beside them."""

    def __init__(self, app: App, sessions: Sessions) -> None:
        """Show what this application holds to whose session it is."""
        self._app = app
        self._sessions = sessions

    def router(self) -> APIRouter:
        """Return every route."""
        router = APIRouter(include_in_schema=False)
        for path, show in (
            ("/", self.start),
            ("/progress", self.progress),
            ("/documents", self.documents),
            ("/constraints/{constraint_id}", self.constraint),
            ("/activity", self.activity),
            ("/healthz", self.health),
            ("/readyz", self.ready),
        ):
            router.add_api_route(path, show, methods=["GET"], response_model=None)
        router.add_api_route("/sync", self.sync, methods=["POST"], response_model=None)
        router.add_api_route("/activity/{job_id}/retry", self.retry, methods=["POST"], response_model=None)
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"], response_model=None)
        return router

    def start(self, request: Request) -> Response:
        """Show the overview, or to nobody what this is."""
        own = self._own(request)
        if own is None:
            return page("landing", Frame(pack=self._app.packs[0], text_goes=self._app.text_goes))
        return page("overview", _frame(own, "/"), page=own.overview())

    def progress(self, request: Request) -> Response:
        """Return the progress panel alone, for the script that asks every two seconds."""
        own = self._own(request)
        return page("progress", Frame(pack=own.pack), progress=own.progress()) if own else Response(status_code=404)

    def documents(self, request: Request) -> Response:
        """Show the candidates."""
        return self._shown(request, lambda own: page("documents", _frame(own, "/documents"), page=own.documents()))

    def constraint(self, request: Request, constraint_id: str) -> Response:
        """Show one constraint."""
        return self._shown(request, lambda own: _constraint(own, constraint_id))

    def activity(self, request: Request) -> Response:
        """Show what is and was done."""
        return self._shown(
            request,
            lambda own: page("activity", _frame(own, "/activity"), page=own.activity(), progress=own.progress()),
        )

    def retry(self, request: Request, job_id: str) -> Response:
        """Ask for a failed job once more and go back to see it."""
        return self._shown(request, lambda own: _retry(own, job_id))

    def sync(self, request: Request) -> Response:
        """Ask for a sync and go back to see it."""
        return self._shown(request, _sync)

    def sign_out(self) -> Response:
        """End the session."""
        response = RedirectResponse("/", status_code=303)
        self._sessions.end(response)
        return response

    def health(self) -> Response:
        """Say that the process lives; a database that is away is no reason to start it anew."""
        return JSONResponse({"status": "ok"})

    def ready(self) -> Response:
        """Say whether the pages can be shown: the database answers, and its schema is one for this code."""
        because = self._app.database.unready()
        if because:
            log.warning("Not ready: %s", because, extra={"event": "web.unready"})
        return JSONResponse({"status": "not ready" if because else "ready"}, status_code=503 if because else 200)

    def _own(self, request: Request) -> Own | None:
        return own_of(self._app, self._sessions.read(request))

    def _shown(self, request: Request, show: Callable[[Own], Response]) -> Response:
        """Show a page to the person whose session it is; nobody and strangers are led to the start."""
        own = self._own(request)
        return show(own) if own else RedirectResponse("/", status_code=303)


def _frame(own: Own, here: str = "") -> Frame:
    """Frame a signed-in person's page."""
    return Frame(pack=own.pack, who=own.connection.email, here=here, text_goes=own.text_goes)


def _retry(own: Own, job_id: str) -> Response:
    own.try_again(job_id)
    return RedirectResponse("/activity", status_code=303)


def _constraint(own: Own, constraint_id: str) -> Response:
    known = own.constraint(constraint_id)
    if known is None:
        sentence = "It may have gone with an older clause pack."
        return failure_page(_frame(own), status=404, title="There is no such page", sentence=sentence)
    return page("constraint", _frame(own), page=known)


def _sync(own: Own) -> Response:
    own.look_again()
    return RedirectResponse("/", status_code=303)
