"""The web page, assembled: the guard, the pages, the connector's routes, and two answers for what goes wrong."""

import logging
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from scanner.app import App
from scanner.notify.leaving import PATH
from scanner.web.alert_pages import AlertPages
from scanner.web.consent import Consent
from scanner.web.doors import doors
from scanner.web.guard import Guard, headers_of
from scanner.web.leave import LeavePages
from scanner.web.pages import Pages
from scanner.web.releases import ReleasePages
from scanner.web.render import Frame, failure_page
from scanner.web.session import Sessions
from scanner.web.telling import API, HOOKS, Telling
from scanner.web.throttled import Throttled

log = logging.getLogger(__name__)


def build(app: App) -> FastAPI:
    """Return the web application of an assembled Crosswalk. Raises ConnectorError without a usable vault key."""
    https = app.settings.base_url.startswith("https:")
    sessions = Sessions(app.connector, now=app.now, secure=https)
    consent = Consent(app, sessions)
    site = FastAPI(title="Crosswalk", docs_url=None, redoc_url=None, openapi_url=None)
    for pages in (Pages(app, sessions), ReleasePages(app, sessions), AlertPages(app, sessions)):
        site.include_router(pages.router())
    for open_to_all in (Telling(app), LeavePages(app)):
        site.include_router(open_to_all.router())
    site.include_router(
        app.connection_routes(
            on_connected=consent.connected,
            on_failed=consent.failed,
            on_disconnected=consent.disconnected,
            current_connection=consent.current,
        )
    )
    site.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    _answer_failures(site, Frame(pack=app.packs[0]), https=https)
    site.add_middleware(Throttled, doors=doors(app), forwarded=bool(app.settings.trusted_proxies))
    site.add_middleware(Guard, https=https, verified=(app.connector.hears_at, HOOKS, API, PATH))
    return site


def _answer_failures(site: FastAPI, frame: Frame, *, https: bool) -> None:
    """Answer unknown places and our own failures with a page; what broke stands in the log and nowhere else."""

    @site.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        title = "There is no such page" if error.status_code == 404 else "That did not work"
        return failure_page(frame, status=error.status_code, title=title, sentence=str(error.detail))

    @site.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> Response:
        log.error("A page failed.", exc_info=error, extra={"event": "web.failed"})
        page = failure_page(
            frame,
            status=500,
            title="Something broke on our side",
            sentence="Nothing was lost: what was found and what is to be done is kept.",
            what_to_do="Try again in a minute. If it stays like this, `crosswalk doctor` says what is wrong.",
        )
        page.headers.update(headers_of(https=https))  # this handler stands outside of every middleware
        return page
