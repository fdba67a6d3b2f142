"""The pages of the example: for anybody, by the templates of everybody's own; and the walk that leads through them."""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from scanner.web import example
from scanner.web.guard import MAIL_POLICY
from scanner.web.render import Frame, failure_page, page
from scanner.web.scope import app_of
from scanner.web.start import plain_frame

PLACE = "/example"

router = APIRouter(prefix=PLACE, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop of the walk through the example: a page, and what is to be seen there."""

    link: str
    name: str
    sentence: str


TOUR = (
    Stop(
        link=PLACE,
        name="Where you stand",
        sentence="The headline counts the gaps; what changed names the document that brought it about, and the words "
        "that stood there before; the table has every constraint with the best quote for it.",
    ),
    Stop(
        link=f"{PLACE}/constraints/account-management",
        name="A constraint in part",
        sentence="Its guide lost a chapter: what is still proved stands here by its parts, beside what is missing.",
    ),
    Stop(
        link=f"{PLACE}/constraints/updated-each-release",
        name="A new release",
        sentence="Seven questions tell which documents still speak of the release before.",
    ),
    Stop(
        link=f"{PLACE}/constraints/annex-e-coverage",
        name="A gap that was closed",
        sentence="A new document gives what was missing, and the quotes show where.",
    ),
    Stop(
        link=f"{PLACE}/documents",
        name="The documents",
        sentence="Which files were taken for possible evidence and why; those that could not be read come first, "
        "each with its reason.",
    ),
    Stop(
        link=f"{PLACE}/releases",
        name="The releases",
        sentence="What documents are held against: a release that was found counts only once a person has said yes.",
    ),
    Stop(
        link=f"{PLACE}/alerts",
        name="The mail",
        sentence="Who hears of it and when, and the mail that told of the second night, as it looks in a mail program.",
    ),
    Stop(
        link=f"{PLACE}/activity",
        name="What was done",
        sentence="How far the Drive was looked through, each job of the night with its end, and who did what.",
    ),
)


@router.get("", response_model=None)
def overview(request: Request) -> Response:
    """Show where the invented company stands."""
    return page("overview", _frame(request, ""), page=example.overview(), tour=TOUR)


@router.get("/constraints/{constraint_id}", response_model=None)
def constraint(request: Request, constraint_id: str) -> Response:
    """Show one of its constraints."""
    frame, shown = _frame(request, f"/constraints/{constraint_id}"), example.constraint(constraint_id)
    if shown is not None:
        return page("constraint", frame, page=shown, tour=TOUR)
    return failure_page(
        frame,
        status=404,
        title="There is no such constraint",
        sentence=f"The clause pack {frame.pack.id} has none of that name.",
        next_link=PLACE,
        next_name="Back to the example",
    )


@router.get("/documents", response_model=None)
def documents(request: Request) -> Response:
    """Show its candidates."""
    return page("documents", _frame(request, "/documents"), page=example.documents(), progress=None, tour=TOUR)


@router.get("/releases", response_model=None)
def releases(request: Request) -> Response:
    """Show its releases."""
    return page(
        "releases", _frame(request, "/releases"), page=example.shipped().releases, kinds=(), secret="", tour=TOUR
    )


@router.get("/alerts", response_model=None)
def alerts(request: Request) -> Response:
    """Show who hears of it."""
    return page("alerts", _frame(request, "/alerts"), page=example.alerts(), tour=TOUR)


@router.get("/alerts/message", response_model=None)
def message() -> Response:
    """Return the HTML of its mail."""
    written = example.alerts().preview.message
    return HTMLResponse(written.html if written else "", headers={"Content-Security-Policy": MAIL_POLICY})


@router.get("/activity", response_model=None)
def activity(request: Request) -> Response:
    """Show what was done for it."""
    return page(
        "activity", _frame(request, "/activity"), page=example.shipped().activity, progress=example.IDLE, tour=TOUR
    )


def _frame(request: Request, here: str) -> Frame:
    """Frame a page of the example: for nobody, whoever is signed in."""
    shipped = example.shipped()
    return replace(
        plain_frame(app_of(request)),
        pack=example.pack_of_example(),
        place=PLACE,
        here=here,
        product=shipped.report.product,
        example=shipped.company,
    )
