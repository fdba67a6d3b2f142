"""OLE containers, in which old Office files and Outlook's emails are kept, by olefile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from olefile import OleFileIO
from olefile.olefile import OleFileError

from scanner.extract.base import Unreadable
from scanner.extract.decoding import decode
from scanner.extract.draft import Draft
from scanner.extract.formats import Format

MAX_STREAM_BYTES = 100_000_000
DAMAGED = "it is damaged: its parts cannot be found in it"

_MAIN_STREAMS = (  # the first of these names at the root tells what the container is
    ("EncryptedPackage", Format.PROTECTED),
    ("__properties_version1.0", Format.MSG),
    ("WordDocument", Format.DOC),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
    ("PowerPoint Document", Format.PPT),
)
_PROPERTIES = {
    "Title": "title", "Subject": "subject", "Keywords": "keywords", "Category": "category", "Status": "content_status",
    "Description": "comments", "Author": "author",
}  # fmt: skip


@contextmanager
def opened_ole(stream: IO[bytes]) -> Iterator[OleFileIO]:
    """Open the container. Raises Unreadable."""
    stream.seek(0)
    try:
        container = OleFileIO(stream)
    except (OleFileError, OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
        raise Unreadable(DAMAGED) from None
    try:
        yield container
    finally:
        container.close()


def kind_of(stream: IO[bytes]) -> Format:
    """Return what the container at the stream holds; a damaged or unknown one is *legacy*."""
    try:
        with opened_ole(stream) as container:
            return next((real for name, real in _MAIN_STREAMS if container.exists(name)), Format.LEGACY)
    except Unreadable:
        return Format.LEGACY


def read_stream(container: OleFileIO, *path: str) -> bytes | None:
    """Return a stream's bytes, None where there is none of that name. Raises Unreadable for a damaged one."""
    try:
        if not container.exists(list(path)) or container.get_type(list(path)) != 2:  # 2: a stream, no storage
            return None
        with container.openstream(list(path)) as found:
            return bytes(found.read(MAX_STREAM_BYTES))
    except (OleFileError, OSError, ValueError, IndexError):
        raise Unreadable(DAMAGED) from None


def read_properties(container: OleFileIO, draft: Draft) -> None:
    """Keep what an old Office file says of itself; what is damaged there says nothing."""
    try:
        told = container.get_metadata()
    except (OleFileError, OSError, ValueError, IndexError, TypeError, OverflowError, KeyError):
        return
    code_page = f"cp{(told.codepage or 1252) & 0xFFFF}"
    for label, attribute in _PROPERTIES.items():
        value = getattr(told, attribute, None)
        if value and isinstance(value, bytes | str):
            said = decode(value, told=code_page) if isinstance(value, bytes) else value
            draft.set_property(label, said.strip("\0"), cite=label != "Author")
