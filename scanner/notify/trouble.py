"""Writes the mails that are not about documents: a consent was lost, nights fail, and they come to their end again."""

from datetime import datetime

from scanner.model.connection import Connection, Lost, Outage
from scanner.model.display import day, safe_link
from scanner.notify.base import Message
from scanner.notify.message import Envelope, message, render

MEANWHILE = (
    "Until then nothing of this Drive is read, and the nightly summaries pause. Nothing that was found so far is lost: "
    "after you have connected again the next look goes on where the last one stopped."
)
SILENCE = "That no mail comes does not mean that nothing has changed."
AGAIN = (
    "It is tried again by itself, and a mail tells when it works again. If it stays like this, “crosswalk doctor” "
    "says what is wrong."
)


def write_lost(connection: Connection, lost: Lost, envelope: Envelope, *, connect_link: str) -> Message:
    """Write the email that a connection can no longer be read; the same loss always gives the same message."""
    because = lost.because
    return _notice(
        connection,
        envelope,
        because.title,
        (because.sentence, f"What to do: {because.what_to_do}", MEANWHILE),
        button="Connect Google Drive again",
        link=safe_link(connect_link) if because.clickable else "",
        noticed=f"Noticed on {day(lost.at)}. This mail comes once; the next one about it comes only if the connection "
        "is lost again.",
    )


def write_outage(connection: Connection, outage: Outage, envelope: Envelope) -> Message:
    """Write the email that nights do not come to their end: silence must not look like "no gaps"."""
    return _notice(
        connection,
        envelope,
        "Your Drive could not be looked through",
        (
            f"Since {_moment(outage.at)} no look through it has come to its end: {outage.because.rstrip('.')}.",
            f"What you know of it is as of {_last(connection)}. {SILENCE}",
            AGAIN,
        ),
        button="Open the overview",
        link=envelope.page_link,
        noticed="This mail comes once for each time that it happens.",
    )


def write_working(connection: Connection, outage: Outage, envelope: Envelope) -> Message:
    """Write the email that nights come to their end again."""
    over = outage.over_at or outage.at
    return _notice(
        connection,
        envelope,
        "Your Drive is looked through again",
        (
            f"From {_moment(outage.at)} to {_moment(over)} no look through it had come to its end. Now one has.",
            "What changed in the meantime is told as on any other night; if no such mail comes, nothing has changed.",
        ),
        button="Open the overview",
        link=envelope.page_link,
        noticed="",
    )


def _notice(connection: Connection, envelope: Envelope, title: str, sentences: tuple[str, ...], **rest: str) -> Message:
    """Write a mail of a title, which is its subject too, some sentences and a button."""
    text, html = render("notice", envelope, drive=connection.email, title=title, sentences=sentences, **rest)
    return message(envelope, subject=f"[Crosswalk] {title}", text=text, html=html)


def _moment(when: datetime) -> str:
    return f"{day(when)}, {when:%H:%M} {when.tzname()}"


def _last(connection: Connection) -> str:
    return _moment(connection.synced_at) if connection.synced_at else "never: no look has come to its end yet"
