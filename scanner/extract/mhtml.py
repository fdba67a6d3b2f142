"""Saved web pages (MHTML): the page that a browser or Word packed into an email's form, by the standard library."""

import email
import email.message
from collections.abc import Iterator
from typing import IO

from scanner.extract.base import Unreadable
from scanner.extract.decoding import decode
from scanner.extract.draft import Draft
from scanner.extract.eml import MAX_BYTES, MAX_PARTS, charset_of, message_of, payload_of
from scanner.extract.formats import Format
from scanner.extract.htm import read_html
from scanner.extract.txt import LONG_FILE
from scanner.model.document import Document


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a saved web page and its frames. Raises Unreadable."""
    data = stream.read(MAX_BYTES + 1)
    draft = Draft(name=name, real=Format.MHTML)
    if len(data) > MAX_BYTES:
        draft.note(LONG_FILE)
    with draft:
        for number, part in enumerate(_pages(message_of(data[:MAX_BYTES]))):
            if number >= MAX_PARTS:
                draft.note(f"it has more than {MAX_PARTS} parts")
                break
            draft.leave_headings()
            _read(part, draft)
    return draft.document()


def _pages(message: email.message.Message) -> Iterator[email.message.Message]:
    yield from (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml"))


def _read(part: email.message.Message, draft: Draft) -> None:
    text = decode(payload_of(part), told=charset_of(part))
    try:
        read_html(text, draft)
    except Unreadable:
        draft.note("a frame of it could not be read")
