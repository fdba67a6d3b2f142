"""Writes what is mailed, each a Message with a text and an HTML part: the gap summary, and that a consent was lost."""

import textwrap
from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, Lost
from scanner.model.display import safe_link, shown
from scanner.model.gap import GapReport
from scanner.notify.base import Message
from scanner.notify.letter import Caps, letter, subject
from scanner.notify.rendering import environment

MAX_HTML_BYTES = 100_000  # Gmail clips a message at 102 kB
_WIDTH = 76  # of the text part
_CAPS = (Caps(), Caps(drift=6, gaps=8, unchecked=4), Caps(drift=3, gaps=4, unchecked=2, standings=20))


def write(report: GapReport, *, pack: ClausePack, to: str, page_link: str) -> Message:
    """Write the email of a report; the same report always gives the same message.

    Every name and quote comes from strangers: it is shown on one line, escaped, and pointed to only by a web address.
    The HTML stays under MAX_HTML_BYTES; rows that do not fit are counted, never dropped in silence.
    """
    html = _templates().get_template("gap_summary.html.j2")
    text = _templates().get_template("gap_summary.txt.j2")
    pages = (
        {"letter": letter(report, pack=pack, caps=caps), "pack": pack, "page_link": safe_link(page_link)}
        for caps in _CAPS
    )
    page = next(pages)
    written = html.render(page)
    for smaller in pages:
        if len(written.encode()) <= MAX_HTML_BYTES:
            break
        page, written = smaller, html.render(smaller)
    return Message(
        id=report.id,
        to=to,
        subject=subject(report, pack=pack),
        text=text.render(page).strip() + "\n",
        html=written.strip() + "\n",
    )


MEANWHILE = (
    "Until then nothing of this Drive is read, and the nightly summaries pause. Nothing that was found so far is lost: "
    "after you have connected again the next look goes on where the last one stopped."
)


def write_lost(connection: Connection, lost: Lost, *, to: str, connect_link: str) -> Message:
    """Write the email that a connection can no longer be read; the same loss always gives the same message."""
    page = {
        "because": lost.because,
        "email": connection.email,
        "at": lost.at,
        "link": safe_link(connect_link) if lost.because.clickable else "",
        "meanwhile": MEANWHILE,
    }
    return Message(
        id=lost_id(connection.id, lost.at),
        to=to,
        subject=shown(f"[Crosswalk] {lost.because.title}", 200),
        text=_templates().get_template("consent_lost.txt.j2").render(page).strip() + "\n",
        html=_templates().get_template("consent_lost.html.j2").render(page).strip() + "\n",
    )


def lost_id(connection: str, at: datetime | None = None) -> str:
    """Return the id of the email about a loss, or how the ids of all about this connection begin."""
    return f"lost-{connection}-{at.astimezone(UTC):%Y%m%dT%H%M%S%f}" if at else f"lost-{connection}-"


@cache
def _templates() -> Environment:
    """Return the mail's templates; compiled once."""
    made = environment("scanner.notify")
    made.filters |= {"wrapped": _wrapped, "underline": lambda text: "-" * len(text)}
    return made


def _wrapped(text: object, indent: int = 0) -> Markup:
    """Wrap a text to lines that every mail reader keeps; a long link stays whole."""
    lines = textwrap.wrap(
        shown(str(text)),
        width=_WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Markup("\n".join(lines))  # noqa: S704 -- only the plain-text part uses it, where nothing is escaped
