"""The page *Product*: how it is called, and which folders and shared drives are read for it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from scanner.model.choice import MAX_ADDRESS, MOST_CHOSEN, Choice
from scanner.model.connection import Connection, Product
from scanner.model.coverage import looked_through
from scanner.model.deed import Act
from scanner.model.display import shown
from scanner.pipeline.decisions import NotDecided
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, Owns, Scope, Sees

HERE = "/product"
MOST_FOLDERS = 40  # that are listed
LONGEST_NAME = 80

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """The product and what is read for it."""

    product: Product
    connection: Connection
    choice: Choice
    chosen: tuple[str, ...]  # the names of what it is limited to, () for everything
    seen: str  # what the last whole look has listed, "" before it
    folders: tuple[tuple[str, int], ...]  # where candidates lie
    most: int  # so many can be chosen


@router.get("", response_model=None)
def product(scope: Sees) -> Response:
    """Show the product."""
    with scope.app.store.reading() as unit:
        choice = unit.choices.get(scope.connection.id)
        folders = unit.listings.folders(
            scope.connection.id, scope.pack.id, extent=scope.product.extent, most=MOST_FOLDERS
        )
    walk = scope.connection.walk
    values = ProductPage(
        product=scope.product,
        connection=scope.connection,
        choice=choice,
        chosen=tuple(choice.names.get(one) or one for one in scope.connection.within),
        seen=looked_through(walk) if walk else "",
        folders=folders,
        most=MOST_CHOSEN,
    )
    return page("product", frame_of(scope, HERE), page=values)


@router.post("/name", response_model=None)
def name(scope: Acts, written: Annotated[str, Form(alias="name", max_length=200)]) -> Response:
    """Call the product by another name."""
    called = shown(written, LONGEST_NAME)
    if not called:
        return _refused(scope, "Write the name as your documents do.")
    if called != scope.product.name:
        with scope.app.store.transaction() as unit:
            unit.products.name(scope.product.id, called)
            scope.note(unit, Act.PRODUCT_CHANGED, called)
        scope.app.people.decisions.review(scope.product)
    return _back(scope)


@router.post("/folders", response_model=None)
def folders(
    scope: Owns, addresses: Annotated[str, Form(max_length=MOST_CHOSEN * MAX_ADDRESS)] = "", everything: str = Form("")
) -> Response:
    """Wish that only some folders and shared drives are read, or everything."""
    wanted = [one.strip() for one in addresses.splitlines() if one.strip()]
    if bool(wanted) == bool(everything):
        return _refused(scope, "Give the addresses of folders, or choose everything.")
    try:
        scope.app.people.wishes.make(scope.connection.id, wanted, by=scope.person.email)
    except NotDecided as refused:
        return _refused(scope, str(refused))
    return _back(scope)


def _back(scope: Scope) -> Response:
    return RedirectResponse(f"{scope.place}{HERE}", status_code=303)


def _refused(scope: Scope, sentence: str) -> Response:
    back = {"next_link": f"{scope.place}{HERE}", "next_name": "Back to the product"}
    return failure_page(frame_of(scope, HERE), status=400, title="That was not taken", sentence=sentence, **back)
