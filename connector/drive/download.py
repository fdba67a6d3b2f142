"""A file's whole bytes, streamed to an unnamed temporary file and verified before anybody reads them."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from connector.drive.client import DriveClient
from connector.drive.files import EXPORTS, MEGABYTE, source_file
from connector.errors import FileGone, FileUnavailable, SourceUnavailable

ZIP = b"PK\x03\x04"  # every export that we ask for is a zip container


def download(client: DriveClient, file_id: str, *, max_file_mb: int) -> IO[bytes]:
    """Return the bytes as a stream at its start; closing it frees them. Raises ConnectorError."""
    raw = client.file(file_id)
    if raw.get("trashed"):
        raise FileGone("it is in the trash")
    blocked = source_file(raw, path="", max_file_mb=max_file_mb).blocked
    if blocked:
        raise FileUnavailable(blocked)
    stream = tempfile.TemporaryFile(prefix="crosswalk-")  # noqa: SIM115 -- the caller closes it
    try:
        with _chunks(client, raw) as chunks:
            _write(stream, chunks, raw, max_file_mb)
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return stream


@contextmanager
def _chunks(client: DriveClient, raw: Mapping[str, Any]) -> Iterator[Iterator[bytes]]:
    export = EXPORTS.get(str(raw.get("mimeType", "")))
    opened = client.export(str(raw["id"]), export) if export else client.media(str(raw["id"]))
    with opened as chunks:
        yield chunks


def _write(stream: IO[bytes], chunks: Iterator[bytes], raw: Mapping[str, Any], max_file_mb: int) -> None:
    size, sums = 0, {kind: hashlib.new(kind, usedforsecurity=False) for kind in ("sha256", "md5")}
    for chunk in chunks:
        size += len(chunk)
        if size > max_file_mb * MEGABYTE:
            raise FileUnavailable(f"it is larger than {max_file_mb} MB")
        stream.write(chunk)
        for one in sums.values():
            one.update(chunk)
    if raw.get("mimeType") in EXPORTS:
        stream.seek(0)
        if stream.read(len(ZIP)) != ZIP:  # a sign-in page with status 200, or a cut-off answer
            raise SourceUnavailable("Google handed out something else than the document that was asked for.")
        return
    wrong = [kind for kind, one in sums.items() if raw.get(f"{kind}Checksum") not in {None, one.hexdigest()}]
    if wrong or str(raw.get("size", size)) != str(size):
        raise SourceUnavailable("The file arrived cut off or changed on its way.")
