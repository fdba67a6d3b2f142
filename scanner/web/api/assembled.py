"""The API, assembled: its routes, what stands before them, and one form for every error."""

import json
from functools import cache

from fastapi import Depends, FastAPI
from starlette.responses import Response

from scanner.app import App
from scanner.web.api import (
    alerts,
    documents,
    feeds,
    objections,
    people,
    portfolio,
    products,
    releases,
    suggestions,
    waivers,
    work,
)
from scanner.web.api.asking import only_known
from scanner.web.api.described import described
from scanner.web.api.door import TokenDoor
from scanner.web.api.faults import answer_faults
from scanner.web.api.problems import Problems
from scanner.web.throttle import Throttle

PLACE = "/api/v1"
_DOCUMENT = "/openapi.json"


def build_api(app: App, problems: Problems) -> FastAPI:
    """Return the API of an assembled Crosswalk, to be mounted at PLACE."""
    api = FastAPI(
        title="Crosswalk",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_known)],
    )
    api.state.crosswalk = app
    for area in (
        products,
        portfolio,
        documents,
        suggestions,
        releases,
        feeds,
        waivers,
        objections,
        alerts,
        people,
        work,
    ):
        api.include_router(area.router)
    answer_faults(api, problems)
    api.add_middleware(
        TokenDoor,
        known=app.people.tokens.of,
        throttle=Throttle(app.settings.token_per_minute),
        problems=problems,
        open_to_all=frozenset({_DOCUMENT}),
    )

    @cache
    def written() -> str:
        return json.dumps(described(api, problems), ensure_ascii=False)

    def document() -> Response:
        return Response(written(), media_type="application/json")

    api.add_api_route(_DOCUMENT, document, methods=["GET"], include_in_schema=False, response_model=None)
    return api
