"""Where a person comes in: the landing page, her products, signing in and out; and what a balancer asks."""

import logging

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from scanner.app import App
from scanner.web.render import Frame, page
from scanner.web.scope import Looking, SignedIn, app_of, here, place_of, seen_by, sessions_of

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)


@router.get("/", response_model=None)
def start(request: Request, person: Looking) -> Response:
    """Say to nobody what this is; lead a person to her product, or to the list of several."""
    if person is None:
        return page("landing", plain_frame(app_of(request)))
    seen = seen_by(app_of(request), person)
    place = place_of(seen[0][0].id) if len(seen) == 1 else "/products"
    return RedirectResponse(place, status_code=303)


@router.get("/products", response_model=None)
def products(request: Request, person: SignedIn) -> Response:
    """List the products that a person sees."""
    app = app_of(request)
    return page("products", plain_frame(app, who=person.email), products=seen_by(app, person))


@router.get("/sign-in", response_model=None)
def sign_in(request: Request, person: Looking, to: str = "/") -> Response:
    """Offer to sign in and to go on to a place on this site; who has done so goes on at once."""
    if person is not None:
        return RedirectResponse(here(to), status_code=303)
    return page("sign_in", plain_frame(app_of(request)), to=here(to))


@router.post("/sign-out", response_model=None)
def sign_out(request: Request) -> Response:
    """End the session."""
    response = RedirectResponse("/", status_code=303)
    sessions_of(request).end(request, response)
    return response


@router.get("/healthz", response_model=None)
def health() -> Response:
    """Say that the process lives; a database that is away is no reason to start it anew."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", response_model=None)
def ready(request: Request) -> Response:
    """Say whether the pages can be shown: the database answers, and its schema is one for this code."""
    because = app_of(request).database.unready()
    if because:
        log.warning("Not ready: %s", because, extra={"event": "web.unready"})
    return JSONResponse({"status": "not ready" if because else "ready"}, status_code=503 if because else 200)


def plain_frame(app: App, *, who: str = "") -> Frame:
    """Frame a page that is of no product."""
    return Frame(pack=app.packs[0], who=who, text_goes=app.text_goes)
