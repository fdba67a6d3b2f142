"""One click over real HTTP, against the local Google: every way in which it goes right or wrong."""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from connector import ConsentLost, LostBecause, SourceUnavailable, oauth
from connector.failure import ConsentFailed, Failure
from connector.oauth import PENDING_SECONDS
from connector.service import Connector
from connector.testing import MemoryShelf
from tests.builders import a_file
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, OWNER, running_emulator, write_seed

CALLBACK = "http://127.0.0.1:8765/connections/callback"


@dataclass
class Bench:
    """A connector, the Google that it speaks to, and a clock that tests move."""

    root: str
    home: Path
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    now: float = 1_790_000_000.0
    mark: int = 0  # where the calls of this test begin

    def called(self, path: str) -> int:
        """Count the calls of this test."""
        calls = httpx.get(f"{self.root}/_emulator/calls", params={"since": self.mark}).json()["calls"]
        return [call["path"] for call in calls].count(path)

    def fault(self, match: str, **what: object) -> None:
        httpx.post(f"{self.root}/_emulator/faults", json={"match": match, **what}).raise_for_status()

    @contextmanager
    def connector(self) -> Iterator[Connector]:
        settings: dict[str, Any] = {
            "google_client_id": CLIENT_ID,
            "google_client_secret": CLIENT_SECRET,
            "google_api_root": self.root,
            "google_auth_url": f"{self.root}/o/oauth2/v2/auth",
            "google_token_url": f"{self.root}/token",
            "google_revoke_url": f"{self.root}/revoke",
            "google_certs_url": f"{self.root}/oauth2/v3/certs",
            "vault_key_file": str(self.home / "vault.key"),
            "call_attempts": 1,
        }
        connector = Connector.load(self.shelf, now=lambda: self.now, **settings)
        try:
            yield connector
        finally:
            connector.close()

    def knob(self, **values: object) -> None:
        httpx.post(f"{self.root}/_emulator/oauth", json=values).raise_for_status()


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=[{"id": "a", "text": "a"}])
    with running_emulator(seed) as root:
        yield root


@pytest.fixture
def bench(google: str, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(root=google, home=tmp_path, mark=httpx.get(f"{google}/_emulator/calls").json()["next"])
    yield made
    made.knob(
        deny=False,
        deny_with="access_denied",
        grant_scopes=None,
        omit_refresh_token=False,
        refresh_error=None,
        refresh_scopes=None,
        rotate_refresh_token=False,
    )
    httpx.delete(f"{google}/_emulator/faults").raise_for_status()


def clicked(url: str) -> dict[str, str]:
    """What Google sends the person back with."""
    return dict(httpx.URL(httpx.get(url).headers["location"]).params)


def connected(connector: Connector) -> str:
    """Go through the whole consent; returns the connection."""
    url, cookie = connector.begin(CALLBACK)
    return connector.complete(clicked(url), cookie).connection_id


def refused(connector: Connector, answer: dict[str, str], cookie: str) -> Failure:
    with pytest.raises(ConsentFailed) as caught:
        connector.complete(answer, cookie)
    return caught.value.failure


def test_one_click_gives_a_connection_whose_files_can_be_read(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        sent = httpx.URL(url).params
        assert (sent["code_challenge_method"], sent["access_type"], sent["prompt"]) == ("S256", "offline", "consent")
        assert set(sent["scope"].split()) == {"openid", "email", "https://www.googleapis.com/auth/drive.readonly"}
        consent = connector.complete(clicked(url), cookie)
        assert (consent.subject, consent.email) == (OWNER["sub"], OWNER["email"])
        files = [file.id for page in connector.source(consent.connection_id).pages(None) for file in page.files]
        assert files == ["a"]
        sealed = bench.shelf.read(consent.connection_id)
        grant = connector._vault.get(consent.connection_id)
        assert sealed is not None
        assert grant is not None
        token = grant.refresh_token
        for said in (caplog.text, repr(connector), repr(consent), repr(connector.source(consent.connection_id))):
            assert token not in said
        assert token.encode() not in sealed


def test_connecting_again_is_the_same_connection(bench: Bench) -> None:
    with bench.connector() as connector:
        ids = set()
        for _ in range(2):
            url, cookie = connector.begin(CALLBACK)
            ids.add(connector.complete(clicked(url), cookie).connection_id)
        assert len(ids) == 1


def test_a_box_that_was_not_ticked_is_told_and_nothing_is_kept(bench: Bench) -> None:
    bench.knob(grant_scopes=["openid", "email"])
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.NO_DRIVE
        assert bench.shelf._sealed == {}


def test_a_refusal_is_told(bench: Bench) -> None:
    bench.knob(deny=True)
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.DENIED


def test_a_consent_without_a_lasting_token_is_told(bench: Bench) -> None:
    bench.knob(omit_refresh_token=True)
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.NO_REFRESH


def test_a_code_works_once(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        connector.complete(answer, cookie)
        assert refused(connector, answer, cookie) is Failure.USED


def test_a_consent_begun_elsewhere_too_long_ago_or_with_another_state_is_refused(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        assert refused(connector, answer, "") is Failure.EXPIRED
        assert refused(connector, answer, cookie[:-4] + "AAAA") is Failure.EXPIRED
        assert refused(connector, answer | {"state": "a stranger's"}, cookie) is Failure.EXPIRED
        other = connector.seal("session", b"{}")
        assert refused(connector, answer, other) is Failure.EXPIRED
        bench.now += PENDING_SECONDS + 1
        assert refused(connector, answer, cookie) is Failure.EXPIRED


def test_a_code_that_was_stolen_on_its_way_is_worth_nothing_in_another_browser(bench: Bench) -> None:
    with bench.connector() as connector:
        url, _ = connector.begin(CALLBACK)
        stolen = clicked(url)
        _, thiefs = connector.begin(CALLBACK)
        assert refused(connector, stolen, thiefs) is Failure.EXPIRED


def test_under_tls_the_consent_that_was_begun_is_bound_to_this_very_host(bench: Bench) -> None:
    """A neighbour's page could plant a consent of its own under another name, and sign a person in as somebody else."""
    site = FastAPI()
    with bench.connector() as connector:
        site.include_router(
            connector.routes(
                base_url="https://crosswalk.example",
                on_connected=lambda _, consent: PlainTextResponse(consent.email),
                on_signed_in=lambda _, consent: PlainTextResponse(consent.email),
                on_failed=lambda _, failure: PlainTextResponse(failure.title),
                current_subject=lambda _: "",
                on_changed=lambda *_: False,
            )
        )
        planted_url, planted = connector.begin(CALLBACK)

        async def told() -> tuple[httpx.Response, httpx.Response]:
            transport = httpx.ASGITransport(site)
            async with httpx.AsyncClient(transport=transport, base_url="https://crosswalk.example") as person:
                begun = await person.get("/connections/connect")
                person.cookies.clear()
                person.cookies.set("crosswalk-consent", planted)
                return begun, await person.get("/connections/callback", params=clicked(planted_url))

        begun, taken = asyncio.run(told())
    assert taken.text == Failure.EXPIRED.title
    given = begun.headers["set-cookie"]
    assert given.startswith("__Host-crosswalk-consent=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=lax"} <= set(given.split("; "))
    assert (
        httpx.URL(begun.headers["location"]).params["redirect_uri"] == "https://crosswalk.example/connections/callback"
    )


def test_google_away_at_the_token_endpoint_is_told(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        bench.fault("POST /token", times=None, status=503, html=True)
        assert refused(connector, answer, cookie) is Failure.UNREACHABLE


def test_disconnecting_withdraws_the_consent_and_forgets_the_token(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        consent = connector.complete(clicked(url), cookie)
        outcome = connector.disconnect(consent.connection_id)
        assert outcome.revoked
        assert bench.shelf.read(consent.connection_id) is None
        with pytest.raises(ConsentLost):
            connector.source(consent.connection_id)


def test_disconnecting_forgets_the_token_also_when_google_is_away_and_says_so(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        consent = connector.complete(clicked(url), cookie)
        bench.fault("POST /revoke", times=None, status=503)
        outcome = connector.disconnect(consent.connection_id)
        assert not outcome.revoked
        assert "myaccount.google.com/connections" in outcome.words
        assert bench.shelf.read(consent.connection_id) is None


def read(connector: Connector, connection_id: str) -> LostBecause:
    """How reading the connection fails."""
    with pytest.raises(ConsentLost) as caught:
        list(connector.source(connection_id).pages(None))
    return caught.value.because


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("invalid_grant", LostBecause.REVOKED),
        ("invalid_rapt", LostBecause.REAUTH),
        ("rapt_required", LostBecause.REAUTH),
        ("account_deleted", LostBecause.ACCOUNT),
        ("account_disabled", LostBecause.ACCOUNT),
        ("account_restricted", LostBecause.RESTRICTED),
        ("org_internal", LostBecause.POLICY),
        ("admin_policy_enforced", LostBecause.POLICY),
    ],
)
def test_a_consent_that_google_ends_is_told_by_its_reason(bench: Bench, error: str, expected: LostBecause) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        bench.knob(refresh_error=error)
        assert read(connector, consent) is expected


def test_a_consent_that_ends_after_seven_days_is_said_to_be_one_of_testing(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        list(connector.source(consent).pages(None))
        bench.now += 7.3 * 86_400
        bench.knob(refresh_error="invalid_grant", expire_access_tokens=True)
        assert read(connector, consent) is LostBecause.TESTING
        bench.now += 30 * 86_400
        bench.knob(refresh_error=None)
        consent = connected(connector)
        bench.now += 30 * 86_400
        bench.knob(refresh_error="invalid_grant")
        assert read(connector, consent) is LostBecause.REVOKED


def test_a_sign_in_service_that_answers_with_a_page_ends_no_consent(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        bench.fault("POST /token", times=None, status=502, html=True)
        with pytest.raises(SourceUnavailable):
            next(connector.source(consent).pages(None))


def test_a_consent_whose_drive_part_was_taken_back_is_noticed_though_the_token_still_works(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        bench.knob(refresh_scopes=["openid", "https://www.googleapis.com/auth/userinfo.email"])
        assert read(connector, consent) is LostBecause.SCOPE


def test_threads_that_meet_a_lost_consent_together_ask_google_once(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        list(connector.source(consent).pages(None))
        bench.knob(refresh_error="invalid_grant", expire_access_tokens=True)
        bench.fault("POST /token", times=None, delay_seconds=0.5)
        before = bench.called("/token")
        source = connector.source(consent)
        file = a_file("a")
        with ThreadPoolExecutor(6) as threads:
            tried = [threads.submit(source.fetch, file) for _ in range(6)]
        assert {type(one.exception()) for one in tried} == {ConsentLost}
        assert bench.called("/token") == before + 1


@pytest.mark.parametrize("code", ["org_internal", "admin_policy_enforced"])
def test_a_policy_that_stands_in_the_way_is_no_refusal_of_the_persons(bench: Bench, code: str) -> None:
    bench.knob(deny=True, deny_with=code)
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.POLICY


def test_a_policy_that_stands_in_the_way_at_the_exchange_is_told_as_such(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        bench.fault("POST /token", status=403, reason="org_internal")
        assert refused(connector, answer, cookie) is Failure.POLICY


def test_connecting_again_without_the_box_leaves_the_older_consent_standing(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        bench.knob(grant_scopes=["openid", "email"])
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.NO_DRIVE
        files = [file.id for page in connector.source(consent).pages(None) for file in page.files]
        assert files == ["a"]


def test_a_consent_without_the_box_is_given_back_where_no_older_one_stands(bench: Bench) -> None:
    bench.knob(grant_scopes=["openid", "email"])
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.NO_DRIVE
    assert bench.called("/revoke") == 1


def test_disconnecting_what_google_ended_already_counts_as_done(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
        grant = connector._vault.get(consent)
        assert grant is not None
        httpx.post(f"{bench.root}/revoke", data={"token": grant.refresh_token}).raise_for_status()
        assert connector.disconnect(consent).revoked


def test_disconnecting_does_not_wait_for_a_google_that_hangs(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "REVOKE_TIMEOUT", 0.2)
    with bench.connector() as connector:
        consent = connected(connector)
        bench.fault("POST /revoke", times=None, delay_seconds=5)
        assert not connector.disconnect(consent).revoked
        assert bench.shelf.ids() == ()


def test_disconnecting_forgets_a_token_that_no_key_opens(bench: Bench) -> None:
    with bench.connector() as connector:
        consent = connected(connector)
    (bench.home / "vault.key").unlink()
    with bench.connector() as connector:
        assert not connector.disconnect(consent).revoked
        assert bench.shelf.ids() == ()


def listed(connector: Connector, connection: str) -> int:
    """Read what there is, with an access token that is fetched anew; returns how many files there are."""
    return sum(len(page.files) for page in connector.source(connection).pages(None))


def test_a_refresh_token_that_google_renews_is_kept_before_it_is_used(bench: Bench) -> None:
    with bench.connector() as connector:
        connection = connected(connector)
        given = connector._vault.get(connection)
        bench.knob(rotate_refresh_token=True)
        for _ in range(3):
            assert listed(connector, connection) == 1
            bench.knob(expire_access_tokens=True)
        kept = connector._vault.get(connection)
        assert given is not None
        assert kept is not None
        assert (kept.refresh_token != given.refresh_token, kept.given_at) == (True, given.given_at)
    with bench.connector() as restarted:
        assert listed(restarted, connection) == 1
        assert restarted.disconnect(connection).revoked


def test_a_process_whose_refresh_token_another_one_had_renewed_tries_again_and_ends_no_consent(bench: Bench) -> None:
    with bench.connector() as first, bench.connector() as second:
        connection = connected(first)
        assert (listed(first, connection), listed(second, connection)) == (1, 1)
        late = second.source(connection)
        bench.knob(rotate_refresh_token=True, expire_access_tokens=True)
        assert listed(first, connection) == 1
        with pytest.raises(SourceUnavailable, match="renewed meanwhile"):
            list(late.pages(None))
        assert listed(second, connection) == 1


def test_a_renewed_refresh_token_never_takes_the_place_of_a_newer_consent_or_of_none(bench: Bench) -> None:
    with bench.connector() as connector:
        connection = connected(connector)
        old = connector._vault.get(connection)
        assert old is not None
        connected(connector)
        newer = connector._vault.get(connection)
        assert not connector._vault.renew(connection, old, replace(old, refresh_token="late"))
        assert connector._vault.get(connection) == newer
        connector._vault.remove(connection)
        assert not connector._vault.renew(connection, old, replace(old, refresh_token="late"))
        assert connector._vault.get(connection) is None


@pytest.mark.parametrize("code", ["server_error", "temporarily_unavailable", "internal_failure"])
def test_a_sign_in_service_that_fails_is_not_taken_for_a_refusal_of_anybodys(bench: Bench, code: str) -> None:
    with bench.connector() as connector:
        bench.knob(deny=True, deny_with=code)
        url, cookie = connector.begin(CALLBACK)
        assert refused(connector, clicked(url), cookie) is Failure.UNREACHABLE
        bench.knob(deny=False)
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        bench.fault("POST /token", status=500, reason=code)
        assert refused(connector, answer, cookie) is Failure.UNREACHABLE


@pytest.mark.parametrize(
    "said", ["", "5", "[]", "null", '"yes"', '{"access_token": 5}', '{"access_token": "a", "expires_in": "soon"}']
)
def test_an_answer_of_the_token_endpoint_that_is_none_is_told_as_google_not_answering(bench: Bench, said: str) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        bench.fault("POST /token", answer=said)
        assert refused(connector, answer, cookie) in {Failure.UNREACHABLE, Failure.NO_DRIVE}


@pytest.mark.parametrize("status", [302, 307])
def test_code_secret_and_tokens_follow_no_redirect(bench: Bench, status: int) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        bench.fault("POST /token", redirect=f"{bench.root}/token?elsewhere", status=status)
        assert refused(connector, answer, cookie) is Failure.UNREACHABLE
        connection = connected(connector)
        here = bench.called("/token")
        for _ in range(2):  # once where a call of Drive asks for an access token, once where a download does
            bench.fault("POST /token", redirect=f"{bench.root}/token?elsewhere", status=status)
        client = connector._clients.of(connection)
        with pytest.raises(SourceUnavailable):
            client.file("a")  # a whole listing has two calls that ask side by side, and may use both faults up
        with pytest.raises(SourceUnavailable), client.media("a"):
            pass
        assert bench.called("/token") - here == 2
        bench.fault("POST /revoke", redirect=f"{bench.root}/signin", status=status)
        assert not connector.disconnect(connection).revoked


def test_a_page_of_somebody_between_us_and_google_confirms_no_withdrawal(bench: Bench) -> None:
    with bench.connector() as connector:
        connection = connected(connector)
        bench.fault("POST /revoke", login_page=True)
        ended = connector.disconnect(connection)
        assert (ended.revoked, "did not confirm" in ended.words) == (False, True)
