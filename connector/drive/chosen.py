"""The folders and shared drives that a person names, by their addresses in the browser or by their ids."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from connector.drive.client import DriveClient
from connector.drive.items import is_folder
from connector.errors import ConnectorError, FileUnavailable

_ID = re.compile(r"[\w-]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One folder or shared drive that a connection is limited to."""

    id: str
    name: str


def chosen(client: DriveClient, addresses: Iterable[str]) -> tuple[Chosen, ...]:
    """Return each with its name, asked of Drive: a wrong one would leave nothing to read. Raises ConnectorError."""
    drives: dict[str, str] | None = None
    found = {}
    for address in addresses:
        ident = id_in(address)
        if drives is None:
            drives = {one.id: one.name or one.id for one in client.drives()}
        name = drives.get(ident) or _folder(client, ident, address)
        found[ident] = Chosen(id=ident, name=name)
    return tuple(found.values())


def id_in(address: str) -> str:
    """Return the id in an address such as https://drive.google.com/drive/folders/…, or the id that it is.

    Raises ConnectorError for anything else.
    """
    ident = address.strip()
    if "://" in ident:
        try:
            parts = urlsplit(ident)
        except ValueError:
            parts = urlsplit("")
        behind = re.search(r"/folders/([^/]+)", parts.path)
        ident = behind[1] if behind else parse_qs(parts.query).get("id", [""])[0]
    if not _ID.fullmatch(ident):
        raise ConnectorError(
            f"“{address}” is no folder: give its address in the browser "
            "(https://drive.google.com/drive/folders/…) or its id."
        )
    return ident


def _folder(client: DriveClient, ident: str, address: str) -> str:
    try:
        item = client.file(ident)
    except FileUnavailable as error:
        raise ConnectorError(f"“{address}” cannot be seen by this connection: {error}.") from error
    if not is_folder(item) or item.trashed:
        raise ConnectorError(f"“{address}” is not a folder, or lies in the trash.")
    return item.name
