"""Who asks, which clauses there are, which products she sees, and what their reports say."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request

from scanner.report.plain import report_head, report_object, standing_object
from scanner.web import queries
from scanner.web.api.asking import ClauseId, Id, Reads, Token, constraint_of, pack_of
from scanner.web.api.faults import Refused
from scanner.web.api.objects import clause_object, constraint_object, move_object, product_object
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.problems import Trouble
from scanner.web.api.report_shapes import ConstraintStanding, Move, Report, ReportHead
from scanner.web.api.shapes import PLAIN, Clause, Me, Product
from scanner.web.scope import Scope, app_of, scope_of, seen_by

router = APIRouter()


@router.get("/me", tags=["products"], response_model=Me)
def me(token: Token) -> Any:
    """Say whose token this is, and what it is good for."""
    return {
        "person": token.person.email,
        "token": token.name,
        "scope": token.scope,
        "expires_at": token.expires_at.isoformat(),
    }


@router.get("/clauses", tags=["products"], response_model=Page[Clause])
def clauses(request: Request) -> Any:
    """List the clauses that documents are held against, with their constraints and facets."""
    return {"items": [clause_object(pack) for pack in app_of(request).packs], "next": None}


@router.get("/products", tags=["products"], response_model=Page[Product])
def products(request: Request, token: Token, part: Wanted) -> Any:
    """List the products that the token's person sees."""
    app, after = app_of(request), part.after("products", r"\S{1,100}")
    ids = sorted(product.id for product, _ in seen_by(app, token.person))
    rest = [one for one in ids if after is None or one > after[0]][: part.most]
    scopes = [scope for one in rest if (scope := scope_of(app, token.person, one))]
    return part.page("products", scopes, key=lambda one: (one.product.id,), plain=as_object)


@router.get("/products/{product_id}", tags=["products"], response_model=Product)
def product(scope: Reads) -> Any:
    """Show one product, with the connection behind it."""
    return as_object(scope)


@router.get("/products/{product_id}/report", tags=["reports"], response_model=Report, response_model_exclude_unset=True)
def newest_report(scope: Reads, clause: ClauseId = "") -> Any:
    """Show the newest report: where each constraint stands, with its proof, and what drifted.

    There is none before the first review. Where the newest review found nothing changed, `drift` is that of the last
    report that did, as on the page.
    """
    pack = pack_of(scope, clause)
    report = queries.newest_report(scope, pack)
    if report is None:
        raise Refused(Trouble.NOT_FOUND, "There is no report before the first review.")
    return report_object(report, pack=pack)


@router.get("/products/{product_id}/reports", tags=["reports"], response_model=Page[ReportHead])
def reports(scope: Reads, part: Wanted, clause: ClauseId = "") -> Any:
    """List the reports, the newest first; one that would read like the one before it was never kept."""
    pack, before = pack_of(scope, clause), part.after_moment("reports")
    with scope.app.store.reading() as unit:
        found = unit.listed.reports(scope.product.id, pack.id, before=before, limit=part.most)
    return part.page(
        "reports",
        found,
        key=lambda one: (one.created_at.isoformat(), one.id),
        plain=lambda one: report_head(one, pack=pack),
    )


@router.get(
    "/products/{product_id}/reports/{report_id}",
    tags=["reports"],
    response_model=Report,
    response_model_exclude_unset=True,
)
def report(scope: Reads, report_id: Annotated[str, Path(max_length=100, pattern=PLAIN)]) -> Any:
    """Show one report as it was."""
    with scope.app.store.reading() as unit:
        found = unit.reports.of_product(scope.product.id, report_id)
    pack = next((pack for pack in scope.app.packs if found is not None and pack.id == found.clause), None)
    if found is None or pack is None:
        raise Refused(Trouble.NOT_FOUND)
    return report_object(found, pack=pack)


@router.get(
    "/products/{product_id}/constraints/{constraint_id}",
    tags=["reports"],
    response_model=ConstraintStanding,
    response_model_exclude_unset=True,
)
def constraint(scope: Reads, constraint_id: Id, clause: ClauseId = "") -> Any:
    """Show one constraint: what it asks, its facets, where it stands, and every citation."""
    pack = pack_of(scope, clause)
    known, found = constraint_of(pack, constraint_id), queries.newest_report(scope, pack)
    standing = next((one for one in found.standings if one.constraint == known.id), None) if found else None
    return {
        "constraint": constraint_object(known),
        "standing": standing_object(standing) if standing else None,
        "report": found.id if found else None,
    }


@router.get("/products/{product_id}/constraints/{constraint_id}/history", tags=["reports"], response_model=Page[Move])
def history(scope: Reads, part: Wanted, constraint_id: Id, clause: ClauseId = "") -> Any:
    """List how a constraint stood over time, the newest first: each report in which it stood otherwise than before."""
    pack, before = pack_of(scope, clause), part.after_moment("history")
    known = constraint_of(pack, constraint_id)
    with scope.app.store.reading() as unit:
        found = unit.moves.of_constraint(scope.product.id, pack.id, known.id, before=before, limit=part.most)
    return part.page("history", found, key=lambda one: (one.at.isoformat(), one.report), plain=move_object)


def as_object(scope: Scope) -> Any:
    """Return a product as a person sees it."""
    with scope.app.store.reading() as unit:
        counts = unit.candidates.counts(scope.connection.id, extent=scope.product.extent)
    return product_object(scope.product, scope.role, scope.connection, counts)
