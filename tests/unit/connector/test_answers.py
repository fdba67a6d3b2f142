"""Google's refusals are told apart by reason, and each has its place in the error tree."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.answers import Refusal
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
        (403, "exportSizeLimitExceeded", FileUnavailable),
        (403, "fileNotDownloadable", FileUnavailable),
        (403, "fileNotExportable", FileUnavailable),
        (403, "cannotDownloadAbusiveFile", FileUnavailable),
        (400, "badRequest", FileUnavailable),
        (500, "backendError", SourceUnavailable),
        (500, "internalError", SourceUnavailable),
        (503, "", SourceUnavailable),
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


@given(st.integers(400, 599), st.binary(max_size=300))
def test_no_body_makes_the_reading_fail(status: int, body: bytes) -> None:
    assert isinstance(Refusal.read(status, {}, body).error(), ConnectorError)
