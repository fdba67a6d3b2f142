"""The example: the finished report of an invented company, shown to anybody by the pages' own views and templates.

It is a file of the package, made by `python -m tests.example` from the demo's second night: nothing of it is in the
database, so nothing of anybody's can be reached from here, and nothing can be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from scanner.clauses.load import load_packs
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState
from scanner.model.gap import GapReport, Move
from scanner.model.ruling import Rulings
from scanner.settings import config_dir
from scanner.web.constraint import constraint_page, said_of
from scanner.web.render import Frame, failure_page, page
from scanner.web.scope import app_of
from scanner.web.start import plain_frame
from scanner.web.views import OverviewPage, Progress, overview_page

PLACE = "/example"
SHIPPED = Path(__file__).with_name("example.json")

router = APIRouter(prefix=PLACE, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the demo's reviews have made: all that the pages of a product are built from."""

    company: str
    report: GapReport
    rulings: Mapping[str, Rulings]  # by constraint
    moves: Mapping[str, tuple[Move, ...]]  # by constraint, the newest first


EXAMPLE: TypeAdapter[Example] = TypeAdapter(Example)


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
        sentence="The headline counts the gaps; the table below has every constraint with the best quote for it.",
    ),
    Stop(
        link=f"{PLACE}#changed",
        name="What changed",
        sentence="Each drift names the document that brought it about, and the words that stood there before.",
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
)


@router.get("", response_model=None)
def overview(request: Request) -> Response:
    """Show where the invented company stands."""
    return page("overview", _frame(request, here=PLACE), page=_overview(), tour=TOUR)


@router.get("/constraints/{constraint_id}", response_model=None)
def constraint(request: Request, constraint_id: str) -> Response:
    """Show one constraint of the invented company."""
    example, pack = shipped(), pack_of_example()
    frame = _frame(request, here=f"{PLACE}/constraints/{constraint_id}")
    known = next((each for each in pack.constraints if each.id == constraint_id), None)
    if known is None:
        return failure_page(
            frame,
            status=404,
            title="There is no such constraint",
            sentence=f"The clause pack {pack.id} has none of that name.",
            next_link=PLACE,
            next_name="Back to the example",
        )
    shown = constraint_page(
        known,
        pack=pack,
        report=example.report,
        rulings=example.rulings[known.id],
        said=said_of(known.id, waivers=(), objections=(), today=example.report.created_at.date()),
        moves=example.moves[known.id],
    )
    return page("constraint", frame, page=shown, tour=TOUR)


@cache
def shipped() -> Example:
    """Return the example of the package, read once."""
    return EXAMPLE.validate_json(SHIPPED.read_bytes())


@cache
def pack_of_example() -> ClausePack:
    """Return the shipped clause pack that it was judged by, whichever ones are in force."""
    return next(pack for pack in load_packs(config_dir() / "clauses") if pack.id == shipped().report.clause)


@cache
def _overview() -> OverviewPage:
    report = shipped().report
    nobodys = Connection(
        id="",
        subject="",
        email="",
        state=ConnectionState.ACTIVE,
        state_because="",
        connected_at=report.created_at,
        cursor=None,
        pack_digest=report.pack_digest,
        coverage=None,
        synced_at=report.last_run,
    )
    idle = Progress(live=False, doing=(), scanned=0, candidates=0, failed=())
    return overview_page(connection=nobodys, pack=pack_of_example(), report=report, progress=idle)


def _frame(request: Request, *, here: str) -> Frame:
    """Frame a page of the example: for nobody, whoever is signed in."""
    example = shipped()
    around = plain_frame(app_of(request))
    return replace(
        around,
        pack=pack_of_example(),
        place=PLACE,
        here=here,
        product=example.report.product,
        example=example.company,
    )
