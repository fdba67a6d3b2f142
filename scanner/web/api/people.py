"""Who sees a product, who did what, and what programs hold: looked at and ended here, but handed out on pages only.

A token or a hook that a token could make, and a person whom it could let in, would outlast it: whoever had found it
would have a door that ending it does not shut.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.requests import Request

from scanner.model.api_token import TokenScope
from scanner.notify.inviting import HOLDS
from scanner.web import queries
from scanner.web.api.asking import Acts, Id, Owns, Reads, Token, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.objects import moment
from scanner.web.api.paging import WHOLE, Page, Wanted
from scanner.web.api.problems import Trouble
from scanner.web.api.said_shapes import Deed, Hook, Member, OwnToken
from scanner.web.scope import app_of

router = APIRouter()
_NOT_ALL: dict[int | str, dict[str, Any]] = {403: {}}  # these are not for everybody who sees the product


@router.get("/products/{product_id}/deeds", tags=["people"], response_model=Page[Deed], responses=_NOT_ALL)
def deeds(scope: Acts, part: Wanted) -> Any:
    """List who did what to the product and its connection, the newest first; viewers do not see it."""
    after = part.after_moment("deeds", WHOLE)
    before = (after[0], int(after[1])) if after else None
    with scope.app.store.reading() as unit:
        found = queries.trail(scope, unit, before=before, limit=part.most)
    return part.page(
        "deeds",
        found,
        key=lambda one: (one.at.isoformat(), str(one.id)),
        plain=lambda one: {
            "id": one.id,
            "at": one.at.isoformat(),
            "by": one.by,
            "act": one.act,
            "about": one.about,
        },
    )


@router.get("/products/{product_id}/people", tags=["people"], response_model=Page[Member], responses=_NOT_ALL)
def people(scope: Owns, part: Wanted) -> Any:
    """List with whom the product is shared and who is invited, the first invited first; its owner sees that."""
    after, now = part.after_moment("people"), scope.app.now()
    with scope.app.store.reading() as unit:
        known = unit.people.of_product(scope.product.id)
    found = [one for one in known if after is None or (one.invited_at, one.id) > after]
    return part.page(
        "people",
        found[: part.most],
        key=lambda one: (one.invited_at.isoformat(), one.id),
        plain=lambda one: {
            "id": one.id,
            "address": one.address,
            "role": one.role.value,
            "invited_by": one.invited_by,
            "invited_at": one.invited_at.isoformat(),
            "accepted_at": moment(one.accepted_at),
            "over": one.accepted_at is None and now > one.invited_at + HOLDS,
        },
    )


@router.get("/products/{product_id}/hooks", tags=["releases"], response_model=Page[Hook])
def hooks(scope: Reads, part: Wanted) -> Any:
    """List the ways in for programs without a token, the oldest first."""
    after = part.after_moment("hooks")
    found = [one for one in queries.releases(scope).hooks if after is None or (one.made_at, one.id) > after]
    return part.page(
        "hooks",
        found[: part.most],
        key=lambda one: (one.made_at.isoformat(), one.id),
        plain=lambda one: {
            "id": one.id,
            "kind": one.kind.value,
            "made_at": one.made_at.isoformat(),
            "heard_at": moment(one.heard_at),
        },
    )


@router.delete("/products/{product_id}/hooks/{hook_id}", tags=["releases"], status_code=204, response_model=None)
def end_hook(scope: Writes, hook_id: Id) -> Response:
    """End a hook: what comes over it is refused from then on."""
    if not scope.app.hooks.end(scope.product.id, hook_id, by=scope.person.email):
        raise Refused(Trouble.NOT_FOUND, "There is no hook of that id.")
    return Response(status_code=204)


@router.get("/tokens", tags=["people"], response_model=Page[OwnToken])
def tokens(request: Request, token: Token) -> Any:
    """List the tokens of the token's person: they are few, so that one page holds them all."""
    app = app_of(request)
    return {
        "items": [
            {
                "id": one.id,
                "name": one.name,
                "scope": one.scope,
                "made_at": one.made_at.isoformat(),
                "expires_at": one.expires_at.isoformat(),
                "used_at": moment(one.used_at),
                "in_force": one.holds(app.now()),
            }
            for one in app.people.tokens.of_person(token.person)
        ],
        "next": None,
    }


@router.delete("/tokens/{token_id}", tags=["people"], status_code=204, response_model=None)
def end_token(
    request: Request, token: Token, token_id: Annotated[str, Path(max_length=40, pattern="^[0-9a-f]+$")]
) -> Response:
    """End a token of the same person at once, also the one that asks."""
    if token.scope is not TokenScope.WRITE:
        raise Refused(Trouble.NOT_ALLOWED, "The token only reads: make one with write scope.")
    if not app_of(request).people.tokens.end(token.person, token_id):
        raise Refused(Trouble.NOT_FOUND, "She has no token of that id.")
    return Response(status_code=204)
