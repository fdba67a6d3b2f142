"""A refusal of Google's token endpoint is told apart as far as it says why; a failing front end says nothing."""

from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.access import refused
from connector.errors import ConnectorError, ConsentLost, SourceRefused, SourceUnavailable
from connector.grant import Grant
from connector.lost import LostBecause

DAY = 86_400.0
NOW = 1_790_000_000.0
PERSON = Grant(refresh_token="1//0abc", given_at=NOW - 100 * DAY)
ROBOT = Grant(subject="anna@maker.example")


def an_error(*said: Any, retryable: bool = False) -> RefreshError:
    return RefreshError(*said, retryable=retryable)  # type: ignore[no-untyped-call]  # google-auth ships no types


def answered(error: str, description: str = "", *, grant: Grant = PERSON, **more: str) -> ConnectorError:
    return refused(an_error("…", {"error": error, "error_description": description, **more}), grant, now=NOW)


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("invalid_grant", "Token has been expired or revoked.", LostBecause.REVOKED),
        ("invalid_grant", "Bad Request", LostBecause.REVOKED),
        ("invalid_grant", "The account has been deleted", LostBecause.ACCOUNT),
        ("invalid_grant", "Account disabled", LostBecause.ACCOUNT),
        ("invalid_scope", "Some requested scopes were invalid.", LostBecause.SCOPE),
        ("org_internal", "", LostBecause.POLICY),
        ("admin_policy_enforced", "", LostBecause.POLICY),
        ("access_denied", "Account restricted", LostBecause.RESTRICTED),
        ("access_denied", "Account Restricted", LostBecause.RESTRICTED),
        ("access_denied", "", LostBecause.POLICY),
    ],
)
def test_a_persons_consent_is_lost_for_the_reason_that_google_gives(
    error: str, description: str, expected: LostBecause
) -> None:
    meant = answered(error, description)
    assert isinstance(meant, ConsentLost)
    assert meant.because is expected
    assert not meant.transient


@pytest.mark.parametrize("subtype", ["invalid_rapt", "rapt_required"])
def test_a_workspace_that_asks_to_sign_in_again_is_told_to_its_administrator(subtype: str) -> None:
    direct = answered("invalid_grant", f"reauth related error ({subtype})", error_subtype=subtype)
    swallowed = an_error("Reauthentication is needed. Please run `gcloud …` to reauthenticate.")
    for meant in (direct, refused(swallowed, PERSON, now=NOW)):
        assert isinstance(meant, ConsentLost)
        assert meant.because is LostBecause.REAUTH
        assert "administrator" in str(meant)
        assert "gcloud" not in str(meant)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (None, LostBecause.REVOKED),
        (1.0, LostBecause.REVOKED),
        (6.5, LostBecause.REVOKED),
        (7.0, LostBecause.TESTING),
        (7.9, LostBecause.TESTING),
        (8.9, LostBecause.TESTING),
        (9.1, LostBecause.REVOKED),
    ],
)
def test_a_consent_that_ends_after_about_seven_days_was_probably_one_of_testing(
    age: float | None, expected: LostBecause
) -> None:
    grant = Grant(refresh_token="1//0abc", given_at=None if age is None else NOW - age * DAY)
    meant = answered("invalid_grant", "Token has been expired or revoked.", grant=grant)
    assert isinstance(meant, ConsentLost)
    assert meant.because is expected


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("unauthorized_client", "Client is unauthorized to retrieve access tokens …", LostBecause.DELEGATION),
        ("access_denied", "Requested client not authorized.", LostBecause.DELEGATION),
        ("access_denied", "Account restricted", LostBecause.NO_SUCH_PERSON),
        ("invalid_grant", "Invalid email or User ID", LostBecause.NO_SUCH_PERSON),
        ("invalid_grant", "Not a valid email", LostBecause.NO_SUCH_PERSON),
        ("invalid_request", "Invalid impersonation prn email address", LostBecause.NO_SUCH_PERSON),
        ("invalid_grant", "The account has been deleted", LostBecause.NO_SUCH_PERSON),
        ("invalid_grant", "Invalid JWT Signature.", LostBecause.KEY_REFUSED),
        ("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)", LostBecause.KEY_REFUSED),
    ],
)
def test_a_service_account_has_words_of_its_own(error: str, description: str, expected: LostBecause) -> None:
    meant = answered(error, description, grant=ROBOT)
    assert isinstance(meant, ConsentLost)
    assert meant.because is expected


@pytest.mark.parametrize("error", ["invalid_client", "disabled_client", "deleted_client"])
def test_a_client_that_google_does_not_know_is_the_operators_fault_and_no_lost_consent(error: str) -> None:
    assert type(answered(error)) is SourceRefused


@pytest.mark.parametrize(
    "said",
    [
        ("<html>502. That is an error.</html>",),
        ("unexpected", {"error": {"code": 403}}),
        ("unexpected", {"message": "…"}),
        ("invalid: …", {"error": "a_reason_of_tomorrow"}),
    ],
)
def test_an_answer_that_names_no_known_reason_ends_no_consent(said: tuple[Any, ...]) -> None:
    meant = refused(an_error(*said), PERSON, now=NOW)
    assert type(meant) is SourceUnavailable
    assert meant.transient


def test_a_sign_in_service_that_is_away_is_no_lost_consent() -> None:
    away = an_error("internal_failure: Backend Error", {"error": "internal_failure"}, retryable=True)
    assert type(refused(away, PERSON, now=NOW)) is SourceUnavailable


@given(st.dictionaries(st.sampled_from(["error", "error_description", "error_subtype"]), st.text(max_size=40)))
def test_no_answer_makes_the_reading_fail(details: dict[str, str]) -> None:
    for grant in (PERSON, ROBOT):
        assert isinstance(refused(an_error("…", details), grant, now=NOW), ConnectorError)


def test_every_way_of_losing_a_consent_has_words_of_its_own() -> None:
    for said in ("title", "sentence", "value"):
        assert len({getattr(one, said) for one in LostBecause}) == len(LostBecause)
    for one in LostBecause:
        assert one.sentence.endswith(".")
        assert one.what_to_do.endswith((".", ")."))
        assert not one.title.endswith(".")
        assert LostBecause.of(one.value) is one
