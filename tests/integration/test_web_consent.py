"""Signing in and leaving through the pages, over the real OAuth web flow against the local Google."""

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from connector import LostBecause
from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.job import JobKind, JobState
from scanner.settings import load
from scanner.web import listening
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, running_emulator, write_seed
from tests.site_builders import served


@dataclass(frozen=True, kw_only=True)
class Place:
    """Crosswalk and a local Google, both running."""

    app: App
    site: str
    google: str


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one local Google for all tests of this module."""
    seed = write_seed(tmp_path_factory.mktemp("google"), items=[{"id": "guide", "name": "Security Guide.txt"}])
    with running_emulator(seed) as root:
        yield root


@pytest.fixture
def place(tmp_path: Path, google: str) -> Iterator[Place]:
    """Serve Crosswalk, told to find Google here."""
    with a_place(tmp_path, google, client=CLIENT_ID) as made:
        yield made


@contextmanager
def a_place(home: Path, google: str, *, client: str) -> Iterator[Place]:
    """Assemble and serve Crosswalk on a port that its own settings know."""
    with listening("127.0.0.1", 0) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        told = {
            "google_client_id": client,
            "google_client_secret": CLIENT_SECRET,
            "google_api_root": google,
            "google_auth_url": f"{google}/o/oauth2/v2/auth",
            "google_token_url": f"{google}/token",
            "google_revoke_url": f"{google}/revoke",
            "google_certs_url": f"{google}/oauth2/v3/certs",
        }
        app = App(load(home=home / "home", base_url=address), google=told, now=lambda: datetime.now(UTC))
        try:
            with served(app, listener) as site:
                yield Place(app=app, site=site, google=google)
        finally:
            app.close()


@contextmanager
def behaving(google: str, **knobs: object) -> Iterator[None]:
    """Let the local Google behave in another way while the block runs."""
    httpx.post(f"{google}/_emulator/oauth", json=knobs, trust_env=False).raise_for_status()
    try:
        yield
    finally:
        usual = {"deny": False, "grant_scopes": None, "omit_refresh_token": False}
        httpx.post(f"{google}/_emulator/oauth", json=usual, trust_env=False).raise_for_status()


def a_browser(place: Place) -> httpx.Client:
    """Return a browser that follows redirects and keeps cookies."""
    return httpx.Client(base_url=place.site, follow_redirects=True, timeout=20, trust_env=False)


def test_one_click_connects_signs_in_and_asks_for_the_first_sync(place: Place) -> None:
    """From the landing page's button to the page that follows the work."""
    with a_browser(place) as owner:
        page = owner.get("/connections/connect")
        assert page.status_code == 200
        (connection,) = place.app.readable_connections()
        assert str(page.url) == f"{place.site}/products/{product_id_of(connection)}"
        assert "Your Drive is being read for the first time." in page.text
        assert "owner@example.org" in page.text
    jobs = place.app.queue.list(states=[JobState.QUEUED])
    assert [(job.kind, job.connection) for job in jobs] == [(JobKind.SYNC, connection)]


def test_connecting_again_gives_a_fresh_session_and_no_second_connection(place: Place) -> None:
    """The cookie is rotated; what was seen is kept."""
    with a_browser(place) as owner:
        owner.get("/connections/connect")
        before = dict(owner.cookies)
        owner.get("/connections/connect")
        after = dict(owner.cookies)
    assert set(before) == set(after) == {"crosswalk"}
    assert before["crosswalk"] != after["crosswalk"]
    assert len(place.app.readable_connections()) == 1


@pytest.mark.parametrize(
    ("knobs", "title"),
    [
        ({"deny": True}, "You did not agree"),
        ({"grant_scopes": ["openid", "email"]}, "The Drive box was not ticked"),
        ({"omit_refresh_token": True}, "Google gave no lasting consent"),
    ],
)
def test_a_consent_that_does_not_come_about_is_explained(place: Place, knobs: dict[str, object], title: str) -> None:
    """A title, a sentence, what to do; and nobody is signed in."""
    with behaving(place.google, **knobs), a_browser(place) as owner:
        page = owner.get("/connections/connect")
        assert page.status_code == 400
        assert title in page.text
        assert "onnect again" in page.text
        assert "crosswalk" not in owner.cookies
        assert "Connect Google Drive" in owner.get("/").text
    assert place.app.readable_connections() == ()


def test_an_answer_that_was_not_asked_for_here_is_refused(place: Place) -> None:
    """Somebody else's code cannot be slipped into this browser."""
    with a_browser(place) as owner:
        page = owner.get("/connections/callback", params={"code": "4/0stolen", "state": "guessed"})
    assert page.status_code == 400
    assert "This took too long, or began elsewhere" in page.text
    assert "4/0stolen" not in page.text


def test_without_an_oauth_client_the_button_says_what_is_missing(tmp_path: Path, google: str) -> None:
    """A wrong set-up is a page, not a stack trace."""
    with a_place(tmp_path, google, client="") as place, a_browser(place) as owner:
        page = owner.get("/connections/connect")
    assert page.status_code == 400
    assert "This Crosswalk is not known to Google" in page.text


def test_a_lost_consent_is_shown_with_its_reason_and_the_way_back(place: Place) -> None:
    """The page says which of the ways it was, and the button leads to Google again."""
    with a_browser(place) as owner:
        owner.get("/connections/connect")
        (ident,) = place.app.readable_connections()
        with place.app.store.transaction() as unit:
            known = unit.connections.get(ident)
            assert known is not None
            unit.connections.lost(known, LostBecause.REAUTH, now=datetime.now(UTC))
        page = html.unescape(owner.get("/").text)
        for said in (LostBecause.REAUTH.title, LostBecause.REAUTH.sentence, LostBecause.REAUTH.what_to_do):
            assert said in page
        assert 'href="/connections/connect">Connect again' in page
        assert "Look again now" not in page
        again = owner.get("/connections/connect").text
        assert LostBecause.REAUTH.title not in again
    assert place.app.readable_connections() == (ident,)


def test_a_policy_of_the_workspace_is_told_to_the_administrator(place: Place) -> None:
    """A refusal by policy is no choice of the person's."""
    with behaving(place.google, deny=True, deny_with="admin_policy_enforced"), a_browser(place) as owner:
        page = html.unescape(owner.get("/connections/connect").text)
    assert LostBecause.POLICY.title in page
    assert LostBecause.POLICY.what_to_do in page
