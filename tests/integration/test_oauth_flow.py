"""One click over real HTTP, against the local Google: every way in which it goes right or wrong."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.errors import ConsentLost
from connector.oauth import PENDING_SECONDS, ConsentFailed, Failure
from connector.service import Connector
from connector.testing import MemoryShelf
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, OWNER, running_emulator, write_seed

CALLBACK = "http://127.0.0.1:8765/connections/callback"


@dataclass
class Bench:
    """A connector, the Google that it speaks to, and a clock that tests move."""

    root: str
    home: Path
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    now: float = 1_790_000_000.0

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
        }
        connector = Connector.load(self.shelf, now=lambda: self.now, **settings)
        yield connector
        connector.close()

    def knob(self, **values: object) -> None:
        httpx.post(f"{self.root}/_emulator/oauth", json=values).raise_for_status()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    seed = write_seed(tmp_path / "seed", items=[{"id": "a", "text": "a"}])
    with running_emulator(seed) as root:
        yield Bench(root=root, home=tmp_path)


def clicked(url: str) -> dict[str, str]:
    """What Google sends the person back with."""
    return dict(httpx.URL(httpx.get(url).headers["location"]).params)


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
        token = connector._vault.get(consent.connection_id)
        assert sealed is not None
        assert token is not None
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


def test_google_away_at_the_token_endpoint_is_told(bench: Bench) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        answer = clicked(url)
        fault = {"match": "POST /token", "times": None, "status": 503, "html": True}
        httpx.post(f"{bench.root}/_emulator/faults", json=fault).raise_for_status()
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
        fault = {"match": "POST /revoke", "times": None, "status": 503}
        httpx.post(f"{bench.root}/_emulator/faults", json=fault).raise_for_status()
        outcome = connector.disconnect(consent.connection_id)
        assert not outcome.revoked
        assert "myaccount.google.com/connections" in outcome.words
        assert bench.shelf.read(consent.connection_id) is None


@pytest.mark.parametrize(("error", "said"), [("invalid_grant", "seven days"), ("invalid_rapt", "administrator")])
def test_a_consent_that_google_ends_is_told_by_its_reason(bench: Bench, error: str, said: str) -> None:
    with bench.connector() as connector:
        url, cookie = connector.begin(CALLBACK)
        consent = connector.complete(clicked(url), cookie)
        bench.knob(refresh_error=error)
        with pytest.raises(ConsentLost, match=said):
            list(connector.source(consent.connection_id).pages(None))
