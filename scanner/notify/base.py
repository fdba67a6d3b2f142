"""The seam of telling: a message in, sent; or the reason why not.

NotifyError            the channel cannot be used: no mail of anybody gets through
└─ MailError           only this mail did not get through
   └─ AddressGone      for good: there is no such mailbox
"""

from dataclasses import dataclass
from typing import Protocol


class NotifyError(Exception):
    """A message that could not be handed over; `transient` says whether trying again can help."""

    def __init__(self, message: str, *, transient: bool) -> None:
        """Keep the sentence and whether trying again can help."""
        super().__init__(message)
        self.transient = transient


class MailError(NotifyError):
    """This mail was not taken; another one, or one to another address, may be."""


class AddressGone(MailError):
    """There is no such mailbox, and trying again cannot help."""

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__(message, transient=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An email as written, before any channel has seen it."""

    id: str  # of the mail: the same always gives the same Message-ID
    to: str
    subject: str
    text: str
    html: str
    thread: str = ""  # what it stands under in a mail program: the same for all mails about one thing; "" for none
    unsubscribe: str = ""  # the address at which its reader ends such mails, "" for none


class Notifier(Protocol):
    """A channel to a person."""

    def send(self, message: Message) -> str:
        """Hand the message over and say where it went, in words. Raises NotifyError."""
        ...

    def forget(self, message_id: str) -> None:
        """Delete what the channel itself keeps of messages whose id is this, or begins so. Raises NotifyError.

        What was delivered is its reader's.
        """
        ...
