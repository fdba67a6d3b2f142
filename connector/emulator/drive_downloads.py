"""Long-running downloads, and the absolute links that they and Google documents hand out."""

import re
from typing import Any

from connector.emulator import errors
from connector.emulator.call import BytesReply, Call, JsonReply, Reply
from connector.emulator.drive_files import exported, maybe_corrupt, visible_item
from connector.emulator.values import NATIVES

_OPERATION = re.compile(r"download-(?P<file>[A-Za-z0-9_-]+)-as-(?P<kind>blob|google-[a-z]+)")


def start_download(call: Call) -> Reply:
    """Answer `files.download`: an operation that is still at work; no size limit applies to it."""
    item = visible_item(call, call.path["fileId"])
    if "revisionId" in call.params:
        raise errors.invalid_parameter("revisionId", "Downloads of a revision are not emulated.")
    if item.seed.kind in NATIVES:
        exported(item, call.params.get("mimeType", NATIVES[item.seed.kind][1]))
        form = item.seed.kind
    elif item.seed.kind != "file" or not item.seed.can_download:
        raise errors.blocked("cannotDownloadFile")
    else:
        form = "blob"
    name = f"download-{item.id}-as-{form}"
    if call.fault.at_once:
        return JsonReply(body=_done(call, name, item.id), default_fields="*")
    if call.fault.long_name:
        name = f"operations/{name}"
    return JsonReply(body={"name": name, "done": False}, default_fields="*")


def get_operation(call: Call) -> Reply:
    """Answer `operations.get`: the download is done, and says where its bytes are."""
    found = _OPERATION.fullmatch(call.path["name"])
    if found is None or found["file"] not in call.world.items:
        raise errors.ApiError(404, "notFound", f"Operation not found: {call.path['name']}.", location="name")
    if call.fault.pending:
        return JsonReply(body={"name": found[0], "done": False}, default_fields="*")
    if call.fault.failed:
        error = {"code": call.fault.failed, "message": "Scripted."}
        return JsonReply(body={"name": found[0], "done": True, "error": error}, default_fields="*")
    return JsonReply(body=_done(call, found[0], found["file"]), default_fields="*")


def download_bytes(call: Call) -> BytesReply:
    """Serve the absolute links that exports and operations hand out."""
    item = visible_item(call, call.path["fileId"])
    if not item.seed.can_download or item.seed.content is None:
        raise errors.blocked("cannotDownloadFile")
    media_type = NATIVES[item.seed.kind][1] if item.seed.kind in NATIVES else item.seed.mime
    if call.params.get("mimeType", media_type) != media_type:
        raise errors.ApiError(400, "badRequest", "The requested conversion is not supported.", location="convertTo")
    return BytesReply(body=maybe_corrupt(call, item.seed.content), media_type=media_type)


def _done(call: Call, name: str, file_id: str) -> dict[str, Any]:
    link = f"{call.base_url}/download/file/{file_id}" if call.fault.leads_to is None else call.fault.leads_to
    response = {
        "@type": "type.googleapis.com/google.apps.drive.v3.DownloadFileResponse",
        **({"downloadUri": link} if link else {}),
        "partialDownloadAllowed": False,
    }
    return {"name": name, "done": True, "response": response}
