"""A connection as the scanner knows it; how consent works is the connector's business."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from connector import Completeness, Coverage, Cursor, LostBecause
from scanner.model.night import Night


class ConnectionState(StrEnum):
    """Whether a connection can be read."""

    ACTIVE = "active"
    CONSENT_LOST = "consent lost"  # the person has to connect again; nothing was purged
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """How a connection came to be unreadable, and whether its person was told."""

    because: LostBecause
    at: datetime
    told: bool  # whether its people's mails are in the outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Nights that did not come to their end, one after the other."""

    because: str  # of the last one, a sentence
    at: datetime  # of the first one
    told: bool  # whether its people's mails are in the outbox
    over_at: datetime | None = None  # when a night came to its end again: kept until they were mailed that too


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One person's revocable, read-only consent to one Google account."""

    id: str
    subject: str  # the person's stable id at the identity provider
    email: str
    state: ConnectionState
    state_because: str  # why it cannot be read, "" while it can
    connected_at: datetime
    cursor: Cursor | None
    pack_digest: str  # of the pack that its candidates were matched with
    coverage: Coverage | None  # of the last sync, finished or not
    synced_at: datetime | None
    walk: Coverage | None = None  # of the last look at the whole source that ended
    walked_at: datetime | None = None  # when that was
    walk_before: Coverage | None = None  # of the one before it
    doubted: int = 0  # files that it did not list, too many at once to be taken for gone
    within: tuple[str, ...] = ()  # ids of the folders and shared drives that it is limited to; () for everything
    consented_at: datetime | None = None  # when the consent in use was given; None only for one made by hand
    hinted: bool = False  # the source said that something changed, and no sync began since
    lost: Lost | None = None  # why and since when it cannot be read
    outage: Outage | None = None  # why and since when its nights do not come to their end

    @property
    def under_way(self) -> bool:
        """Whether a sync has begun and not come to its end."""
        return self.coverage is not None and self.coverage.completeness is Completeness.RUNNING


class ScanState(StrEnum):
    """How far a candidate's scan is."""

    TO_SCAN = "to scan"
    SCANNED = "scanned"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What the customer ships."""

    id: str
    connection: str
    name: str  # "" until a release or a document names it
    also_called: tuple[str, ...] = ()  # its other names, as documents write them
    naming: tuple[str, ...] = ()  # how its documents' files are called: "DHF-*-SEC*"
    folders: Mapping[str, str] = field(  # what belongs to it, names by id: none for all that the connection reads
        default_factory=lambda: MappingProxyType({})
    )
    quotes: bool = False  # whether its mails show what stands in its documents
    night: Night | None = None  # when its nights begin, None as the settings say

    @property
    def extent(self) -> str:
        """Whose files are meant where the product's are: its id, "" for all of the connection."""
        return self.id if self.folders else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a product is called, by people and documents, and what it is not: the other products of its connection."""

    name: str = ""  # "" while none is known
    also: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def is_another(self, theirs: str) -> bool:
        """Tell whether a name that a document gives is of another product.

        Names that share a word are of one, "PulseView Monitor" and "PulseView", unless another product is called just
        so, "PulseView Gateway", and this one is not.
        """
        words, own = _words(theirs), [found for one in (self.name, *self.also) if (found := _words(one))]
        if not words or words in own:
            return False
        return words in map(_words, self.others) or (bool(own) and not any(words & one for one in own))


NAMELESS = Called()  # nothing is known to be of another product


def _words(name: str) -> frozenset[str]:
    return frozenset(name.casefold().split())


def product_id_of(connection_id: str) -> str:
    """Return the id of a connection's product; it is the same each time, so connecting twice adds none."""
    return "p" + hashlib.sha256(connection_id.encode()).hexdigest()[:20]
