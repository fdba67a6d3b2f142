"""The session's cookie."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from cryptography.fernet import Fernet, InvalidToken
from starlette.requests import Request
from starlette.responses import Response

from scanner.web.session import LIFETIME, PURPOSE, Session, Sessions


@dataclass
class Sealer:
    """Seals with a key of its own."""

    key: Fernet = field(default_factory=lambda: Fernet(Fernet.generate_key()))

    def seal(self, purpose: str, value: bytes) -> str:
        """Seal for a purpose."""
        return self.key.encrypt(purpose.encode() + b"\0" + value).decode()

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """Open what was sealed for this purpose."""
        try:
            opened, _, value = self.key.decrypt(sealed).partition(b"\0")
        except InvalidToken:
            return None
        return value if opened == purpose.encode() else None


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = datetime(2026, 5, 15, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def a_request(cookie: str) -> Request:
    """Build a request that carries a cookie."""
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def a_cookie(sessions: Sessions) -> str:
    """Sign Anna in and return what her browser sends from then on."""
    response = Response()
    sessions.start(response, subject="anna", connection="c-anna")
    return response.headers["set-cookie"].partition(";")[0]


def test_who_signed_in_is_known_for_twelve_hours() -> None:
    """And not a minute longer."""
    clock = Clock()
    sessions = Sessions(Sealer(), now=clock, secure=False)
    cookie = a_cookie(sessions)
    expected = Session(subject="anna", connection="c-anna", since=clock.now)
    assert sessions.read(a_request(cookie)) == expected
    clock.now += LIFETIME - timedelta(minutes=2)
    assert sessions.read(a_request(cookie)) == expected
    clock.now += timedelta(minutes=2)
    assert sessions.read(a_request(cookie)) is None


def test_a_cookie_of_another_key_or_purpose_or_none_is_nobody() -> None:
    """Forged, foreign, cut short, empty."""
    sealer = Sealer()
    sessions = Sessions(sealer, now=Clock(), secure=False)
    foreign = a_cookie(Sessions(Sealer(), now=Clock(), secure=False))
    other_purpose = "crosswalk=" + sealer.seal("oauth-state", b'{"subject":"anna","connection":"c","since":1}')
    for cookie in (foreign, other_purpose, a_cookie(sessions)[:-8], "crosswalk=", "crosswalk=anna", "other=1", ""):
        assert sessions.read(a_request(cookie)) is None
    assert PURPOSE != "oauth-state"


@pytest.mark.parametrize(("secure", "name"), [(False, "crosswalk"), (True, "__Host-crosswalk")])
def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(secure: bool, name: str) -> None:  # noqa: FBT001 -- pytest passes it by name
    """HttpOnly, SameSite=Lax, and Secure with the host prefix where the pages are served over https."""
    response = Response()
    Sessions(Sealer(), now=Clock(), secure=secure).start(response, subject="anna", connection="c-anna")
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert morsel.key == name
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/")
    assert bool(morsel["secure"]) is secure
    assert morsel["max-age"] == str(12 * 60 * 60)
    assert "anna" not in morsel.value


def test_each_sign_in_gives_a_fresh_cookie() -> None:
    """What somebody planted before is of no use after."""
    sessions = Sessions(Sealer(), now=Clock(), secure=False)
    assert a_cookie(sessions) != a_cookie(sessions)
