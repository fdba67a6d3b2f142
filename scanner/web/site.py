"""The web page, assembled: the guard, the pages, the connector's routes, and answers for what goes wrong."""

import re
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from scanner.app import App
from scanner.notify.leaving import PATH
from scanner.web import (
    alert_pages,
    deciding,
    document_pages,
    example_pages,
    invitations,
    pages,
    portfolio_pages,
    product_page,
    releases,
    settings,
    start,
    token_pages,
)
from scanner.web.api import PLACE, build_api
from scanner.web.api.problems import Problems
from scanner.web.consent import Consent
from scanner.web.doors import doors
from scanner.web.guard import Guard
from scanner.web.leave import LeavePages
from scanner.web.refusals import answer_refusals, refusal
from scanner.web.session import Sessions
from scanner.web.sound import Sound
from scanner.web.telling import HOOKS, Telling
from scanner.web.throttled import Throttled


def build(app: App) -> FastAPI:
    """Return the web application of an assembled Crosswalk. Raises ConnectorError without a usable vault key."""
    https = app.settings.base_url.startswith("https:")
    site = FastAPI(title="Crosswalk", docs_url=None, redoc_url=None, openapi_url=None)
    site.state.crosswalk = app
    site.state.sessions = Sessions(app.store, now=app.now, secure=https)
    of_documents = (pages, document_pages, deciding, product_page, portfolio_pages)
    for area in (start, example_pages, *of_documents, releases, alert_pages, token_pages, settings, invitations):
        site.include_router(area.router)
    for open_to_all in (Telling(app), LeavePages(app)):
        site.include_router(open_to_all.router())
    consent = Consent(app, site.state.sessions)
    site.include_router(
        app.connection_routes(
            on_connected=consent.connected,
            on_failed=consent.failed,
            on_signed_in=consent.signed_in,
            current_subject=consent.current,
        )
    )
    problems = Problems(base_url=app.settings.base_url)
    site.router.routes.append(_all_below(PLACE, build_api(app, problems)))
    site.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    answer_refusals(site, app, https=https)
    elsewhere = (app.connector.hears_at, HOOKS, PATH)  # whose requests are no forms of ours
    site.add_middleware(Sound, refusal=refusal(app), verified=elsewhere, programs=(f"{PLACE}/",))
    site.add_middleware(Throttled, doors=doors(app, problems), forwarded=bool(app.settings.trusted_proxies))
    site.add_middleware(Guard, https=https, verified=elsewhere, programs=(f"{PLACE}/",))
    return site


def _all_below(place: str, api: FastAPI) -> Mount:
    """Mount the API for every path below a place: by default one with a line break in it would be none of them."""
    mounted = Mount(place, api)
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    return mounted
