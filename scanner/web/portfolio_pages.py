"""What belongs to a product and what it is called: its owner chooses folders, adds another product, removes one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from connector import Folder
from scanner.model.display import shown
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.portfolio import MOST_FOLDERS
from scanner.store.store import Unit
from scanner.web.product_page import HERE, refused, taken
from scanner.web.render import frame_of, page
from scanner.web.scope import Owns, Scope, place_of

MOST_LISTED = 200
MOST_WORDS = 300  # characters of what is looked for: an address fits
LONGEST_TEXT = 4_000

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)
Picks = Annotated[list[str], Query(alias="pick", max_length=MOST_FOLDERS * 2)]
Picked = Annotated[list[str], Form(alias="pick", max_length=MOST_FOLDERS * 2)]
Inside = Annotated[str, Query(alias="in", max_length=300)]
Words = Annotated[str, Query(max_length=MOST_WORDS)]
Name = Annotated[str, Query(max_length=200)]
Text = Annotated[str, Form(max_length=LONGEST_TEXT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A folder that can be chosen, and where it lies."""

    id: str
    name: str
    above: str  # the folders above it, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserPage:
    """Folders as the last looks saw them, one level or what was looked for, and those that are picked."""

    new: bool  # whether it is for another product
    name: str
    picked: tuple[Choice, ...]
    trail: tuple[Folder, ...]  # from the outermost to the one that is looked into
    words: str
    folders: tuple[Choice, ...]
    more: bool  # whether there are more than are listed
    most: int  # so many can be picked


@router.get("/belongs", response_model=None)
def choose(scope: Owns, pick: Picks = [], inside: Inside = "", q: Words = "", begun: str = "") -> Response:  # noqa: B006 -- FastAPI copies it
    """Show folders to choose from; at first those are picked that belong to the product."""
    picks = pick if begun else list(scope.product.folders)
    return _chooser(scope, new=False, name=scope.product.name, picks=picks, inside=inside, words=q)


@router.post("/belongs", response_model=None)
def chosen(scope: Owns, pick: Picked = []) -> Response:  # noqa: B006 -- FastAPI copies it
    """Let what lies in these folders belong to the product."""
    picks, portfolio = list(dict.fromkeys(pick)), scope.app.people.portfolio
    return taken(scope, lambda: portfolio.choose(scope.product.id, picks, by=scope.person.email))


@router.get("/another", response_model=None)
def another(scope: Owns, name: Name = "", pick: Picks = [], inside: Inside = "", q: Words = "") -> Response:  # noqa: B006 -- FastAPI copies it
    """Show a form for another product of the same Drive."""
    return _chooser(scope, new=True, name=shown(name), picks=pick, inside=inside, words=q)


@router.post("/another", response_model=None)
def added(scope: Owns, name: Annotated[str, Form(max_length=200)], pick: Picked = []) -> Response:  # noqa: B006 -- FastAPI copies it
    """Add another product of the same Drive; its news go to its owner."""
    owner, picks = scope.connection.email, list(dict.fromkeys(pick))
    try:
        made = scope.app.people.portfolio.add(
            scope.connection.id, name, folders=picks, notify=owner, by=scope.person.email
        )
    except NotDecided as error:
        return refused(scope, str(error))
    return RedirectResponse(f"{place_of(made.id)}{HERE}", status_code=303)


@router.post("/naming", response_model=None)
def naming(scope: Owns, also_called: Text = "", patterns: Text = "") -> Response:
    """Say what else the product is called, and how its documents are."""
    names, globs, portfolio = also_called.splitlines(), patterns.splitlines(), scope.app.people.portfolio
    return taken(
        scope,
        lambda: portfolio.describe(scope.product.id, also_called=names, naming=globs, by=scope.person.email),
    )


@router.post("/remove", response_model=None)
def remove(scope: Owns, sure: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Forget the product and what is kept about it."""
    if not sure:
        return refused(scope, "Nothing was removed: say that you mean it.")
    portfolio = scope.app.people.portfolio
    return taken(scope, lambda: portfolio.remove(scope.product.id, by=scope.person.email), then="/products")


def _chooser(scope: Scope, *, new: bool, name: str, picks: list[str], inside: str, words: str) -> Response:
    mine, looked_for = scope.connection.id, " ".join(words.split())
    with scope.app.store.reading() as unit:
        if looked_for:
            found = unit.folders.found(mine, looked_for, limit=MOST_LISTED + 1)
        else:
            found = unit.folders.inside(mine, inside, limit=MOST_LISTED + 1)
        known = unit.folders.some(mine, picks)
        gone = [
            Choice(id=one, name=scope.product.folders[one], above="") for one in scope.product.folders if one in picks
        ]
        values = ChooserPage(
            new=new,
            name=name,
            picked=(
                *(_choice(unit, mine, folder) for folder in known.values()),
                *(one for one in gone if one.id not in known),
            ),
            trail=() if looked_for else unit.folders.above(mine, inside),
            words=looked_for,
            folders=tuple(_choice(unit, mine, one) for one in found[:MOST_LISTED] if one.id not in known),
            more=len(found) > MOST_LISTED,
            most=MOST_FOLDERS,
        )
    return page("chooser", frame_of(scope, HERE), page=values)


def _choice(unit: Unit, connection: str, folder: Folder) -> Choice:
    above = " / ".join(one.name for one in unit.folders.above(connection, folder.parent))
    return Choice(id=folder.id, name=folder.name, above=above)
