"""The page *Documents*: its candidates, and what a person says to suggestions."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from scanner.model.connection import ScanState
from scanner.web import queries
from scanner.web.documents import MOST_WORDS, Asked
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, Scope, Sees

HERE = "/documents"
File = Annotated[str, Form(max_length=500)]
_STATES = {state.value: state for state in ScanState}

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@router.get("", response_model=None)
def documents(
    scope: Sees,
    state: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=MOST_WORDS)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show a part of the candidates; a state that is none asks for all."""
    asked = Asked(state=_STATES.get(state), words=" ".join(q.split()), page=number)
    values = queries.documents(scope, asked)
    progress = queries.progress(scope) if values.waiting else None
    return page("documents", frame_of(scope, HERE), page=values, progress=progress)


@router.post("/suggestions/accept", response_model=None)
def accept(scope: Acts, file: File) -> Response:
    """Make a suggested file a candidate."""
    return _said(scope, file, scope.app.people.suggesting.accept)


@router.post("/suggestions/ignore", response_model=None)
def ignore(scope: Acts, file: File) -> Response:
    """Suggest a file no more."""
    return _said(scope, file, scope.app.people.suggesting.ignore)


@router.post("/suggestions/undo", response_model=None)
def undo(scope: Acts, file: File) -> Response:
    """Take back what was said to a suggestion."""
    return _said(scope, file, scope.app.people.suggesting.undo)


def _said(scope: Scope, file: str, say: Callable[..., bool]) -> Response:
    if say(scope.product, file, clause=scope.pack.id, by=scope.person.email):
        return RedirectResponse(f"{scope.place}{HERE}#suggestions", status_code=303)
    return failure_page(
        frame_of(scope, HERE),
        status=404,
        title="There is no such suggestion any more",
        sentence="The file is gone, or the last search did not find it again.",
        next_link=f"{scope.place}{HERE}",
        next_name="Back to the documents",
    )
