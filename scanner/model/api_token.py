"""A personal token: what a person gives to a program, so that it may ask the API in her name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanner.model.person import Person

PREFIX = "cw_"  # by which people and programs that look for leaked secrets know one; 64 hexadecimal digits follow


class TokenScope(StrEnum):
    """What a token is good for; what its person may do besides is never more than that."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """One token, without its secret: that is shown once and kept as a digest."""

    id: str
    person: Person
    name: str  # hers, to know it again
    scope: TokenScope
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None  # within some minutes

    def holds(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return now < self.expires_at
