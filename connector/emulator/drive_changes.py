"""The change feed, shared drives and the account's facts as Drive serves them."""

import re
from collections.abc import Callable
from typing import Any

from connector.emulator import errors
from connector.emulator.call import BytesReply, Call, JsonReply, Reply
from connector.emulator.drive_files import FILE_FIELDS, page_size
from connector.emulator.resources import about_resource, change_resource, drive_resource
from connector.emulator.state import Change

_DRIVE_FIELDS = "kind,id,name"
_CHANGE_FIELDS = (
    "kind,nextPageToken,newStartPageToken,changes(kind,removed,changeType,time,fileId,driveId,"
    f"file({FILE_FIELDS}),drive({_DRIVE_FIELDS}))"
)


def start_page_token(call: Call) -> Reply:
    """Answer `changes.getStartPageToken`, for the person's feed or for one drive's."""
    _check_drive(call)
    body = {"kind": "drive#startPageToken", "startPageToken": _token(call, call.world.next_change)}
    return JsonReply(body=body, default_fields="kind,startPageToken")


def list_changes(call: Call) -> Reply:
    """Answer `changes.list`: each item once, at its latest change, as it stands now."""
    params = call.params
    if params["includeItemsFromAllDrives"] and not params["supportsAllDrives"]:
        raise errors.blocked("supportsTeamDrivesRequired")
    _check_drive(call)
    start = _number_of(call)
    feed = _feed(call, start)
    page = [] if call.fault.empty_page else feed[: page_size(call, "changes")]
    body: dict[str, Any] = {
        "kind": "drive#changeList",
        "changes": [change_resource(call.world, one, call.base_url, removals=_removals(call)) for one in page],
    }
    if call.fault.empty_page:
        body["nextPageToken"] = _token(call, start)
    elif len(feed) > len(page):
        body["nextPageToken"] = _token(call, feed[len(page)].number)
    else:
        body["newStartPageToken"] = _token(call, call.world.next_change)
    return JsonReply(body=body, default_fields=_CHANGE_FIELDS)


def watch_changes(call: Call) -> Reply:
    """Answer `changes.watch`: notifications about what `changes.list` would list for the same parameters."""
    _check_drive(call)
    _number_of(call)
    world, drive_id = call.world, call.params.get("driveId")

    def listen(tell: Callable[[], None]) -> Callable[[], None]:
        def changed(change: Change) -> None:
            if _belongs(call, change):
                tell()

        world.listeners.append(changed)
        return lambda: world.listeners.remove(changed)

    query = f"driveId={drive_id}&" if drive_id else ""
    uri = f"{call.base_url}/drive/v3/changes?{query}alt=json"
    body = call.channels.open(call.body, world=world, uri=uri, listen=listen)
    return JsonReply(body=body, default_fields="*")


def stop_channel(call: Call) -> Reply:
    """Answer `channels.stop`."""
    call.channels.close(call.body, call.world)
    return BytesReply(body=b"", media_type="text/html", status=204)


def list_drives(call: Call) -> Reply:
    """Answer `drives.list`; only id and name come without a mask."""
    _refuse_admin_access(call)
    if call.params.get("q"):
        raise errors.invalid_value("q")  # searching drives is not emulated
    drives = [drive.id for drive in sorted(call.world.drives.values(), key=lambda drive: drive.name)]
    token = call.params.get("pageToken", "")
    rest: tuple[str, ...] | None = tuple(drives)
    if token:
        rest = call.listings.resume(token, {"drives": True})
    if rest is None or (token and call.fault.reject_page_token):
        raise errors.invalid_value("pageToken")
    size = page_size(call, "drives")
    page, rest = rest[:size], rest[size:]
    found = [drive_resource(call.world.drives[drive_id]) for drive_id in page if drive_id in call.world.drives]
    body: dict[str, Any] = {"kind": "drive#driveList", "drives": found}
    if rest:
        body["nextPageToken"] = call.listings.keep({"drives": True}, rest)
    return JsonReply(body=body, default_fields=f"kind,nextPageToken,drives({_DRIVE_FIELDS})")


def get_drive(call: Call) -> Reply:
    """Answer `drives.get`."""
    _refuse_admin_access(call)
    drive = call.world.drives.get(call.path["driveId"])
    if drive is None:
        raise errors.drive_not_found(call.path["driveId"])
    return JsonReply(body=drive_resource(drive), default_fields=_DRIVE_FIELDS)


def get_about(call: Call) -> Reply:
    """Answer `about.get`, the one method that insists on `fields`."""
    if "fields" not in call.params:
        message = "The 'fields' parameter is required for this method."
        raise errors.ApiError(400, "required", message, location="fields")
    return JsonReply(body=about_resource(call.world), default_fields="")


def _refuse_admin_access(call: Call) -> None:
    if call.params["useDomainAdminAccess"]:
        message = "The user does not have the required privilege."
        raise errors.ApiError(403, "noListTeamDrivesAdministratorPrivilege", message)


def _check_drive(call: Call) -> None:
    drive_id = call.params.get("driveId")
    if drive_id is None:
        return
    if not call.params["supportsAllDrives"]:
        raise errors.blocked("supportsTeamDrivesRequired")
    if drive_id not in call.world.drives:
        raise errors.drive_not_found(drive_id)


def _token(call: Call, number: int) -> str:
    """Tokens of a drive's feed mean nothing in the person's feed, and the other way round."""
    drive_id = call.params.get("driveId")
    return f"{drive_id}~{number}" if drive_id else str(number)


def _number_of(call: Call) -> int:
    drive_id, token = call.params.get("driveId"), call.params["pageToken"]
    prefix = f"{drive_id}~" if drive_id else ""
    number = token.removeprefix(prefix)
    if call.fault.reject_page_token or not token.startswith(prefix) or not re.fullmatch(r"[0-9]{1,12}", number):
        raise errors.invalid_value("pageToken")
    if int(number) > call.world.next_change:
        raise errors.invalid_value("pageToken")
    return int(number)


def _removals(call: Call) -> bool:
    return bool(call.params["includeCorpusRemovals"])


def _feed(call: Call, start: int) -> list[Change]:
    """Return the changes of the feed that was asked for, each item or drive once, at its latest change."""
    latest = {c.file_id or c.drive_id: c for c in call.world.changes if c.number >= start and _belongs(call, c)}
    return sorted(latest.values(), key=lambda change: change.number)


def _belongs(call: Call, change: Change) -> bool:
    params, world = call.params, call.world
    item = None if change.removed else world.items.get(change.file_id)
    if item is None and not params["includeRemoved"] and not (change.drive_id in world.drives and not change.file_id):
        return False
    if params.get("driveId"):
        return bool(change.drive_id == params["driveId"])
    if not change.drive_id:
        return item is None or not params["restrictToMyDrive"] or world.top_of(item) == world.root_id
    if not params["includeItemsFromAllDrives"] or params["restrictToMyDrive"]:
        return False
    if world.feeds_apart and change.file_id:
        return False
    return not change.file_id or change.drive_id in world.drives  # a lost drive is one change, not one for each file
