"""The connector, assembled: consent, vault and Drive behind one object."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from connector.calls import Counted, nobody
from connector.channel import Channel, Hint
from connector.clients import Clients
from connector.drive.budget import Budget
from connector.drive.channels import all_stopped, opened, stopped
from connector.drive.chosen import Chosen, chosen
from connector.drive.cursor import place
from connector.drive.files import MEGABYTE, Limits
from connector.drive.source import DriveSource
from connector.errors import ConnectorError, SourceRefused
from connector.grant import Grant, VaultState
from connector.oauth import OAuth, from_bytes, to_bytes
from connector.push import PATH, heard, token_of
from connector.reach import ahead, unreachable
from connector.refused import refused
from connector.seal import KeyFile, Keys, from_text, to_text
from connector.service_account import key_of
from connector.settings import ConnectorSettings
from connector.source import Cursor, FileSource
from connector.vault import Shelf, Vault, pruned, rotated

if TYPE_CHECKING:
    from fastapi import APIRouter

PENDING = "pending-consent"
WITHDRAWN = "Disconnected: Google has withdrawn the consent; all is purged here."
NOT_CONFIRMED = "Purged here, but Google did not confirm: remove Crosswalk at myaccount.google.com/connections."
NOT_OURS_TO_END = (
    "Purged here. A service account read this Drive: its delegation, or what was shared with it, ends where it was "
    "given (Google Admin console, or Share in Drive)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent that was given; what opens the connection is in the vault already."""

    connection_id: str  # the same each time the same person connects; "" where she only said who she is
    subject: str  # the person's id at Google; of a service account's connection nobody's
    email: str
    back: str = ""  # where the person wanted to go on


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """How the end of a connection went."""

    revoked: bool
    words: str


class Connector:
    """A read-only way to people's Google Drives."""

    def __init__(
        self,
        settings: ConnectorSettings,
        shelf: Shelf,
        *,
        now: Callable[[], float] = time.time,
        counted: Counted = nobody,
    ) -> None:
        """Keep sealed tokens on the shelf; `counted` is told of each call to Google.

        Raises ConnectorError when there is no usable vault key.
        """
        given = settings.vault_key.get_secret_value() if settings.vault_key else None
        self._settings = settings
        self._now = now
        self._counted = counted
        self._key_file = None if given else KeyFile(Path(settings.vault_key_file))
        self._keys = Keys.load(given=given, file=Path(settings.vault_key_file))
        self._vault = Vault(self._keys, shelf)
        self._oauth = OAuth(settings, now=now)
        self._budget = Budget(settings.max_in_flight_mb * MEGABYTE)
        self._clients = Clients(settings, self._vault, now=now, counted=counted)

    @classmethod
    def load(
        cls, shelf: Shelf, *, now: Callable[[], float] = time.time, counted: Counted = nobody, **overrides: Any
    ) -> "Connector":
        """Assemble from the environment. Raises ConnectorError: one sentence that names the setting to change."""
        try:
            settings = ConnectorSettings(**overrides)
        except ValidationError as error:
            raise ConnectorError(refused(error, ConnectorSettings)) from None
        return cls(settings, shelf, now=now, counted=counted)

    def unreachable(self) -> tuple[str, ...]:
        """Say which of Google's servers does not answer, and which setting names it."""
        return unreachable(self._settings)

    def clock_ahead(self) -> float | None:
        """Return how many seconds our clock is ahead of Google's, None where Google does not tell."""
        return ahead(self._settings, now=self._now)

    @property
    def configured(self) -> bool:
        """Tell whether an OAuth client is set."""
        return self._settings.configured

    @property
    def service_account(self) -> str | None:
        """The address of the service account, None where none is set. Raises SourceRefused when its key is unusable."""
        return key_of(self._settings).email if self._settings.google_service_account_file else None

    def begin(self, redirect_uri: str, *, back: str = "", drive: bool = True, expected: str = "") -> tuple[str, str]:
        """Return Google's address to send the person to, and the sealed cookie that she brings back.

        See connector.oauth.OAuth.begin.
        """
        if not self.configured:
            raise ConnectorError(
                "Set CROSSWALK_GOOGLE_CLIENT_ID and CROSSWALK_GOOGLE_CLIENT_SECRET (README, Your own Drive)."
            )
        url, pending = self._oauth.begin(redirect_uri, back=back, drive=drive, expected=expected)
        return url, self.seal(PENDING, to_bytes(pending))

    def complete(self, answer: Mapping[str, str], cookie: str) -> Consent:
        """Turn what Google sent the person back with into a consent, or into who she is. Raises ConsentFailed."""
        pending = from_bytes(self.unseal(PENDING, cookie))
        granted = self._oauth.complete(
            answer,
            pending,
            held=lambda subject: self._vault.holds(self._id_of(subject)),
        )
        connection_id = self._id_of(granted.subject) if granted.refresh_token else ""
        if connection_id:
            self._vault.put(connection_id, Grant(refresh_token=granted.refresh_token, given_at=self._now()))
        back = pending.back if pending else ""
        return Consent(connection_id=connection_id, subject=granted.subject, email=granted.email, back=back)

    def delegate(self, person: str = "") -> Consent:
        """Let the service account read, in this person's name or in its own; tried with Google before it is kept.

        Raises ConsentLost when Google does not let it, or another ConnectorError.
        """
        account = key_of(self._settings).email
        grant = Grant(subject=person, given_at=self._now())
        client = self._clients.opened(grant)
        try:
            client.start_page_token()
        finally:
            client.close()
        connection_id = "s" + _digest(account, person)
        self._vault.put(connection_id, grant)
        return Consent(connection_id=connection_id, subject=f"service-account {account}", email=person or account)

    def source(self, connection_id: str, *, within: Iterable[str] = ()) -> FileSource:
        """Return the files behind a connection, or only those below some folders and shared drives (ids).

        Raises ConsentLost when there is nothing with which Google could be asked for it.
        """
        limits = Limits(
            max_file_mb=self._settings.max_file_mb,
            within=frozenset(within),
            abusive=self._settings.read_abusive_files,
        )
        return DriveSource(self._clients.of(connection_id), limits=limits, budget=self._budget)

    def chosen(self, connection_id: str, addresses: Iterable[str]) -> tuple[Chosen, ...]:
        """Return the folders and shared drives that addresses or ids name. Raises ConnectorError where one is none."""
        return chosen(self._clients.of(connection_id), addresses)

    @property
    def hears_at(self) -> str:
        """The path that hints come to, "" where none are wanted."""
        return PATH if self._settings.push_url else ""

    def feeds(self, cursor: Cursor) -> tuple[str, ...]:
        """Return the feeds that hints are wanted of, for a cursor at rest: the person's, and each shared drive's."""
        return ("", *sorted(place(cursor).feeds)) if self._settings.push_url else ()

    def watches(self, channel: Channel, *, until: datetime) -> bool:
        """Tell whether a channel leads here, and still will until then."""
        return channel.address == self._address and channel.ends_at >= until

    def watch(self, connection_id: str, feed: str, cursor: Cursor) -> Channel:
        """Open a channel for the hints of a feed, from where a cursor rests. Raises ConnectorError."""
        rest = place(cursor)
        return opened(
            self._clients.of(connection_id),
            feed=feed,
            page_token=rest.feeds[feed] if feed else rest.feed,
            address=self._address,
            token=lambda channel: token_of(self._keys, connection_id=connection_id, channel_id=channel),
            now=datetime.fromtimestamp(self._now(), tz=UTC),
        )

    def stop(self, connection_id: str, channel: Channel) -> None:
        """Let no more hints come over a channel. Raises ConnectorError."""
        stopped(self._clients.of(connection_id), channel)

    def heard(self, headers: Mapping[str, str]) -> Hint | None:
        """Return what a notification says, None for one that is not to be believed."""
        return heard(self._keys, headers) if self._settings.push_url else None

    def disconnect(self, connection_id: str, channels: Sequence[Channel] = ()) -> Disconnected:
        """Stop the channels, withdraw the consent at Google and forget the token here, also when Google is away."""
        try:
            grant = self._vault.get(connection_id)
        except SourceRefused:  # no key opens it: Google cannot be told, and it goes all the same
            grant = None
        if grant is not None and channels:  # while the consent still lets us
            all_stopped(self._settings, grant, channels, counted=self._counted)
        revoked = grant is not None and not grant.by_service_account and self._oauth.revoke(grant.refresh_token)
        self._vault.remove(connection_id)
        self._clients.drop(connection_id)
        if grant is not None and grant.by_service_account:
            return Disconnected(revoked=False, words=NOT_OURS_TO_END)
        return Disconnected(revoked=revoked, words=WITHDRAWN if revoked else NOT_CONFIRMED)

    def vault(self) -> VaultState:
        """Return which keys there are, what each holds, and which connections no key opens."""
        return self._vault.state()

    def rotate(self) -> VaultState:
        """Seal everything with a fresh key, or with the first of those that are set. See connector.vault.rotated."""
        return rotated(self._key_file, self._vault) if self._key_file else self._vault.reseal()

    def prune(self) -> VaultState:
        """Let go of the keys in the key file that hold nothing any more; set keys are the operator's to take out."""
        return pruned(self._key_file, self._vault) if self._key_file else self._vault.state()

    @property
    def keys_are_set(self) -> bool:
        """Tell whether the keys come from a setting, rather than from the key file."""
        return self._key_file is None

    def close(self) -> None:
        """Close what is open towards Google."""
        self._clients.close()

    def seal(self, purpose: str, value: bytes) -> str:
        """Return a value sealed for this purpose, as text that fits a cookie."""
        return to_text(self._keys.seal(purpose, value))

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """Return the value, or None for anything that was not sealed here for this purpose."""
        raw = from_text(sealed)
        return self._keys.open(purpose, raw) if raw else None

    def routes(self, *, base_url: str, **callbacks: Any) -> "APIRouter":
        """Return /connections/…; see connector.routes.Answers for the callbacks."""
        # Loaded by who serves pages alone: FastAPI takes a fifth of the time in which a command starts.
        from connector.routes import Answers, build_router  # noqa: PLC0415

        return build_router(self, Answers(**callbacks), base_url=base_url)

    @property
    def _address(self) -> str:
        return f"{self._settings.push_url}{PATH}"

    def _id_of(self, subject: str) -> str:
        return "c" + _digest(self._settings.google_client_id, subject)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
