"""The webhook in the OpenAPI document: it lies beside the API, proves itself by a signature, and needs no token."""

from typing import Any

from scanner.pipeline.deliveries import GITHUB_EVENT, GITHUB_SIGNATURE, MAX_BYTES, SIGNATURE, TIMESTAMP

_DESCRIPTION = (
    "Made on the page *Releases*, which shows its address and secret once. GitHub's `release` and `create` events are "
    "taken as GitHub sends them; anything else signs `<unix time>.<body>`, no older than five minutes, with "
    "HMAC-SHA256. Telling a release again changes nothing."
)
_SENT: dict[str, Any] = {
    "type": "object",
    "required": ["version"],
    "properties": {
        "version": {"type": "string", "minLength": 1, "maxLength": 60},
        "released_on": {"type": ["string", "null"], "format": "date"},
        "product": {"type": "string", "maxLength": 100},
    },
    "example": {"version": "4.3.0", "released_on": "2026-11-20"},
}
_SAID: dict[str, Any] = {
    "type": "object",
    "required": ["said", "state"],
    "properties": {"said": {"type": "string"}, "state": {"type": ["string", "null"]}},
}
_ANSWERS = {
    "200": "It was known already, or refused.",
    "201": "The release is new; `state` says whether it was taken or waits for a yes.",
    "202": "It proves itself, and tells of no release.",
    "400": "It proves itself, and its body cannot be understood.",
    "401": "The signature does not fit.",
    "404": "There is no such hook.",
    "408": "The body did not come in time.",
    "413": f"The body is longer than {MAX_BYTES} bytes.",
    "429": "Too many requests come from this address.",
}


def hook_described(base_url: str) -> dict[str, Any]:
    """Return the path item of the webhook."""
    return {
        "servers": [{"url": base_url}],
        "post": {
            "tags": ["webhooks"],
            "summary": "A release happened",
            "description": _DESCRIPTION,
            "operationId": "tell_of_a_release",
            "security": [],
            "parameters": [
                {"name": "hook_id", "in": "path", "required": True, "schema": {"type": "string"}},
                _header(GITHUB_SIGNATURE, "GitHub's: `sha256=` and the HMAC-SHA256 of the body, in hexadecimal."),
                _header(GITHUB_EVENT, "GitHub's: `release` or `create`."),
                _header(TIMESTAMP, "Of anything else: seconds since 1970."),
                _header(SIGNATURE, "Of anything else: `sha256=` and the HMAC-SHA256 of `<unix time>.<body>`."),
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": _SENT}}},
            "responses": {
                status: {"description": text, "content": {"application/json": {"schema": _SAID}}}
                for status, text in _ANSWERS.items()
            },
        },
    }


def _header(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}
