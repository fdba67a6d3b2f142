"""The page *Product*: how it is called, what belongs to it, and which folders and shared drives are read for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from scanner.model.choice import MAX_ADDRESS, MOST_CHOSEN, Choice
from scanner.model.connection import Connection, Product
from scanner.model.coverage import looked_through
from scanner.model.gap import FileRef
from scanner.model.person import Role
from scanner.pipeline.decisions import NotDecided
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, NotThere, Owns, Scope, Sees

HERE = "/product"
MOST_FOLDERS = 40  # that are listed
MOST_STRAYS = 40

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """The product and what is read for it."""

    product: Product
    told: str  # what its documents call it, where it has no name of its own
    connection: Connection
    choice: Choice
    chosen: tuple[str, ...]  # the names of what it is limited to, () for everything
    seen: str  # what the last whole look has listed, "" before it
    folders: tuple[tuple[str, int], ...]  # where candidates lie
    most: int  # so many can be chosen
    gone: frozenset[str]  # of its own folders, those that no look sees any more
    strays: tuple[int, tuple[FileRef, ...]]  # candidates that belong to no product, for its owner
    held: Mapping[str, int]  # what is kept about it, and would go with it; empty for the only one


@router.get("", response_model=None)
def product(scope: Sees) -> Response:
    """Show the product."""
    with scope.app.store.reading() as unit:
        choice = unit.choices.get(scope.connection.id)
        folders = unit.listings.folders(
            scope.connection.id, scope.pack.id, extent=scope.product.extent, most=MOST_FOLDERS
        )
        seen = unit.folders.some(scope.connection.id, scope.product.folders)
        owns = scope.role is Role.OWNER
        strays = unit.listings.strays(scope.connection.id, scope.pack.id, most=MOST_STRAYS) if owns else (0, ())
        several = len(unit.products.of_connection(scope.connection.id)) > 1
        last = None if scope.product.name else unit.reports.latest(scope.product.id, scope.pack.id)
        held = unit.counts.held_of(scope.product.id) if owns and several else {}
    walk = scope.connection.walk
    values = ProductPage(
        product=scope.product,
        told=last.product if last else "",
        connection=scope.connection,
        choice=choice,
        chosen=tuple(choice.names.get(one) or one for one in scope.connection.within),
        seen=looked_through(walk) if walk else "",
        folders=folders,
        most=MOST_CHOSEN,
        gone=frozenset(scope.product.folders.keys() - seen.keys()),
        strays=strays,
        held=held,
    )
    return page("product", frame_of(scope, HERE), page=values)


@router.post("/name", response_model=None)
def name(scope: Acts, written: Annotated[str, Form(alias="name", max_length=200)]) -> Response:
    """Call the product by another name."""
    return taken(scope, lambda: scope.app.people.portfolio.rename(scope.product.id, written, by=scope.person.email))


@router.post("/folders", response_model=None)
def folders(
    scope: Owns, addresses: Annotated[str, Form(max_length=MOST_CHOSEN * MAX_ADDRESS)] = "", everything: str = Form("")
) -> Response:
    """Wish that only some folders and shared drives are read, or everything."""
    wanted = [one.strip() for one in addresses.splitlines() if one.strip()]
    if bool(wanted) == bool(everything):
        return refused(scope, "Give the addresses of folders, or choose everything.")
    return taken(scope, lambda: scope.app.people.wishes.make(scope.connection.id, wanted, by=scope.person.email))


def taken(scope: Scope, do: Callable[[], object], *, then: str = "") -> Response:
    """Do it and go on there, or back to the product; what cannot be is said."""
    try:
        do()
    except NotDecided as error:
        return refused(scope, str(error))
    except KeyError:  # it was removed meanwhile
        raise NotThere(scope.person) from None
    return RedirectResponse(then or f"{scope.place}{HERE}", status_code=303)


def refused(scope: Scope, sentence: str) -> Response:
    """Say why something was not taken."""
    back = {"next_link": f"{scope.place}{HERE}", "next_name": "Back to the product"}
    return failure_page(frame_of(scope, HERE), status=400, title="That was not taken", sentence=sentence, **back)
