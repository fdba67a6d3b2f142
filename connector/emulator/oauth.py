"""Consent over HTTP: authorize, token, revoke, keys and the person's identity, as Google's endpoints answer."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from connector.emulator import pages
from connector.emulator.journal import Journal
from connector.emulator.people import AssertionRefused, People
from connector.emulator.refusals import OAuthError, refresh_refusal
from connector.emulator.tokens import EMAIL_SCOPES, Asked, Grant, Signer, TokenStore, verifier_fits
from connector.emulator.values import Client, User

DRIVE_SCOPES = frozenset(
    {"https://www.googleapis.com/auth/drive.readonly", "https://www.googleapis.com/auth/drive.metadata.readonly"}
)
# Google answers with the long names, whatever was asked for: a client that compares texts stumbles here.
_LONG_NAMES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
_SIGN_IN_SCOPES = frozenset({"openid", *_LONG_NAMES.values()})
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuth:
    """The endpoints; app.py sends each path to its method."""

    def __init__(self, *, people: People, clients: tuple[Client, ...], tokens: TokenStore, journal: Journal) -> None:
        """Know the people and the registered clients."""
        self._people = people
        self._clients = {client.id: client for client in clients}
        self._tokens = tokens
        self._journal = journal
        self._signer = Signer()
        self._pending: dict[str, Asked] = {}

    async def authorize(self, request: Request) -> Response:
        """Ask the person, or answer for her when consent is automatic."""
        asked = self._asked(request.query_params)
        if isinstance(asked, Response):
            return asked
        knobs = self._tokens.knobs
        if knobs.deny:
            return _sent_back(asked, {"error": knobs.deny_with})
        if knobs.auto_consent:
            wanted = asked.scopes if knobs.grant_scopes is None else knobs.grant_scopes
            return self._consented(asked, tuple(_LONG_NAMES.get(scope, scope) for scope in wanted))
        request_id = secrets.token_urlsafe(16)
        self._pending[request_id] = asked
        known = self._people.emails
        page = pages.consent_page(
            request_id=request_id,
            email=self._user(asked.person).email,
            others=known if len(known) > 1 else (),
            client_id=asked.client_id,
            scopes=asked.scopes,
        )
        return HTMLResponse(page, headers=_NEVER_STORED)

    async def decide(self, request: Request) -> Response:
        """Take the person's answer from the consent page."""
        form = await request.form()
        asked = self._pending.pop(str(form.get("request", "")), None)
        if asked is None:
            return HTMLResponse(pages.refusal_page(400, "invalid_request"), 400)
        if form.get("answer") != "allow":
            return _sent_back(asked, {"error": "access_denied"})
        account = str(form.get("account", ""))
        if account in self._people.emails:
            asked = replace(asked, person=account)
        ticked = {str(value) for value in form.getlist("scope")}
        return self._consented(asked, tuple(s for s in asked.scopes if s in _SIGN_IN_SCOPES or s in ticked))

    async def token(self, request: Request) -> Response:
        """Exchange a code, or refresh; client credentials come in the header or in the body."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            if form.get("grant_type") == _ASSERTION:
                body = self._asserted(form.get("assertion", ""))
            else:
                client = self._client_of(request.headers.get("authorization", ""), form)
                body = self._exchange(client, form)
        except OAuthError as error:
            return JSONResponse(error.body, error.status, headers=_NEVER_STORED)
        return JSONResponse(body, headers=_NEVER_STORED)

    async def revoke(self, request: Request) -> Response:
        """End a grant by either of its tokens."""
        form = await request.form()
        token = str(form.get("token") or request.query_params.get("token", ""))
        if not token:
            return JSONResponse({"error": "invalid_request", "error_description": "Missing parameter: token"}, 400)
        if not self._tokens.revoke(token):
            body = {"error": "invalid_token", "error_description": "Token expired or revoked"}
            return JSONResponse(body, 400)
        return JSONResponse({})

    async def keys(self, _: Request) -> Response:
        """Publish the key that identity tokens are signed with."""
        return JSONResponse(self._signer.published())

    async def identity(self, request: Request) -> Response:
        """Say who the person is, as far as the consent covers it."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self._tokens.by_access_token(token)
        if grant is None or "openid" not in grant.scopes:
            return JSONResponse({"error": "invalid_request", "error_description": "Invalid Credentials"}, 401)
        user = self._user(grant.person)
        body: dict[str, Any] = {"sub": user.sub}
        if EMAIL_SCOPES & set(grant.scopes):
            body |= {"email": user.email, "email_verified": True}
        return JSONResponse(body)

    def _user(self, person: str) -> User:
        return self._people.user(person) if person else self._people.owner.user

    def _asked(self, query: Mapping[str, str]) -> Asked | Response:
        """Check an authorization request; faults in client or address are shown, never sent to the address."""
        client = self._clients.get(query.get("client_id", ""))
        if client is None:
            return HTMLResponse(pages.refusal_page(401, "invalid_client"), 401)
        if not client.allows(query.get("redirect_uri", "")):
            return HTMLResponse(pages.refusal_page(400, "redirect_uri_mismatch"), 400)
        scopes = tuple(dict.fromkeys(_LONG_NAMES.get(s, s) for s in query.get("scope", "").split()))
        strange = [scope for scope in scopes if scope not in _SIGN_IN_SCOPES | DRIVE_SCOPES]
        if strange:
            self._journal.violation("scope", f"asked for {strange[0]}")
            return HTMLResponse(pages.refusal_page(400, "invalid_scope"), 400)
        challenge = query.get("code_challenge", "")
        if (
            query.get("response_type") != "code"
            or not scopes
            or (challenge and query.get("code_challenge_method") != "S256")
        ):
            return HTMLResponse(pages.refusal_page(400, "invalid_request"), 400)
        return Asked(
            client_id=client.id,
            redirect_uri=query["redirect_uri"],
            scopes=scopes,
            state=query.get("state"),
            nonce=query.get("nonce", ""),
            challenge=challenge,
            offline=query.get("access_type") == "offline",
            force_consent="consent" in query.get("prompt", "").split(),
            person=self._tokens.knobs.person,
        )

    def _consented(self, asked: Asked, scopes: tuple[str, ...]) -> Response:
        code = self._tokens.new_code(asked, scopes)
        return _sent_back(asked, {"code": code, "scope": " ".join(scopes), "authuser": "0", "prompt": "consent"})

    def _client_of(self, header: str, form: Mapping[str, str]) -> Client:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header.lower().startswith("basic "):
            try:
                decoded = base64.b64decode(header[6:], validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise OAuthError(401, "invalid_client", "Unauthorized") from error
            client_id, _, secret = (unquote(part) for part in decoded.partition(":"))
        client = self._clients.get(client_id)
        if client is None:
            raise OAuthError(401, "invalid_client", "The OAuth client was not found.")
        if not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise OAuthError(401, "invalid_client", "Unauthorized")
        return client

    def _exchange(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._first_tokens(client, form)
        if kind == "refresh_token":
            return self._refreshed(client, form)
        raise OAuthError(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")

    def _first_tokens(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        taken = self._tokens.take_code(form.get("code", ""))
        if taken is None or taken[0].client_id != client.id:
            raise OAuthError(400, "invalid_grant", "Bad Request")
        asked, scopes = taken
        if form.get("redirect_uri") != asked.redirect_uri:
            raise OAuthError(400, "redirect_uri_mismatch", "Bad Request")
        verifier = form.get("code_verifier", "")
        if asked.challenge and not verifier:
            raise OAuthError(400, "invalid_grant", "Missing code verifier.")
        if asked.challenge and not verifier_fits(verifier, asked.challenge):
            raise OAuthError(400, "invalid_grant", "Invalid code verifier.")
        grant = self._tokens.new_grant(asked, scopes)
        refresh = {"refresh_token": grant.refresh_token} if grant.refresh_token else {}
        return self._tokens_for(grant) | refresh

    def _refreshed(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        grant = self._tokens.by_refresh_token(form.get("refresh_token", ""))
        problem = self._tokens.knobs.refresh_error
        if problem:
            raise refresh_refusal(problem)
        if grant is None or grant.client_id != client.id:
            raise refresh_refusal("invalid_grant")
        wanted = tuple(form.get("scope", "").split())
        if not set(wanted) <= set(grant.scopes):
            raise OAuthError(400, "invalid_scope", "Some requested scopes were invalid or not granted.")
        scopes = self._tokens.knobs.refresh_scopes
        body = self._tokens_for(replace(grant, scopes=scopes or wanted or grant.scopes))
        if self._tokens.knobs.rotate_refresh_token:
            body["refresh_token"] = self._tokens.rotated(grant).refresh_token
        return body

    def _asserted(self, assertion: str) -> dict[str, Any]:
        try:
            person, scopes = self._people.asserted(assertion)
        except AssertionRefused as error:
            raise OAuthError(error.status, error.error, error.description) from error
        strange = set(scopes) - DRIVE_SCOPES
        if strange:
            self._journal.violation("scope", f"asserted {min(strange)}")
        problem = self._tokens.knobs.refresh_error
        if problem:
            raise refresh_refusal(problem)
        body = self._tokens_for(self._tokens.asserted_grant(person, scopes))
        return {name: body[name] for name in ("access_token", "expires_in", "token_type")}

    def _tokens_for(self, grant: Grant) -> dict[str, Any]:
        access = self._tokens.new_access_token(grant)
        body: dict[str, Any] = {
            "access_token": access,
            "expires_in": self._tokens.knobs.access_token_seconds,
            "scope": " ".join(grant.scopes),
            "token_type": "Bearer",
        }
        if "openid" in grant.scopes:
            verified = self._tokens.knobs.email_verified
            body["id_token"] = self._signer.identity_token(self._user(grant.person), grant, access, verified=verified)
        return body


def _sent_back(asked: Asked, answer: Mapping[str, str]) -> Response:
    state = {} if asked.state is None else {"state": asked.state}
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    address = f"{asked.redirect_uri}{joint}{urlencode(state | dict(answer))}"
    return RedirectResponse(address, 302, headers=_NEVER_STORED)
