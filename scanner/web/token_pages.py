"""The page "API tokens": a person makes and ends what programs ask the API with; and the page that explains the API."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.api_token import TokenScope
from scanner.model.person import Person
from scanner.pipeline.deliveries import SIGNATURE, STALE_SECONDS, TIMESTAMP
from scanner.pipeline.tokens import DAYS, MadeToken, NoToken
from scanner.web.api import PLACE
from scanner.web.api.problems import Problems, Trouble
from scanner.web.render import failure_page, page
from scanner.web.scope import Looking, SignedIn, app_of
from scanner.web.start import plain_frame

HERE = "/tokens"
Field = Annotated[str, Form(max_length=200)]

router = APIRouter(include_in_schema=False)


@router.get(HERE, response_model=None)
def show(request: Request, person: SignedIn) -> Response:
    """Show a person's tokens."""
    return _page(app_of(request), person)


@router.post(HERE, response_model=None)
def make(request: Request, person: SignedIn, name: Field = "", scope: Field = "", days: Field = "") -> Response:
    """Make a token, and show its secret this once."""
    app = app_of(request)
    try:
        known, span = TokenScope(scope), int(days)
    except ValueError:
        return _refused(app, person, "Choose what the page offers.")
    try:
        return _page(app, person, made=app.people.tokens.make(person, name=name, scope=known, days=span))
    except NoToken as error:
        return _refused(app, person, str(error))


@router.post(f"{HERE}/end", response_model=None)
def end(request: Request, person: SignedIn, token: Field = "") -> Response:
    """End a token at once."""
    app_of(request).people.tokens.end(person, token)
    return RedirectResponse(HERE, status_code=303)


@router.get("/api", response_model=None)
def explain(request: Request, person: Looking) -> Response:
    """Explain the API and the webhook to anybody."""
    app = app_of(request)
    problems = Problems(base_url=app.settings.base_url)
    return page(
        "api",
        plain_frame(app, who=person.email if person else ""),
        base=app.settings.base_url,
        api=f"{app.settings.base_url}{PLACE}",
        troubles=tuple(Trouble),
        type_of=problems.type_of,
        per_token=app.settings.token_per_minute,
        per_address=app.settings.address_per_minute,
        signature=SIGNATURE,
        timestamp=TIMESTAMP,
        minutes=STALE_SECONDS // 60,
    )


def _page(app: App, person: Person, *, made: MadeToken | None = None) -> Response:
    return page(
        "tokens",
        plain_frame(app, who=person.email),
        tokens=app.people.tokens.of_person(person),
        made=made,
        scopes=tuple(TokenScope),
        spans=DAYS,
        now=app.now(),
    )


def _refused(app: App, person: Person, sentence: str) -> Response:
    frame = plain_frame(app, who=person.email)
    back = {"next_link": HERE, "next_name": "Back to the tokens"}
    return failure_page(frame, status=400, title="That did not work", sentence=sentence, **back)
