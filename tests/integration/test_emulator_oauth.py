"""Consent at the emulator: the happy path, every refusal, and what the tokens open afterwards."""

import re
import time
from collections.abc import Iterator, Mapping

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google_auth_oauthlib.flow import Flow

from tests.emulator_client import CALLBACK, VERIFIER, a_desk, answer_of, authorize, connected, exchange
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, DRIVE_SCOPE, OWNER, running_emulator, write_seed

EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"
METADATA_SCOPE = "https://www.googleapis.com/auth/drive.metadata.readonly"
AS_SHIPPED = {
    "auto_consent": True,
    "grant_scopes": None,
    "deny": False,
    "omit_refresh_token": False,
    "refresh_error": None,
    "access_token_seconds": 3599,
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=({"id": "note", "text": "hello"},))
    with running_emulator(seed) as base:
        yield base


@pytest.fixture
def google(running: str) -> Iterator[str]:
    yield running
    turn(running)


def turn(base: str, **knobs: object) -> None:
    reply = requests.post(f"{base}/_emulator/oauth", json=knobs or AS_SHIPPED, timeout=10)
    assert reply.status_code == 200, reply.text


def refreshed(base: str, token: str, **changes: str) -> requests.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    return requests.post(f"{base}/token", data=form | changes, timeout=10)


def revoked(base: str, token: str) -> requests.Response:
    return requests.post(f"{base}/revoke", data={"token": token}, timeout=10)


def listing(base: str, token: str | None, path: str = "files") -> requests.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return requests.get(f"{base}/drive/v3/{path}", headers=headers, timeout=10)


def refusal(reply: requests.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]


def test_consent_sends_back_state_code_and_the_long_names_of_the_scopes(google: str) -> None:
    answer = answer_of(authorize(google))
    assert answer["state"] == "state-1"
    assert answer["scope"] == f"openid {EMAIL_SCOPE} {DRIVE_SCOPE}"
    assert answer["code"]


def test_a_code_becomes_tokens_that_open_the_drive(google: str) -> None:
    tokens = connected(google)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3599
    assert tokens["scope"].split() == ["openid", EMAIL_SCOPE, DRIVE_SCOPE]
    assert listing(google, tokens["access_token"]).json()["files"][0]["id"] == "note"


def test_the_identity_token_checks_out_against_the_published_key(google: str) -> None:
    reply = exchange(google, answer_of(authorize(google, nonce="nonce-1"))["code"]).json()
    keys = jwt.PyJWKClient(f"{google}/oauth2/v3/certs", cache_keys=False)
    key = keys.get_signing_key_from_jwt(reply["id_token"])
    claims = jwt.decode(
        reply["id_token"], key.key, algorithms=["RS256"], audience=CLIENT_ID, issuer="https://accounts.google.com"
    )
    expected = {"sub": OWNER["sub"], "email": OWNER["email"], "email_verified": True, "nonce": "nonce-1"}
    assert expected.items() <= claims.items()


def test_the_person_can_be_asked_for_by_her_token(google: str) -> None:
    token = connected(google)["access_token"]
    reply = requests.get(f"{google}/oauth2/v3/userinfo", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert reply.json() == {"sub": OWNER["sub"], "email": OWNER["email"], "email_verified": True}
    assert requests.get(f"{google}/oauth2/v3/userinfo", timeout=10).status_code == 401


def test_googles_own_flow_goes_through_with_the_credentials_in_the_header(
    google: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    web = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "auth_uri": f"{google}/o/oauth2/v2/auth",
        "token_uri": f"{google}/token",
    }
    flow = Flow.from_client_config(
        {"web": web}, scopes=["openid", "email", DRIVE_SCOPE], redirect_uri=CALLBACK, autogenerate_code_verifier=True
    )
    address, state = flow.authorization_url(access_type="offline", prompt="consent")
    answer = answer_of(requests.get(address, allow_redirects=False, timeout=10))
    assert answer["state"] == state
    flow.fetch_token(code=answer["code"])
    assert flow.credentials.refresh_token
    with_basic = listing(google, flow.credentials.token)
    assert with_basic.status_code == 200
    flow.oauth2session.close()


def test_a_wrong_verifier_is_refused_and_burns_the_code(google: str) -> None:
    code = answer_of(authorize(google))["code"]
    assert refusal(exchange(google, code, code_verifier="x" * 50)) == (400, "invalid_grant")
    assert refusal(exchange(google, code)) == (400, "invalid_grant")


def test_a_missing_verifier_is_refused(google: str) -> None:
    code = answer_of(authorize(google))["code"]
    assert refusal(exchange(google, code, code_verifier="")) == (400, "invalid_grant")


def test_a_code_counts_once(google: str) -> None:
    code = answer_of(authorize(google))["code"]
    assert exchange(google, code).status_code == 200
    assert refusal(exchange(google, code)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "guessed"}, (401, "invalid_client")),
        ({"client_id": "stranger"}, (401, "invalid_client")),
        ({"redirect_uri": CALLBACK + "/"}, (400, "redirect_uri_mismatch")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"code": "4/0-made-up"}, (400, "invalid_grant")),
    ],
)
def test_an_exchange_that_google_would_refuse_is_refused(
    google: str, changes: dict[str, str], expected: tuple[int, str]
) -> None:
    code = answer_of(authorize(google))["code"]
    assert refusal(exchange(google, **({"code": code} | changes))) == expected


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"client_id": "stranger"}, 401, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1:8123/elsewhere"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "https://example.org/connections/callback"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1:8123@example.org/connections/callback"}, 400, "redirect_uri_mismatch"),
        ({"response_type": "token"}, 400, "invalid_request"),
        ({"scope": None}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"scope": "https://www.googleapis.com/auth/drive"}, 400, "invalid_scope"),
    ],
)
def test_a_bad_request_is_shown_to_the_person_and_never_sent_to_the_address(
    google: str, changes: dict[str, str | None], status: int, reason: str
) -> None:
    reply = authorize(google, **changes)
    assert reply.status_code == status
    assert "Location" not in reply.headers
    assert reason in reply.text


def test_asking_to_write_is_noted_as_a_violation(google: str) -> None:
    authorize(google, scope="https://www.googleapis.com/auth/drive.file")
    noted = requests.get(f"{google}/_emulator/violations", timeout=10).json()["violations"]
    assert {"kind": "scope", "what": "asked for https://www.googleapis.com/auth/drive.file"} in noted


def test_a_person_who_denies_sends_back_the_denial(google: str) -> None:
    turn(google, deny=True)
    assert answer_of(authorize(google)) == {"error": "access_denied", "state": "state-1"}


def test_the_consent_page_asks_and_an_unticked_box_is_an_untaken_scope(google: str) -> None:
    turn(google, auto_consent=False)
    page = authorize(google)
    assert page.status_code == 200
    assert f'name="scope" value="{DRIVE_SCOPE}"' in page.text
    (request_id,) = re.findall(r'name="request" value="([^"]+)"', page.text)
    address = f"{google}/o/oauth2/v2/auth"
    form = {"request": request_id, "answer": "allow"}
    sent_back = requests.post(address, data=form, allow_redirects=False, timeout=10)
    tokens = exchange(google, answer_of(sent_back)["code"]).json()
    assert tokens["scope"] == f"openid {EMAIL_SCOPE}"
    reply = listing(google, tokens["access_token"])
    assert reply.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"
    assert requests.post(address, data=form, allow_redirects=False, timeout=10).status_code == 400  # used up


@pytest.mark.parametrize(("answer", "given"), [("allow", "code"), ("deny", "error")])
def test_the_buttons_of_the_consent_page_do_what_they_say(google: str, answer: str, given: str) -> None:
    turn(google, auto_consent=False)
    (request_id,) = re.findall(r'name="request" value="([^"]+)"', authorize(google).text)
    form = {"request": request_id, "scope": DRIVE_SCOPE, "answer": answer}
    reply = requests.post(f"{google}/o/oauth2/v2/auth", data=form, allow_redirects=False, timeout=10)
    sent_back = answer_of(reply)
    assert given in sent_back
    assert sent_back["state"] == "state-1"


def test_fewer_scopes_than_asked_for_can_be_granted(google: str) -> None:
    turn(google, grant_scopes=["openid", "email"])
    assert connected(google)["scope"] == f"openid {EMAIL_SCOPE}"


def test_a_repeated_consent_gives_a_refresh_token_only_when_it_is_asked_for_again(google: str) -> None:
    connected(google)
    again = exchange(google, answer_of(authorize(google, prompt=None))["code"]).json()
    assert "refresh_token" not in again
    assert "refresh_token" in connected(google)
    online = exchange(google, answer_of(authorize(google, access_type=None))["code"]).json()
    assert "refresh_token" not in online


def test_google_can_leave_the_refresh_token_out(google: str) -> None:
    turn(google, omit_refresh_token=True)
    assert "refresh_token" not in connected(google)


def test_a_refresh_gives_a_new_access_token_and_no_new_refresh_token(google: str) -> None:
    tokens = connected(google)
    reply = refreshed(google, tokens["refresh_token"])
    assert reply.status_code == 200
    assert "refresh_token" not in reply.json()
    assert reply.json()["access_token"] != tokens["access_token"]
    assert listing(google, reply.json()["access_token"]).status_code == 200


@pytest.mark.parametrize(("knob", "subtype"), [("invalid_grant", None), ("invalid_rapt", "invalid_rapt")])
def test_a_refresh_can_be_refused_in_the_ways_that_need_the_person(google: str, knob: str, subtype: str | None) -> None:
    tokens = connected(google)
    turn(google, refresh_error=knob)
    reply = refreshed(google, tokens["refresh_token"])
    assert refusal(reply) == (400, "invalid_grant")
    assert reply.json().get("error_subtype") == subtype


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
def test_revoking_either_token_ends_both(google: str, which: str) -> None:
    tokens = connected(google)
    assert revoked(google, tokens[which]).status_code == 200
    assert listing(google, tokens["access_token"]).status_code == 401
    reply = refreshed(google, tokens["refresh_token"])
    assert reply.json() == {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
    assert refusal(revoked(google, tokens[which])) == (400, "invalid_token")


def test_revoking_without_a_token_or_by_get_is_refused(google: str) -> None:
    assert refusal(requests.post(f"{google}/revoke", timeout=10)) == (400, "invalid_request")
    reply = requests.get(f"{google}/revoke", params={"token": "x"}, timeout=10)
    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_drive_call_without_a_token_or_with_a_wrong_one_is_refused_in_googles_words(google: str) -> None:
    without = listing(google, None)
    assert (without.status_code, without.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    wrong = listing(google, "ya29.made-up")
    assert wrong.status_code == 401
    assert wrong.json()["error"]["errors"] == [
        {
            "message": "Invalid Credentials",
            "domain": "global",
            "reason": "authError",
            "location": "Authorization",
            "locationType": "header",
        }
    ]
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]


def test_access_tokens_end_and_refresh_tokens_go_on(google: str) -> None:
    tokens = connected(google)
    turn(google, expire_access_tokens=True)
    assert listing(google, tokens["access_token"]).status_code == 401
    assert refreshed(google, tokens["refresh_token"]).status_code == 200
    turn(google, access_token_seconds=0)
    assert listing(google, connected(google)["access_token"]).status_code == 401


def test_knowing_about_files_is_not_reading_them(google: str) -> None:
    with a_desk(google, scopes=(METADATA_SCOPE,)) as desk:
        assert desk.get("files/note").status_code == 200
        for path, query in (("files/note", {"alt": "media"}), ("drives", {})):
            reply = desk.get(path, **query)
            assert (reply.status_code, reply.json()["error"]["errors"][0]["reason"]) == (403, "insufficientPermissions")


def test_no_token_code_or_state_is_in_the_list_of_calls(google: str) -> None:
    tokens = connected(google)
    listing(google, tokens["access_token"])
    requests.get(f"{google}/drive/v3/files", params={"access_token": tokens["access_token"]}, timeout=10)
    text = requests.get(f"{google}/_emulator/calls", timeout=10).text
    for secret in (tokens["access_token"], tokens["refresh_token"], VERIFIER, "state-1", CLIENT_SECRET):
        assert secret not in text


def test_knobs_that_do_not_exist_are_refused(google: str) -> None:
    for knobs in ({"colour": True}, {"deny": "yes"}, {"access_token_seconds": True}, {"access_token_seconds": "soon"}):
        reply = requests.post(f"{google}/_emulator/oauth", json=knobs, timeout=10)
        assert reply.status_code == 400


def test_a_refresh_may_ask_for_less_and_never_for_more(google: str) -> None:
    token = connected(google)["refresh_token"]
    assert refreshed(google, token, scope=DRIVE_SCOPE).json()["scope"] == DRIVE_SCOPE
    more = refreshed(google, token, scope="https://www.googleapis.com/auth/drive")
    assert refusal(more) == (400, "invalid_scope")


def test_a_refresh_may_be_answered_with_less_than_was_asked_for(google: str) -> None:
    token = connected(google)["refresh_token"]
    turn(google, refresh_scopes=["openid"])
    narrowed = refreshed(google, token, scope=DRIVE_SCOPE).json()
    assert narrowed["scope"] == "openid"
    turn(google, refresh_scopes=None)


@pytest.mark.parametrize(
    ("name", "status", "error", "said"),
    [
        ("rapt_required", 400, "invalid_grant", "reauth related error (rapt_required)"),
        ("account_deleted", 400, "invalid_grant", "The account has been deleted"),
        ("account_restricted", 400, "access_denied", "Account restricted"),
        ("org_internal", 403, "org_internal", "This client is restricted to users within its organization."),
        ("internal_failure", 500, "internal_failure", "Backend Error"),
        ("a_code_of_tomorrow", 400, "a_code_of_tomorrow", "Bad Request"),
    ],
)
def test_each_refusal_of_a_refresh_has_its_name(google: str, name: str, status: int, error: str, said: str) -> None:
    token = connected(google)["refresh_token"]
    turn(google, refresh_error=name)
    reply = refreshed(google, token)
    assert refusal(reply) == (status, error)
    assert reply.json()["error_description"] == said
    turn(google, refresh_error=None)


def test_revoking_one_token_ends_every_consent_of_the_person_and_the_client(google: str) -> None:
    older, newer = connected(google), connected(google)
    assert revoked(google, newer["refresh_token"]).status_code == 200
    assert refusal(refreshed(google, older["refresh_token"])) == (400, "invalid_grant")
    assert listing(google, older["access_token"]).status_code == 401


def test_several_people_have_drives_of_their_own(google: str) -> None:
    bela = {"email": "bela@maker.example", "name": "Béla", "sub": "300000000000000000003"}
    item = {"id": "belas", "name": "b", "kind": "file", "mime": "text/plain", "parent": "root", "content_base64": ""}
    reply = requests.post(f"{google}/_emulator/people", json={"user": bela, "items": [item]}, timeout=10)
    assert reply.status_code == 200
    turn(google, person="bela@maker.example")
    tokens = connected(google)
    turn(google, person="")
    assert [file["id"] for file in listing(google, tokens["access_token"]).json()["files"]] == ["belas"]
    assert [file["id"] for file in listing(google, connected(google)["access_token"]).json()["files"]] == ["note"]
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["email"]) == (bela["sub"], bela["email"])
    wrong = requests.post(f"{google}/_emulator/people", json={"user": {"email": "x"}}, timeout=10)
    assert wrong.status_code == 400


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ROBOT = "robot@maker.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"


def asserted(google: str, changes: Mapping[str, object], *, key: rsa.RSAPrivateKey = KEY) -> requests.Response:
    """Send a service account's assertion, as its own key signs it."""
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    body = {"email": ROBOT, "public_key": public.decode(), "delegated": [DRIVE_SCOPE]}
    assert requests.post(f"{google}/_emulator/service-accounts", json=body, timeout=10).status_code == 200
    now = int(time.time())
    claims = {"iss": ROBOT, "aud": AUDIENCE, "iat": now, "exp": now + 3600, "scope": DRIVE_SCOPE, **changes}
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, key, algorithm="RS256"),
    }
    return requests.post(f"{google}/token", data=form, timeout=10)


def test_a_signed_assertion_opens_the_service_accounts_own_drive_or_a_persons(google: str) -> None:
    own = asserted(google, {}).json()
    assert set(own) == {"access_token", "expires_in", "token_type"}
    assert listing(google, own["access_token"]).json()["files"] == []
    hers = asserted(google, {"sub": "owner@example.org"}).json()
    assert listing(google, hers["access_token"]).json()["files"][0]["id"] == "note"


@pytest.mark.parametrize(
    ("changes", "status", "error", "said"),
    [
        ({"iss": "unknown@maker.example"}, 400, "invalid_grant", "account not found"),
        ({"aud": "https://elsewhere.example"}, 400, "invalid_grant", "Invalid JWT"),
        ({"iat": 1, "exp": 2}, 400, "invalid_grant", "Invalid JWT"),
        ({"exp": 9_999_999_999}, 400, "invalid_grant", "short-lived"),
        ({"scope": ""}, 400, "invalid_scope", "Invalid OAuth scope"),
        ({"sub": "nobody@maker.example"}, 400, "invalid_grant", "Invalid email or User ID"),
        (
            {"sub": "owner@example.org", "scope": "https://www.googleapis.com/auth/drive"},
            401,
            "unauthorized_client",
            "Client is unauthorized",
        ),
    ],
    ids=str,
)
def test_an_assertion_that_does_not_hold_gives_no_token(
    google: str, changes: dict[str, object], status: int, error: str, said: str
) -> None:
    reply = asserted(google, changes)
    assert refusal(reply) == (status, error)
    assert said in reply.json()["error_description"]


def test_an_assertion_that_another_key_signed_gives_no_token(google: str) -> None:
    reply = asserted(google, {}, key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refusal(reply) == (400, "invalid_grant")
    assert reply.json()["error_description"] == "Invalid JWT Signature."


def test_the_consent_page_lets_several_people_answer(google: str) -> None:
    requests.post(
        f"{google}/_emulator/people",
        json={"user": {"email": "ben@example.org", "name": "Ben", "sub": "2"}, "drives": [], "items": []},
        timeout=10,
    ).raise_for_status()
    requests.post(f"{google}/_emulator/oauth", json={"auto_consent": False}, timeout=10).raise_for_status()
    page = authorize(google).text
    assert f"<option selected>{OWNER['email']}</option>" in page
    assert "<option>ben@example.org</option>" in page
    request_id = re.search(r'name="request" value="([^"]+)"', page)
    assert request_id
    form = {"request": request_id[1], "answer": "allow", "scope": DRIVE_SCOPE, "account": "ben@example.org"}
    back = requests.post(f"{google}/o/oauth2/v2/auth", data=form, allow_redirects=False, timeout=10)
    reply = exchange(google, answer_of(back)["code"]).json()
    assert jwt.decode(reply["id_token"], options={"verify_signature": False})["email"] == "ben@example.org"


def test_a_refresh_can_give_another_refresh_token_and_end_the_one_before(google: str) -> None:
    turn(google, rotate_refresh_token=True)
    old = connected(google)["refresh_token"]
    new = refreshed(google, old).json()["refresh_token"]
    turn(google, rotate_refresh_token=False)
    assert new != old
    assert refreshed(google, old).json()["error"] == "invalid_grant"
    assert "refresh_token" not in refreshed(google, new).json()
