"""A file's whole bytes in an unnamed temporary file, verified before anybody reads them."""

from contextlib import ExitStack
from typing import IO

from connector.drive.blobs import Blob
from connector.drive.budget import Budget
from connector.drive.client import DriveClient
from connector.drive.exports import Export
from connector.drive.files import EXPORTS, MEGABYTE, Limits, stated_size
from connector.drive.readable import readable
from connector.drive.spool import Spool
from connector.errors import SourceUnavailable

LARGEST_EXPORT = 10 * MEGABYTE  # of files.export; what Google states as a document's size says nothing about it


def download(client: DriveClient, file_id: str, *, limits: Limits, budget: Budget) -> IO[bytes]:
    """Return the bytes as a stream at its start; closing it frees them, on disk and in the budget.

    Waits while too many bytes are in flight. Raises ConnectorError.
    """
    item = readable(client, file_id, limits)
    native = item.mime_type in EXPORTS
    expected = LARGEST_EXPORT if native else stated_size(item) or 0
    reservation = budget.reserve(min(expected, limits.max_file_mb * MEGABYTE))
    try:
        with ExitStack() as undo:
            undo.callback(reservation.release)
            spool = Spool(reservation, max_file_mb=limits.max_file_mb)
            undo.callback(spool.close)
            (Export(client, item, spool) if native else Blob(client, item, spool, limits=limits)).fetch()
            stream = spool.hand_over()
            undo.pop_all()  # from here on, whoever closes the stream does
            return stream
    except OSError as error:
        raise SourceUnavailable(f"This machine could not keep the file while it is read ({error.strerror}).") from error
