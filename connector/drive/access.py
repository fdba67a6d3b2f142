"""Access tokens: fetched by one refresher a connection, and what a refusal of Google's token endpoint means."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2 import credentials, service_account

from connector.errors import ConnectorError, ConsentLost, SourceRefused, SourceUnavailable
from connector.grant import DRIVE, Grant, Keeper
from connector.lost import LostBecause
from connector.service_account import key_of
from connector.settings import ConnectorSettings

_DAY = 86_400.0
_TESTING_ENDS = (6.9 * _DAY, 9.0 * _DAY)  # after seven days, met by the next night's sync or by the one after

_CLIENT = frozenset({"invalid_client", "disabled_client", "deleted_client"})
# Codes and descriptions as users report them; the longest list is GAM's (OAUTH2_TOKEN_ERRORS), whose pull request 1171
# shows what becomes of a deleted account. What a *suspended* one answers is published nowhere: neither that list nor
# Google's own (https://developers.google.com/identity/protocols/oauth2#expiration) names it, and the one report that
# there is (github.com/wk8/Brive/issues/10 of 2014, by a service account) shows a bare invalid_request. So a description
# is looked at for the word; without it a suspended person reads like one who took her consent back.
# An account that is *restricted* answers access_denied, "Account restricted" (github.com/closeio/sync-engine/pull/1014,
# github.com/GAM-team/GAM/issues/1766). Google's own command reads the very same as Context-Aware Access
# (lib/googlecloudsdk/core/context_aware.py of github.com/google-cloud-sdk-unofficial/google-cloud-sdk): both are told.
_BY_CODE: Mapping[str, LostBecause] = {
    "invalid_scope": LostBecause.SCOPE,
    "org_internal": LostBecause.POLICY,
    "admin_policy_enforced": LostBecause.POLICY,
    "access_denied": LostBecause.POLICY,
}
_GONE_ACCOUNT = ("deleted", "disabled", "suspended")
_RESTRICTED = "account restricted"  # in small letters
_RAPT = frozenset({"invalid_rapt", "rapt_required"})
_NOBODY = ("invalid email or user id", "not a valid email", "invalid impersonation")


class Person(credentials.Credentials):
    """A person's consent, refreshed by one thread at a time, the others wait for what it gets.

    NOTE: an authorization server may answer with a new refresh token and end the old one (RFC 6749, 6). Google's does
    not today; who lost it would have lost the consent.
    """

    def __init__(self, settings: ConnectorSettings, grant: Grant, now: Callable[[], float], keeper: Keeper) -> None:
        """Ask for the scope that is needed, so that a narrower answer can be noticed: google-auth only logs it."""
        super().__init__(  # type: ignore[no-untyped-call]  # google-auth ships no types for it
            token=None,
            refresh_token=grant.refresh_token,
            token_uri=settings.google_token_url,
            client_id=settings.google_client_id,
            client_secret=settings.google_client_secret.get_secret_value(),
            scopes=[DRIVE],
        )
        self._once = _Once(grant, now)
        self._grant, self._keeper = grant, keeper

    def refresh(self, request: Any) -> None:
        """Fetch an access token. Raises ConnectorError."""
        try:
            self._once(lambda: self._covering(request))
        except ConsentLost as error:
            kept = self._keeper.kept()
            if kept is None or kept == self._grant:
                raise
            raise SourceUnavailable("The consent was renewed meanwhile; it is tried again with the new one.") from error

    def _covering(self, request: Any) -> None:
        super().refresh(request)  # type: ignore[no-untyped-call]  # google-auth again
        self._keep()
        if DRIVE not in (self.granted_scopes or (DRIVE,)):  # an answer without scopes grants what was asked for
            self.token = None
            raise ConsentLost(LostBecause.SCOPE)

    def _keep(self) -> None:
        """Have a new refresh token kept before its first access token is used: the old one may count no more."""
        new = replace(self._grant, refresh_token=str(self.refresh_token))
        if new == self._grant:
            return
        token, self.token = self.token, None  # where it cannot be kept, the next call asks and tries again
        self._keeper.renewed(self._grant, new)
        self._grant, self.token = new, token


class Robot(service_account.Credentials):
    """A company's service account, in its own name or in that of a person, refreshed like a person's consent."""

    def __init__(self, settings: ConnectorSettings, grant: Grant, now: Callable[[], float]) -> None:
        """Read the key file. Raises SourceRefused."""
        key = key_of(settings)
        super().__init__(  # type: ignore[no-untyped-call]  # google-auth again
            key.signer,
            service_account_email=key.email,
            token_uri=settings.google_token_url,
            scopes=[DRIVE],
            subject=grant.subject or None,
        )
        self._once = _Once(grant, now)

    def refresh(self, request: Any) -> None:
        """Fetch an access token. Raises ConnectorError."""
        self._once(lambda: super(Robot, self).refresh(request))  # type: ignore[no-untyped-call]  # google-auth again

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        """Never ask another of Google's services, in a thread of its own, where requests should go."""
        return False


def access(
    settings: ConnectorSettings, grant: Grant, *, keeper: Keeper, now: Callable[[], float] = time.time
) -> Person | Robot:
    """Return the credentials that a grant gives. Raises SourceRefused where the service account's key is not there."""
    return Robot(settings, grant, now) if grant.by_service_account else Person(settings, grant, now, keeper)


class _Once:
    """Lets threads that meet an expired access token together share one refresh, or its failure.

    Of too many at once Google drops the oldest without a word.
    """

    def __init__(self, grant: Grant, now: Callable[[], float]) -> None:
        self._grant = grant
        self._now = now
        self._lock = threading.Lock()
        self._done = 0  # refreshes so far
        self._failed: ConnectorError | None = None  # what the last one came to

    def __call__(self, refresh: Callable[[], None]) -> None:
        seen = self._done
        with self._lock:
            if self._done == seen:
                self._failed = self._tried(refresh)
                self._done += 1
            if self._failed is not None:
                raise self._failed

    def _tried(self, refresh: Callable[[], None]) -> ConnectorError | None:
        try:
            refresh()
        except ConnectorError as error:
            return error
        except RefreshError as error:
            meant = refused(error, self._grant, now=self._now())
            meant.__cause__ = error
            return meant
        except GoogleAuthError as error:
            return SourceUnavailable(f"Google's sign-in service could not be reached ({type(error).__name__}).")
        except (ValueError, TypeError, KeyError, AttributeError):  # google-auth believes whatever JSON comes
            return SourceUnavailable("Google's sign-in service did not answer.")
        return None


def refused(error: RefreshError, grant: Grant, *, now: float) -> ConnectorError:
    """Return what a refused refresh means. Only an answer that names a reason may end a consent.

    NOTE: google-auth hands over pages of a failing front end as final too: they are no answer.
    """
    details = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code, said = str(details.get("error", "")), str(details.get("error_description", "")).lower()
    # NOTE: of this one google-auth swallows Google's answer and leaves a sentence about a command of its own.
    if "Reauthentication is needed" in str(error) or details.get("error_subtype") in _RAPT:
        return ConsentLost(LostBecause.REAUTH)
    if getattr(error, "retryable", False) or not code:
        return SourceUnavailable("Google's sign-in service did not answer.")
    if code in _CLIENT:
        return SourceRefused("Google does not know this OAuth client any more: check its id and secret.")
    because = _robot(code, said) if grant.by_service_account else _person(code, said, grant, now)
    if because is None:
        return SourceUnavailable(f"Google's sign-in refused for a reason that we do not know ({code[:60]}).")
    return ConsentLost(because)


def _person(code: str, said: str, grant: Grant, now: float) -> LostBecause | None:
    if any(word in said for word in _GONE_ACCOUNT):
        return LostBecause.ACCOUNT
    if code == "access_denied" and _RESTRICTED in said:
        return LostBecause.RESTRICTED
    if code != "invalid_grant":
        return _BY_CODE.get(code)
    age = now - grant.given_at if grant.given_at is not None else 0.0
    return LostBecause.TESTING if _TESTING_ENDS[0] <= age < _TESTING_ENDS[1] else LostBecause.REVOKED


def _robot(code: str, said: str) -> LostBecause | None:
    """See https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes."""
    if any(word in said for word in (*_NOBODY, *_GONE_ACCOUNT, _RESTRICTED)):
        return LostBecause.NO_SUCH_PERSON
    if code in {"unauthorized_client", "access_denied", "invalid_scope"}:
        return LostBecause.DELEGATION
    if code == "invalid_grant":  # "Invalid JWT Signature." and its kin
        return LostBecause.KEY_REFUSED
    return _BY_CODE.get(code)
