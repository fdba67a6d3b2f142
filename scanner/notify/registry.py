"""Every channel to a person, in the order in which they are used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scanner.notify.base import Message, Notifier
from scanner.notify.email import Email, SmtpSettings
from scanner.notify.outbox import Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """What the channels need to know."""

    outbox: Path
    sender: str = "crosswalk@localhost"
    smtp: SmtpSettings | None = None


Channel = Callable[[NotifySettings, Callable[[], datetime]], Notifier | None]

CHANNELS: tuple[tuple[str, Channel], ...] = (
    ("outbox", lambda settings, clock: Outbox(settings.outbox, sender=settings.sender, clock=clock)),
    (
        "email",
        lambda settings, clock: (
            Email(settings.smtp, sender=settings.sender, clock=clock) if settings.smtp is not None else None
        ),
    ),
)


class Everywhere:
    """A Notifier that uses several channels, one after the other."""

    def __init__(self, channels: Sequence[Notifier]) -> None:
        """Keep the channels."""
        self._channels = tuple(channels)

    def send(self, message: Message) -> str:
        """Use each channel; a failing one stops the round, and the next round repeats the others harmlessly."""
        return "; ".join(channel.send(message) for channel in self._channels)

    def forget(self, message_id: str) -> None:
        """Let each channel delete what it keeps of a message."""
        for channel in self._channels:
            channel.forget(message_id)


def notifier(settings: NotifySettings, *, clock: Callable[[], datetime]) -> Notifier:
    """Build what tells a person: always the outbox, and SMTP where a server is set."""
    built = (channel(settings, clock) for _, channel in CHANNELS)
    return Everywhere([channel for channel in built if channel is not None])
