"""An answer is read quickly where it can be, and otherwise as the standard library reads it; or it is no answer."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connector.drive.items import Change, ChangePage, Drive, DriveListing, Item, Listing
from connector.drive.wire import read

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=5,
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(words, values, max_size=3), st.booleans())
def test_every_object_is_read_as_the_standard_library_reads_it(body: dict[str, Any], plain: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
    content = json.dumps(body, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    assert read(content, dict) == json.loads(json.dumps(body))


@example("\ud800")
@given(st.text(st.characters()))
def test_of_a_text_that_no_database_would_keep_all_but_a_mark_is_kept(name: str) -> None:
    for spelled in (json.dumps({"id": "1", "name": name}), json.dumps({"id": "1", "name": name}, ensure_ascii=False)):
        kept = read(spelled.encode("utf-8", "surrogatepass"), Item).name
        assert "\0" not in kept
        assert kept.encode().decode() == kept
        if name.isprintable():
            assert kept == name


def test_a_page_is_read_whatever_strangers_call_their_files() -> None:
    page = read(b'{"files": [{"id": "1", "name": "half \\ud83d"}, {"id": "2"}], "nextPageToken": "on"}', Listing)
    assert page == Listing(files=(Item(id="1", name="half \ufffd"), Item(id="2")), next_page_token="on")
    assert math.isnan(read(b'{"size": NaN}', dict)["size"])


def test_a_field_of_an_item_that_is_of_another_type_is_as_one_that_was_left_out() -> None:
    odd = b'{"id": "1", "name": null, "size": NaN, "parents": "up", "owners": [{"displayName": 1}], "version": "7"}'
    assert read(b'{"files": [%s]}' % odd, Listing).files == (Item(id="1", version="7"),)
    assert read(b'{"changes": [{"fileId": "1", "file": %s}]}' % odd, ChangePage).changes[0].file == Item(
        id="1", version="7"
    )
    assert read(odd, Item) == Item(id="1", version="7")


def test_a_shared_drive_without_a_name_is_one() -> None:
    nameless = b'{"id": "TEAM", "name": null}'
    assert read(b'{"drives": [%s]}' % nameless, DriveListing).drives == (Drive(id="TEAM"),)
    change = Change(change_type="drive", drive_id="TEAM", drive=Drive(id="TEAM"))
    told = b'{"changes": [{"changeType": "drive", "driveId": "TEAM", "drive": %s}]}' % nameless
    assert read(told, ChangePage).changes == (change,)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"files": [], "nextPageToken": 5}', Listing),
        (b'{"files": [], "incompleteSearch": "perhaps"}', Listing),
        (b'{"files": {}}', Listing),
        (b'{"files": [{"name": "without an id"}]}', Listing),
        (b'{"changes": [{"file": {"name": "without an id"}}]}', ChangePage),
        (b'{"drives": [{"name": "without an id"}]}', DriveListing),
        (b'{"changes": [], "newStartPageToken": {}}', ChangePage),
    ],
)
def test_a_page_whose_own_fields_are_of_another_type_is_no_answer(content: bytes, kind: type) -> None:
    with pytest.raises(
        ValueError, match=r"Expected|without an id"
    ):  # a token that was passed over would end the listing
        read(content, kind)


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
        read(content, dict)
