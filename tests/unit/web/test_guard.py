"""What stands before every page."""

import pytest
from starlette.datastructures import Headers

from scanner.web.guard import same_origin


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
