"""What the customer ships, one version of it at a time, and how far its word is taken."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scanner.model.display import day


class ReleaseOrigin(StrEnum):
    """Which kind of source told of a release."""

    BY_HAND = "by hand"  # a person, on the page, the command line or the API
    NOTES = "release notes"  # a document of the product's set
    RECORD = "release record"  # a sheet that lists releases with their days
    GITHUB = "GitHub"  # a signed webhook of a repository
    WEBHOOK = "webhook"  # a signed webhook of anything else
    FEED = "tag feed"  # a public list of tags or releases that is read each night


class ReleaseState(StrEnum):
    """Whether documents are held against a release."""

    WAITING = "waiting"  # the first of its source: nothing is judged or mailed by it before a person has said yes
    CONFIRMED = "confirmed"
    REFUSED = "refused"  # a person has said no; the same version of the same source is not taken again


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version of a product, with its date and how we came to know of it."""

    product: str  # the product's name, "PulseView"
    version: str  # as written, "4.3.0"
    released_on: date | None
    source: str  # in words: "added by hand", "release notes: <file name>", "GitHub webhook h3f…"
    origin: ReleaseOrigin = ReleaseOrigin.BY_HAND
    via: str = ""  # which webhook or feed; "" where a product has only one source of the kind
    state: ReleaseState = ReleaseState.CONFIRMED

    @property
    def line(self) -> str:
        """Say it in a line: "4.3.0 of 20 November 2026 (release notes: Release Notes 4.3.0.docx)"."""
        dated = f" of {day(self.released_on)}" if self.released_on else ""
        return f"{self.version}{dated} ({self.source})"
