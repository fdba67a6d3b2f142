"""What mails say that is not about documents: a consent was lost, nights fail, and they come to their end again."""

from datetime import datetime

from scanner.model.connection import Connection, Lost, Outage
from scanner.model.display import day, safe_link, shown
from scanner.model.feed import Feed
from scanner.notify.message import Word

MEANWHILE = (
    "Until then nothing of this Drive is read, and the nightly summaries pause. Nothing that was found so far is lost: "
    "after you have connected again the next look goes on where the last one stopped."
)
SILENCE = "That no mail comes does not mean that nothing has changed."
AGAIN = (
    "It is tried again by itself, and a mail tells when it works again. If it stays like this, “crosswalk doctor” "
    "says what is wrong."
)

UNHEARD = (
    "Until it can be read again, a new release counts only once you or a program tell of it. It is tried again each "
    "night; the page Releases says how the last look ended, and there the address can be changed."
)


def word_of_loss(connection: Connection, lost: Lost, *, connect_link: str) -> Word:
    """Say that a connection can no longer be read; the same loss always gives the same words."""
    because = lost.because
    return Word(
        drive=connection.email,
        title=because.title,
        sentences=(because.sentence, f"What to do: {because.what_to_do}", MEANWHILE),
        button="Connect Google Drive again",
        link=safe_link(connect_link) if because.clickable else "",
        noticed=f"Noticed on {day(lost.at)}. This is told once; the next mail about it comes only if the connection is "
        "lost again.",
        urgent=True,
    )


def word_of_outage(connection: Connection, outage: Outage, *, page_link: str) -> Word:
    """Say that nights do not come to their end: silence must not look like "no gaps"."""
    return Word(
        drive=connection.email,
        title="The Drive could not be looked through",
        sentences=(
            f"Since {_moment(outage.at)} no look through it has come to its end: {outage.because.rstrip('.')}.",
            f"What you know of it is as of {_last(connection)}. {SILENCE}",
            AGAIN,
        ),
        button="Open the overview",
        link=page_link,
        noticed="This is told once for each time that it happens.",
        urgent=True,
    )


def word_of_working(connection: Connection, began: datetime, over: datetime, *, along: bool, page_link: str) -> Word:
    """Say that nights come to their end again; `along` with what changed meanwhile, or in a mail of its own."""
    alone = "If anything has changed in the meantime, your next summary tells of it."
    return Word(
        drive=connection.email,
        title="The Drive is looked through again",
        sentences=(
            f"From {_moment(began)} to {_moment(over)} no look through it had come to its end. Now one has.",
            "What changed in the meantime stands below." if along else alone,
        ),
        button="Open the overview",
        link=page_link,
    )


def word_of_feed(connection: Connection, feed: Feed, *, page_link: str) -> Word:
    """Say that new releases cannot be looked for: no release must not look like no news."""
    return Word(
        drive=connection.email,
        title="New releases could not be looked for",
        sentences=(
            f"We could not look for new releases, because {feed.because.rstrip('.')}.",
            f"The feed is {shown(feed.address, 200)}. It was {_read(feed)}.",
            UNHEARD,
        ),
        button="Open the overview",
        link=page_link,
        noticed="This is told once for each time that it happens.",
        urgent=True,
    )


def _read(feed: Feed) -> str:
    return f"last read on {_moment(feed.answered_at)}" if feed.answered_at else "never read"


def _moment(when: datetime) -> str:
    return f"{day(when)}, {when:%H:%M} {when.tzname()}"


def _last(connection: Connection) -> str:
    return _moment(connection.synced_at) if connection.synced_at else "never: no look has come to its end yet"
