"""A Google document arrives whole by one of Google's ways, or it is told why it could not be had."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector import ConnectorError, FileUnavailable, SourceUnavailable
from connector.drive.files import MEGABYTE
from connector.errors import RateLimited
from tests.drive_builders import Desk, a_desk, a_document, a_file
from tests.emulator_process import running_emulator, write_seed

DOC = a_document()
LARGE = a_document(10 * MEGABYTE + 5000)
EXPORT = "GET /drive/v3/files/doc/export"
PREPARE = "POST /drive/v3/files/doc/download"
POLL = "GET /drive/v3/operations/*"
PREPARED = "GET /download/file/doc"
LINKS = "GET /drive/v3/files/doc"
LINKED = "GET /download/export/doc"
TOO_LARGE = {"export_too_large": True, "times": None}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("seed")
    (folder / "doc").write_bytes(DOC)
    (folder / "large").write_bytes(LARGE)
    items: list[dict[str, Any]] = [
        {"id": "doc", "kind": "google-doc", "content": "doc"},
        {"id": "large", "kind": "google-slides", "content": "large"},
        {"id": "sealed", "kind": "google-doc", "content": "doc", "can_download": False},
        {"id": "form", "kind": "google-sheet", "text": "this is no zip container"},
    ]
    with running_emulator(write_seed(folder, items=items)) as base:
        yield base


@pytest.fixture
def desk(root: str) -> Iterator[Desk]:
    with a_desk(root) as one:
        yield one


def asked(desk: Desk, match: str) -> int:
    """Return how often something was asked for."""
    verb, _, path = match.partition(" ")
    start = path.removesuffix("*")
    return sum(call["method"] == verb and call["path"].startswith(start) for call in desk.calls())


def elsewhere(root: str) -> str:
    """Return a sign-in page on another host, as far as a client can tell."""
    return root.replace("127.0.0.1", "localhost") + "/signin"


def test_a_document_comes_by_the_plain_export(desk: Desk) -> None:
    assert desk.fetch("doc") == DOC
    assert asked(desk, "POST /") == 0


@pytest.mark.parametrize("fault", [{"truncate": True}, {"short": True}, {"corrupt": True}, {"login_page": True}])
def test_an_export_that_arrives_as_something_else_is_made_again(desk: Desk, fault: dict[str, object]) -> None:
    desk.fault(EXPORT, **fault)
    assert desk.fetch("doc") == DOC
    assert asked(desk, EXPORT) == 2
    assert asked(desk, "POST /") == 0


def test_a_document_over_ten_megabytes_is_prepared_by_google_and_fetched_when_it_is_ready(desk: Desk) -> None:
    desk.fault(POLL, pending=True, times=6)
    assert desk.fetch("large") == LARGE
    assert asked(desk, POLL) == 7
    assert desk.waits == [1, 2, 4, 8, 16, 30, 30]


def test_an_operation_that_is_done_when_it_begins_is_not_asked_for_again(desk: Desk) -> None:
    desk.fault(PREPARE, at_once=True)
    desk.fault(EXPORT, **TOO_LARGE)
    assert desk.fetch("doc") == DOC
    assert asked(desk, POLL) == 0


def test_an_operation_is_found_by_its_whole_name_too(desk: Desk) -> None:
    desk.fault(PREPARE, long_name=True)
    desk.fault(EXPORT, **TOO_LARGE)
    assert desk.fetch("doc") == DOC
    assert [call["path"] for call in desk.calls("operations")] == ["/drive/v3/operations/download-doc-as-google-doc"]


def test_an_export_that_always_fails_for_one_document_is_had_in_another_way(desk: Desk) -> None:
    desk.fault(EXPORT, status=500, reason="internalError", times=None)
    assert desk.fetch("doc") == DOC
    assert (asked(desk, EXPORT), asked(desk, PREPARE)) == (3, 1)


def test_an_export_that_is_always_a_sign_in_page_is_had_in_another_way(desk: Desk) -> None:
    desk.fault(EXPORT, login_page=True, times=None)
    assert desk.fetch("doc") == DOC
    assert (asked(desk, EXPORT), asked(desk, PREPARE)) == (5, 1)


@pytest.mark.parametrize(
    ("match", "fault"),
    [
        (PREPARE, {"status": 500, "reason": "backendError"}),
        (PREPARE, {"status": 403, "reason": "aReasonOfTomorrow"}),
        (POLL, {"failed": 3}),
        (POLL, {"failed": 13}),
        (POLL, {"pending": True}),
        (POLL, {"status": 403, "reason": "insufficientFilePermissions"}),
        (POLL, {"status": 403, "reason": "aReasonOfTomorrow"}),
        (POLL, {"leads_to": ""}),
        (POLL, {"leads_to": "https://example.org/document"}),
        (PREPARED, {"login_page": True}),
        (PREPARED, {"truncate": True}),
        (PREPARED, {"corrupt": True}),
        (PREPARED, {"status": 403, "reason": "cannotDownloadFile"}),
    ],
    ids=str,
)
def test_where_preparing_fails_the_export_link_is_taken(desk: Desk, match: str, fault: dict[str, Any]) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(match, times=None, **fault)
    assert desk.fetch("doc") == DOC
    assert asked(desk, LINKED) == 1


@pytest.mark.parametrize(
    ("poll", "links", "error", "others"),
    [
        (
            {"failed": 3},
            {"leads_to": ""},
            FileUnavailable,
            "Google could not export it (code 3); Google has no link to it",
        ),
        (
            {"status": 403, "reason": "insufficientFilePermissions"},
            {"leads_to": "https://example.org/document"},
            FileUnavailable,
            "its owner has not allowed reading its contents; Google's link to it leads to somebody else",
        ),
        (
            {"pending": True},
            {"leads_to": ""},
            SourceUnavailable,
            "Google had not exported it after 5 minutes; Google has no link to it",
        ),
    ],
    ids=["failed", "refused", "pending"],
)
def test_where_every_way_fails_each_is_told(
    desk: Desk, poll: dict[str, Any], links: dict[str, Any], error: type[ConnectorError], others: str
) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(POLL, times=None, **poll)
    desk.fault(LINKS, query={"fields": "exportLinks"}, **links)
    with pytest.raises(error) as caught:
        desk.fetch("doc")
    assert type(caught.value) is error
    first = "it is larger than Google exports (10 MB)"
    assert str(caught.value) == f"{first}, and no other way worked ({others})"


def test_an_operation_that_never_ends_is_given_up_after_a_bounded_time(desk: Desk) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(POLL, pending=True, times=None)
    assert desk.fetch("doc") == DOC
    assert 300 <= sum(desk.waits) < 331
    assert asked(desk, POLL) < 20


def test_a_link_that_sends_us_to_a_sign_in_page_elsewhere_is_not_followed(desk: Desk) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(POLL, failed=3)
    desk.fault(LINKED, redirect=elsewhere(desk.root), times=None)
    with pytest.raises(SourceUnavailable, match="sent us to a sign-in page or elsewhere"):
        desk.fetch("doc")
    assert asked(desk, LINKED) == 3
    assert desk.calls("/signin") == []


def test_a_prepared_document_at_another_host_is_not_asked_for(desk: Desk) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(POLL, leads_to=elsewhere(desk.root))
    assert desk.fetch("doc") == DOC
    assert desk.calls("/signin") == []


def test_a_redirect_within_google_is_followed_and_a_circle_of_them_is_left(desk: Desk) -> None:
    desk.fault(EXPORT, **TOO_LARGE)
    desk.fault(PREPARED, redirect="/download/export/doc")
    assert desk.fetch("doc") == DOC
    desk.fault(PREPARED, redirect="/download/file/doc", times=None)
    desk.fault(LINKED, redirect="/download/export/doc", times=None)
    with pytest.raises(SourceUnavailable):
        desk.fetch("doc")
    assert asked(desk, PREPARED) == 1 + 3 * 4  # three tries, each with three redirects


def test_a_document_whose_owner_forbids_it_is_not_even_asked_for(desk: Desk) -> None:
    with pytest.raises(FileUnavailable, match="its owner has switched off downloading"):
        desk.fetch("sealed")
    assert asked(desk, "GET /drive/v3/files/sealed") == 1


@pytest.mark.parametrize("reason", ["cannotExportFile", "cannotDownloadFile", "fileNotExportable", "badRequest"])
def test_a_final_refusal_is_asked_for_once_and_in_no_other_way(desk: Desk, reason: str) -> None:
    desk.fault(EXPORT, status=400 if reason == "badRequest" else 403, reason=reason, times=None)
    with pytest.raises(FileUnavailable):
        desk.fetch("doc")
    assert (asked(desk, EXPORT), asked(desk, "POST /")) == (1, 0)


def test_being_too_fast_is_no_reason_to_ask_in_another_way(desk: Desk) -> None:
    desk.fault(EXPORT, status=429, reason="rateLimitExceeded", times=None)
    with pytest.raises(RateLimited):
        desk.fetch("doc")
    assert asked(desk, "POST /") == 0


def test_a_document_that_is_no_container_in_any_way_is_never_handed_over(desk: Desk) -> None:
    with pytest.raises(SourceUnavailable, match="something else than the document"):
        desk.fetch("form")


def test_a_document_above_the_cap_is_left_as_soon_as_that_is_known(root: str) -> None:
    with a_desk(root, max_file_mb=5) as desk:
        with pytest.raises(FileUnavailable, match="it is larger than 5 MB"):
            desk.fetch("large")
        assert asked(desk, "GET /download/export/") == 0


def test_a_document_holds_room_for_its_export_and_then_for_what_it_is(desk: Desk) -> None:
    with desk.source.fetch(a_file("doc")):
        assert desk.budget.in_flight == len(DOC)
    with desk.source.fetch(a_file("large")):
        assert desk.budget.in_flight == len(LARGE)


SPOILT = [{"truncate": True}, {"short": True}, {"corrupt": True}, {"login_page": True}, {"status": 500}, {"html": True}]
FAULTS = st.one_of(
    st.tuples(st.sampled_from((EXPORT, PREPARED, LINKED)), st.sampled_from(SPOILT)),
    st.tuples(st.just(EXPORT), st.just({"export_too_large": True})),
    st.tuples(st.sampled_from((PREPARE, POLL)), st.sampled_from(({"status": 403}, {"html": True}, {"reset": True}))),
    st.tuples(st.just(POLL), st.sampled_from(({"pending": True}, {"failed": 5}, {"leads_to": ""}))),
    st.tuples(st.just(LINKED), st.just({"redirect": "https://example.org"})),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(FAULTS, st.sampled_from((1, 2, None))), max_size=6))
def test_whatever_breaks_the_document_is_whole_or_an_error_says_why(desk: Desk, faults: list[Any]) -> None:
    desk.do("DELETE", "faults")
    for (match, fault), times in faults:
        desk.fault(match, times=times, **fault)
    try:
        fetched, why = desk.fetch("doc"), ""
    except ConnectorError as error:
        fetched, why = b"", str(error)
    assert fetched == DOC or (faults and why)
