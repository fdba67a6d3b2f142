"""What opens a connection: a person's refresh token, or the name in which a service account reads; and its keys."""

import json
from dataclasses import asdict, dataclass, field
from typing import Protocol

DRIVE = "https://www.googleapis.com/auth/drive.readonly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What was given, and when; it is kept sealed and opened for the calls to Google only."""

    refresh_token: str = field(default="", repr=False)  # "" for a service account
    subject: str = ""  # in whose name a service account reads, "" for its own
    given_at: float | None = None  # seconds since 1970; None where an older version did not note it

    @property
    def by_service_account(self) -> bool:
        """Tell whether a service account reads, rather than a person's consent."""
        return not self.refresh_token

    def to_bytes(self) -> bytes:
        """Return it as bytes to be sealed."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> "Grant":
        """Read what was opened; the first version sealed the bare refresh token."""
        return cls(**json.loads(value)) if value.startswith(b"{") else cls(refresh_token=value.decode())


class Keeper(Protocol):
    """Where the grant of one connection is kept."""

    def renewed(self, old: Grant, new: Grant) -> None:
        """Keep the new one in the old one's place, if that still is there."""
        ...

    def kept(self) -> Grant | None:
        """Return what is kept now."""
        ...


class Nowhere:
    """A Keeper of nothing, for a grant that nobody keeps."""

    def renewed(self, old: Grant, new: Grant) -> None:
        """See Keeper."""

    def kept(self) -> Grant | None:
        """See Keeper."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """One of the vault's keys and how many tokens it holds closed."""

    name: str
    newest: bool
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultState:
    """The keys, the newest first, and the connections whose token none of them opens."""

    keys: tuple[KeyState, ...]
    unopened: tuple[str, ...]
    resealed: int = 0  # in this run
