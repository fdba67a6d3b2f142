"""The releases of a product: which are known, a new one, and a person's yes or no."""

from typing import Any

from fastapi import APIRouter, Response

from scanner.model.display import shown
from scanner.model.release import Release as Told
from scanner.versions.version import order
from scanner.web import queries
from scanner.web.api.asking import Reads, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.objects import release_line
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.shapes import Answered, NewRelease, Release
from scanner.web.scope import Scope

router = APIRouter(prefix="/products/{product_id}/releases", tags=["releases"])


@router.get("", response_model=Page[Release])
def releases(scope: Reads, part: Wanted) -> Any:
    """List the releases, the highest version first, with those that wait for a yes and those that were refused."""
    after = part.after("releases", r"[^\x00-\x1f]{1,100}")
    known = queries.releases(scope).known
    if after:
        known = tuple(one for one in known if order(one.version) < order(after[0]))
    return part.page("releases", known[: part.most], key=lambda one: (one.version,), plain=release_line)


@router.post(
    "",
    response_model=Release,
    status_code=201,
    responses={200: {"model": Release, "description": "It was known already, and stays as it is."}},
)
def add(scope: Writes, told: NewRelease, response: Response) -> Any:
    """Tell of a release that happened; documents are held against the highest version that is confirmed.

    It is taken as the person's own word, and so confirmed at once. Telling it again changes nothing.
    """
    version = shown(told.version, 60)
    if not version:
        raise Refused(Trouble.INVALID, faults=[Fault(detail="It names nothing.", pointer="#/version")])
    made = Told(product=scope.product.name, version=version, released_on=told.released_on, source="added over the API")
    state = scope.app.releases.tell(scope.product.id, made, by=scope.person.email)
    if state is None:
        response.status_code = 200
    return _known(scope, version)


@router.post("/confirm", response_model=Release)
def confirm(scope: Writes, answered: Answered) -> Any:
    """Say yes to a release that waits, and with it to its source: later ones of the same source are taken at once."""
    if not scope.app.releases.confirm(scope.product.id, answered.version, by=scope.person.email):
        _known(scope, answered.version)
        raise Refused(Trouble.CONFLICT, "No release of that version waits for an answer.")
    return _known(scope, answered.version)


@router.post("/refuse", response_model=Release)
def refuse(scope: Writes, answered: Answered) -> Any:
    """Say no to a release, or take it back; its source is not heard on this version again."""
    if not scope.app.releases.refuse(scope.product.id, answered.version, by=scope.person.email):
        _known(scope, answered.version)
        raise Refused(Trouble.CONFLICT, "It was refused before.")
    return _known(scope, answered.version)


def _known(scope: Scope, version: str) -> Any:
    with scope.app.store.reading() as unit:
        found = unit.products.release(scope.product.id, version)
    if found is None:
        raise Refused(Trouble.NOT_FOUND, "No release of that version is known.")
    return release_line(found)
