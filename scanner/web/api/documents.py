"""The candidates of a product, and what each document gives on a constraint."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from scanner.model.connection import ScanState
from scanner.model.verdict import Outcome
from scanner.report.plain import file_object, verdict_object
from scanner.web.api.asking import ClauseId, Id, Reads, constraint_of, pack_of
from scanner.web.api.objects import candidate_object
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.report_shapes import Candidate, DocumentVerdict

router = APIRouter(prefix="/products/{product_id}", tags=["documents"])
_FILE_ID = r"[^\x00-\x1f]{1,500}"


@router.get("/candidates", response_model=Page[Candidate])
def candidates(
    scope: Reads,
    part: Wanted,
    state: Annotated[list[ScanState], Query(max_length=3, description="Only those in one of these states.")] = [],  # noqa: B006 -- FastAPI copies it
    clause: ClauseId = "",
) -> Any:
    """List the candidates by file id: which file, the signal that flagged it, and how far its scan is."""
    pack, after = pack_of(scope, clause), part.after("candidates", _FILE_ID)
    with scope.app.store.reading() as unit:
        found = unit.listed.candidates(
            scope.connection.id, pack.id, states=state, after=after[0] if after else "", limit=part.most
        )
    return part.page("candidates", found, key=lambda one: (one.candidate.file.id,), plain=candidate_object)


@router.get(
    "/constraints/{constraint_id}/documents",
    response_model=Page[DocumentVerdict],
    response_model_exclude_unset=True,
)
def documents(
    scope: Reads,
    part: Wanted,
    constraint_id: Id,
    outcome: Annotated[list[Outcome], Query(max_length=5, description="Only with one of these outcomes.")] = [],  # noqa: B006 -- FastAPI copies it
    clause: ClauseId = "",
) -> Any:
    """List what each document gives on a constraint, with its citations, or why it gives nothing."""
    pack, after = pack_of(scope, clause), part.after("documents", _FILE_ID)
    known = constraint_of(pack, constraint_id)
    with scope.app.store.reading() as unit:
        found = unit.listed.verdicts(
            scope.connection.id,
            pack.id,
            known.id,
            outcomes=outcome,
            after=after[0] if after else "",
            limit=part.most,
        )
    return part.page(
        "documents",
        found,
        key=lambda one: (one[0].id,),
        plain=lambda one: {"file": file_object(one[0]), **verdict_object(one[1])},
    )
