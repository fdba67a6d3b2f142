"""What the customer ships, and one version of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version of a product, with its date and how we came to know of it."""

    product: str  # the product's name, "PulseView"
    version: str  # as written, "4.3.0"
    released_on: date | None
    source: str  # "added by hand" or "release notes: <file name>"
