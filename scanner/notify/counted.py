"""A channel whose outcomes are counted."""

from collections.abc import Callable
from dataclasses import dataclass

from scanner.notify.base import Message, Notifier, NotifyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A Notifier that tells what became of each message: *sent*; *later*, it is tried again; *refused*."""

    channel: Notifier
    count: Callable[[str], None]

    def send(self, message: Message) -> str:
        """See Notifier."""
        outcome = "refused"
        try:
            where = self.channel.send(message)
            outcome = "sent"
        except NotifyError as error:
            outcome = "later" if error.transient else "refused"
            raise
        finally:
            self.count(outcome)
        return where

    def forget(self, message_id: str) -> None:
        """See Notifier."""
        self.channel.forget(message_id)
