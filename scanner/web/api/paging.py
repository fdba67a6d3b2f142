"""Long lists a page at a time: a cursor names the last entry that was given, so that no later entry moves the rest."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from scanner.report.plain import Plain
from scanner.web.api.faults import Refused
from scanner.web.api.problems import Fault, Trouble

MOST, USUAL = 200, 50
_MOMENT = r"[0-9T:.+-]{10,40}"
WHOLE = r"[0-9]{1,18}"  # a number
NAMED = r"[^\x00-\x1f]{1,100}"  # an id of ours
FILE_ID = r"[^\x00-\x1f]{1,500}"
_LONGEST = 1000

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    model_config = ConfigDict(extra="forbid")

    items: list[T] = Field(description="The entries.")
    next: str | None = Field(description="The `cursor` of the next page; null where this is the last one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list is wanted."""

    limit: int
    cursor: str

    @property
    def most(self) -> int:
        """How many entries to look for: one more than are given tells whether there are more."""
        return self.limit + 1

    def after(self, of: str, *keys: str) -> tuple[str, ...] | None:
        """Return what the cursor names, None for the first page. Raises Refused.

        `of` names the list, so that the cursor of another one is refused; `keys` are patterns for its parts.
        """
        return opened(self.cursor, of=of, keys=keys) if self.cursor else None

    def after_moment(self, of: str, ident: str = NAMED) -> tuple[datetime, str] | None:
        """Return the moment and the id (of that pattern) that the cursor names, None for the first page.

        Raises Refused.
        """
        named = self.after(of, _MOMENT, ident)
        return (_moment_in(named[0]), named[1]) if named else None

    def page(
        self, of: str, entries: Sequence[T], *, key: Callable[[T], Sequence[str]], plain: Callable[[T], Plain]
    ) -> dict[str, object]:
        """Return the page that `entries`, one more than wanted where there are more, begins with."""
        given = entries[: self.limit]
        following = _written(of, key(given[-1])) if len(entries) > self.limit else None
        return {"items": [plain(one) for one in given], "next": following}


def part(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many entries at most.")] = USUAL,
    cursor: Annotated[
        str, Query(max_length=_LONGEST, description="`next` of the page before as it is; nothing for the first page.")
    ] = "",
) -> Part:
    """Return which part is wanted."""
    return Part(limit=limit, cursor=cursor)


Wanted = Annotated[Part, Depends(part)]


def opened(cursor: str, *, of: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Return what a cursor holds. Raises Refused for what was not given out for this list."""
    try:
        written = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        written = None
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
        raise foreign()
    name, *parts = written or [""]
    if name != of or len(parts) != len(keys):
        raise foreign()
    if not all(re.fullmatch(pattern, part) for pattern, part in zip(keys, parts, strict=True)):
        raise foreign()
    return tuple(parts)


def _written(of: str, parts: Sequence[str]) -> str:
    held = json.dumps([of, *parts], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(held).decode().rstrip("=")


def _moment_in(written: str) -> datetime:
    """Return a moment that a cursor holds. Raises Refused."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise foreign() from None
    if found.tzinfo is None:
        raise foreign()
    return found.astimezone(UTC)


def foreign() -> Refused:
    """Return the refusal of a cursor that this list did not give out."""
    return Refused(Trouble.INVALID, faults=[Fault(detail="It is no `next` of this list.", parameter="cursor")])
