"""Talks to a running emulator the way real programs do: Google's own client for Drive, plain requests for the rest."""

import base64
import hashlib
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httplib2
import requests
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, DRIVE_SCOPE

CALLBACK = "http://127.0.0.1:8123/connections/callback"
ALL_DRIVES = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
VERIFIER = "correct-horse-battery-staple-correct-horse-battery-staple"
_names = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One running emulator with everything needed to talk to it."""

    base: str
    token: str = field(repr=False)
    drive: Any  # Google's client has no types

    def get(self, path: str, **query: str) -> requests.Response:
        """Call the Drive API by hand."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.base}/drive/v3/{path}", params=query, headers=headers, timeout=10)

    def turn(self, knob: str, body: Mapping[str, Any] | None = None, *, verb: str = "POST") -> dict[str, Any]:
        """Turn a knob of the emulator; it must accept."""
        reply = requests.request(verb, f"{self.base}/_emulator/{knob}", json=dict(body or {}), timeout=10)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def violations(self) -> list[dict[str, str]]:
        """Return what should not have been called."""
        found: list[dict[str, str]] = self.turn("violations", verb="GET")["violations"]
        return found

    def put(self, item_id: str, text: str = "", **item: Any) -> str:
        """Create or replace a file; returns its id."""
        raw = {"id": item_id, "name": item_id, "kind": "file", "parent": "root"} | item
        if raw["kind"] == "file":
            raw.setdefault("mime", "text/plain")
        if raw["kind"] not in ("folder", "shortcut"):
            raw["content_base64"] = base64.b64encode(text.encode()).decode()
        self.turn("items", raw)
        return item_id

    def start_token(self, **params: Any) -> str:
        """Return where the change feed stands."""
        token: str = self.drive.changes().getStartPageToken(**params).execute()["startPageToken"]
        return token


@contextmanager
def a_desk(base: str, *, scopes: tuple[str, ...] = (DRIVE_SCOPE,)) -> Iterator[Desk]:
    """Sit down at a running emulator with tokens for these scopes."""
    reply = requests.post(f"{base}/_emulator/tokens", json={"scopes": list(scopes)}, timeout=10)
    token = reply.json()["access_token"]
    wire = httplib2.Http(timeout=10)
    http = AuthorizedHttp(_credentials(token), http=wire)
    endpoint = {"api_endpoint": f"{base}/drive/v3/"}
    with build("drive", "v3", http=http, static_discovery=True, client_options=endpoint) as drive:
        yield Desk(base=base, token=token, drive=drive)


def _credentials(token: str) -> Any:
    """Return Google's credentials, whose constructor has no types."""
    make: Any = Credentials
    return make(token=token)


def a_new_id(word: str) -> str:
    """Return an id that no other test uses."""
    return f"{word}-{next(_names)}"


def authorize(base: str, **changes: str | None) -> requests.Response:
    """Send a person's browser to the consent; `None` leaves a parameter out. Redirects are not followed."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    query: dict[str, str | None] = {
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": f"openid email {DRIVE_SCOPE}",
        "state": "state-1",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    query |= changes
    address = f"{base}/o/oauth2/v2/auth?{urlencode({k: v for k, v in query.items() if v is not None})}"
    return requests.get(address, allow_redirects=False, timeout=10)


def answer_of(reply: requests.Response) -> dict[str, str]:
    """Return the parameters that the consent sent back to the client."""
    assert reply.status_code == 302, reply.text
    address = urlsplit(reply.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == CALLBACK
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def exchange(base: str, code: str, **changes: str) -> requests.Response:
    """Exchange a code for tokens, with the credentials in the body."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code_verifier": VERIFIER,
    }
    return requests.post(f"{base}/token", data=form | changes, timeout=10)


def connected(base: str) -> dict[str, Any]:
    """Go through the whole consent; returns the token endpoint's answer."""
    reply = exchange(base, answer_of(authorize(base))["code"])
    assert reply.status_code == 200, reply.text
    tokens: dict[str, Any] = reply.json()
    return tokens
