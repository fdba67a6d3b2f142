"""The pages of a product about its documents; no page works, it queries or enqueues."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from scanner.web import doings, queries
from scanner.web.render import frame_of, page
from scanner.web.scope import Acts, Sees

router = APIRouter(prefix="/products/{product_id}", include_in_schema=False)


@router.get("", response_model=None)
def overview(scope: Sees) -> Response:
    """Show where the clause stands."""
    return page("overview", frame_of(scope, ""), page=queries.overview(scope))


@router.get("/progress", response_model=None)
def progress(scope: Sees) -> Response:
    """Return the progress panel alone, for the script that asks every two seconds."""
    return page("progress", frame_of(scope), progress=queries.progress(scope))


@router.get("/activity", response_model=None)
def activity(scope: Sees) -> Response:
    """Show what is and was done."""
    shown = queries.activity(scope)
    return page("activity", frame_of(scope, "/activity"), page=shown, progress=queries.progress(scope))


@router.post("/activity/{job_id}/retry", response_model=None)
def retry(scope: Acts, job_id: str) -> Response:
    """Queue a failed job anew and go back to see it."""
    doings.try_again(scope, job_id)
    return RedirectResponse(f"{scope.place}/activity", status_code=303)


@router.post("/sync", response_model=None)
def sync(scope: Acts) -> Response:
    """Ask for a sync and go back to see it; one that is queued already is enough."""
    doings.look_again(scope)
    return RedirectResponse(scope.place, status_code=303)
