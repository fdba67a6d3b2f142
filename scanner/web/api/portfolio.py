"""What an owner says of her products: another one, how one is called, which folders belong to it.

None is removed here, for the same reason for which no Drive is disconnected: a token that was lost could leave nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from fastapi import APIRouter

from scanner.model.person import Role
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.portfolio import folders_named
from scanner.web.api.asking import Decides, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.portfolio_shapes import NewName, NewNaming, NewProduct, Places
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.products import as_object
from scanner.web.api.shapes import Product
from scanner.web.scope import Scope, scope_of

router = APIRouter(prefix="/products/{product_id}", tags=["products"])
T = TypeVar("T")


@router.post("/another", response_model=Product, status_code=201)
def add(scope: Decides, wanted: NewProduct) -> Any:
    """Add another product of the same Drive; its news go to its owner."""
    folders = _folders(scope, wanted.folders)
    made = _decided(
        lambda: scope.app.people.portfolio.add(
            scope.connection.id,
            wanted.name,
            folders=folders,
            notify=scope.connection.email,
            by=scope.person.email,
        )
    )
    return _now(scope, made.id)


@router.put("/name", response_model=Product)
def rename(scope: Writes, wanted: NewName) -> Any:
    """Call the product by another name."""
    _decided(lambda: scope.app.people.portfolio.rename(scope.product.id, wanted.name, by=scope.person.email))
    return _now(scope, scope.product.id)


@router.put("/naming", response_model=Product)
def describe(scope: Decides, wanted: NewNaming) -> Any:
    """Say what else the product is called and how the files of its documents are, in place of what was said before."""
    _decided(
        lambda: scope.app.people.portfolio.describe(
            scope.product.id, also_called=wanted.also_called, naming=wanted.naming, by=scope.person.email
        )
    )
    return _now(scope, scope.product.id)


@router.put("/folders", response_model=Product)
def choose(scope: Decides, wanted: Places) -> Any:
    """Let what lies in these folders and shared drives belong to the product; with none, everything does."""
    folders = _folders(scope, wanted.folders)
    _decided(lambda: scope.app.people.portfolio.choose(scope.product.id, folders, by=scope.person.email))
    return _now(scope, scope.product.id)


def _folders(scope: Scope, places: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of folders; one that belongs already is known by its id, also when no look sees it any more."""
    kept = scope.product.folders
    with scope.app.store.reading() as unit:

        def ids(place: str) -> tuple[str, ...]:
            return (place,) if place in kept else folders_named(unit, scope.connection.id, [place])

        found = _decided(lambda: [one for place in places for one in ids(place)], pointer="#/folders")
    return tuple(dict.fromkeys(found))


def _decided(do: Callable[[], T], *, pointer: str = "#") -> T:
    """Do it. Raises Refused with why it cannot be, or where the product has gone meanwhile."""
    try:
        return do()
    except NotDecided as error:
        raise Refused(Trouble.INVALID, faults=[Fault(detail=str(error), pointer=pointer)]) from error
    except KeyError:
        raise Refused(Trouble.NOT_FOUND) from None


def _now(scope: Scope, product_id: str) -> Any:
    """Return a product as it is from now on."""
    now = scope_of(scope.app, scope.person, product_id)
    if now is None or not now.role.covers(Role.MEMBER):
        raise Refused(Trouble.NOT_FOUND)
    return as_object(now)
