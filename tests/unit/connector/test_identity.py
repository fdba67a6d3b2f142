"""Who somebody is: an identity token is believed only as OpenID Connect Core 3.1.3.7 has it."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from pydantic import SecretStr

from connector.failure import ConsentFailed, Failure
from connector.oauth import OAuth
from connector.settings import ConnectorSettings

CLIENT = "crosswalk.apps.example"
OURS, OTHERS = (generate_private_key(65537, 2048) for _ in range(2))


@dataclass
class Issuer:
    """A token endpoint that says what it is told to, and the keys that it publishes."""

    keys: dict[str, RSAPrivateKey] = field(default_factory=lambda: {"k1": OURS})
    token: str = ""
    root: str = ""

    def published(self) -> dict[str, Any]:
        return {
            "keys": [
                {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "alg": "RS256", "use": "sig"}
                for kid, key in self.keys.items()
            ]
        }

    def granted(self) -> dict[str, Any]:
        return {"access_token": "a", "token_type": "Bearer", "scope": "openid email", "id_token": self.token}


@contextmanager
def running(issuer: Issuer) -> Iterator[None]:
    """Serve it on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(issuer.published())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.answer(issuer.granted())

        def answer(self, body: Mapping[str, Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that the base class gives
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def serving() -> Iterator[Issuer]:
    issuer = Issuer()
    with running(issuer):
        yield issuer


@pytest.fixture
def issuer(serving: Issuer) -> Issuer:
    serving.keys = {"k1": OURS}
    return serving


def told(
    issuer: Issuer, *, key: Any = OURS, kid: str = "k1", algorithm: str = "RS256", certs: str = "", **changes: Any
) -> str:
    """Sign somebody in with these claims changed, None for left out; return who she is then."""
    settings = ConnectorSettings(
        google_client_id=CLIENT,
        google_client_secret=SecretStr("a secret"),
        google_auth_url=issuer.root,
        google_token_url=f"{issuer.root}/token",
        google_certs_url=certs or f"{issuer.root}/certs",
    )
    oauth = OAuth(settings, now=time.time)
    _, pending = oauth.begin("http://127.0.0.1/connections/callback", drive=False)
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": "https://accounts.google.com",
        "aud": CLIENT,
        "sub": "1001",
        "email": "mara@maker.example",
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
        "nonce": pending.nonce,
    }
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    issuer.token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})
    return oauth.complete({"code": "c", "state": pending.state}, pending).subject


def refused(issuer: Issuer, **changes: Any) -> Failure:
    with pytest.raises(ConsentFailed) as raised:
        told(issuer, **changes)
    return raised.value.failure


def test_a_token_of_the_issuer_for_us_and_for_this_very_sign_in_says_who_she_is(issuer: Issuer) -> None:
    assert told(issuer) == "1001"
    assert told(issuer, iss="accounts.google.com") == "1001"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://accounts.google.com.evil.example"},
        {"iss": None},
        {"aud": "another.apps.example"},
        {"aud": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
def test_any_other_is_nobodys(issuer: Issuer, changes: dict[str, Any]) -> None:
    assert refused(issuer, **changes) is Failure.IDENTITY


@pytest.mark.parametrize(("seconds", "good"), [(20, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(issuer: Issuer, seconds: int, good: bool) -> None:  # noqa: FBT001 -- pytest passes it by name
    now = int(time.time())
    ahead, over = {"iat": now + seconds}, {"iat": now - 3600, "exp": now - seconds}
    both: tuple[dict[str, Any], ...] = (ahead, over)
    for changes in both:
        if good:
            assert told(issuer, **changes) == "1001"
        else:
            assert refused(issuer, **changes) is Failure.IDENTITY


def test_a_signature_is_of_a_published_key_also_after_they_were_changed(issuer: Issuer) -> None:
    assert refused(issuer, key=OTHERS) is Failure.IDENTITY
    assert refused(issuer, key=OTHERS, kid="k2") is Failure.IDENTITY
    issuer.keys = {"k2": OTHERS}
    assert told(issuer, key=OTHERS, kid="k2") == "1001"
    assert refused(issuer) is Failure.IDENTITY


def test_no_other_way_of_signing_is_believed(issuer: Issuer) -> None:
    """Neither none at all, nor a shared secret that is the published key or the client's own."""
    assert refused(issuer, key=None, algorithm="none") is Failure.IDENTITY
    modulus = base64.b64encode(OURS.public_key().public_numbers().n.to_bytes(256)).decode()
    for secret in ("a secret" * 4, modulus):
        assert refused(issuer, key=secret, algorithm="HS256") is Failure.IDENTITY


def test_keys_that_cannot_be_had_or_read_are_told_apart(issuer: Issuer) -> None:
    issuer.keys = {}
    assert refused(issuer) is Failure.IDENTITY
    assert refused(issuer, certs="http://127.0.0.1:9/certs") is Failure.UNREACHABLE
