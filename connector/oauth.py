"""Consent: Google's OAuth 2.0 web flow with PKCE and OpenID Connect, and its end.

Facts from https://developers.google.com/identity/protocols/oauth2/web-server, RFC 7636 (PKCE), RFC 7009 (revocation).
"""

import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import jwt
import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import InvalidGrantError, MissingTokenError, OAuth2Error

from connector.failure import ConsentFailed, Failure
from connector.grant import DRIVE
from connector.settings import ConnectorSettings

# NOTE: these write codes and tokens into their debug lines.
for _talker in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_talker).setLevel(logging.INFO)

IDENTITY = ("openid", "email")
SCOPES = (*IDENTITY, DRIVE)
ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
PENDING_SECONDS = 600  # between the click and the consent
TIMEOUT = 30  # seconds
CLOCKS_DIFFER = 30  # seconds at most, ours and Google's
REVOKE_TIMEOUT = 10  # seconds: a person waits for it, and what is kept here is purged whatever Google says
_PASSING = frozenset({"server_error", "temporarily_unavailable", "internal_failure"})
_POLICIES = frozenset({"org_internal", "admin_policy_enforced"})  # a person who declines gives access_denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A consent that was begun; it waits in the person's own browser, sealed."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    begun_at: float  # seconds since 1970
    back: str = ""  # where whoever began it wants to go on; means nothing here
    drive: bool = True  # False where only who she is was asked for
    expected: str = ""  # whose consent it has to be (her subject), "" for anybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a consent gave; the refresh token goes to the vault at once."""

    subject: str
    email: str
    refresh_token: str  # "" where only who she is was asked for

    def __repr__(self) -> str:
        """Never show the token."""
        return f"Granted(subject={self.subject!r})"


class OAuth:
    """Google's consent, begun and completed."""

    def __init__(self, settings: ConnectorSettings, *, now: Callable[[], float]) -> None:
        """Speak to the addresses of the settings; `now` gives seconds since 1970."""
        self._settings = settings
        self._now = now
        if settings.google_token_url.startswith("http://"):  # on this machine only: the settings refuse any other
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

    def begin(
        self, redirect_uri: str, *, back: str = "", drive: bool = True, expected: str = ""
    ) -> tuple[str, Pending]:
        """Return Google's address to send the person to, and what to keep until she is back.

        Without `drive` she only says who she is: no consent to read anything is asked for, and none is kept.
        """
        flow = self._flow(redirect_uri, scopes=SCOPES if drive else IDENTITY, autogenerate_code_verifier=True)
        nonce = secrets.token_urlsafe(32)
        lasting = {"access_type": "offline", "prompt": "consent"}
        url, state = flow.authorization_url(
            state=secrets.token_urlsafe(32),
            nonce=nonce,
            **(lasting if drive else {"access_type": "online", "prompt": "select_account"}),
        )
        pending = Pending(
            state=state,
            nonce=nonce,
            verifier=flow.code_verifier,
            redirect_uri=redirect_uri,
            begun_at=self._now(),
            back=back,
            drive=drive,
            expected=expected,
        )
        return url, pending

    def complete(
        self, answer: Mapping[str, str], pending: Pending | None, *, held: Callable[[str], bool] = lambda _: False
    ) -> Granted:
        """Turn what Google sent the person back with into a consent, or into who she is. Raises ConsentFailed.

        `held` tells whether an older consent of a person (her subject) is still in use.
        """
        if pending is None or self._now() - pending.begun_at > PENDING_SECONDS:
            raise ConsentFailed(Failure.EXPIRED)
        if not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise ConsentFailed(Failure.EXPIRED)
        if "error" in answer or "code" not in answer:
            raise ConsentFailed(_meant(answer.get("error", ""), otherwise=Failure.DENIED))
        tokens = self._exchange(answer["code"], pending)
        try:
            return self._granted(tokens, pending)
        except ConsentFailed:
            if pending.drive:
                self._give_back(tokens, pending, held)
            raise

    def _granted(self, tokens: Mapping[str, Any], pending: Pending) -> Granted:
        if pending.drive and DRIVE not in _scopes(tokens):
            raise ConsentFailed(Failure.NO_DRIVE)
        if pending.drive and not tokens.get("refresh_token"):
            raise ConsentFailed(Failure.NO_REFRESH)
        claims = self._identity(str(tokens.get("id_token", "")), pending.nonce)
        if pending.expected and claims["sub"] != pending.expected:
            raise ConsentFailed(Failure.OTHER_ACCOUNT)
        if not claims.get("email") or claims.get("email_verified") is not True:
            raise ConsentFailed(Failure.UNVERIFIED)
        lasting = str(tokens["refresh_token"]) if pending.drive else ""
        return Granted(subject=str(claims["sub"]), email=str(claims["email"]), refresh_token=lasting)

    def revoke(self, token: str) -> bool:
        """Withdraw the consent at Google; True when it confirms that the token is dead, also if it was so before."""
        try:
            answer = requests.post(
                self._settings.google_revoke_url, data={"token": token}, timeout=REVOKE_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException:
            return False
        page = answer.headers.get("content-type", "").startswith("text/")  # of somebody between us and Google
        return (answer.status_code == 200 and not page) or (
            answer.status_code == 400 and _error(answer) == "invalid_token"
        )

    def _give_back(self, tokens: Mapping[str, Any], pending: Pending, held: Callable[[str], bool]) -> None:
        """Withdraw a consent that is of no use; not where that would end an older one, for Google ends all at once."""
        try:
            subject = str(self._identity(str(tokens.get("id_token", "")), pending.nonce)["sub"])
        except ConsentFailed:
            subject = ""
        if not (subject and held(subject)):
            self.revoke(str(tokens.get("refresh_token") or tokens.get("access_token") or ""))

    def _exchange(self, code: str, pending: Pending) -> Mapping[str, Any]:
        # NOTE: no scopes here, or oauthlib takes a box that was not ticked for an error and throws the token away.
        flow = self._flow(pending.redirect_uri, scopes=None, code_verifier=pending.verifier)
        try:
            flow.oauth2session.max_redirects = 0  # the code and our secret go to Google and nowhere else
            tokens: Mapping[str, Any] = flow.fetch_token(code=code, include_client_id=True, timeout=TIMEOUT)
        except InvalidGrantError as error:
            raise ConsentFailed(Failure.USED) from error
        except (requests.RequestException, MissingTokenError) as error:
            raise ConsentFailed(Failure.UNREACHABLE) from error
        except OAuth2Error as error:
            policy = error.error == "access_denied"
            raise ConsentFailed(Failure.POLICY if policy else _meant(error.error, otherwise=Failure.CLIENT)) from error
        except (ValueError, TypeError, AttributeError) as error:  # whatever came, it is no answer of Google's
            raise ConsentFailed(Failure.UNREACHABLE) from error
        return tokens

    def _flow(self, redirect_uri: str, *, scopes: Sequence[str] | None, **pkce: Any) -> Flow:
        client = {
            "client_id": self._settings.google_client_id,
            "client_secret": self._settings.google_client_secret.get_secret_value(),
            "auth_uri": self._settings.google_auth_url,
            "token_uri": self._settings.google_token_url,
        }
        return Flow.from_client_config({"web": client}, scopes=scopes, redirect_uri=redirect_uri, **pkce)

    def _identity(self, token: str, nonce: str) -> Mapping[str, Any]:
        """Check the id token's signature, audience, issuer, life and nonce (OpenID Connect Core, 3.1.3.7).

        Not by google-auth: of keys in this form it takes no skew of clocks, and lets another library's errors through.
        """
        try:
            published = requests.get(self._settings.google_certs_url, timeout=TIMEOUT)
            key = jwt.PyJWKSet.from_dict(_json(published))[jwt.get_unverified_header(token).get("kid", "")]
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._settings.google_client_id,
                issuer=ISSUERS,
                leeway=CLOCKS_DIFFER,
                options={"require": ["iss", "aud", "sub", "iat", "exp", "nonce"]},
            )
        except requests.RequestException as error:
            raise ConsentFailed(Failure.UNREACHABLE) from error
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise ConsentFailed(Failure.IDENTITY) from error
        if claims["nonce"] != nonce or not claims["sub"]:
            raise ConsentFailed(Failure.IDENTITY)
        return claims


def to_bytes(pending: Pending) -> bytes:
    """Return the pending consent as bytes to be sealed."""
    return json.dumps(asdict(pending)).encode()


def from_bytes(value: bytes | None) -> Pending | None:
    """Return the pending consent that was sealed, None where there is none."""
    return Pending(**json.loads(value)) if value else None


def _meant(code: str, *, otherwise: Failure) -> Failure:
    """Return what a code of RFC 6749, 4.1.2.1 or of Google's own means for the person."""
    if code in _POLICIES:
        return Failure.POLICY
    return Failure.UNREACHABLE if code in _PASSING else otherwise


def _scopes(tokens: Mapping[str, Any]) -> Sequence[str]:
    granted = tokens.get("scope") or ()
    return granted.split() if isinstance(granted, str) else granted


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _error(answer: requests.Response) -> str:
    return str(_json(answer).get("error", ""))
