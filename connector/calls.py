"""Who counts calls to the source: told of each, whatever came of it; what becomes of the figures is the caller's."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it went."""

    method: str  # "files.list"; one of a few, never an address
    status: str  # "ok", else the HTTP status that was answered, "none" where nobody answered
    units: int  # of the source's quota
    seconds: float


Counted = Callable[[Call], None]  # called from the threads that call the source


def nobody(_: Call) -> None:
    """Count nothing."""
