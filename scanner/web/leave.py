"""The page behind the link in each mail by which its reader ends such mails; it needs no sign-in."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from scanner.app import App
from scanner.model.connection import Product
from scanner.notify.leaving import PATH, Leave, leaving
from scanner.web.render import Frame, failure_page, page


class LeavePages:
    """Asks, and does it. A GET changes nothing: programs follow links before people do (RFC 8058 §1)."""

    def __init__(self, app: App) -> None:
        """End mails of this application."""
        self._app = app

    def router(self) -> APIRouter:
        """Return both routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(PATH, self.ask, methods=["GET"], response_model=None)
        router.add_api_route(PATH, self.leave, methods=["POST"], response_model=None)
        return router

    def ask(self, by: str = "") -> Response:
        """Ask whether the reader wants no more mail."""
        found = self._found(by)
        if found is None:
            return self._unknown()
        leave, products = found
        return page("leave", self._frame, address=leave.address, products=products, by=by)

    def leave(self, by: str = "") -> Response:
        """End mails to the reader, at once and as often as it is asked; whose link it is stands in it, sealed."""
        found = self._found(by)
        if found is None:
            return self._unknown()
        leave, products = found
        with self._app.store.transaction() as unit:
            for product in products:
                unit.recipients.unsubscribe(product.id, leave.address, now=self._app.now())
        return self._done(leave)

    def _found(self, by: str) -> tuple[Leave, tuple[Product, ...]] | None:
        leave = leaving(self._app.connector, by)
        if leave is None:
            return None
        with self._app.store.reading() as unit:
            products = tuple(found for one in leave.products if (found := unit.products.get(one)))
        return leave, products

    @property
    def _frame(self) -> Frame:
        return Frame(pack=self._app.packs[0], text_goes=self._app.text_goes)

    def _done(self, leave: Leave) -> HTMLResponse:
        return failure_page(
            self._frame,
            status=200,
            title="No more of these mails",
            sentence=f"Nothing goes to {leave.address} any more.",
            what_to_do="Whoever chose your address sees that, and can choose it again if you want that.",
        )

    def _unknown(self) -> HTMLResponse:
        return failure_page(
            self._frame,
            status=404,
            title="This link is not known",
            sentence="It may be cut off, or older than the keys of this installation.",
            what_to_do="Try the link in a newer mail, or ask whoever chose your address to remove it.",
        )
