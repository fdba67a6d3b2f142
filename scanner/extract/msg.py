"""Outlook's emails (MSG): their text and their attachments one level deep; [MS-OXMSG] says where each thing stands."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import IO

from olefile import OleFileIO

from scanner.extract.base import Extractor
from scanner.extract.decoding import decode
from scanner.extract.draft import Draft
from scanner.extract.enclosed import NAMELESS, NESTED, read_enclosed
from scanner.extract.formats import Format, promised
from scanner.extract.htm import read_html
from scanner.extract.ole import opened_ole, read_stream
from scanner.extract.txt import read_plain
from scanner.model.document import Document

MAX_ATTACHMENTS = 200
MAX_FIELD_CHARS = 2_000

# Property ids of [MS-OXPROPS].
_SUBJECT, _BODY, _HTML, _SENDER, _SENDER_ADDRESS, _TO, _HEADERS = 0x0037, 0x1000, 0x1013, 0x0C1A, 0x5D01, 0x0E04, 0x007D
_RTF, _DATA, _LONG_NAME, _SHORT_NAME = 0x1009, 0x3701, 0x3707, 0x3704
_SENT, _CODE_PAGE, _CONTENT_ID = 0x0039, 0x3FDE, 0x3712
_UNICODE, _STRING8, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_PROPERTIES, _ROOT_HEADER, _ENTRY = "__properties_version1.0", 32, 16
_CODE_PAGES = {  # those that Python does not know by "cp" and their number
    0: "cp1252", 20127: "ascii", 20866: "koi8-r", 28591: "iso-8859-1", 28592: "iso-8859-2", 28605: "iso-8859-15",
    50220: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def reader_with(attachment: Extractor) -> Extractor:
    """Return the extractor of Outlook's emails that reads attachments with the given one."""

    def extract(stream: IO[bytes], *, name: str) -> Document:
        draft = Draft(name=name, real=Format.MSG)
        with opened_ole(stream) as container, draft:
            fixed = _fixed(container)
            code_page = _charset(fixed.get(_CODE_PAGE, 0))
            _read_fields(container, draft, fixed, code_page)
            _read_body(container, draft, code_page)
            for number, storage in enumerate(_attachments(container)):
                if number >= MAX_ATTACHMENTS:
                    draft.note(f"it has more than {MAX_ATTACHMENTS} attachments")
                    break
                _read_attachment(container, storage, draft, attachment, code_page)
        return draft.document()

    return extract


def _read_fields(container: OleFileIO, draft: Draft, fixed: dict[int, int], code_page: str) -> None:
    sender = _text(container, (), _SENDER, code_page), _text(container, (), _SENDER_ADDRESS, code_page)
    draft.set_property("Subject", _text(container, (), _SUBJECT, code_page)[:MAX_FIELD_CHARS])
    draft.set_property("From", " ".join(one[:MAX_FIELD_CHARS] for one in sender if one), cite=False)
    draft.set_property("To", _text(container, (), _TO, code_page)[:MAX_FIELD_CHARS], cite=False)
    draft.set_property("Date", _moment(fixed.get(_SENT, 0)))


def _read_body(container: OleFileIO, draft: Draft, code_page: str) -> None:
    draft.leave_headings()
    plain = _text(container, (), _BODY, code_page)
    if plain.strip():
        read_plain(plain, draft)
    elif page := read_stream(container, _name(_HTML, _BINARY)):
        read_html(decode(page, told=code_page), draft)
    elif page := read_stream(container, _name(_HTML, _UNICODE)):
        read_html(page.decode("utf-16-le", "replace"), draft)
    elif read_stream(container, _name(_RTF, _BINARY)):
        draft.note("its text is kept in a form of Outlook alone, which is not read: save it as EML")


def _attachments(container: OleFileIO) -> Iterator[str]:
    yield from sorted({path[0] for path in container.listdir() if path[0].startswith("__attach_version1.0_")})


def _read_attachment(container: OleFileIO, storage: str, draft: Draft, attachment: Extractor, code_page: str) -> None:
    at = (storage,)
    name = _text(container, at, _LONG_NAME, code_page) or _text(container, at, _SHORT_NAME, code_page)
    name = " ".join(name.split())[:200] or NAMELESS
    if _text(container, at, _CONTENT_ID, code_page) and promised(name) is Format.IMAGE:
        return  # the text itself shows it, as signatures have them
    data = read_stream(container, storage, _name(_DATA, _BINARY))
    if data is not None:
        read_enclosed(draft, io.BytesIO(data), name=name, called="attachment", reader=attachment)
    elif container.exists([storage, _name(_DATA, _OBJECT)]):
        draft.note(f"attachment {name} was not read: {NESTED}")
    else:
        draft.note(f"attachment {name} was not read: the email holds only a link to it")


def _text(container: OleFileIO, storage: Sequence[str], what: int, code_page: str) -> str:
    """Return a property's text, "" for none: as Unicode, else in the email's code page."""
    wide = read_stream(container, *storage, _name(what, _UNICODE))
    if wide is not None:
        return wide.decode("utf-16-le", "replace")
    narrow = read_stream(container, *storage, _name(what, _STRING8))
    return decode(narrow, told=code_page) if narrow else ""


def _name(what: int, kind: int) -> str:
    return f"__substg1.0_{what:04X}{kind:04X}"


def _fixed(container: OleFileIO) -> dict[int, int]:
    """Return the properties of fixed length: entries of 16 bytes, whose last 8 are the value."""
    data = (read_stream(container, _PROPERTIES) or b"")[_ROOT_HEADER : _ROOT_HEADER + 4_000 * _ENTRY]
    found: dict[int, int] = {}
    for start in range(0, len(data) - _ENTRY + 1, _ENTRY):
        what = int.from_bytes(data[start + 2 : start + 4], "little")
        found[what] = int.from_bytes(data[start + 8 : start + _ENTRY], "little")
    return found


def _charset(code_page: int) -> str:
    code_page &= 0xFFFFFFFF
    return _CODE_PAGES.get(code_page, f"cp{code_page}")


def _moment(ticks: int) -> str:
    """Return a FILETIME, tenths of microseconds since 1601, as a date and time; "" for none or one that is no date."""
    try:
        return (_EPOCH + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%d %H:%M") if ticks else ""
    except OverflowError:
        return ""
