"""What stands before every page."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from scanner.web.guard import Guard, same_origin


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"host": "crosswalk.example", "origin": "https://crosswalk.example", "sec-fetch-site": "same-origin"}, True),
        ({"host": "127.0.0.1:8765", "origin": "http://127.0.0.1:8765"}, True),
        ({"host": "crosswalk.example", "sec-fetch-site": "same-origin"}, True),
        ({"host": "crosswalk.example", "origin": "https://evil.example"}, False),
        ({"host": "crosswalk.example", "origin": "https://crosswalk.example.evil.example"}, False),
        ({"host": "crosswalk.example", "origin": "https://crosswalk.example", "sec-fetch-site": "same-site"}, False),
        ({"host": "crosswalk.example", "sec-fetch-site": "cross-site"}, False),
        ({"host": "crosswalk.example", "origin": "null"}, False),
        ({"host": "127.0.0.1:8765", "origin": "http://127.0.0.1:9999"}, False),
        ({"host": "crosswalk.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_only_our_own_pages_may_ask_for_a_change(headers: dict[str, str], ours: bool) -> None:  # noqa: FBT001 -- pytest passes it by name
    """By what browsers say and other sites cannot forge."""
    assert same_origin(Headers(headers)) is ours


@pytest.mark.parametrize(
    ("verb", "path", "verified", "status"),
    [
        ("POST", "/changed", "/changed", 200),
        ("POST", "/changed", "", 403),
        ("POST", "/changed/", "/changed", 403),
        ("POST", "/other", "/changed", 403),
        ("POST", "/hooks/h1", "/hooks/", 200),
        ("POST", "/hooksx", "/hooks/", 403),
        ("PUT", "/hooks/h1", "/hooks/", 403),
        ("DELETE", "/changed", "/changed", 403),
        ("POST", "", "", 403),
        ("GET", "/other", "", 200),
    ],
)
def test_one_path_alone_may_be_asked_from_elsewhere_for_it_proves_itself(
    verb: str, path: str, verified: str, status: int
) -> None:
    """And only where it is wanted."""

    def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("yes")

    inner = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "DELETE"])])
    guard = Guard(inner, https=False, verified=(verified,))

    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://x") as client:
            return (await client.request(verb, path)).status_code

    assert asyncio.run(ask()) == status
