"""Whether a file may be fetched at all, asked of its metadata before any byte is."""

from collections.abc import Mapping
from typing import Any

from connector.drive.client import DriveClient
from connector.drive.files import Limits, source_file
from connector.errors import FileGone, FileUnavailable


def readable(client: DriveClient, file_id: str, limits: Limits) -> Mapping[str, Any]:
    """Return the metadata of a file that may be fetched. Raises FileGone, or FileUnavailable with what blocks it."""
    raw = {**client.file(file_id), "id": file_id}
    if raw.get("trashed"):
        raise FileGone("it is in the trash")
    blocked = source_file(raw, path="", max_file_mb=limits.max_file_mb).blocked
    if blocked:
        raise FileUnavailable(blocked)
    return raw
