"""Writes the gap summary: a Message with a text and an HTML part, of one product on one clause or of several."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from scanner.model.display import safe_link, shown
from scanner.notify.base import Message
from scanner.notify.letter import Caps, Letter, Part, clause_of, letter, product_of, said_of, subject
from scanner.notify.masking import masked
from scanner.notify.rendering import environment

MAX_HTML_BYTES = 100_000  # Gmail clips a message at 102 kB
WIDTH = 76  # of the text part
ABOUT = (
    "Crosswalk reads your Drive and never writes to it. The documents stay there. It points at evidence and its "
    "absence, and it is no certificate."
)
_CAPS = (
    Caps(),
    Caps(drift=6, gaps=6, unchecked=4),
    Caps(drift=3, gaps=3, unchecked=2, standings=20),
    Caps(drift=1, gaps=1, unchecked=1, standings=12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """All of a mail but what it tells."""

    id: str
    to: str
    thread: str = ""
    page_link: str = ""  # where everything can be read, "" for nowhere
    unsubscribe: str = ""
    asked_by: str = ""  # the address of whoever chose this reader, where it was somebody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a mail tells of a connection, by itself or above a gap summary."""

    drive: str  # whose
    title: str
    sentences: tuple[str, ...]
    button: str
    link: str  # where the button leads, "" for no button
    noticed: str = ""
    urgent: bool = False  # its title comes first in the subject


def write(parts: Sequence[Part], envelope: Envelope, word: Word | None = None) -> Message:
    """Write a gap summary, below a word of the connection; the same parts always give the same message.

    Every name and quote comes from strangers: it is shown on one line, escaped, and pointed to only by a web address.
    The HTML stays under MAX_HTML_BYTES; rows that do not fit are counted, never dropped in silence.
    """
    subject = subject_of(parts)
    if word and word.urgent:
        subject = f"[Crosswalk] {word.title}; {subject}"
    for letters in _shorter(parts):
        text, html = render(
            "gap_summary", envelope, subject=subject, word=word, letters=letters, more_parts=len(parts) - len(letters)
        )
        if len(html.encode()) <= MAX_HTML_BYTES or not letters:
            break
    return message(envelope, subject=subject, text=text, html=html)


def write_word(word: Word, envelope: Envelope) -> Message:
    """Write a mail of a title, which is its subject too, some sentences and a button."""
    text, html = render("notice", envelope, word=word)
    return message(envelope, subject=f"[Crosswalk] {word.title}", text=text, html=html)


def subject_of(parts: Sequence[Part]) -> str:
    """Say all parts in one line, a product that several of them are about once."""
    if len(parts) == 1:
        return subject(parts[0])
    if len({product_of(part.report) for part in parts}) > 1:
        return shown("; ".join(subject(part) for part in parts), 200)
    said = "; ".join(f"{said_of(part)} – {clause_of(part.pack)}" for part in parts)
    return shown(f"[{product_of(parts[0].report)}] {said}", 200)


def render(template: str, envelope: Envelope, **values: object) -> tuple[str, str]:
    """Return a mail's text and HTML."""
    page = {
        "about": ABOUT,
        "envelope": envelope,
        "page_link": envelope.page_link,
        "unsubscribe": envelope.unsubscribe,
        **values,
    }
    text, html = (templates().get_template(f"{template}.{kind}.j2").render(page) for kind in ("txt", "html"))
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n", html.strip() + "\n"


def message(envelope: Envelope, *, subject: str, text: str, html: str) -> Message:
    """Put a mail together."""
    return Message(
        id=envelope.id,
        to=envelope.to,
        subject=masked(shown(subject, 200)),
        text=text,
        html=html,
        thread=envelope.thread,
        unsubscribe=safe_link(envelope.unsubscribe),
    )


def _shorter(parts: Sequence[Part]) -> Iterator[tuple[Letter, ...]]:
    """Yield what a mail tells, each time in fewer rows, and then of fewer parts."""
    for caps in _CAPS:
        letters = tuple(letter(part, caps=caps) for part in parts)
        yield letters
    while letters:
        letters = letters[: len(letters) // 2]
        yield letters


@cache
def templates() -> Environment:
    """Return the mail's templates; compiled once."""
    made = environment("scanner.notify", leaves=True)
    made.filters |= {
        "wrapped": _wrapped,
        "underline": lambda text: "-" * len(text),
        "kept": Markup,  # what a macro of the text part gave: its lines are safe already
    }
    return made


def _wrapped(text: object, indent: int = 0) -> Markup:
    """Wrap a text to lines that every mail reader keeps; a long link stays whole."""
    lines = textwrap.wrap(
        masked(shown(str(text))),
        width=WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Markup("\n".join(lines))  # noqa: S704 -- only the plain-text part uses it, where nothing is escaped
