"""An answer is read quickly where it can be, and otherwise as the standard library reads it; or it is no answer."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.drive.wire import Wire

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(), values, max_size=3), st.booleans())
def test_every_object_is_read_as_the_standard_library_reads_it(body: dict[str, Any], plain: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
    content = json.dumps(body, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    assert Wire().deserialize(content) == json.loads(json.dumps(body))


def test_a_page_is_read_whatever_strangers_call_their_files() -> None:
    page = Wire().deserialize(b'{"files": [{"id": "1", "name": "half \\ud83d"}], "nextPageToken": "on"}')
    assert page == {"files": [{"id": "1", "name": "half \ud83d"}], "nextPageToken": "on"}
    assert math.isnan(Wire().deserialize(b'{"size": NaN}')["size"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><title>Sign in</title>",
        b'{"files": [{"id": "1"',
        b'"files"',
        b"[]",
        b"null",
        b"\xff\xfe\xfd",
        b'{"a":' * 100_000,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_whatever_is_no_object_is_no_answer(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whichever: the client takes each for no answer
        Wire().deserialize(content)
