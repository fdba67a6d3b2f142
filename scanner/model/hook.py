"""A way in for other programs to tell of releases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HookKind(StrEnum):
    """Who tells, and how it proves itself."""

    GITHUB = "GitHub"  # `release` and `create` events, signed as GitHub signs them
    WEBHOOK = "webhook"  # anything else: the same signature over a time and the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One way in; what it is proved with is told once, when it is made."""

    id: str
    product: str  # the product's id
    kind: HookKind
    made_at: datetime
    heard_at: datetime | None = None  # when it last proved itself
