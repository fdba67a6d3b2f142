"""The work that is and was done for a product, and the wish for a look through its Drive."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from scanner.model.connection import ConnectionState
from scanner.model.job import JobState
from scanner.web import doings, queries
from scanner.web.api.asking import Reads, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.objects import job_object, moment
from scanner.web.api.paging import WHOLE, Page, Wanted
from scanner.web.api.problems import Trouble
from scanner.web.api.shapes import Asked, Job, Progress

router = APIRouter(prefix="/products/{product_id}", tags=["work"])


@router.get("/jobs", response_model=Page[Job])
def jobs(
    scope: Reads,
    part: Wanted,
    state: Annotated[list[JobState], Query(max_length=5, description="Only those in one of these states.")] = [],  # noqa: B006 -- FastAPI copies it
) -> Any:
    """List the jobs, the newest first; what ended long ago is forgotten."""
    before = part.after("jobs", WHOLE)
    found = scope.app.queue.list(
        states=state, connection=scope.connection.id, before=before[0] if before else "", limit=part.most
    )
    unhealed = {job.id for job in scope.app.queue.unhealed(scope.connection.id)}
    with scope.app.store.reading() as unit:
        names = unit.files.names(scope.connection.id, queries.named(scope, unit, found))
    return part.page(
        "jobs", found, key=lambda one: (one.id,), plain=lambda one: job_object(one, names=names, unhealed=unhealed)
    )


@router.post("/jobs/{job_id}/retry", status_code=202, response_model=Asked)
def retry(scope: Writes, job_id: Annotated[str, Path(pattern=f"^{WHOLE}$")]) -> Any:
    """Have a failed job tried again; `can_retry` tells of which that can be asked."""
    if not doings.try_again(scope, job_id):
        raise Refused(Trouble.CONFLICT, "There is no failed job of that id that nothing has made good since.")
    return {"new": True}


@router.get("/progress", response_model=Progress)
def progress(scope: Reads) -> Any:
    """Show what is being done for the product right now, what failed, and when it is looked at next."""
    now, night = queries.progress(scope), queries.next_night(scope)
    with scope.app.store.reading() as unit:
        searched_at, because = unit.suggestions.last_search(scope.connection.id)
    return {
        "live": now.live,
        "doing": list(now.doing),
        "scanned": now.scanned,
        "candidates": now.candidates,
        "failed": list(now.failed),
        "next_night": moment(night[0]) if night else None,
        "zone": night[1] if night else "",
        "searched_at": moment(searched_at),
        "search_because": because,
    }


@router.post("/syncs", response_model=Asked, status_code=202)
def sync(scope: Writes) -> Any:
    """Ask for a look through the Drive now; what it finds is scanned and judged after it."""
    if scope.connection.state is not ConnectionState.ACTIVE:
        raise Refused(Trouble.CONFLICT, "The Drive cannot be read: its owner has to connect again.")
    return {"new": doings.look_again(scope)}
