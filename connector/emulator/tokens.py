"""Grants, codes and tokens of the pretended consent, and the key that signs identity tokens."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from connector.emulator.values import User

CODE_SECONDS = 600
ACCESS_TOKEN_SECONDS = 3599
ISSUER = "https://accounts.google.com"
EMAIL_SCOPES = frozenset({"email", "https://www.googleapis.com/auth/userinfo.email"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One authorization request that passed its checks."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str
    challenge: str
    offline: bool
    force_consent: bool
    person: str = ""  # whose consent it is, "" for the owner of the seed


@dataclass(frozen=True, kw_only=True, repr=False)
class Grant:
    """What the person allowed one client, until it is revoked."""

    id: str
    client_id: str
    scopes: tuple[str, ...]
    nonce: str
    refresh_token: str  # "" when none was given
    person: str = ""  # whose Drive it opens, "" for the owner of the seed


@dataclass(kw_only=True)
class OAuthKnobs:
    """How consent behaves; see control.py."""

    auto_consent: bool = False
    grant_scopes: tuple[str, ...] | None = None
    deny: bool = False
    deny_with: str = "access_denied"
    person: str = ""
    email_verified: bool = True
    omit_refresh_token: bool = False
    refresh_error: str | None = None
    refresh_scopes: tuple[str, ...] | None = None
    rotate_refresh_token: bool = False
    access_token_seconds: int = ACCESS_TOKEN_SECONDS


@dataclass(repr=False)
class TokenStore:
    """Everything that was handed out and still counts."""

    knobs: OAuthKnobs
    clock: Callable[[], float] = time.monotonic
    codes: dict[str, tuple[Asked, tuple[str, ...], float]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, tuple[str, float]] = field(default_factory=dict)  # token → grant, when it ends

    def new_code(self, asked: Asked, scopes: tuple[str, ...]) -> str:
        """Hand out a code for a consent."""
        code = "4/0" + secrets.token_urlsafe(40)
        self.codes[code] = (asked, scopes, self.clock() + CODE_SECONDS)
        return code

    def take_code(self, code: str) -> tuple[Asked, tuple[str, ...]] | None:
        """Use a code up, whatever comes of it; None when it is unknown, used or too old."""
        asked, scopes, ends = self.codes.pop(code, (None, (), 0.0))
        return (asked, scopes) if asked is not None and self.clock() < ends else None

    def new_grant(self, asked: Asked, scopes: tuple[str, ...]) -> Grant:
        """Turn a consent into a grant, with a refresh token when Google would give one."""
        mine = (asked.client_id, asked.person)
        known = any((grant.client_id, grant.person) == mine for grant in self.grants.values())
        refresh = asked.offline and (asked.force_consent or not known) and not self.knobs.omit_refresh_token
        grant = Grant(
            id=secrets.token_hex(8),
            client_id=asked.client_id,
            scopes=scopes,
            nonce=asked.nonce,
            person=asked.person,
            refresh_token="1//0" + secrets.token_urlsafe(48) if refresh else "",
        )
        self.grants[grant.id] = grant
        return grant

    def rotated(self, grant: Grant) -> Grant:
        """Give a grant another refresh token; the one before counts no more."""
        new = self.grants[grant.id] = replace(grant, refresh_token="1//0" + secrets.token_urlsafe(48))
        return new

    def asserted_grant(self, person: str, scopes: tuple[str, ...]) -> Grant:
        """Turn a service account's assertion into a grant; it lasts as long as its one access token."""
        grant = Grant(id=secrets.token_hex(8), client_id="", scopes=scopes, nonce="", refresh_token="", person=person)
        self.grants[grant.id] = grant
        return grant

    def new_access_token(self, grant: Grant) -> str:
        """Hand out an access token for a grant."""
        token = "ya29." + secrets.token_urlsafe(48)
        self.access[token] = (grant.id, self.clock() + self.knobs.access_token_seconds)
        return token

    def by_access_token(self, token: str) -> Grant | None:
        """Return the grant behind an access token that still counts."""
        grant_id, ends = self.access.get(token, ("", 0.0))
        return self.grants.get(grant_id) if self.clock() < ends else None

    def by_refresh_token(self, token: str) -> Grant | None:
        """Return the grant behind a refresh token that still counts."""
        return next((g for g in self.grants.values() if token and hmac.compare_digest(g.refresh_token, token)), None)

    def expire_access_tokens(self) -> None:
        """End every access token now; refresh tokens still count."""
        self.access.clear()

    def revoke(self, token: str) -> bool:
        """End all that the person allowed this client, by either kind of token; False when it is unknown.

        Google ends every consent of the two at once, older ones too.
        """
        ended = self.by_refresh_token(token) or self.by_access_token(token)
        if ended is None:
            return False
        mine = (ended.client_id, ended.person)
        self.grants = {key: one for key, one in self.grants.items() if (one.client_id, one.person) != mine}
        self.access = {key: value for key, value in self.access.items() if value[0] in self.grants}
        return True


class Signer:
    """Signs identity tokens and publishes the key that checks them."""

    def __init__(self) -> None:
        """Make a fresh key; nothing signed by an earlier run is valid."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = secrets.token_hex(10)

    def published(self) -> Mapping[str, Any]:
        """Return the key set as served under /oauth2/v3/certs."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._key_id, "alg": "RS256", "use": "sig"}]}

    def identity_token(self, user: User, grant: Grant, access_token: str, *, verified: bool) -> str:
        """Sign who the person is, for the client of the grant."""
        now = int(time.time())
        digest = hashlib.sha256(access_token.encode()).digest()[:16]
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": grant.client_id,
            "azp": grant.client_id,
            "sub": user.sub,
            "at_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "iat": now,
            "exp": now + 3600,
        }
        if EMAIL_SCOPES & set(grant.scopes):
            claims |= {"email": user.email, "email_verified": verified}
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})


def verifier_fits(verifier: str, challenge: str) -> bool:
    """Say whether a PKCE verifier is the one that an S256 challenge was made from (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)
