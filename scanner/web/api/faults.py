"""Which error becomes which problem: refusals, requests that do not fit, a database that is away, our own failures."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from scanner.store.errors import DatabaseError
from scanner.web.api.problems import Fault, Problems, Trouble, new_instance

log = logging.getLogger(__name__)

AGAIN_SECONDS = 10  # after which asking again is worth it where the database is away


class Refused(HTTPException):  # FastAPI lets those alone pass while it reads a body
    """What was asked cannot be done; `detail` says why, in a sentence."""

    def __init__(self, trouble: Trouble, detail: str = "", faults: Sequence[Fault] = ()) -> None:
        """Keep what is answered."""
        super().__init__(trouble.status, detail)
        self.trouble = trouble
        self.said = detail
        self.faults = tuple(faults)


def answer_faults(api: FastAPI, problems: Problems) -> None:
    """Give every error of this application the one form."""

    @api.exception_handler(Refused)
    def refused(_: Request, error: Refused) -> Response:
        return problems.answer(error.trouble, error.said, faults=error.faults)

    @api.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> Response:
        trouble = Trouble.of(error.status_code)
        if trouble is Trouble.NO_SUCH_METHOD:
            return problems.answer(trouble, headers={"Allow": ", ".join(methods_of(api, request))})
        return problems.answer(trouble, headers=error.headers)

    @api.exception_handler(RequestValidationError)
    def misunderstood(_: Request, error: RequestValidationError) -> Response:
        return problems.answer(Trouble.INVALID, faults=[fault_of(one) for one in error.errors()])

    @api.exception_handler(DatabaseError)
    def away(_: Request, error: DatabaseError) -> Response:
        instance = new_instance()
        log.warning("The API cannot answer: %s", error, extra={"event": "api.away", "instance": instance})
        return problems.answer(Trouble.AWAY, instance=instance, headers={"Retry-After": str(AGAIN_SECONDS)})

    @api.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> Response:
        instance = new_instance()
        log.error("The API failed.", exc_info=error, extra={"event": "api.failed", "instance": instance})
        return problems.answer(Trouble.BROKEN, instance=instance)


def methods_of(api: FastAPI, request: Request) -> list[str]:
    """List what can be done at the place of a request: each of its routes knows its own method only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    here = [one for one in iter_route_contexts(api.routes) if compile_path(one.path or "")[0].match(path)]
    found = {method for one in here for method in one.methods or ()}
    return sorted(found | {"HEAD"} if "GET" in found else found)


def fault_of(error: Mapping[str, Any]) -> Fault:
    """Say where a request does not fit and why, without what stood there: that could be a secret."""
    where, *path = error["loc"]
    if error["type"] == "json_invalid":
        return Fault(detail="This is no JSON.", pointer="#")
    if error["type"] == "extra_forbidden":
        path = path[:-1]  # the name is the sender's own
    if where == "body":
        return Fault(detail=error["msg"], pointer="#" + "".join(f"/{_escaped(str(part))}" for part in path))
    return Fault(detail=error["msg"], parameter=str(path[0]) if path else str(where))


def _escaped(part: str) -> str:
    """Escape a name as RFC 6901 §3 has it."""
    return part.replace("~", "~0").replace("/", "~1")
