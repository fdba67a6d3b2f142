"""Items, drives and changes as Drive would describe them in JSON, every field that the emulator knows."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from connector.emulator.state import Change, Item, World
from connector.emulator.values import FOLDER_MIME, NATIVES, SharedDrive

_COLLEAGUE = {  # whoever shared something with the person
    "kind": "drive#user",
    "displayName": "A Colleague",
    "emailAddress": "colleague@example.org",
    "permissionId": "00000000000000000002",
    "me": False,
}
_NATIVE_SIZE = "1024"  # natives report some size that says nothing about an export
_EDITORS = {"google-doc": "document", "google-sheet": "spreadsheets", "google-slides": "presentation"}


def moment(value: datetime) -> str:
    """Write a time as Google does: RFC 3339, UTC, milliseconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def user_resource(world: World) -> dict[str, Any]:
    """Describe the person."""
    return {
        "kind": "drive#user",
        "displayName": world.user.name,
        "emailAddress": world.user.email,
        "permissionId": "00000000000000000001",
        "me": True,
    }


def drive_resource(drive: SharedDrive) -> dict[str, Any]:
    """Describe a shared drive."""
    return {"kind": "drive#drive", "id": drive.id, "name": drive.name, "hidden": False}


def root_resource(world: World) -> dict[str, Any]:
    """Describe My Drive's own root folder."""
    return {
        "kind": "drive#file",
        "id": world.root_id,
        "name": "My Drive",
        "mimeType": FOLDER_MIME,
        "trashed": False,
        "explicitlyTrashed": False,
        "ownedByMe": True,
        "shared": False,
        "spaces": ["drive"],
        "version": "1",
        "capabilities": {"canDownload": False, "canListChildren": True},
    }


def drive_root_resource(drive: SharedDrive) -> dict[str, Any]:
    """Describe a shared drive's root folder: it is called "Drive", whatever the drive's name is."""
    return {
        "kind": "drive#file",
        "id": drive.id,
        "driveId": drive.id,
        "name": "Drive",
        "mimeType": FOLDER_MIME,
        "trashed": False,
        "explicitlyTrashed": False,
        "spaces": ["drive"],
        "version": "1",
        "capabilities": {"canDownload": False, "canListChildren": True},
    }


def file_resource(world: World, item: Item, base_url: str) -> dict[str, Any]:
    """Describe an item, with every field that applies to its kind."""
    seed = item.seed
    return {
        "kind": "drive#file",
        "id": item.id,
        "name": seed.name,
        "mimeType": seed.mime,
        "starred": False,
        "trashed": world.is_trashed(item),
        "explicitlyTrashed": seed.trashed,
        "spaces": ["drive"],
        "version": str(item.version),
        "createdTime": moment(item.created),
        "modifiedTime": moment(seed.modified),
        "quotaBytesUsed": str(len(seed.content or b"")) if seed.kind == "file" else "0",
        "copyRequiresWriterPermission": not seed.can_download,
        "webViewLink": _view_link(item, world.viewer),
        **({"resourceKey": seed.resource_key} if seed.resource_key else {}),
        **({"description": seed.description} if seed.description else {}),
        **({"trashedTime": moment(item.trashed_at)} if item.trashed_at else {}),
        **({"parents": [item.parent]} if item.parent else {}),
        "capabilities": {
            "canDownload": seed.can_download and seed.kind not in ("folder", "shortcut"),
            "canCopy": seed.can_download,
            "canListChildren": seed.kind == "folder",
            "canEdit": False,
        },
        **_ownership(world, item),
        **_by_kind(world, item, base_url),
    }


def change_resource(world: World, change: Change, base_url: str, *, removals: bool) -> dict[str, Any]:
    """Describe a change with the item as it stands now.

    A removed one carries no file, but where `removals` are asked for that of an item that is seen elsewhere.
    """
    common: dict[str, Any] = {"kind": "drive#change", "time": moment(change.time)}
    if not change.file_id:
        drive = world.drives.get(change.drive_id)
        found = {"drive": drive_resource(drive)} if drive else {}
        return common | {"changeType": "drive", "removed": drive is None, "driveId": change.drive_id} | found
    item = world.items.get(change.file_id)
    common |= {"changeType": "file", "fileId": change.file_id, "removed": change.removed or item is None}
    item = item if removals or not change.removed else None
    return common | ({"file": file_resource(world, item, base_url)} if item else {})


def about_resource(world: World) -> dict[str, Any]:
    """Describe the person's Drive as a whole."""
    used = sum(len(item.seed.content or b"") for item in world.items.values() if item.seed.kind == "file")
    return {
        "kind": "drive#about",
        "user": user_resource(world),
        "storageQuota": {
            "limit": str(15 * 2**30),
            "usage": str(used),
            "usageInDrive": str(used),
            "usageInDriveTrash": "0",
        },
        "exportFormats": {mime: [exported] for mime, exported in NATIVES.values()},
        "maxUploadSize": str(5 * 2**40),
        "appInstalled": False,
        "canCreateDrives": False,
    }


def _ownership(world: World, item: Item) -> Mapping[str, Any]:
    """Items of shared drives carry neither owners nor `shared` nor `ownedByMe`."""
    drive = world.drive_of(item)
    if drive:
        return {"driveId": drive}
    *_, top = world.path_to_top(item.id)
    mine = top.parent is not None or top.seed.own
    owner = user_resource(world) if mine else _COLLEAGUE
    facts: dict[str, Any] = {"owners": [owner], "lastModifyingUser": owner, "ownedByMe": mine, "shared": not mine}
    if not mine and item.parent is None:
        facts |= {"sharedWithMeTime": moment(item.created), "sharingUser": _COLLEAGUE}
    return facts


def _by_kind(world: World, item: Item, base_url: str) -> Mapping[str, Any]:
    seed = item.seed
    if seed.kind == "shortcut":
        target = world.items.get(seed.target)
        known = {"targetMimeType": target.seed.mime} if target else {}
        if target and target.seed.resource_key:
            known["targetResourceKey"] = target.seed.resource_key
        return {"shortcutDetails": {"targetId": seed.target} | known}
    if seed.kind in NATIVES:
        _, exported = NATIVES[seed.kind]
        link = f"{base_url}/download/export/{item.id}?mimeType={exported}"
        return {"size": _NATIVE_SIZE, "exportLinks": {exported: link}}
    if seed.kind != "file":
        return {}
    extension = PurePosixPath(seed.name.replace("/", "_")).suffix.lstrip(".")
    return {
        "size": str(len(seed.content or b"")),
        "md5Checksum": item.md5,
        "sha1Checksum": item.sha1,
        "sha256Checksum": item.sha256,
        "headRevisionId": f"{item.id}-r{item.revision}",
        "originalFilename": seed.name,
        "fileExtension": extension,
        "fullFileExtension": extension,
        "webContentLink": f"https://drive.google.com/uc?id={item.id}&export=download",
    }


def _view_link(item: Item, viewer: str) -> str:
    kind = item.seed.kind
    if kind == "folder":
        return f"{viewer or 'https://drive.google.com'}/drive/folders/{item.id}"
    if kind in _EDITORS:
        return f"{viewer or 'https://docs.google.com'}/{_EDITORS[kind]}/d/{item.id}/edit?usp=drivesdk"
    return f"{viewer or 'https://drive.google.com'}/file/d/{item.id}/view?usp=drivesdk"
