"""The candidates of a product, and what each document gives on a constraint."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from scanner.model.connection import ScanState
from scanner.model.verdict import Outcome
from scanner.web import queries
from scanner.web.api.asking import ClauseId, Id, Reads, constraint_of, pack_of
from scanner.web.api.objects import candidate_object, ruling_object
from scanner.web.api.paging import FILE_ID, Page, Wanted
from scanner.web.api.report_shapes import Candidate, DocumentVerdict

router = APIRouter(prefix="/products/{product_id}", tags=["documents"])


@router.get("/candidates", response_model=Page[Candidate])
def candidates(
    scope: Reads,
    part: Wanted,
    state: Annotated[list[ScanState], Query(max_length=3, description="Only those in one of these states.")] = [],  # noqa: B006 -- FastAPI copies it
    clause: ClauseId = "",
) -> Any:
    """List the candidates by file id: which file, the signal that flagged it, and how far its scan is."""
    pack, after = pack_of(scope, clause), part.after("candidates", FILE_ID)
    with scope.app.store.reading() as unit:
        found = unit.listed.candidates(
            scope.connection.id,
            pack.id,
            extent=scope.product.extent,
            states=state,
            after=after[0] if after else "",
            limit=part.most,
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
    """List what each document gives on a constraint, with its citations, or why it gives nothing or does not count."""
    pack, after = pack_of(scope, clause), part.after("documents", FILE_ID)
    known, report = constraint_of(pack, constraint_id), queries.newest_report(scope, pack)
    with scope.app.store.reading() as unit:
        called = unit.products.called(scope.product)
        found = unit.listed.verdicts(
            scope.connection.id,
            pack.id,
            known.id,
            extent=scope.product.extent,
            outcomes=outcome,
            after=after[0] if after else "",
            limit=part.most,
        )
    return part.page(
        "documents",
        found,
        key=lambda one: (one.evidence.file.id,),
        plain=lambda one: ruling_object(one, report, called),
    )
