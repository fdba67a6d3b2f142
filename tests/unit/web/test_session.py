"""The session's cookie, and what stands behind it in the store."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from scanner.model.person import Person
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.web.session import LIFETIME, Sessions
from tests.pipeline_builders import migrated

ANNA = Person(subject="anna", email="anna@maker.example")


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = datetime(2026, 5, 15, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = Database(f"sqlite:///{migrated(tmp_path / 'home') / 'crosswalk.db'}")
    yield Store(database)
    database.dispose()


def a_request(cookie: str = "") -> Request:
    """Build a request that carries a cookie."""
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def a_cookie(sessions: Sessions, before: str = "") -> str:
    """Sign Anna in and return what her browser sends from then on."""
    response = Response()
    sessions.start(a_request(before), response, ANNA)
    return response.headers["set-cookie"].partition(";")[0]


def test_who_signed_in_is_known_for_twelve_hours_and_then_forgotten(store: Store) -> None:
    """And not a minute longer."""
    clock = Clock()
    sessions = Sessions(store, now=clock, secure=False)
    cookie = a_cookie(sessions)
    assert sessions.read(a_request(cookie)) == ANNA
    clock.now += LIFETIME - timedelta(minutes=2)
    assert sessions.read(a_request(cookie)) == ANNA
    clock.now += timedelta(minutes=3)
    assert sessions.read(a_request(cookie)) is None
    a_cookie(sessions)
    clock.now -= timedelta(hours=1)
    assert sessions.read(a_request(cookie)) is None  # its row is gone


def test_a_cookie_that_was_not_given_here_is_nobody(store: Store) -> None:
    """Guessed, cut short, empty; and what the store holds opens nothing."""
    sessions = Sessions(store, now=Clock(), secure=False)
    cookie = a_cookie(sessions)
    with store.reading() as unit:
        kept = str(
            unit.sign_ins.__dict__["_session"].connection().exec_driver_sql("SELECT digest FROM sign_in").scalar()
        )
    for other in (cookie[:-1], "crosswalk=", "crosswalk=anna", f"crosswalk={kept}", "crosswalk=\xff", "other=1", ""):
        assert sessions.read(a_request(other)) is None
    assert cookie.removeprefix("crosswalk=") not in kept


def test_signing_in_again_ends_what_the_browser_held(store: Store) -> None:
    """What somebody planted before is of no use after; another browser stays signed in."""
    sessions = Sessions(store, now=Clock(), secure=False)
    elsewhere, first = a_cookie(sessions), a_cookie(sessions)
    second = a_cookie(sessions, before=first)
    assert first != second
    assert sessions.read(a_request(first)) is None
    assert sessions.read(a_request(second)) == sessions.read(a_request(elsewhere)) == ANNA


@pytest.mark.parametrize(("secure", "name"), [(False, "crosswalk"), (True, "__Host-crosswalk")])
def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(store: Store, secure: bool, name: str) -> None:  # noqa: FBT001 -- pytest passes it by name
    """HttpOnly, SameSite=Lax, and Secure with the host prefix where the pages are served over https."""
    response = Response()
    Sessions(store, now=Clock(), secure=secure).start(a_request(), response, ANNA)
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert morsel.key == name
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/")
    assert bool(morsel["secure"]) is secure
    assert morsel["max-age"] == str(12 * 60 * 60)
    assert "anna" not in morsel.value
