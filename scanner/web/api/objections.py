"""What people hold against verdicts: the verdict stays, and their word stands beside it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from scanner.model.objection import Objected
from scanner.pipeline.decisions import NotDecided
from scanner.report.plain import Plain
from scanner.web.api.asking import ClauseId, Reads, Writes, constraint_of, pack_of
from scanner.web.api.faults import Refused
from scanner.web.api.objects import moment
from scanner.web.api.paging import WHOLE, Page, Wanted
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.said_shapes import NewObjection, Objection
from scanner.web.api.shapes import PLAIN

router = APIRouter(prefix="/products/{product_id}/objections", tags=["objections"])


@router.get("", response_model=Page[Objection])
def objections(
    scope: Reads,
    part: Wanted,
    constraint: Annotated[
        str, Query(max_length=100, pattern=PLAIN, description="Only those on this constraint; left out, all.")
    ] = "",
    standing: Annotated[bool, Query(description="Only those that were not withdrawn.")] = False,  # noqa: FBT002 -- a query parameter with a default
) -> Any:
    """List the objections, the newest first, each beside what is there now."""
    after = part.after("objections", WHOLE)
    known = scope.app.people.objecting.listed(scope.product.id, constraint=constraint)
    rest = [one for one in reversed(known) if after is None or one.objection.id < int(after[0])]
    found = [one for one in rest if one.objection.withdrawn_at is None or not standing]
    return part.page("objections", found[: part.most], key=lambda one: (str(one.objection.id),), plain=_object)


@router.post("", response_model=Objection, status_code=201)
def object_to(scope: Writes, wanted: NewObjection, clause: ClauseId = "") -> Any:
    """Say that a document's verdict is wrong, or without a file, where the constraint stands; nothing changes by it.

    A later one against the same takes its place.
    """
    pack = pack_of(scope, clause)
    try:
        made = scope.app.people.objecting.object(
            scope.product.id,
            constraint_of(pack, wanted.constraint).id,
            clause=pack.id,
            claimed=wanted.claimed,
            reason=wanted.reason,
            by=scope.person.email,
            file=wanted.file,
        )
    except NotDecided as error:
        raise Refused(Trouble.INVALID, faults=[Fault(detail=str(error), pointer="#")]) from error
    known = scope.app.people.objecting.listed(scope.product.id, constraint=made.constraint)
    return next(_object(one) for one in known if one.objection.id == made.id)


@router.delete("/{objection_id}", status_code=204, response_model=None)
def withdraw(scope: Writes, objection_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """Withdraw an objection; it stays in the list, as one that was."""
    if not scope.app.people.objecting.withdraw(scope.product.id, objection_id, by=scope.person.email):
        raise Refused(Trouble.NOT_FOUND, "No objection of that id stands.")
    return Response(status_code=204)


def _object(objected: Objected) -> Plain:
    one = objected.objection
    return {
        "id": one.id,
        "clause": one.clause,
        "constraint": one.constraint,
        "file": one.file or None,
        "file_name": objected.name,
        "given": one.given.value,
        "claimed": one.claimed.value,
        "reason": one.reason,
        "by": one.by,
        "made_at": one.made_at.isoformat(),
        "withdrawn_at": moment(one.withdrawn_at),
        "older": objected.older,
    }
