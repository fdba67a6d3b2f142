"""What may be asked of Drive, and what each call costs: reads only, whatever the code above asks for."""

import json
from collections.abc import Mapping
from typing import Any

READS: Mapping[str, str] = {
    **dict.fromkeys(("drive.files.list", "drive.files.get", "drive.files.export", "drive.changes.list"), "GET"),
    **dict.fromkeys(("drive.changes.getStartPageToken", "drive.drives.list", "drive.operations.get"), "GET"),
    # NOTE: it only asks Google to prepare an export that is too large for files.export, and is the one way to one. The
    # discovery document lets drive.readonly call it: it changes nothing in the Drive.
    "drive.files.download": "POST",
    # NOTE: a subscription to hints about a change feed, and its end. It changes nothing in the Drive and nothing that
    # anybody sees of it; the discovery document lets drive.readonly call both.
    **dict.fromkeys(("drive.changes.watch", "drive.channels.stop"), "POST"),
}
# A read says in its address what it asks for. These two describe a channel, and may say no more than that.
SAYS: Mapping[str, frozenset[str]] = {
    "drive.changes.watch": frozenset({"id", "type", "address", "token", "expiration"}),
    "drive.channels.stop": frozenset({"id", "resourceId"}),
}
# What a call costs of Google's quota: https://developers.google.com/workspace/drive/api/guides/limits
UNITS = {"drive.files.list": 100, "drive.changes.list": 100, "drive.drives.list": 100, "drive.files.download": 200}
DOWNLOAD_UNITS, OTHER_UNITS = 200, 5


def checked(request: Any) -> Any:
    """Return a request that is a read, and refuse to send anything else, whatever the code above asks for."""
    says = SAYS.get(request.methodId)
    within = not request.body if says is None else json.loads(request.body).keys() <= says
    if READS.get(request.methodId) != request.method or not within:
        raise AssertionError(f"Crosswalk only reads: {request.methodId} is not on the list")
    return request
