"""The two little languages of Drive, queries and masks, take any text: they answer it or refuse it, and never break."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.search import query_of
from connector.emulator.discovery import Contract, load_contract
from connector.emulator.fields import BadMask, Mask, apply_mask, parse_mask
from connector.emulator.query import BadQuery, parse_query

FILE: dict[str, Any] = {
    "id": "1",
    "name": "Owner's Security guide",
    "mimeType": "application/pdf",
    "trashed": False,
    "starred": False,
    "parents": ["root-1"],
    "owners": [{"emailAddress": "owner@example.org", "me": True}],
    "capabilities": {"canDownload": True, "canCopy": True},
    "createdTime": "2026-05-04T10:00:00.000Z",
    "modifiedTime": "2026-05-04T10:00:00.000Z",
}
CONTRACT: Contract = load_contract()
QUERY_WORDS = ["and", "or", "not", "(", ")", "=", "!=", "<", "contains", "in", "name", "mimeType", "trashed", "true",
               "parents", "modifiedTime", "sharedWithMe", "'root'", "'2026-05-04'", "'guide'", "'\\", '"']  # fmt: skip
MASK_WORDS = ["id", "name", "owners", "me", "capabilities", "canCopy", "files", "*", "(", ")", "/", ",", " ", "x"]


def query(text: str) -> Callable[[Mapping[str, Any]], bool]:
    return parse_query(text, root_id="root-1", me="owner@example.org")


def mask(text: str) -> Mask | None:
    return parse_mask(text, contract=CONTRACT, schema={"$ref": "File"})


@given(st.text() | st.lists(st.sampled_from(QUERY_WORDS)).map(" ".join))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        test = query(text)
    except BadQuery:
        return
    assert test(FILE) in (True, False)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_can_be_asked_for_when_it_is_escaped(name: str) -> None:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    test = query(f"name = '{escaped}'")
    assert test(FILE | {"name": name})
    assert not test(FILE | {"name": name + "!"})


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("passwords three", True),
        ('"three passwords"', True),
        ('"passwords three"', False),
        ("Owner passwords", True),
        ('"THREE   passwords"', True),
        ("pass", False),
    ],
)
def test_full_text_is_searched_by_whole_words_and_in_double_quotes_by_a_phrase(asked: str, found: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    indexed = FILE | {"contentHints": {"indexableText": "After three passwords it locks."}}
    assert query(f"fullText contains '{asked}'")(indexed) is found


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: f"{text} x"))
def test_whatever_is_searched_for_is_asked_as_one_phrase_and_nothing_else(words: str) -> None:
    asked = query(query_of(words))
    assert asked(FILE | {"contentHints": {"indexableText": words}})
    assert not asked(FILE | {"contentHints": {"indexableText": words}, "trashed": True})


@given(st.text(), st.text())
def test_a_negation_turns_every_answer_round(first: str, second: str) -> None:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    either = f"name contains {quoted(first)} or mimeType = {quoted(second)}"
    assert query(f"not ({either})")(FILE) != query(either)(FILE)


def test_and_binds_tighter_than_or() -> None:
    assert query("trashed=false or trashed=true and trashed=true")(FILE)
    assert not query("(trashed=false or trashed=true) and trashed=true")(FILE)


@pytest.mark.parametrize("text", ["(" * 5000 + ")" * 5000, "not " * 5000 + "trashed=true"])
def test_a_query_without_bottom_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        query(text)


@given(st.text() | st.lists(st.sampled_from(MASK_WORDS)).map("".join))
def test_any_text_is_a_mask_or_is_refused(text: str) -> None:
    try:
        read = mask(text)
    except BadMask:
        return
    assert is_part(apply_mask(FILE, read), FILE)


def is_part(part: Any, whole: Any) -> bool:
    if isinstance(whole, dict):
        return all(name in whole and is_part(value, whole[name]) for name, value in part.items())
    if isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_part, part, whole))
    return bool(part == whole)


def test_a_star_selects_everything_and_a_blank_mask_nothing() -> None:
    assert apply_mask(FILE, mask("*")) == FILE
    assert apply_mask(FILE, mask("  ")) == {}


@pytest.mark.parametrize("text", ["*/id", "*(id)", "id/name", "owners/me/id", "((", "/id", "id/", "id,,name"])
def test_a_mask_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(BadMask):
        mask(text)


def test_two_paths_into_one_field_are_both_kept() -> None:
    once = apply_mask(FILE, mask("owners/me,owners/emailAddress,capabilities/canCopy"))
    assert json.loads(json.dumps(once)) == {
        "owners": [{"emailAddress": "owner@example.org", "me": True}],
        "capabilities": {"canCopy": True},
    }
    assert apply_mask(FILE, mask("capabilities/canCopy,capabilities")) == {"capabilities": FILE["capabilities"]}
