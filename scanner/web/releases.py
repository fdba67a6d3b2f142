"""The page about releases: which are known and from where, which wait for a word, and the hooks that tell of them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.display import shown
from scanner.model.hook import HookKind
from scanner.model.release import Release
from scanner.web.own import Own, own_of
from scanner.web.render import Frame, failure_page, page
from scanner.web.session import Sessions

PLACE = "/releases"
Field = Annotated[str, Form(max_length=200)]


class ReleasePages:
    """What a person does about the releases of her product."""

    def __init__(self, app: App, sessions: Sessions) -> None:
        """Show and change what this application holds, to whose session it is."""
        self._app = app
        self._sessions = sessions

    def router(self) -> APIRouter:
        """Return every route."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(PLACE, self.show, methods=["GET"], response_model=None)
        for path, act in (
            (PLACE, self.add),
            (f"{PLACE}/confirm", self.confirm),
            (f"{PLACE}/refuse", self.refuse),
            (f"{PLACE}/hooks", self.make_hook),
            (f"{PLACE}/hooks/end", self.end_hook),
        ):
            router.add_api_route(path, act, methods=["POST"], response_model=None)
        return router

    def show(self, request: Request) -> Response:
        """Show the releases and hooks."""
        own = self._own(request)
        return self._page(own) if own else _start()

    def add(self, request: Request, version: Field, day: Field = "") -> Response:
        """Take a release from its maker."""
        own = self._own(request)
        if own is None or own.product is None:
            return _start()
        version = shown(version, 60)
        try:
            dated = date.fromisoformat(day) if day else None
        except ValueError:
            return _failed(own, "The day is none", "Give it as year, month and day: 2026-11-20.")
        if not version:
            return _failed(own, "The version is missing", "Write it as on your release notes: 4.3.0, R2026b …")
        made = Release(product=own.product.name, version=version, released_on=dated, source="added by hand")
        self._app.releases.tell(own.product.id, made)
        return _back()

    def confirm(self, request: Request, version: Field) -> Response:
        """Take the person's yes to a release that was found."""
        own = self._own(request)
        if own is None or own.product is None:
            return _start()
        self._app.releases.confirm(own.product.id, version)
        return _back()

    def refuse(self, request: Request, version: Field) -> Response:
        """Take the person's no."""
        own = self._own(request)
        if own is None or own.product is None:
            return _start()
        self._app.releases.refuse(own.product.id, version)
        return _back()

    def make_hook(self, request: Request, kind: Field) -> Response:
        """Make a hook, and show its secret this once."""
        own = self._own(request)
        if own is None or own.product is None:
            return _start()
        if kind not in {one.value for one in HookKind}:
            return _failed(own, "There is no such hook", "Choose one of those that the page offers.")
        made = self._app.hooks.make(own.product.id, HookKind(kind))
        where = f"/api/products/{own.product.id}{PLACE}" if made.hook.kind is HookKind.API else f"/hooks/{made.hook.id}"
        return self._page(own, secret=made.secret, address=f"{self._app.settings.base_url}{where}")

    def end_hook(self, request: Request, hook: Field) -> Response:
        """End a hook."""
        own = self._own(request)
        if own is None or own.product is None:
            return _start()
        self._app.hooks.end(own.product.id, hook)
        return _back()

    def _own(self, request: Request) -> Own | None:
        return own_of(self._app, self._sessions.read(request))

    def _page(self, own: Own, *, secret: str = "", address: str = "") -> Response:
        return page("releases", _frame(own), page=own.releases(), kinds=tuple(HookKind), secret=secret, address=address)


def _frame(own: Own) -> Frame:
    return Frame(pack=own.pack, who=own.connection.email, here=PLACE, text_goes=own.text_goes)


def _failed(own: Own, title: str, sentence: str) -> Response:
    return failure_page(_frame(own), status=400, title=title, sentence=sentence)


def _back() -> Response:
    return RedirectResponse(PLACE, status_code=303)


def _start() -> Response:
    return RedirectResponse("/", status_code=303)
