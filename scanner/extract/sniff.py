"""What a file really is: by its content first; its name only decides between kinds of text."""

import re
import zipfile
import zlib
from typing import IO

from scanner.extract.decoding import wide_encoding
from scanner.extract.formats import Format, promised
from scanner.extract.ole import kind_of

HEAD = 8192

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"8BPS", b"\0\0\x01\0")
_PROGRAMS = (
    b"\x7fELF",
    b"MZ",
    b"\xca\xfe\xba\xbe",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"SQLite format 3",
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKDOWN = re.compile(rb"(?:\A|\n\r?\n)#{1,6} [^\n]+(?=\n\r?\n)")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HEADER = re.compile(
    rb"(?im)^(?:from|to|subject|date|received|message-id|mime-version|return-path|delivered-to):[ \t]*\S"
)
_OFFICE_MEMBERS = (
    ("word/document.xml", Format.DOCX),
    ("xl/workbook.xml", Format.XLSX),
    ("xl/workbook.bin", Format.XLSX),
    ("ppt/presentation.xml", Format.PPTX),
)
_OFFICE_FOLDERS = (("word/", Format.DOCX), ("xl/", Format.XLSX), ("ppt/", Format.PPTX))
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Format.ODT,
    b"application/vnd.oasis.opendocument.text-template": Format.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Format.ODS,
    b"application/vnd.oasis.opendocument.presentation": Format.ODP,
}


def sniff(stream: IO[bytes], *, name: str) -> Format:
    """Return what the stream really holds; it is at its start again afterwards."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    try:
        return _by_magic(stream, head) or _text(head, name)
    finally:
        stream.seek(0)


def _by_magic(stream: IO[bytes], head: bytes) -> Format | None:
    found: Format | None = None
    if not head.strip(b"\0 \t\r\n"):
        found = Format.BINARY if head and _has_more(stream) else Format.EMPTY
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = _container(stream)
    elif head.startswith(_OLE):
        found = kind_of(stream)
    elif b"%PDF-" in head[:1024] and not _HTML.search(head[: head.index(b"%PDF-")]):
        found = Format.PDF
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        found = Format.RTF
    elif head.startswith(_PICTURES) or head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypavif"):
        found = Format.IMAGE
    elif head.startswith(_PROGRAMS):
        found = Format.BINARY
    return found


def _has_more(stream: IO[bytes]) -> bool:
    """Tell whether anything but blanks and zeros comes within the next million bytes."""
    stream.seek(0)
    return bool(stream.read(1_000_000).strip(b"\0 \t\r\n"))


def _container(stream: IO[bytes]) -> Format:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist()[:20_000])
            kind = archive.open("mimetype").read(100).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, KeyError, EOFError):
        return Format.ZIP
    if kind in _OPEN_DOCUMENT:
        return _OPEN_DOCUMENT[kind]
    for member, real in _OFFICE_MEMBERS:
        if member in names:
            return real
    if "[Content_Types].xml" in names:
        for folder, real in _OFFICE_FOLDERS:
            if any(one.startswith(folder) for one in names):
                return real
    return Format.ZIP


def _text(head: bytes, name: str) -> Format:
    said = promised(name)
    if not head.startswith(_MARKS) and not wide_encoding(head) and _looks_binary(head):
        return Format.BINARY
    plain = head.replace(b"\0", b"")
    for mark in _MARKS:
        plain = plain.removeprefix(mark)
    if _looks_like_mail(plain, said):
        return Format.MHTML if _is_saved_page(plain, said) else Format.EML
    if _looks_like_html(plain, said):
        return Format.HTML
    if said in (None, Format.TEXT) and len(_MARKDOWN.findall(plain)) >= 2:
        return Format.MARKDOWN
    return said if said and said.is_text else Format.TEXT


def _looks_binary(head: bytes) -> bool:
    controls = sum(1 for byte in head if 0 < byte < 32 and byte not in b"\t\n\r\f\v\x1b\x08")
    return controls > 0.05 * len(head) or head.count(0) > 0.3 * len(head)


def _looks_like_mail(plain: bytes, said: Format | None) -> bool:
    top = re.split(rb"\r?\n\r?\n", plain, maxsplit=1)[0]
    headers = len(_HEADER.findall(top))
    lines = [line for line in top.splitlines() if line.strip()]
    shaped = bool(lines) and all(re.match(rb"[!-9;-~]+:|[ \t]", line) for line in lines[:-1] or lines)
    return shaped and (headers >= 3 or (headers >= 1 and said in (Format.EML, Format.MHTML)))


def _is_saved_page(plain: bytes, said: Format | None) -> bool:
    """Browsers and Word save a page in the form of an email that went to nobody."""
    top = re.split(rb"\r?\n\r?\n", plain, maxsplit=1)[0]
    sent = re.search(rb"(?im)^(?:to|received|delivered-to|return-path):", top)
    related = re.search(rb"(?im)^content-type:\s*(?:multipart/related|text/html)", top)
    return bool(re.search(rb"(?im)^snapshot-content-location:", top)) or (
        sent is None and related is not None and said in (Format.MHTML, Format.HTML, Format.DOC, Format.XLS)
    )


def _looks_like_html(plain: bytes, said: Format | None) -> bool:
    start = plain.lstrip()[:1024].lower()
    if said is Format.HTML:
        return b"<" in plain
    if said is not None and said.is_text and said is not Format.TEXT:
        return False  # Markdown and its kin may well begin with tags
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith((b"<?xml", b"<!--")) and bool(_HTML.search(plain))
    )
