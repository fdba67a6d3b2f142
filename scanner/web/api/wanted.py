"""What a request may be like by what its head says: JSON in a body of bounded size, JSON out."""

from starlette.datastructures import Headers
from starlette.types import Scope

from scanner.web.api.problems import MEDIA_TYPE, Trouble

MAX_BYTES = 100_000
_JSON = "application/json"
_GIVEN = frozenset({_JSON, MEDIA_TYPE, "application/*", "*/*"})


def misfit(scope: Scope) -> Trouble | None:
    """Say why a request cannot be taken by what its head says of it, None where it can."""
    headers = Headers(scope=scope)
    if not _takes_json(headers.get("accept", "")):
        return Trouble.NOT_ACCEPTABLE
    length = headers.get("content-length", "")
    has_body = length not in {"", "0"} or "transfer-encoding" in headers
    if has_body and _essence(headers.get("content-type", "")) != _JSON:
        return Trouble.NOT_JSON
    if length.isdigit() and int(length) > MAX_BYTES:
        return Trouble.TOO_LARGE
    return None


def _takes_json(accept: str) -> bool:
    """Tell whether one of the media ranges that are accepted holds JSON (RFC 9110 §12.5.1)."""
    if not accept.strip():
        return True
    ranges = [one.partition(";") for one in accept.lower().split(",")]
    return any(name.strip() in _GIVEN and _weight(rest) != "q=0" for name, _, rest in ranges)


def _weight(parameters: str) -> str:
    """Return the weight among a range's parameters, every way of writing nought as one."""
    for one in parameters.replace(" ", "").split(";"):
        if one.startswith("q="):
            return "q=0" if one[2:].strip("0.") == "" else one
    return ""


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
