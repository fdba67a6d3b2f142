"""Where programs tell of releases without a token: webhooks, which prove themselves and need no cookie."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scanner.app import App
from scanner.pipeline.deliveries import MAX_BYTES, Delivery
from scanner.pipeline.hooks import Heard
from scanner.web.bodies import NoBody, whole
from scanner.web.throttle import Taken

HOOKS = "/hooks/"
_MAX_ID = 200


class Telling:
    """The route for programs."""

    def __init__(self, app: App) -> None:
        """Hear for this application."""
        self._app = app

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(f"{HOOKS}{{hook_id}}", self.hook, methods=["POST"], response_model=None)
        return router

    async def hook(self, request: Request, hook_id: str) -> Response:
        """Take what came over a webhook."""
        delivery = await _delivery(request)
        if isinstance(delivery, Response):
            return delivery
        return _answer(await run_in_threadpool(self._app.hooks.hear, hook_id[:_MAX_ID], delivery))


async def _delivery(request: Request) -> Delivery | Response:
    try:
        body = await whole(request.receive, most=MAX_BYTES)
    except NoBody as error:
        return _refusal(error.status, f"{error}")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Delivery(headers=headers, body=body)


def _answer(heard: Heard) -> Response:
    said = {"said": heard.words, "state": heard.state.value if heard.state else None}
    return JSONResponse(said, status_code=heard.answer.value)


def too_many_deliveries(_: Taken) -> Response:
    """Refuse what comes too often; GitHub and others deliver again."""
    return _refusal(429, "Too many requests come from this address.")


def _refusal(status: int, sentence: str) -> Response:
    return JSONResponse({"said": sentence, "state": None}, status_code=status)
