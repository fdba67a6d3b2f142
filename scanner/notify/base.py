"""The seam of telling: a message in, sent; or the reason why not."""

from dataclasses import dataclass
from typing import Protocol


class NotifyError(Exception):
    """A message that could not be handed over; `transient` says whether trying again can help."""

    def __init__(self, message: str, *, transient: bool) -> None:
        """Keep the sentence and whether trying again can help."""
        super().__init__(message)
        self.transient = transient


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An email as written, before any channel has seen it."""

    id: str  # of what it tells, a report or a loss: the same always gives the same Message-ID
    to: str
    subject: str
    text: str
    html: str


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
