"""A stored file's bytes, fetched again from the last byte on wherever the stream breaks, until they are the file's."""

from connector.drive.answers import HeldForAbuse
from connector.drive.client import DriveClient
from connector.drive.files import Limits, fingerprint, stated_size
from connector.drive.items import Item
from connector.drive.parts import Broken
from connector.drive.readable import readable
from connector.drive.spool import Spool


class Blob:
    """One stored file on its way into a spool."""

    def __init__(self, client: DriveClient, item: Item, spool: Spool, *, limits: Limits) -> None:
        """Fetch the file that this metadata describes."""
        self._client = client
        self._item = item
        self._spool = spool
        self._limits = limits
        self._acknowledged = False

    def fetch(self) -> None:
        """Fill the spool with the file's verified bytes. Raises ConnectorError."""
        self._spool.fill(self._go_on, again=self._look_again)

    def _go_on(self) -> None:
        size = stated_size(self._item)
        if not (self._spool.size and self._spool.size == size):
            self._take()
        if size is not None and self._spool.size < size:
            raise Broken("Google stopped in the middle of a file.")
        if not self._is_true(size):
            self._spool.start_over()
            raise Broken("The file arrived changed on its way.")

    def _take(self) -> None:
        try:
            with self._client.media(
                self._item.id, first=self._spool.size, acknowledge_abuse=self._acknowledged
            ) as part:
                if part.is_page and self._item.mime_type != part.media_type:
                    raise Broken("Google handed out a web page in place of the file.")
                self._spool.take(part)
        except HeldForAbuse:
            if self._acknowledged or not self._limits.abusive:
                raise
            self._acknowledged = True
            self._take()

    def _is_true(self, size: int | None) -> bool:
        """Tell whether the bytes are those of the metadata; without a checksum, whether the file is still the same."""
        if size is not None and size != self._spool.size:
            return False
        stated = {"sha256": self._item.sha256_checksum, "md5": self._item.md5_checksum}
        if any(stated.values()):
            return all(self._spool.has_sum(kind, value) for kind, value in stated.items() if value)
        return fingerprint(self._client.file(self._item.id)) == fingerprint(self._item)

    def _look_again(self, setbacks: int) -> None:
        """Wait, then start over where the file was changed meanwhile: two halves of two files make none."""
        self._client.back_off(setbacks)
        now = readable(self._client, self._item.id, self._limits)
        if fingerprint(now) != fingerprint(self._item):
            self._spool.start_over()
        self._item = now
