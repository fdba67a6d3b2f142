"""The page Settings, for a product's owner: what is connected, who sees it, all data to take along, and the end."""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from scanner.model.deed import Act
from scanner.model.person import INVITED, Role
from scanner.notify.invite import ROLES
from scanner.notify.inviting import HOLDS
from scanner.pipeline.sharing import NotShared
from scanner.store.taking import TABLES
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Owns, Scope, sessions_of
from scanner.web.start import plain_frame

HERE = "/settings"
Field = Annotated[str, Form(max_length=254)]

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@router.get("", response_model=None)
def show(scope: Owns) -> Response:
    """Show all of it."""
    with scope.app.store.reading() as unit:
        people = unit.people.of_product(scope.product.id)
    return page(
        "settings",
        frame_of(scope, HERE),
        connection=scope.connection,
        people=people,
        over={one.id for one in people if not one.accepted_at and scope.app.now() > one.invited_at + HOLDS},
        roles=INVITED,
        role_words=ROLES,
        by_smtp=scope.app.smtp is not None,
    )


@router.post("/people", response_model=None)
def invite(scope: Owns, address: Field, role: Field) -> Response:
    """Invite somebody, or anew."""
    try:
        scope.app.people.sharing.invite(scope.product.id, address, Role(role), by=scope.person)
    except ValueError:
        return _failed(scope, "Somebody can be invited as a member or as a viewer.")
    except NotShared as error:
        return _failed(scope, str(error))
    return _back(scope)


@router.post("/people/{member_id}/role", response_model=None)
def change_role(scope: Owns, member_id: str, role: Field) -> Response:
    """Let somebody do more or less."""
    try:
        scope.app.people.sharing.change(scope.product.id, member_id, Role(role), by=scope.person)
    except (ValueError, NotShared):
        return _failed(scope, "Somebody can be a member or a viewer.")
    return _back(scope)


@router.post("/people/{member_id}/remove", response_model=None)
def remove(scope: Owns, member_id: str) -> Response:
    """Share the product with somebody no more, or take an invitation back."""
    scope.app.people.sharing.remove(scope.product.id, member_id, by=scope.person)
    return _back(scope)


@router.post("/data", response_model=None)
def take_along(scope: Owns) -> Response:
    """Send all that is kept of the connection as lines of JSON: a POST, since it is written down who took it."""
    with scope.app.store.transaction() as unit:
        scope.note(unit, Act.DOWNLOADED)
    name = f"crosswalk-{scope.app.now():%Y-%m-%d}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_lines(scope), media_type="application/x-ndjson", headers=headers)


@router.post("/disconnect", response_model=None)
def disconnect(request: Request, scope: Owns, address: Field) -> Response:
    """End the connection for a person who wrote its address, forget all that was kept of it, and sign her out."""
    if address.strip().casefold() != scope.connection.email.casefold():
        return _failed(scope, f"Nothing was ended: write {scope.connection.email} to say that you mean it.")
    ended = scope.app.disconnect(scope.connection.id)
    response = failure_page(
        plain_frame(scope.app),
        status=200,
        title="The connection has ended",
        sentence=ended.words,
        what_to_do=ended.gone,
    )
    sessions_of(request).end(request, response)
    return response


def _lines(scope: Scope) -> Iterator[str]:
    """Yield a line a row, a few hundred rows at a time: a reader who is slow holds no transaction open.

    The last line says how many there were, so that nobody takes half of it for all.
    """
    count = 0
    for taken in TABLES:
        after: tuple[object, ...] = ()
        while True:
            with scope.app.store.reading() as unit:
                rows, after = unit.taking.some(taken, scope.connection.id, after=after)
            count += len(rows)
            for row in rows:
                yield json.dumps({"table": taken.table, **row}, ensure_ascii=False, default=_written) + "\n"
            if not after:
                break
    yield json.dumps({"end": True, "rows": count}) + "\n"


def _written(value: object) -> str:
    """Write a moment or a day as ISO 8601 does; all else that the tables hold, JSON knows."""
    return value.isoformat()  # type: ignore[attr-defined, no-any-return]  # anything else has to fail


def _failed(scope: Scope, sentence: str) -> Response:
    back = {"next_link": f"{scope.place}{HERE}", "next_name": "Back to the settings"}
    return failure_page(frame_of(scope, HERE), status=400, title="That did not work", sentence=sentence, **back)


def _back(scope: Scope) -> Response:
    return RedirectResponse(f"{scope.place}{HERE}", status_code=303)
