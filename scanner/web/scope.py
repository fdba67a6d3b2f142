"""The place of scope: what a person sees of a product, and as what. Every query of the pages and the API starts here.

A page takes `Sees`, `Acts` or `Owns` as a parameter and is only called for a person who may: a stranger gets the same
404 as for a product that is not there, who only looks and tries to act gets 403, nobody is sent to sign in first.
Whoever knows the person otherwise (an API token) asks `scope_of`. Roles are read at each request, so that a change
of them counts at once.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from scanner.app import App
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, Product
from scanner.model.deed import Act, Deed
from scanner.model.person import Person, Role
from scanner.store.people import Seen
from scanner.store.store import Unit
from scanner.web.session import Sessions

_HERE = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]{0,1000})?")  # no second slash, no backslash, nothing unprintable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """One product as one person may see it; nothing that is given a scope takes an id of a product or connection."""

    app: App
    person: Person
    role: Role
    connection: Connection
    product: Product

    @property
    def pack(self) -> ClausePack:
        """The clause that the pages are about."""
        return self.app.packs[0]

    @property
    def place(self) -> str:
        """Where the product's pages are."""
        return place_of(self.product.id)

    def note(self, unit: Unit, act: Act, about: str = "") -> None:
        """Keep in the trail that she did this; in the transaction in which it is done."""
        deed = Deed(by=self.person.email, act=act, about=about, at=self.app.now(), product=self.product.id)
        unit.deeds.add(self.connection.id, deed)


class SignInFirst(Exception):
    """Nobody is signed in; `to` is the place where she wanted to go."""

    def __init__(self, to: str) -> None:
        """Keep where to go on."""
        super().__init__(to)
        self.to = to


class NotThere(Exception):
    """There is no such product, or it is not shared with the person: which of the two is nowhere told."""

    def __init__(self, person: Person) -> None:
        """Keep who asked."""
        super().__init__("a product is not there")
        self.person = person


class OnlyLooks(Exception):
    """The person sees the product, and may not do what she asked for."""

    def __init__(self, scope: Scope, needed: Role) -> None:
        """Keep whose it is and what it takes."""
        super().__init__(needed)
        self.scope = scope
        self.needed = needed


def scope_of(app: App, person: Person, product_id: str) -> Scope | None:
    """Return the product as the person sees it; None where it is not there or not shared with her."""
    with app.store.reading() as unit:
        seen = next(iter(unit.people.sees(person.subject, product_id)), None)
        connection = unit.connections.get(seen.connection) if seen else None
        product = unit.products.get(seen.product) if seen else None
    if seen is None or connection is None or product is None:
        return None
    return Scope(app=app, person=person, role=seen.role, connection=connection, product=product)


def seen_by(app: App, person: Person) -> tuple[tuple[Product, Seen], ...]:
    """List the products that a person sees, her own first, each with her role."""
    with app.store.reading() as unit:
        found = [(unit.products.get(seen.product), seen) for seen in unit.people.sees(person.subject)]
    return tuple((product, seen) for product, seen in found if product is not None)


def app_of(request: Request) -> App:
    """Return the application that answers a request."""
    app: App = request.app.state.crosswalk
    return app


def sessions_of(request: Request) -> Sessions:
    """Return what reads and writes the session of a request."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def looking(request: Request) -> Person | None:
    """Return who is signed in, None for nobody."""
    return sessions_of(request).read(request)


def signed_in(request: Request) -> Person:
    """Return who is signed in. Raises SignInFirst."""
    person = looking(request)
    if person is None:
        raise SignInFirst(_wanted(request))
    return person


def sees(request: Request, product_id: str) -> Scope:
    """Return the product for a person who may look at it. Raises SignInFirst, NotThere."""
    return _scope(request, product_id, Role.VIEWER)


def acts(request: Request, product_id: str) -> Scope:
    """Return the product for a person who may act. Raises SignInFirst, NotThere, OnlyLooks."""
    return _scope(request, product_id, Role.MEMBER)


def owns(request: Request, product_id: str) -> Scope:
    """Return the product for its owner. Raises SignInFirst, NotThere, OnlyLooks."""
    return _scope(request, product_id, Role.OWNER)


Looking = Annotated[Person | None, Depends(looking)]
SignedIn = Annotated[Person, Depends(signed_in)]
Sees = Annotated[Scope, Depends(sees)]
Acts = Annotated[Scope, Depends(acts)]
Owns = Annotated[Scope, Depends(owns)]


def place_of(product_id: str) -> str:
    """Return where a product's pages are."""
    return f"/products/{product_id}"


def here(to: str) -> str:
    """Return a place on this site as it was asked for; "/" for what a browser could take for another site."""
    return to if _HERE.fullmatch(to) else "/"


def _scope(request: Request, product_id: str, needed: Role) -> Scope:
    person = signed_in(request)
    scope = scope_of(app_of(request), person, product_id)
    if scope is None:
        raise NotThere(person)
    if not scope.role.covers(needed):
        raise OnlyLooks(scope, needed)
    return scope


def _wanted(request: Request) -> str:
    """Return where a person goes on once she has signed in; what changes something is not done by itself then."""
    if request.method not in {"GET", "HEAD"}:
        product = request.path_params.get("product_id", "")
        return here(place_of(product)) if product else "/"
    query = request.url.query
    return here(f"{request.url.path}?{query}" if query else request.url.path)
