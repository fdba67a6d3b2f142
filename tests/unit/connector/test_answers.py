"""Google's refusals are told apart by reason, and each has its place in the error tree."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.answers import HeldForAbuse, Refusal, ServerFailed, TooLargeToExport
from connector.errors import (
    ConnectorError,
    ConsentLost,
    CursorRejected,
    FileGone,
    FileUnavailable,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)


def answered(status: int, reason: str = "", location: str = "", **headers: str) -> ConnectorError:
    body = {"error": {"code": status, "message": "…", "errors": [{"reason": reason, "location": location}]}}
    return Refusal.read(status, headers, json.dumps(body).encode()).error()


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (401, "authError", ConsentLost),
        (403, "insufficientPermissions", ConsentLost),
        (403, "domainPolicy", ConsentLost),
        (403, "accessNotConfigured", SourceRefused),
        (403, "forbidden", SourceRefused),
        (403, "userRateLimitExceeded", RateLimited),
        (403, "rateLimitExceeded", RateLimited),
        (429, "rateLimitExceeded", RateLimited),
        (403, "dailyLimitExceeded", SourceUnavailable),
        (403, "sharingRateLimitExceeded", RateLimited),
        (404, "notFound", FileGone),
        (403, "cannotDownloadFile", FileUnavailable),
        (403, "cannotExportFile", FileUnavailable),
        (403, "insufficientFilePermissions", FileUnavailable),
        (403, "exportSizeLimitExceeded", TooLargeToExport),
        (403, "fileNotDownloadable", FileUnavailable),
        (403, "fileNotExportable", FileUnavailable),
        (403, "cannotDownloadAbusiveFile", HeldForAbuse),
        (400, "badRequest", FileUnavailable),
        (500, "backendError", ServerFailed),
        (500, "internalError", ServerFailed),
        (503, "", ServerFailed),
        (302, "", SourceUnavailable),
        (410, "", CursorRejected),
        (403, "aReasonOfTomorrow", SourceUnavailable),
        (400, "invalidParameter", SourceRefused),
    ],
)
def test_a_reason_has_its_place_in_the_error_tree(status: int, reason: str, expected: type[ConnectorError]) -> None:
    error = answered(status, reason)
    assert type(error) is expected
    assert error.transient is issubclass(expected, SourceUnavailable)


def test_a_page_token_that_google_no_longer_knows_is_a_rejected_cursor() -> None:
    assert type(answered(400, "invalid", "pageToken")) is CursorRejected


def test_the_wait_that_google_asks_for_is_kept() -> None:
    assert answered(503, "backendError", **{"retry-after": "7"}).retry_after == 7
    assert answered(503, "backendError", **{"retry-after": "soon"}).retry_after is None
    by_the_clock = {"retry-after": "Sat, 28 Nov 2026 17:00:09 GMT", "date": "Sat, 28 Nov 2026 17:00:00 GMT"}
    assert answered(503, "backendError", **by_the_clock).retry_after == 9
    assert answered(503, "backendError", **{"retry-after": by_the_clock["date"]}).retry_after is None


@given(st.integers(400, 599), st.binary(max_size=300))
def test_no_body_makes_the_reading_fail(status: int, body: bytes) -> None:
    assert isinstance(Refusal.read(status, {}, body).error(), ConnectorError)


def test_what_an_unknown_refusal_says_is_kept_in_the_log_and_told_to_no_customer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = {"error": {"message": "The moon is\nin the way.", "errors": [{"reason": "moonInTheWay"}]}}
    error = Refusal.read(403, {}, json.dumps(body).encode()).error()
    assert str(error) == "Google refused for a reason that we do not know (403 moonInTheWay)."
    (kept,) = caplog.messages
    assert kept == "Google refused for a reason that we do not know (403 moonInTheWay): The moon is in the way."


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (
            b"<html><head><title>Error 403 (Forbidden)!!1</title></head><body>x</body></html>",
            "Error 403 (Forbidden)!!1",
        ),
        (b"the text of somebody's document", ""),
        (b'{"error": "the text of somebody\'s document"}', ""),
        (b'{"error": {"message": {"a": 1}}}', ""),
        (b'{"error": {"message": "no ya29.a0AfH6SMBx-verylongtoken_0123456789 here"}}', "no … here"),
        (b'{"error": {"message": "see https://example.org/?key=1 or anna@example.org"}}', "see … or …"),
        (json.dumps({"error": {"message": "word " * 1000}}).encode(), ("word " * 40).strip()),
    ],
)
def test_only_words_about_the_refusal_are_kept_short_and_without_secrets(body: bytes, kept: str) -> None:
    assert Refusal.read(403, {}, body).excerpt == kept


@given(st.text(alphabet="abc019_-./+~", min_size=20, max_size=400), st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_could_be_a_token_is_ever_kept(token: str, before: str, after: str) -> None:
    body = json.dumps({"error": {"message": f"{before} {token} {after}", "errors": [{"reason": token * 3}]}}).encode()
    refusal = Refusal.read(403, {}, body)
    assert token not in refusal.excerpt
    assert token not in str(refusal.error())
    assert len(refusal.excerpt) <= 200
