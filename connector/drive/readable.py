"""Whether a file may be fetched at all, asked of its metadata before any byte is."""

from msgspec.structs import replace

from connector.drive.client import DriveClient
from connector.drive.files import Limits, source_file
from connector.drive.items import Item
from connector.errors import FileGone, FileUnavailable


def readable(client: DriveClient, file_id: str, limits: Limits) -> Item:
    """Return the metadata of a file that may be fetched. Raises FileGone, or FileUnavailable with what blocks it."""
    item = replace(client.file(file_id), id=file_id)
    if item.trashed:
        raise FileGone("it is in the trash")
    blocked = source_file(item, path="", max_file_mb=limits.max_file_mb).blocked
    if blocked:
        raise FileUnavailable(blocked)
    return item
