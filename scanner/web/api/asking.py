"""Who asks the API, and what she may do: the narrower of her role and her token's scope."""

from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.requests import Request

from scanner.model.api_token import ApiToken, TokenScope
from scanner.model.clause import ClausePack, Constraint
from scanner.model.person import Role
from scanner.web.api.door import TOKEN
from scanner.web.api.faults import Refused
from scanner.web.api.problems import Trouble
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


Token = Annotated[ApiToken, Depends(token_of)]
Reads = Annotated[Scope, Depends(reads)]
Writes = Annotated[Scope, Depends(writes)]
