"""Who gets mail about a product, when, and what became of each mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Rhythm(StrEnum):
    """When a person wants to hear of a product."""

    ON_CHANGE = "on change"  # after a night that brought news
    WEEKLY = "weekly"  # once a week, whatever happened
    BOTH = "both"

    @property
    def on_change(self) -> bool:
        """Tell whether news is a reason to write."""
        return self is not Rhythm.WEEKLY

    @property
    def weekly(self) -> bool:
        """Tell whether a new week is a reason to write."""
        return self is not Rhythm.ON_CHANGE


class MailKind(StrEnum):
    """What a mail tells."""

    SUMMARY = "summary"  # where the clauses stand, and what is new
    LOST = "lost"  # the consent does not hold any more
    OUTAGE = "outage"  # the nights do not come to their end
    WORKING = "working"  # they do again
    UNHEARD = "unheard"  # the feed of releases cannot be read
    INVITATION = "invitation"  # a product is to be shared with its reader


def normal_address(address: str) -> str:
    """Return the one form of an address, however it is spelled: in it addresses are kept, compared and written to.

    RFC 5321 §2.4 lets a server tell large letters from small ones before the @; none that people use does.
    """
    return address.strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Word of the connection that goes along with a summary: one mail a person and run tells of both."""

    kind: MailKind  # any but a summary
    about: str  # the moment that it tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person who gets mail about a product."""

    product: str  # the product's id
    address: str
    rhythm: Rhythm = Rhythm.ON_CHANGE
    unsubscribed_at: datetime | None = None  # when she said that she wants no more
    disabled_at: datetime | None = None  # when a mail server said that there is no such mailbox
    disabled_because: str = ""

    @property
    def active(self) -> bool:
        """Tell whether mail may go to her."""
        return self.unsubscribed_at is None and self.disabled_at is None


class MailState(StrEnum):
    """What became of a mail."""

    TO_SEND = "to send"
    SENT = "sent"
    REFUSED = "refused"  # for good
    OVERTAKEN = "overtaken"  # not sent, since a later one says it better


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """What a summary tells of one product on one clause."""

    product: str  # the product's id
    clause: str  # the pack's id
    report: str  # the id of the report that it shows
    since: str = ""  # the id of the last report that the same person was told of, "" for none
    since_at: datetime | None = None  # when that mail was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person; its words are written from what it names, each time the same."""

    id: str
    connection: str
    kind: MailKind
    address: str
    about: str  # of a summary the run, of the others the moment that they tell of: unique with kind and address
    made_at: datetime
    parts: tuple[MailPart, ...] = ()  # of a summary, in the order in which they stand
    weekly: bool = False  # it was due because a week began
    notice: Notice | None = None  # what a summary tells of the connection as well
    state: MailState = MailState.TO_SEND
    said: str = ""  # where it went, or why it did not
    ended_at: datetime | None = None
