"""Email by the standard library, behind caps on its headers: its text, and its attachments one level deep."""

import email
import email.errors
import email.header
import email.message
import io
import re
from collections.abc import Iterator
from typing import IO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.decoding import decode
from scanner.extract.draft import Draft
from scanner.extract.enclosed import read_enclosed
from scanner.extract.formats import Format
from scanner.extract.htm import read_html
from scanner.extract.txt import LONG_FILE, read_plain
from scanner.model.document import Document

MAX_BYTES = 60_000_000
MAX_HEADER_BYTES = 262_144
MAX_FIELD_CHARS = 2_000
MAX_PARTS = 200
MAX_BOUNDARIES = 1_000
_FIELDS = ("Subject", "From", "To", "Date")
_NEW_PART = re.compile(rb"boundary\s*=|message/rfc822", re.IGNORECASE)


def reader_with(attachment: Extractor) -> Extractor:
    """Return the extractor of emails that reads attachments with the given one."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        data = stream.read(MAX_BYTES + 1)
        draft = Draft(name=name, real=Format.EML)
        if len(data) > MAX_BYTES:
            draft.note(LONG_FILE)
        with draft:
            _read(message_of(data[:MAX_BYTES]), draft, attachment)
        return draft.document()

    return extract


def message_of(data: bytes) -> email.message.Message:
    """Parse an email. Raises Unreadable for one that is made to be endless."""
    top = re.search(rb"\r?\n\r?\n", data[: MAX_HEADER_BYTES + 4])
    if top is None and len(data) > MAX_HEADER_BYTES:
        raise Unreadable("its header is longer than any real email's")
    if len(_NEW_PART.findall(data)) > MAX_BOUNDARIES:
        raise Unreadable("it is nested too deeply to be read")
    return email.message_from_bytes(data)


def _read(message: email.message.Message, draft: Draft, attachment: Extractor) -> None:
    for field in _FIELDS:
        draft.set_property(field, _decoded(message.get(field)), cite=field in ("Subject", "Date"))
    for number, part in enumerate(_parts(message)):
        if number >= MAX_PARTS:
            draft.note(f"it has more than {MAX_PARTS} parts")
            return
        name = _decoded(part.get_filename())[:200]
        kind = part.get_content_type()
        if kind == "message/rfc822":
            read_enclosed(draft, _forwarded(part), name=name or "message.eml", called="attachment", reader=attachment)
        elif not name and kind in ("text/plain", "text/html"):
            _read_body(part, kind, draft)
        elif not _is_layout(part, name):
            held = io.BytesIO(payload_of(part))
            read_enclosed(draft, held, name=name or kind, called="attachment", reader=attachment)


def _is_layout(part: email.message.Message, name: str) -> bool:
    """Tell a picture that the text itself shows, as signatures have them, from one that somebody attached."""
    shown = not name or "Content-ID" in part or part.get_content_disposition() == "inline"
    return shown and part.get_content_maintype() == "image"


def _forwarded(part: email.message.Message) -> io.BytesIO:
    """Return the bytes of an email that another one carries."""
    inner = part.get_payload()
    carried = inner[0] if isinstance(inner, list) and inner else None
    return io.BytesIO(carried.as_bytes() if isinstance(carried, email.message.Message) else payload_of(part))


def _parts(message: email.message.Message) -> Iterator[email.message.Message]:
    """Yield the parts with content; of alternatives the first that is plain text, else the last."""
    kind, inner = message.get_content_type(), message.get_payload()
    if kind == "message/rfc822" or not message.is_multipart() or not isinstance(inner, list):
        yield message
        return
    children = [one for one in inner if isinstance(one, email.message.Message)]
    if kind == "multipart/alternative" and children:
        plain = [one for one in children if one.get_content_type() == "text/plain" and (one.get_payload() or "")]
        children = plain[:1] or children[-1:]
    for child in children:
        yield from _parts(child)


def _read_body(part: email.message.Message, kind: str, draft: Draft) -> None:
    text = decode(payload_of(part), told=charset_of(part))
    draft.leave_headings()
    if kind == "text/html":
        read_html(text, draft)
    else:
        read_plain(text, draft)


def payload_of(part: email.message.Message) -> bytes:
    """Return a part's bytes as they were before they were sent."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def charset_of(part: email.message.Message) -> str | None:
    """Return the charset that a part claims, None for none."""
    try:
        return part.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        return None


def _decoded(field: object) -> str:
    """Return a header field in characters; cut before it is decoded, since encoded words can be bombs."""
    raw = str(field or "")[:MAX_FIELD_CHARS]
    try:
        return str(email.header.make_header(email.header.decode_header(raw)))
    except (LookupError, UnicodeError, ValueError, email.errors.MessageError):
        return raw
