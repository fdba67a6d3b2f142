"""The page about releases: which are known and from where, which wait for a word, and the hooks that tell of them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from scanner.feeds.address import MAX_CHARS
from scanner.feeds.base import AddressRefused
from scanner.model.display import shown
from scanner.model.hook import HookKind
from scanner.model.release import Release
from scanner.web import queries
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, Owns, Scope, Sees

HERE = "/releases"
Field = Annotated[str, Form(max_length=200)]
Address = Annotated[str, Form(max_length=MAX_CHARS)]

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@router.get("", response_model=None)
def show(scope: Sees) -> Response:
    """Show the releases and hooks."""
    return _page(scope)


@router.post("", response_model=None)
def add(scope: Acts, version: Field, day: Field = "") -> Response:
    """Take a release from its maker."""
    version = shown(version, 60)
    try:
        dated = date.fromisoformat(day) if day else None
    except ValueError:
        return _failed(scope, "The day is none", "Give it as year, month and day: 2026-11-20.")
    if not version:
        return _failed(scope, "The version is missing", "Write it as on your release notes: 4.3.0, R2026b …")
    made = Release(product=scope.product.name, version=version, released_on=dated, source="added by hand")
    scope.app.releases.tell(scope.product.id, made, by=scope.person.email)
    return _back(scope)


@router.post("/confirm", response_model=None)
def confirm(scope: Acts, version: Field) -> Response:
    """Take the person's yes to a release that was found."""
    scope.app.releases.confirm(scope.product.id, version, by=scope.person.email)
    return _back(scope)


@router.post("/refuse", response_model=None)
def refuse(scope: Acts, version: Field) -> Response:
    """Take the person's no."""
    scope.app.releases.refuse(scope.product.id, version, by=scope.person.email)
    return _back(scope)


@router.post("/hooks", response_model=None)
def make_hook(scope: Acts, kind: Field) -> Response:
    """Make a hook, and show its secret this once."""
    if kind not in {one.value for one in HookKind}:
        return _failed(scope, "There is no such hook", "Choose one of those that the page offers.")
    made = scope.app.hooks.make(scope.product.id, HookKind(kind), by=scope.person.email)
    return _page(scope, secret=made.secret, address=f"{scope.app.settings.base_url}/hooks/{made.hook.id}")


@router.post("/hooks/end", response_model=None)
def end_hook(scope: Acts, hook: Field) -> Response:
    """End a hook."""
    scope.app.hooks.end(scope.product.id, hook, by=scope.person.email)
    return _back(scope)


@router.post("/feed", response_model=None)
def set_feed(scope: Owns, address: Address) -> Response:
    """Keep where the product's feed is; a first look at it is asked for."""
    try:
        scope.app.feeds.set(scope.product.id, address, by=scope.person.email)
    except AddressRefused as error:
        return _failed(scope, "This address cannot be read", f"{error}.")
    return _back(scope)


@router.post("/feed/remove", response_model=None)
def remove_feed(scope: Owns) -> Response:
    """Forget the feed."""
    scope.app.feeds.remove(scope.product.id, by=scope.person.email)
    return _back(scope)


def _page(scope: Scope, *, secret: str = "", address: str = "") -> Response:
    shown_page, kinds = queries.releases(scope), tuple(HookKind)
    return page("releases", frame_of(scope, HERE), page=shown_page, kinds=kinds, secret=secret, address=address)


def _failed(scope: Scope, title: str, sentence: str) -> Response:
    back = {"next_link": f"{scope.place}{HERE}", "next_name": "Back to the releases"}
    return failure_page(frame_of(scope, HERE), status=400, title=title, sentence=sentence, **back)


def _back(scope: Scope) -> Response:
    return RedirectResponse(f"{scope.place}{HERE}", status_code=303)
