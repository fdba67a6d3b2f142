"""The connector, assembled: consent, vault and Drive behind one object."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from connector.drive.budget import Budget
from connector.drive.client import DriveClient
from connector.drive.files import MEGABYTE, Limits
from connector.drive.pace import Pace
from connector.drive.source import DriveSource
from connector.errors import ConnectorError, ConsentLost
from connector.oauth import OAuth, from_bytes, to_bytes
from connector.routes import Answers, build_router
from connector.settings import ConnectorSettings
from connector.source import FileSource
from connector.vault import Keys, Shelf, Vault, from_text, to_text

PENDING = "pending-consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent that was given; its refresh token is in the vault already."""

    connection_id: str  # the same each time the same person connects the same account
    subject: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """How the end of a connection went."""

    revoked: bool
    words: str


class Connector:
    """A read-only way to people's Google Drives."""

    def __init__(self, settings: ConnectorSettings, shelf: Shelf, *, now: Callable[[], float] = time.time) -> None:
        """Keep sealed tokens on the shelf. Raises ConnectorError when there is no usable vault key."""
        given = settings.vault_key.get_secret_value() if settings.vault_key else None
        self._settings = settings
        self._keys = Keys.load(given=given, file=Path(settings.vault_key_file))
        self._vault = Vault(self._keys, shelf)
        self._oauth = OAuth(settings, now=now)
        self._project = Pace(settings.google_project_units_per_minute)
        self._budget = Budget(settings.max_in_flight_mb * MEGABYTE)
        self._clients: dict[str, tuple[str, DriveClient]] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(cls, shelf: Shelf, *, now: Callable[[], float] = time.time, **overrides: Any) -> "Connector":
        """Assemble from the environment. Raises ConnectorError: one sentence that names the setting to change."""
        try:
            settings = ConnectorSettings(**overrides)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]).upper()
            raise ConnectorError(
                f"Set CROSSWALK_{name} to something else: {first['msg'].removeprefix('Value error, ')}."
            ) from None
        return cls(settings, shelf, now=now)

    @property
    def configured(self) -> bool:
        """Tell whether an OAuth client is set."""
        return self._settings.configured

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Return Google's address to send the person to, and the sealed cookie that she brings back."""
        if not self.configured:
            raise ConnectorError(
                "Set CROSSWALK_GOOGLE_CLIENT_ID and CROSSWALK_GOOGLE_CLIENT_SECRET (README, Your own Drive)."
            )
        url, pending = self._oauth.begin(redirect_uri)
        return url, self.seal(PENDING, to_bytes(pending))

    def complete(self, answer: Mapping[str, str], cookie: str) -> Consent:
        """Turn what Google sent the person back with into a consent. Raises ConsentFailed."""
        granted = self._oauth.complete(answer, from_bytes(self.unseal(PENDING, cookie)))
        identity = f"{self._settings.google_client_id}\0{granted.subject}"
        connection_id = "c" + hashlib.sha256(identity.encode()).hexdigest()[:20]
        self._vault.put(connection_id, granted.refresh_token)
        return Consent(connection_id=connection_id, subject=granted.subject, email=granted.email)

    def source(self, connection_id: str, *, within: Iterable[str] = ()) -> FileSource:
        """Return the files behind a connection, or only those below some folders and shared drives (ids).

        Raises ConsentLost when its refresh token is not there.
        """
        token = self._vault.get(connection_id)
        if token is None:
            raise ConsentLost("There is no consent that can be used: connect Google Drive again.")
        with self._lock:
            known = self._clients.get(connection_id)
            if known is None or known[0] != token:
                known = self._clients[connection_id] = (
                    token,
                    DriveClient(self._settings, token, project=self._project),
                )
        limits = Limits(
            max_file_mb=self._settings.max_file_mb,
            within=frozenset(within),
            abusive=self._settings.read_abusive_files,
        )
        return DriveSource(known[1], limits=limits, budget=self._budget)

    def disconnect(self, connection_id: str) -> Disconnected:
        """Withdraw the consent at Google and forget the token here, also when Google does not answer."""
        token = self._vault.get(connection_id)
        revoked = token is not None and self._oauth.revoke(token)
        self._vault.remove(connection_id)
        with self._lock:
            known = self._clients.pop(connection_id, None)
        if known:
            known[1].close()
        if revoked:
            return Disconnected(
                revoked=True, words="Disconnected: Google has withdrawn the consent; all is purged here."
            )
        return Disconnected(
            revoked=False,
            words="Purged here, but Google did not confirm: remove Crosswalk at myaccount.google.com/connections.",
        )

    def close(self) -> None:
        """Close what is open towards Google."""
        with self._lock:
            while self._clients:
                self._clients.popitem()[1][1].close()

    def seal(self, purpose: str, value: bytes) -> str:
        """Return a value sealed for this purpose, as text that fits a cookie."""
        return to_text(self._keys.seal(purpose, value))

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """Return the value, or None for anything that was not sealed here for this purpose."""
        raw = from_text(sealed)
        return self._keys.open(purpose, raw) if raw else None

    def routes(self, *, base_url: str, **callbacks: Any) -> APIRouter:
        """Return /connections/…; see connector.routes.Answers for the callbacks."""
        return build_router(self, Answers(**callbacks), base_url=base_url)
