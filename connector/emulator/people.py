"""Everybody who has a Drive here: the owner of the seed, others, and service accounts with what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.algorithms import RSAAlgorithm

from connector.emulator.state import World
from connector.emulator.values import User

TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"  # noqa: S105 -- what Google's own library signs for, an address
LONGEST = 3600  # seconds that an assertion may hold


class AssertionRefused(Exception):
    """An assertion that gives no token, in the words of the token endpoint."""

    def __init__(self, status: int, error: str, description: str) -> None:
        """Keep the parts of the answer."""
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """A program's own account: it signs with a key whose public half is registered here."""

    email: str
    key: Any  # the public key, read
    delegated: frozenset[str]  # scopes in which it may act for anybody of the domain


class People:
    """Who there is, each with a Drive of their own."""

    def __init__(self, owner: World) -> None:
        """Begin with the owner of the seed."""
        self.owner = owner
        self._worlds = {owner.user.email: owner}
        self._accounts: dict[str, ServiceAccount] = {}

    def add(self, world: World) -> None:
        """Let a person in."""
        self._worlds[world.user.email] = world

    def world(self, email: str) -> World | None:
        """Return a person's Drive; None for nobody."""
        return self._worlds.get(email)

    @property
    def emails(self) -> tuple[str, ...]:
        """Everybody's address, the owner's first."""
        return tuple(self._worlds)

    def user(self, email: str) -> User:
        """Return who that is. Raises KeyError."""
        return self._worlds[email].user

    def register(self, email: str, *, public_key: str, delegated: frozenset[str]) -> None:
        """Register a service account. Raises ValueError for a text that is no public key in PEM."""
        key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(public_key)
        self._accounts[email] = ServiceAccount(email=email, key=key, delegated=delegated)

    def asserted(self, assertion: str) -> tuple[str, tuple[str, ...]]:
        """Check a signed assertion (RFC 7523); return whose Drive it opens and the scopes. Raises AssertionRefused.

        The sentences are those that https://developers.google.com/identity/protocols/oauth2/service-account lists.
        """
        account, claims = self._signed(assertion)
        if int(claims["exp"]) - int(claims["iat"]) > LONGEST:
            raise AssertionRefused(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)")
        scopes = tuple(str(claims.get("scope", "")).split())
        if not scopes:
            raise AssertionRefused(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        person = str(claims.get("sub", account.email))
        if person == account.email:
            return person, scopes
        if not set(scopes) <= account.delegated:
            sentence = (
                "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any "
                "of the scopes requested."
            )
            raise AssertionRefused(401, "unauthorized_client", sentence)
        if self.world(person) is None:
            raise AssertionRefused(400, "invalid_grant", "Invalid email or User ID")
        return person, scopes

    def _signed(self, assertion: str) -> tuple[ServiceAccount, Mapping[str, Any]]:
        try:
            issuer = jwt.decode(assertion, options={"verify_signature": False}).get("iss", "")
            account = self._accounts.get(issuer)
            if account is None:
                raise AssertionRefused(400, "invalid_grant", "Invalid grant: account not found")
            required: Any = {"require": ["iss", "aud", "exp", "iat"]}
            return account, jwt.decode(
                assertion, account.key, algorithms=["RS256"], audience=TOKEN_AUDIENCE, options=required
            )
        except jwt.InvalidSignatureError as error:
            raise AssertionRefused(400, "invalid_grant", "Invalid JWT Signature.") from error
        except jwt.PyJWTError as error:
            raise AssertionRefused(400, "invalid_grant", f"Invalid JWT: {error}") from error
