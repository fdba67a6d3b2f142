"""The work that is and was done for a product, and the wish for a look through its Drive."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from scanner.model.connection import ConnectionState
from scanner.model.job import JobState
from scanner.web import doings
from scanner.web.api.asking import Reads, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.objects import job_object
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.problems import Trouble
from scanner.web.api.shapes import Asked, Job

router = APIRouter(prefix="/products/{product_id}", tags=["work"])


@router.get("/jobs", response_model=Page[Job])
def jobs(
    scope: Reads,
    part: Wanted,
    state: Annotated[list[JobState], Query(max_length=5, description="Only those in one of these states.")] = [],  # noqa: B006 -- FastAPI copies it
) -> Any:
    """List the jobs, the newest first; what ended long ago is forgotten."""
    before = part.after("jobs", r"[0-9]{1,18}")
    found = scope.app.queue.list(
        states=state, connection=scope.connection.id, before=before[0] if before else "", limit=part.most
    )
    return part.page("jobs", found, key=lambda one: (one.id,), plain=job_object)


@router.post("/syncs", response_model=Asked, status_code=202)
def sync(scope: Writes) -> Any:
    """Ask for a look through the Drive now; what it finds is scanned and judged after it."""
    if scope.connection.state is not ConnectionState.ACTIVE:
        raise Refused(Trouble.CONFLICT, "The Drive cannot be read: its owner has to connect again.")
    return {"new": doings.look_again(scope)}
