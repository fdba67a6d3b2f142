"""What the API answers where it cannot do what was asked: RFC 9457, the same form for every error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

MEDIA_TYPE = "application/problem+json"


class Trouble(Enum):
    """Every kind of error: its HTTP status, its name in the type's address, its title, what to do about it."""

    MALFORMED = 400, "malformed", "The request cannot be read", "Send what the OpenAPI document describes."
    NO_TOKEN = 401, "no-token", "A valid token is needed", "Send `Authorization: Bearer cw_…` with a token in force."
    NOT_ALLOWED = 403, "not-allowed", "The token may not do that", "Use a token with write scope of a member or owner."
    NOT_FOUND = 404, "not-found", "There is no such thing", "It is not there, or it is not shared with you."
    NO_SUCH_METHOD = 405, "no-such-method", "That cannot be done here", "The header Allow names what can be."
    NOT_ACCEPTABLE = 406, "not-acceptable", "There is only JSON here", "Accept application/json."
    TOO_SLOW = 408, "too-slow", "The body did not come in time", "Send it again."
    CONFLICT = 409, "conflict", "It stands otherwise already", "Look at what is there, and decide again."
    TOO_LARGE = 413, "too-large", "The body is too long", "No request of this API needs so much."
    NOT_JSON = 415, "not-json", "The body has to be JSON", "Send it with `Content-Type: application/json`."
    INVALID = 422, "invalid", "Something in the request does not fit", "`errors` names each part and what is wrong."
    TOO_OFTEN = 429, "too-often", "Too many requests", "Wait for as many seconds as Retry-After says."
    BROKEN = 500, "broken", "Something broke on our side", "Nothing was lost; `instance` finds it in the log."
    AWAY = 503, "away", "The database does not answer", "Try again later."

    def __init__(self, status: int, slug: str, title: str, remedy: str) -> None:
        """Take the four parts."""
        self.status = status
        self.slug = slug
        self.title = title
        self.remedy = remedy

    @classmethod
    def of(cls, status: int) -> "Trouble":
        """Return the kind of a status; of one that is not among them, the kind that stands for its class."""
        known = {one.status: one for one in cls}
        return known.get(status) or (cls.MALFORMED if status < 500 else cls.BROKEN)


class Fault(BaseModel):
    """One part of a request that does not fit."""

    detail: str = Field(description="What is wrong with it.")
    pointer: str | None = Field(default=None, description="Where in the body: a JSON pointer as a fragment.")
    parameter: str | None = Field(default=None, description="Which parameter of the path, query or header.")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="The kind of error; the address explains it.", json_schema_extra={"format": "uri"})
    title: str = Field(description="The kind in words, the same each time.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What it is this time, and what to do.")
    instance: str = Field(
        description="This one occurrence; the log names it where it is ours.", json_schema_extra={"format": "uri"}
    )
    errors: list[Fault] | None = Field(default=None, description="Of `invalid`: each part that does not fit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Writes them."""

    base_url: str  # how programs reach this site: types are explained on its page /api

    def type_of(self, trouble: Trouble) -> str:
        """Return the address that names a kind, and explains it."""
        return f"{self.base_url}/api#{trouble.slug}"

    def answer(
        self,
        trouble: Trouble,
        detail: str = "",
        *,
        instance: str = "",
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer; nothing of what was asked is repeated in it, since that could be a secret."""
        body: dict[str, Any] = {
            "type": self.type_of(trouble),
            "title": trouble.title,
            "status": trouble.status,
            "detail": detail or trouble.remedy,
            "instance": instance or new_instance(),
        }
        if faults:
            body["errors"] = [one.model_dump(exclude_none=True) for one in faults]
        return JSONResponse(body, status_code=trouble.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def new_instance() -> str:
    """Name an occurrence."""
    return uuid4().urn
