"""What people decided about constraints: the gap is borne for a while, or the constraint does not apply."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from scanner.pipeline.decisions import NotDecided
from scanner.web.api.asking import ClauseId, Reads, Writes, constraint_of, pack_of
from scanner.web.api.faults import Refused
from scanner.web.api.objects import waiver_line
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.shapes import NewWaiver, Waiver

router = APIRouter(prefix="/products/{product_id}/waivers", tags=["waivers"])


@router.get("", response_model=Page[Waiver])
def waivers(
    scope: Reads,
    part: Wanted,
    in_force: Annotated[bool, Query(description="Only those that hold today.")] = False,  # noqa: FBT002 -- a query parameter with a default
) -> Any:
    """List the decisions, the newest first, those that ended too."""
    after, today = part.after("waivers", r"[0-9]{1,18}"), scope.app.now().date()
    with scope.app.store.reading() as unit:
        known = unit.waivers.of_product(scope.product.id)
    rest = [one for one in reversed(known) if after is None or one.id < int(after[0])]
    found = [one for one in rest if one.holds(today) or not in_force]
    return part.page(
        "waivers", found[: part.most], key=lambda one: (str(one.id),), plain=lambda one: waiver_line(one, today)
    )


@router.post("", response_model=Waiver, status_code=201)
def decide(scope: Writes, wanted: NewWaiver, clause: ClauseId = "") -> Any:
    """Decide on a constraint; a decision that held on the same one ends with it. Nothing becomes satisfied by it."""
    pack = pack_of(scope, clause)
    try:
        made = scope.app.people.decisions.make(
            scope.product.id,
            constraint_of(pack, wanted.constraint).id,
            clause=pack.id,
            kind=wanted.kind,
            reason=wanted.reason,
            approver=wanted.approver,
            until=wanted.until,
            by=scope.person.email,
        )
    except NotDecided as error:
        raise Refused(Trouble.INVALID, faults=[Fault(detail=str(error), pointer="#")]) from error
    return waiver_line(made, scope.app.now().date())


@router.delete("/{waiver_id}", status_code=204, response_model=None)
def end(scope: Writes, waiver_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """End a decision before its day: what it bore is a gap again."""
    if not scope.app.people.decisions.end(scope.product.id, waiver_id, by=scope.person.email):
        raise Refused(Trouble.NOT_FOUND, "No decision of that id is in force.")
    return Response(status_code=204)
