"""Drive's JSON into source files: what fetch will return, fingerprints, and what blocks reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from connector.drive.items import Item
from connector.source import SourceFile

FILE_FIELDS = (
    "id,name,mimeType,parents,size,md5Checksum,sha256Checksum,version,modifiedTime,trashed,webViewLink,driveId,"
    "sharedWithMeTime,resourceKey,shortcutDetails(targetId,targetMimeType,targetResourceKey),capabilities(canDownload),"
    "ownedByMe,owners(displayName)"
)
# NOTE: without nextPageToken in the mask a listing ends after one page, and nobody notices.
# And without kind an answer that is none, such as {}, could not be told from the page of an empty Drive.
LIST_FIELDS = f"kind,nextPageToken,incompleteSearch,files({FILE_FIELDS})"
CHANGE_FIELDS = (
    f"nextPageToken,newStartPageToken,changes(changeType,removed,fileId,driveId,file({FILE_FIELDS}),drive(id,name))"
)
DRIVE_FIELDS = "kind,nextPageToken,drives(id,name)"

_NATIVE = "application/vnd.google-apps."
_OFFICE = "application/vnd.openxmlformats-officedocument."
EXPORTS: Mapping[str, str] = {
    f"{_NATIVE}document": f"{_OFFICE}wordprocessingml.document",
    f"{_NATIVE}spreadsheet": f"{_OFFICE}spreadsheetml.sheet",  # all sheets; CSV would be the first one only
    f"{_NATIVE}presentation": f"{_OFFICE}presentationml.presentation",
}
MEGABYTE = 1 << 20
MOST_BYTES = (1 << 63) - 1  # Google's type is int64, and so is every database's


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What of a Drive is looked at."""

    max_file_mb: int  # a larger file is not fetched
    within: frozenset[str] = frozenset()  # ids of folders and shared drives; empty for the whole Drive
    abusive: bool = False  # fetch what Google holds for malware or spam, where it lets this person

    def source_file(self, item: Item, *, path: str, folder: str, above: Iterable[str]) -> "SourceFile | None":
        """Return the file with the folders above it (names, the id of its own, ids of all where there are limits).

        None where it lies outside of the limits.
        """
        if self.within and self.within.isdisjoint(above):
            return None
        return source_file(item, path=path, folder=folder, max_file_mb=self.max_file_mb)


def stated_size(item: Item) -> int | None:
    """Return how many bytes Google says that it has; for its own formats that says nothing about an export."""
    try:
        size = int(item.size)
    except ValueError:
        return None
    return size if 0 <= size <= MOST_BYTES else None


def source_file(item: Item, *, path: str, max_file_mb: int, folder: str = "") -> SourceFile:
    """Return the file as our source reports it; Google leaves any field out, and none is trusted."""
    size = stated_size(item)
    return SourceFile(
        id=item.id,
        name=item.name,
        path=path,
        media_type=EXPORTS.get(item.mime_type, item.mime_type),
        fingerprint=fingerprint(item),
        modified_at=moment(item.modified_time),
        link=_link(item),
        size=size,
        blocked=_blocked(item, size, max_file_mb),
        drive=item.drive_id,
        owner=item.owners[0].display_name if item.owners else "",
        folder=folder,
    )


def resource_key(link: str) -> str:
    """Return the resource key in a file's link, "" for none."""
    try:
        return parse_qs(urlsplit(link).query).get("resourcekey", [""])[0]
    except ValueError:  # no address at all
        return ""


def fingerprint(item: Item) -> str:
    """Return what changes when the bytes do: a checksum, or for Google's own formats the version.

    The version also counts changes that nobody sees, so such a file may be read once more than needed, never less.
    """
    if item.sha256_checksum:
        return f"sha256:{item.sha256_checksum}:{item.size}"
    if item.md5_checksum:
        return f"md5:{item.md5_checksum}:{item.size}"
    return f"version:{item.version}:{item.modified_time}"


def _link(item: Item) -> str:
    """Return the link with the file's resource key: without it, neither people nor we get through to the file."""
    link = item.web_view_link
    if not (item.resource_key and link) or "resourcekey=" in link:
        return link
    return f"{link}{'&' if '?' in link else '?'}{urlencode({'resourcekey': item.resource_key})}"


def _blocked(item: Item, size: int | None, max_file_mb: int) -> str | None:
    if not item.capabilities.can_download:
        return "its owner has switched off downloading"
    native = item.mime_type in EXPORTS
    if not native and item.mime_type.startswith(_NATIVE):
        return "it is a Google format that cannot be read as a document"
    if not native and size is not None and size > max_file_mb * MEGABYTE:
        return f"it is larger than {max_file_mb} MB"
    return None


def moment(value: str) -> datetime | None:
    """Read an RFC 3339 moment, with or without fractions; anything else is no moment."""
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is UTC:  # nearly all are
            return found
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # at the ends of time another zone's hour is none of ours
        return None
