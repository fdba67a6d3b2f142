"""Who asks the API, and what she may do: the narrower of her role and her token's scope."""

from typing import Annotated

from fastapi import Depends, Path, Query, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import Request

from scanner.model.api_token import ApiToken, TokenScope
from scanner.model.clause import ClausePack, Constraint
from scanner.model.person import Role
from scanner.web.api.door import TOKEN
from scanner.web.api.faults import Refused
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.shapes import PLAIN
from scanner.web.scope import Scope, app_of, scope_of

Id = Annotated[str, Path(min_length=1, max_length=100, pattern=PLAIN)]
ClauseId = Annotated[
    str, Query(max_length=100, pattern=PLAIN, description="A clause's id; left out, the first one that is loaded.")
]


def token_of(request: Request) -> ApiToken:
    """Return the token that asks."""
    token: ApiToken = request.scope[TOKEN]
    return token


def reads(request: Request, product_id: Id, token: Annotated[ApiToken, Depends(token_of)]) -> Scope:
    """Return the product as the token's person sees it. Raises Refused: not there, or not shared with her."""
    scope = scope_of(app_of(request), token.person, product_id)
    if scope is None:
        raise Refused(Trouble.NOT_FOUND)
    return scope


def writes(scope: Annotated[Scope, Depends(reads)], token: Annotated[ApiToken, Depends(token_of)]) -> Scope:
    """Return the product for a token that may change it. Raises Refused."""
    if token.scope is not TokenScope.WRITE:
        raise Refused(Trouble.NOT_ALLOWED, "The token only reads: make one with write scope.")
    if not scope.role.covers(Role.MEMBER):
        raise Refused(Trouble.NOT_ALLOWED, "Its person sees this product as a viewer; members and the owner act.")
    return scope


def acts(scope: Annotated[Scope, Depends(reads)]) -> Scope:
    """Return the product for what only members and the owner see. Raises Refused."""
    if not scope.role.covers(Role.MEMBER):
        raise Refused(Trouble.NOT_ALLOWED, "Its person sees this product as a viewer; members and the owner see that.")
    return scope


def owns(scope: Annotated[Scope, Depends(reads)]) -> Scope:
    """Return the product for what only its owner sees. Raises Refused."""
    if scope.role is not Role.OWNER:
        raise Refused(Trouble.NOT_ALLOWED, "Only the owner of this product sees that.")
    return scope


def decides(scope: Annotated[Scope, Depends(writes)]) -> Scope:
    """Return the product for a token of its owner that may change it. Raises Refused."""
    if scope.role is not Role.OWNER:
        raise Refused(Trouble.NOT_ALLOWED, "Only the owner of this product decides that.")
    return scope


def pack_of(scope: Scope, clause: str) -> ClausePack:
    """Return the clause that is asked about. Raises Refused."""
    found = next((pack for pack in scope.app.packs if clause in {"", pack.id}), None)
    if found is None:
        raise Refused(Trouble.NOT_FOUND, "There is no clause of that id; /clauses lists them.")
    return found


def constraint_of(pack: ClausePack, constraint_id: str) -> Constraint:
    """Return the clause's constraint of that id. Raises Refused."""
    found = next((one for one in pack.constraints if one.id == constraint_id), None)
    if found is None:
        raise Refused(Trouble.NOT_FOUND, "The clause has no constraint of that id; /clauses lists them.")
    return found


def only_known(request: Request) -> None:
    """Refuse a query that holds what the operation does not take. Raises Refused; what was sent is not repeated."""
    route = request.scope.get("route")
    taken = get_flat_params(route.dependant) if isinstance(route, APIRoute) else ()
    known = sorted(one.alias for one in taken if isinstance(one.field_info, params.Query))
    if not set(request.query_params) <= set(known):
        said = f"Only these can be asked with: {', '.join(known)}." if known else "This takes no parameters."
        raise Refused(Trouble.INVALID, faults=[Fault(detail=said, parameter="query")])


Token = Annotated[ApiToken, Depends(token_of)]
Reads = Annotated[Scope, Depends(reads)]
Writes = Annotated[Scope, Depends(writes)]
Acts = Annotated[Scope, Depends(acts)]
Owns = Annotated[Scope, Depends(owns)]
Decides = Annotated[Scope, Depends(decides)]
