"""Files as Drive serves them: lists, metadata, bytes and exports."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from connector.emulator import errors
from connector.emulator.call import BytesReply, Call, JsonReply, Reply
from connector.emulator.query import BadQuery, Test, parse_query, uses_full_text
from connector.emulator.resources import drive_root_resource, file_resource, root_resource
from connector.emulator.state import Item
from connector.emulator.values import NATIVES, ROOT_ALIAS

FILE_FIELDS = "kind,id,name,mimeType"
LIST_FIELDS = f"kind,incompleteSearch,nextPageToken,files({FILE_FIELDS})"
EXPORT_LIMIT = 10 * 1024 * 1024

_CORPORA = ("user", "drive", "domain", "allDrives")
_SORT_KEYS = frozenset(
    {"createdTime", "folder", "modifiedByMeTime", "modifiedTime", "name", "name_natural", "quotaBytesUsed"}
    | {"recency", "sharedWithMeTime", "starred", "viewedByMeTime"}
)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def list_files(call: Call) -> Reply:
    """Answer `files.list`; checks come in the order that was observed on the real service."""
    params = call.params
    _check_order(params.get("orderBy", ""))
    _check_corpora(call)
    test = _query_of(call)
    if params.get("orderBy") and uses_full_text(params.get("q", "")):
        raise errors.ApiError(403, "forbidden", "Sorting is not supported for queries with fullText terms.")
    same = {name: value for name, value in params.items() if name not in ("pageToken", "pageSize", "fields")}
    token = params.get("pageToken", "")
    if token:  # an empty token is page one
        rest = call.listings.resume(token, same)
        if rest is None or call.fault.reject_page_token:
            raise errors.invalid_value("pageToken")
    else:
        rest = tuple(resource["id"] for resource in _matching(call, test))
    size = page_size(call, "files")
    page, rest = (rest[:size], rest[size:]) if not call.fault.empty_page else ((), rest)
    files = [file_resource(call.world, call.world.items[i], call.base_url) for i in page if i in call.world.items]
    files = [found for found in files if test(_searched(call, found)) and found["id"] not in call.fault.hide]
    if call.fault.duplicate:
        files += files[-1:]
    body: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": call.fault.incomplete_search}
    if rest or call.fault.empty_page:
        body["nextPageToken"] = call.listings.keep(same, rest)
    return JsonReply(body=body | {"files": files}, default_fields=LIST_FIELDS)


def get_file(call: Call) -> Reply:
    """Answer `files.get`: metadata, or the bytes with alt=media."""
    file_id = call.path["fileId"]
    abuse_ok = call.params["acknowledgeAbuse"]
    if call.params.get("alt") == "media":
        return _media(call, _visible(call, file_id, drives=call.params["supportsAllDrives"]))
    if abuse_ok:
        raise errors.ApiError(403, "invalidAbuseAcknowledgment", "Only file content downloads can acknowledge abuse.")
    world = call.world
    if file_id in (ROOT_ALIAS, world.root_id):
        return JsonReply(body=root_resource(world), default_fields=FILE_FIELDS)
    if file_id in world.drives and call.params["supportsAllDrives"]:
        return JsonReply(body=drive_root_resource(world.drives[file_id]), default_fields=FILE_FIELDS)
    item = _visible(call, file_id, drives=call.params["supportsAllDrives"])
    return JsonReply(body=_misleading(call, file_resource(world, item, call.base_url)), default_fields=FILE_FIELDS)


def export_file(call: Call) -> Reply:
    """Answer `files.export`; the method knows no shared-drive switch and needs none."""
    item = _visible(call, call.path["fileId"], drives=True)
    content = exported(item, call.params["mimeType"])
    if call.fault.export_too_large or len(content) > EXPORT_LIMIT:
        raise errors.blocked("exportSizeLimitExceeded")
    return BytesReply(body=maybe_corrupt(call, content), media_type=call.params["mimeType"])


def exported(item: Item, mime: str) -> bytes:
    """Return a native's bytes in the one format that the seed holds; raises ApiError as Google would."""
    if item.seed.kind not in NATIVES:
        raise errors.blocked("fileNotExportable")
    if not item.seed.can_download:
        raise errors.blocked("cannotExportFile")
    if mime != NATIVES[item.seed.kind][1]:
        message = "The requested conversion is not supported."
        raise errors.ApiError(400, "badRequest", message, location="convertTo")
    return item.seed.content or b""


def visible_item(call: Call, file_id: str) -> Item:
    """Return an item wherever it lives; raises ApiError when it is not there."""
    return _visible(call, file_id, drives=True)


def _visible(call: Call, file_id: str, *, drives: bool) -> Item:
    item = call.world.items.get(file_id)
    if item is None or (call.world.drive_of(item) and not drives):
        raise errors.not_found(file_id)
    key = item.seed.resource_key
    if key and f"{file_id}/{key}" not in call.headers.get("x-goog-drive-resource-keys", "").split(","):
        raise errors.not_found(file_id)
    return item


def _media(call: Call, item: Item) -> Reply:
    if item.seed.kind != "file":
        message = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        raise errors.ApiError(403, "fileNotDownloadable", message, location="alt")
    if call.fault.cannot_download or not item.seed.can_download:
        raise errors.blocked("cannotDownloadFile")
    theirs = call.world.top_of(item) is None  # only an owner or an organizer can take the risk
    if item.seed.abusive and (theirs or not call.params["acknowledgeAbuse"]):
        raise errors.blocked("cannotDownloadAbusiveFile")
    content = maybe_corrupt(call, item.seed.content or b"")
    wanted = "" if call.fault.ignore_range else call.headers.get("range", "")
    return _ranged(content, wanted, item.seed.mime, earlier=int(call.fault.wrong_range))


def _ranged(content: bytes, wanted: str, mime: str, *, earlier: int) -> BytesReply:
    found = _RANGE.fullmatch(wanted)
    if found is None or found[0] == "bytes=-":
        return BytesReply(body=content, media_type=mime)
    if not found[1]:
        first, last = max(0, len(content) - int(found[2])), len(content) - 1
    else:
        first, last = int(found[1]), min(int(found[2] or len(content)), len(content) - 1)
    if first >= len(content) or first > last:
        raise errors.ApiError(
            416,
            "requestedRangeNotSatisfiable",
            "Request range not satisfiable",
            location="Range",
            location_type="header",
            headers={"Content-Range": f"bytes */{len(content)}"},
        )
    first = max(0, first - earlier)
    headers = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return BytesReply(body=content[first : last + 1], media_type=mime, status=206, headers=headers)


def maybe_corrupt(call: Call, content: bytes) -> bytes:
    """Return the bytes, or with a wrong first one where a script wants that."""
    return bytes(byte ^ 0xFF for byte in content[:1]) + content[1:] if call.fault.corrupt else content


def _misleading(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    """Spoil a file's metadata where a script wants that."""
    for name in call.fault.lacks:
        resource.pop(name, None)
    if call.fault.wrong_checksum:
        for name in ("md5Checksum", "sha1Checksum", "sha256Checksum"):
            resource |= {name: resource[name][::-1]} if name in resource else {}
    if call.fault.leads_to is not None and "exportLinks" in resource:
        links = dict.fromkeys(resource["exportLinks"], call.fault.leads_to) if call.fault.leads_to else {}
        resource |= {"exportLinks": links}
    return resource


def _matching(call: Call, test: Test) -> list[Mapping[str, Any]]:
    """Return what the corpora and the query select, newest first as by default on the real service."""
    corpora, world = call.params.get("corpora", "user"), call.world
    found: list[Mapping[str, Any]] = []
    for item in world.items.values():
        drive = world.drive_of(item)
        inside = {"drive": drive == call.params.get("driveId"), "allDrives": True}.get(corpora, not drive)
        if inside:
            resource = file_resource(world, item, call.base_url)
            if test(_searched(call, resource)):
                found.append(resource)
    found.sort(key=lambda resource: resource["id"])
    found.sort(key=lambda resource: resource["modifiedTime"], reverse=True)
    keys = [part.split() for part in call.params.get("orderBy", "").split(",") if part.strip()]
    for name, *descending in reversed(keys):
        found.sort(key=partial(_sort_value, name), reverse=bool(descending))
    return found


def _searched(call: Call, resource: dict[str, Any]) -> Mapping[str, Any]:
    """Return an item with its text, which is searched and never shown."""
    if not uses_full_text(call.params.get("q", "")):
        return resource
    return resource | {"contentHints": {"indexableText": call.world.items[resource["id"]].indexed}}


def _sort_value(name: str, resource: Mapping[str, Any]) -> str:
    if name == "folder":
        return "0" if resource["mimeType"].endswith(".folder") else "1"
    if name == "quotaBytesUsed":
        return str(resource[name]).zfill(20)
    return str(resource.get("name" if name == "name_natural" else name, "")).casefold()


def _check_order(order_by: str) -> None:
    for part in filter(str.strip, order_by.split(",")):
        name, *direction = part.split()
        if name not in _SORT_KEYS or direction not in ([], ["desc"]):
            raise errors.invalid_value("orderBy")


def _check_corpora(call: Call) -> None:
    """Refuse combinations that the documentation rules out; their exact reasons were not observed."""
    params = call.params
    corpora, drive_id = params.get("corpora", "user"), params.get("driveId")
    if corpora not in _CORPORA:
        raise errors.invalid_value("corpora")
    if params["includeItemsFromAllDrives"] and not params["supportsAllDrives"]:
        raise errors.blocked("supportsTeamDrivesRequired")
    if corpora in ("drive", "allDrives") and not params["includeItemsFromAllDrives"]:
        raise errors.invalid_parameter("corpora", f"corpora={corpora} needs includeItemsFromAllDrives=true.")
    if (corpora == "drive") != (drive_id is not None):
        raise errors.invalid_parameter("driveId", "driveId belongs to corpora=drive, and to nothing else.")
    if drive_id is not None and drive_id not in call.world.drives:
        raise errors.drive_not_found(drive_id)


def _query_of(call: Call) -> Test:
    try:
        return parse_query(call.params.get("q", ""), root_id=call.world.root_id, me=call.world.user.email)
    except BadQuery as error:
        raise errors.invalid_value("q") from error


def page_size(call: Call, collection: str) -> int:
    """Return how many elements this page may hold; fewer than asked for is always right."""
    asked: int = call.params["pageSize"]
    return min(asked, call.page_caps.get(collection, asked), call.fault.short_page or asked)
