"""The OpenAPI document: what FastAPI draws from the routes, with what holds for all of them put in once."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from scanner.web.api.hook_described import hook_described
from scanner.web.api.problems import MEDIA_TYPE, Problem, Problems, Trouble

VERSION = "1.0.0"
REF = "#/components/{}/{}"
DESCRIPTION = """\
What Crosswalk's pages show, as JSON: products, gap reports with their citations, candidates, releases, decisions,
objections, mail, the trail and work.

**Tokens.** Make one on the page *API tokens* and send it as `Authorization: Bearer cw_…`. It may do what its person
may, and with read scope no more than look. A product that is not shared with her is answered as if it were not there.

**What only a person does on a page**: make tokens and hooks, invite people, choose what is read, remove a product, take
all data along, disconnect. A token that was lost could otherwise leave a door behind it, or nothing.

**Parameters** that an operation does not know are refused with 422, so that a slip of the pen never passes for "all".

**Lists** come a page at a time: send `next` of one page as `cursor` of the following one. Entries that come
meanwhile move nothing.

**Errors** are `application/problem+json` (RFC 9457); `type` leads to an explanation.

**How often.** Each token and each address has an allowance a minute; the headers `RateLimit` and `RateLimit-Policy`
say what is left, and 429 says in `Retry-After` when to come again.

**Reading again.** Send an answer's `ETag` as `If-None-Match`, and 304 says that nothing has changed.

**Versions.** What is described here keeps its meaning under `/api/v1`: answers may get new members, so ignore what
you do not know. Anything else comes as `/api/v2`; then `/api/v1` stays for at least a year and says its end in the
header `Sunset` (RFC 8594).
"""
TAGS = [
    {"name": "products", "description": "What a person ships, and the clauses that its documents are held against."},
    {"name": "reports", "description": "Where each constraint stands, with its proof, and what drifted."},
    {
        "name": "documents",
        "description": "The candidates, what each of them gives, and what the Drive's own search suggests.",
    },
    {"name": "releases", "description": "What documents are held against."},
    {"name": "waivers", "description": "People's decisions on constraints."},
    {"name": "objections", "description": "What people hold against verdicts."},
    {"name": "alerts", "description": "Who gets mail, when, and what it says."},
    {"name": "people", "description": "Who sees a product, who did what, and the tokens of whoever asks."},
    {"name": "work", "description": "Looks through the Drive, and all other jobs."},
    {"name": "webhooks", "description": "How a program without a token tells of a release."},
]
_ALWAYS = (Trouble.NO_TOKEN, Trouble.NOT_ACCEPTABLE, Trouble.INVALID, Trouble.TOO_OFTEN, Trouble.BROKEN, Trouble.AWAY)
_CHANGING = (Trouble.NOT_ALLOWED, Trouble.CONFLICT)
_SENDING = (Trouble.MALFORMED, Trouble.TOO_SLOW, Trouble.TOO_LARGE, Trouble.NOT_JSON)


def described(api: FastAPI, problems: Problems) -> dict[str, Any]:
    """Return the document."""
    document = get_openapi(
        title="Crosswalk",
        version=VERSION,
        description=DESCRIPTION,
        tags=TAGS,
        routes=api.routes,
        servers=[{"url": f"{problems.base_url}/api/v1"}],
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for left_out in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_out, None)
    problem = Problem.model_json_schema(ref_template=REF.format("schemas", "{model}"))
    schemas.update(problem.pop("$defs"), Problem=problem)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A personal token: `cw_` and 64 digits."}
    }
    components["responses"] = {one.slug: _response(one, problems) for one in Trouble}
    components["headers"] = _HEADERS
    document["security"] = [{"token": []}]
    for path, method, operation in _operations(document):
        _complete(path, method, operation)
    document["paths"]["/hooks/{hook_id}"] = hook_described(problems.base_url)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what each operation can be answered beside what it is asked for."""
    troubles = [*_ALWAYS]
    if "{" in path:
        troubles.append(Trouble.NOT_FOUND)
    if method != "get":
        troubles += _CHANGING
    if "requestBody" in operation:
        troubles += _SENDING
    answers = operation["responses"]
    troubles += [Trouble.of(int(status)) for status in answers if status.startswith("4")]
    for status, answer in answers.items():
        if status.startswith("2"):
            answer["headers"] = {
                name: {"$ref": REF.format("headers", name)} for name in _HEADERS if method == "get" or name != "ETag"
            }
    for trouble in troubles:
        answers[str(trouble.status)] = {"$ref": REF.format("responses", trouble.slug)}
    if method == "get":
        answers["304"] = {"description": "Nothing has changed since the answer whose ETag was sent."}
    operation["responses"] = dict(sorted(answers.items()))


def _response(trouble: Trouble, problems: Problems) -> dict[str, Any]:
    example = {
        "type": problems.type_of(trouble),
        "title": trouble.title,
        "status": trouble.status,
        "detail": trouble.remedy,
        "instance": "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    }
    if trouble is Trouble.INVALID:
        example["errors"] = [{"detail": "Input should be a valid date", "pointer": "#/until"}]
    answer: dict[str, Any] = {
        "description": f"{trouble.title}. {trouble.remedy}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format("schemas", "Problem")}, "example": example}},
    }
    if trouble in {Trouble.TOO_OFTEN, Trouble.AWAY}:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer


_HEADERS: dict[str, Any] = {
    "RateLimit": {"description": "What is left of the token's allowance.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "The token's allowance, in a minute.", "schema": {"type": "string"}},
    "ETag": {"description": "Names this very answer.", "schema": {"type": "string"}},
}
