"""Shortcuts: what they lead to, resolved once; a dangling one is no error."""

from collections.abc import Mapping
from typing import Any

from connector.drive.client import DriveClient, Raw
from connector.drive.files import FOLDER, is_shortcut
from connector.errors import FileUnavailable


def target_of(shortcut: Mapping[str, Any]) -> str:
    """Return the id of the file that a shortcut leads to; "" for a folder, whose files are not followed."""
    details = shortcut.get("shortcutDetails") or {}
    return "" if details.get("targetMimeType") == FOLDER else str(details.get("targetId", ""))


def resolved(client: DriveClient, shortcut: Mapping[str, Any]) -> Raw | None:
    """Return the file that a shortcut leads to; None where it dangles, is trashed, or leads to no file.

    The type that a shortcut names may be out of date, so the target's own is looked at.
    """
    target = target_of(shortcut)
    if not target:
        return None
    key = str((shortcut.get("shortcutDetails") or {}).get("targetResourceKey", ""))
    if key:
        client.unlock(target, key)
    try:
        raw = client.file(target)
    except FileUnavailable:
        return None
    return None if raw.get("trashed") or is_shortcut(raw) or raw.get("mimeType") == FOLDER else raw
