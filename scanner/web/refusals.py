"""What is answered instead of a page: to nobody, to who may only look, to strangers, and when something breaks."""

import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.person import Role
from scanner.web.guard import headers_of
from scanner.web.render import Frame, failure_page, frame_of
from scanner.web.scope import NotThere, OnlyLooks, SignInFirst

log = logging.getLogger(__name__)
_NEEDED = {
    Role.MEMBER: ("You can look, and not change anything here", "You see this product as a viewer; members act."),
    Role.OWNER: ("Only its owner can do that", "The product belongs to whoever connected its Drive."),
}


def answer_refusals(site: FastAPI, app: App, *, https: bool) -> None:
    """Answer each refusal with what the person can do; what broke stands in the log and nowhere else."""
    frame = Frame(pack=app.packs[0])
    _answer_persons(site, frame)
    _answer_requests(site, frame)

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


def refusal(app: App) -> Callable[[int, str], Response]:
    """Return what answers a request that no page reads."""
    frame = Frame(pack=app.packs[0])
    return lambda status, sentence: _refused(frame, status, sentence)


def _refused(frame: Frame, status: int, sentence: str) -> Response:
    title = "There is no such page" if status == 404 else "That did not work"
    return failure_page(frame, status=status, title=title, sentence=sentence)


def _answer_persons(site: FastAPI, frame: Frame) -> None:
    """Answer who is not signed in, who sees nothing of it, and who may only look."""

    @site.exception_handler(SignInFirst)
    def nobody(_: Request, error: SignInFirst) -> Response:
        return RedirectResponse(f"/sign-in?{urlencode({'to': error.to})}", status_code=303)

    @site.exception_handler(NotThere)
    def not_there(_: Request, error: NotThere) -> Response:
        return failure_page(
            replace(frame, who=error.person.email),
            status=404,
            title="There is no such page",
            sentence="It is not there, or it is not shared with you.",
            what_to_do="If it should be, you may be signed in with another account than it is shared with.",
        )

    @site.exception_handler(OnlyLooks)
    def only_looks(_: Request, error: OnlyLooks) -> Response:
        title, sentence = _NEEDED[error.needed]
        return failure_page(
            frame_of(error.scope),
            status=403,
            title=title,
            sentence=sentence,
            what_to_do=f"Ask {error.scope.connection.email}, who owns it.",
            next_link=error.scope.place,
            next_name="Back to the overview",
        )


def _answer_requests(site: FastAPI, frame: Frame) -> None:
    """Answer what leads nowhere and what cannot be understood."""

    @site.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        return _refused(frame, error.status_code, str(error.detail))

    @site.exception_handler(RequestValidationError)
    def misunderstood(_: Request, error: RequestValidationError) -> Response:
        fields = ", ".join(dict.fromkeys(str(one["loc"][-1]) for one in error.errors()))
        said = f"Missing or not understood: {fields}."
        return failure_page(frame, status=400, title="That did not work", sentence=said)
