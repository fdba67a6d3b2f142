"""Shortcuts: what they lead to, resolved once; a dangling one is no error."""

from connector.drive.client import DriveClient
from connector.drive.items import FOLDER, Item, is_folder, is_shortcut
from connector.errors import FileUnavailable


def target_of(shortcut: Item) -> str:
    """Return the id of the file that a shortcut leads to; "" for a folder, whose files are not followed."""
    target = shortcut.shortcut_details
    return "" if target.target_mime_type == FOLDER else target.target_id


def resolved(client: DriveClient, shortcut: Item) -> Item | None:
    """Return the file that a shortcut leads to; None where it dangles, is trashed, or leads to no file.

    The type that a shortcut names may be out of date, so the target's own is looked at.
    """
    target = target_of(shortcut)
    if not target:
        return None
    if key := shortcut.shortcut_details.target_resource_key:
        client.unlock(target, key)
    try:
        item = client.file(target)
    except FileUnavailable:
        return None
    return None if item.trashed or is_shortcut(item) or is_folder(item) else item
