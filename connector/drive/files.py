"""Drive's JSON into source files: what fetch will return, fingerprints, and what blocks reading."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from connector.source import SourceFile

FILE_FIELDS = (
    "id,name,mimeType,parents,size,md5Checksum,sha256Checksum,version,modifiedTime,trashed,webViewLink,driveId,"
    "sharedWithMeTime,resourceKey,shortcutDetails(targetId,targetMimeType,targetResourceKey),capabilities(canDownload),"
    "owners(displayName)"
)
# NOTE: without nextPageToken in the mask a listing ends after one page, and nobody notices.
LIST_FIELDS = f"nextPageToken,incompleteSearch,files({FILE_FIELDS})"
CHANGE_FIELDS = (
    f"nextPageToken,newStartPageToken,changes(changeType,removed,fileId,driveId,file({FILE_FIELDS}),drive(id,name))"
)
DRIVE_FIELDS = "nextPageToken,drives(id,name)"

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
_NATIVE = "application/vnd.google-apps."
_OFFICE = "application/vnd.openxmlformats-officedocument."
EXPORTS: Mapping[str, str] = {
    f"{_NATIVE}document": f"{_OFFICE}wordprocessingml.document",
    f"{_NATIVE}spreadsheet": f"{_OFFICE}spreadsheetml.sheet",  # all sheets; CSV would be the first one only
    f"{_NATIVE}presentation": f"{_OFFICE}presentationml.presentation",
}
MEGABYTE = 1 << 20
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What of a Drive is looked at."""

    max_file_mb: int  # a larger file is not fetched
    within: frozenset[str] = frozenset()  # ids of folders and shared drives; empty for the whole Drive
    abusive: bool = False  # fetch what Google holds for malware or spam, where it lets this person

    def source_file(self, raw: Mapping[str, Any], *, path: str, above: Iterable[str]) -> "SourceFile | None":
        """Return the file with the folders above it (names, ids), or None where it lies outside of the limits."""
        if self.within and self.within.isdisjoint(above):
            return None
        return source_file(raw, path=path, max_file_mb=self.max_file_mb)


def is_folder(raw: Mapping[str, Any]) -> bool:
    """Tell whether it is a folder."""
    return raw.get("mimeType") == FOLDER


def is_shortcut(raw: Mapping[str, Any]) -> bool:
    """Tell whether it is a shortcut to another item."""
    return raw.get("mimeType") == SHORTCUT


def stated_size(raw: Mapping[str, Any]) -> int | None:
    """Return how many bytes Google says that it has; for its own formats that says nothing about an export."""
    return _int(raw.get("size"))


def source_file(raw: Mapping[str, Any], *, path: str, max_file_mb: int) -> SourceFile:
    """Return the file as our source reports it; Google leaves any field out, and none is trusted."""
    media_type = str(raw.get("mimeType", ""))
    size = stated_size(raw)
    return SourceFile(
        id=str(raw["id"]),
        name=text(raw.get("name", "")),
        path=path,
        media_type=EXPORTS.get(media_type, media_type),
        fingerprint=fingerprint(raw),
        modified_at=moment(raw.get("modifiedTime")),
        link=_link(raw),
        size=size,
        blocked=_blocked(raw, media_type, size, max_file_mb),
        drive=str(raw.get("driveId", "")),
        owner=_owner(raw),
    )


def resource_key(link: str) -> str:
    """Return the resource key in a file's link, "" for none."""
    try:
        return parse_qs(urlsplit(link).query).get("resourcekey", [""])[0]
    except ValueError:  # no address at all
        return ""


def text(value: Any) -> str:
    """Return what a stranger wrote, without what no database keeps but JSON does: half characters and NUL."""
    if isinstance(value, str) and value.isascii() and "\0" not in value:  # most are; a million of them take their time
        return value
    return "" if value is None else _UNSTORABLE.sub("\ufffd", str(value))


def fingerprint(raw: Mapping[str, Any]) -> str:
    """Return what changes when the bytes do: a checksum, or for Google's own formats the version.

    The version also counts changes that nobody sees, so such a file may be read once more than needed, never less.
    """
    if found := raw.get("sha256Checksum"):
        return f"sha256:{found}:{raw.get('size', '')}"
    if found := raw.get("md5Checksum"):
        return f"md5:{found}:{raw.get('size', '')}"
    return f"version:{raw.get('version', '')}:{raw.get('modifiedTime', '')}"


def _link(raw: Mapping[str, Any]) -> str:
    """Return the link with the file's resource key: without it, neither people nor we get through to the file."""
    link = text(raw.get("webViewLink"))
    key = "resourceKey" in raw and text(raw["resourceKey"])
    if not (link and key) or "resourcekey=" in link:
        return link
    return f"{link}{'&' if '?' in link else '?'}{urlencode({'resourcekey': key})}"


def _owner(raw: Mapping[str, Any]) -> str:
    """Return the owner's name; a file has one at most, and none in a shared drive (Drive API v3, `files.owners`)."""
    owners = raw.get("owners")
    first = owners[0] if isinstance(owners, list) and owners else None
    return text(first.get("displayName")) if isinstance(first, Mapping) else ""


def _blocked(raw: Mapping[str, Any], media_type: str, size: int | None, max_file_mb: int) -> str | None:
    if (raw.get("capabilities") or {}).get("canDownload") is False:
        return "its owner has switched off downloading"
    if media_type.startswith(_NATIVE) and media_type not in EXPORTS:
        return "it is a Google format that cannot be read as a document"
    if media_type not in EXPORTS and size is not None and size > max_file_mb * MEGABYTE:
        return f"it is larger than {max_file_mb} MB"
    return None


def _int(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def moment(value: Any) -> datetime | None:
    """Read an RFC 3339 moment, with or without fractions; anything else is no moment."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
