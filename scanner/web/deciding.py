"""What a person does on the page of a constraint: she decides on it, or says that a verdict is wrong."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import RedirectResponse, Response

from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind
from scanner.pipeline.decisions import NotDecided
from scanner.web import queries
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, Scope, Sees

router = APIRouter(prefix="/products/{product_id}/constraints/{constraint_id}", include_in_schema=False)

Words = Annotated[str, Form(max_length=2_000)]
Number = Annotated[int, Form(ge=0, le=2**31)]


@router.get("", response_model=None)
def constraint(scope: Sees, constraint_id: str) -> Response:
    """Show one constraint."""
    known = queries.constraint(scope, constraint_id)
    if known is None:
        raise HTTPException(status_code=404, detail="It may have gone with an older clause pack.")
    return page("constraint", frame_of(scope), page=known)


@router.post("/decide", response_model=None)
def decide(
    scope: Acts,
    constraint_id: str,
    *,
    kind: Annotated[WaiverKind, Form()],
    reason: Words,
    approver: Words,
    until: Annotated[date, Form()],
) -> Response:
    """Decide that its gap is borne for a while, or that it does not apply."""

    def done() -> None:
        scope.app.people.decisions.make(
            scope.product.id,
            constraint_id,
            clause=scope.pack.id,
            kind=kind,
            reason=reason,
            approver=approver,
            until=until,
            by=scope.person.email,
        )

    return _done(scope, constraint_id, done)


@router.post("/decide/end", response_model=None)
def end_decision(scope: Acts, constraint_id: str, decision: Number) -> Response:
    """End a decision before its day."""
    return _done(
        scope,
        constraint_id,
        lambda: scope.app.people.decisions.end(scope.product.id, decision, by=scope.person.email),
    )


@router.post("/object", response_model=None)
def object_to(
    scope: Acts, constraint_id: str, claimed: Annotated[Outcome, Form()], reason: Words, file: Words = ""
) -> Response:
    """Say that a document's verdict is wrong, or without a file, where the constraint stands."""

    def done() -> None:
        scope.app.people.objecting.object(
            scope.product.id,
            constraint_id,
            clause=scope.pack.id,
            claimed=claimed,
            reason=reason,
            by=scope.person.email,
            file=file,
        )

    return _done(scope, constraint_id, done)


@router.post("/object/withdraw", response_model=None)
def withdraw(scope: Acts, constraint_id: str, objection: Number) -> Response:
    """Withdraw an objection."""
    return _done(
        scope,
        constraint_id,
        lambda: scope.app.people.objecting.withdraw(scope.product.id, objection, by=scope.person.email),
    )


def _done(scope: Scope, constraint_id: str, do: Callable[[], object]) -> Response:
    """Do it and go back to the page; what cannot be is said, with what to change."""
    place = f"{scope.place}/constraints/{constraint_id}"
    try:
        do()
    except KeyError:
        raise HTTPException(status_code=404, detail="It may have gone with an older clause pack.") from None
    except NotDecided as refused:
        return failure_page(
            frame_of(scope),
            status=400,
            title="That was not taken",
            sentence=str(refused),
            next_link=place,
            next_name="Back to the constraint",
        )
    return RedirectResponse(place, status_code=303)
