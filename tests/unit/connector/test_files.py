"""Drive's JSON becomes a source file whatever Google leaves out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.files import LIST_FIELDS, fingerprint, source_file
from connector.drive.items import Item
from connector.drive.wire import read
from connector.source import SourceFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def item(**raw: Any) -> Item:
    return read(json.dumps({"id": "1", **raw}).encode(), Item)


def made(**raw: Any) -> SourceFile:
    return source_file(item(**raw), path="My Drive", max_file_mb=10)


def test_the_mask_of_listings_asks_for_what_completeness_needs() -> None:
    assert "nextPageToken" in LIST_FIELDS
    assert "incompleteSearch" in LIST_FIELDS
    assert "permissions" not in LIST_FIELDS  # it would shrink the pages


def test_a_google_document_is_what_its_export_is() -> None:
    file = made(mimeType="application/vnd.google-apps.document", version="7", modifiedTime="2026-05-04T10:00:00.000Z")
    assert file.media_type == DOCX
    assert file.fingerprint == "version:7:2026-05-04T10:00:00.000Z"
    assert file.blocked is None


@pytest.mark.parametrize("name", ["half a character \ud83d", "\udcff", "nothing \x00 here"])
def test_names_that_no_database_would_keep_are_told_with_a_mark_in_their_place(name: str) -> None:
    marked = made(name=name, webViewLink=f"https://drive.example/{name}")
    assert "\ufffd" in marked.name
    for kept in (marked.name, marked.link):
        assert "\x00" not in kept
        assert kept.encode().decode() == kept


@pytest.mark.parametrize("field", ["mimeType", "version", "driveId", "modifiedTime"])
def test_nothing_that_is_kept_of_a_file_holds_what_no_database_would(field: str) -> None:
    marked = made(**{field: "half \ud83d and \x00"})
    for kept in (marked.media_type, marked.fingerprint, marked.drive):
        assert "\x00" not in kept
        assert kept.encode().decode() == kept


@pytest.mark.parametrize("size", ["-1", str(1 << 63), "9" * 5000, "a few"])
def test_a_size_that_can_be_none_is_as_one_that_google_leaves_out(size: str) -> None:
    assert made(size=size, mimeType="application/pdf").size is None


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"])
def test_a_moment_that_is_none_of_ours_is_no_moment(day: str) -> None:
    assert made(modifiedTime=day).modified_at is None


def test_a_blob_is_known_by_its_checksum_and_not_by_its_dates() -> None:
    one = {"sha256Checksum": "abc", "md5Checksum": "def", "size": "5", "version": "1"}
    later = {**one, "version": "2", "modifiedTime": "2026-01-01T00:00:00Z"}
    assert fingerprint(item(**one)) == fingerprint(item(**later))
    assert fingerprint(item(**one)) != fingerprint(item(**{**one, "sha256Checksum": "abd"}))


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (
            {"mimeType": "application/pdf", "capabilities": {"canDownload": False}},
            "its owner has switched off downloading",
        ),
        ({"mimeType": "application/vnd.google-apps.form"}, "it is a Google format that cannot be read as a document"),
        ({"mimeType": "application/pdf", "size": str(11 << 20)}, "it is larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_says_why(raw: dict[str, Any], because: str) -> None:
    assert made(**raw).blocked == because


@given(
    st.dictionaries(
        st.sampled_from(["name", "mimeType", "size", "modifiedTime", "version", "webViewLink", "driveId"]),
        st.text(max_size=40) | st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=2),
    )
)
def test_no_field_that_google_leaves_out_or_garbles_loses_the_file(raw: dict[str, Any]) -> None:
    file = made(**raw)
    assert file.id == "1"
    assert file.modified_at is None or file.modified_at.tzinfo is not None


@pytest.mark.parametrize("field", ["capabilities", "size", "webViewLink", "modifiedTime", "md5Checksum", "version"])
def test_a_field_that_google_leaves_empty_is_as_one_that_it_leaves_out(field: str) -> None:
    given = {"capabilities": {"canDownload": True}, "mimeType": "text/plain", "name": "a.txt"}
    empty = made(**{**given, field: None})
    assert empty.blocked is None
    assert "None" not in f"{empty.name} {empty.link}"
