"""The values that a seed is made of: the person, her registered clients, shared drives and items."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

NATIVES: Mapping[str, tuple[str, str]] = {  # kind → (its own type, the type that its seeded bytes are exported as)
    "google-doc": (
        "application/vnd.google-apps.document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "google-sheet": (
        "application/vnd.google-apps.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "google-slides": (
        "application/vnd.google-apps.presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
FOLDER_MIME = "application/vnd.google-apps.folder"
SHORTCUT_MIME = "application/vnd.google-apps.shortcut"
ROOT_ALIAS = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The one person who can give consent."""

    email: str
    name: str
    sub: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One registered OAuth client; `*` in a redirect address stands for any port."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]

    def allows(self, redirect_uri: str) -> bool:
        """Say whether consent may be sent to this address."""
        return any(_address_matches(pattern, redirect_uri) for pattern in self.redirect_uris)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDrive:
    """One shared drive that the person is a member of."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedItem:
    """One folder, file, native document or shortcut as the manifest states it."""

    id: str
    name: str
    kind: str
    parent: str | None  # "root", a drive's id, a folder's id, or None for shared with me
    mime: str
    content: bytes | None
    modified: datetime
    trashed: bool = False
    target: str = ""
    can_download: bool = True
    abusive: bool = False
    description: str = ""
    own: bool = False  # without a parent: the person's own, in no folder, rather than shared with her
    resource_key: str = ""  # needed beside the id to reach an item that was shared by a link


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Everything that the emulator starts with."""

    user: User
    clients: tuple[Client, ...]
    drives: tuple[SharedDrive, ...]
    items: tuple[SeedItem, ...]


_CALLBACK = "/connections/callback"
DEFAULT_CLIENT = Client(
    id="emulator-client",
    secret="emulator-secret",  # noqa: S106 - the published secret of a local stand-in, not a credential
    redirect_uris=tuple(f"http://{host}:*{_CALLBACK}" for host in ("127.0.0.1", "localhost", "[::1]")),
)


def _address_matches(pattern: str, address: str) -> bool:
    before, star, after = pattern.partition(":*")
    if not star:
        return address == pattern
    return bool(re.fullmatch(re.escape(before) + r":\d{1,5}" + re.escape(after), address))
