"""A stored file's bytes, fetched again from the last byte on wherever the stream breaks, until they are the file's."""

from collections.abc import Mapping
from typing import Any

from connector.drive.answers import HeldForAbuse
from connector.drive.client import DriveClient
from connector.drive.files import Limits, fingerprint, stated_size
from connector.drive.parts import Broken
from connector.drive.readable import readable
from connector.drive.spool import Spool

_SUMS = {"sha256": "sha256Checksum", "md5": "md5Checksum"}


class Blob:
    """One stored file on its way into a spool."""

    def __init__(self, client: DriveClient, raw: Mapping[str, Any], spool: Spool, *, limits: Limits) -> None:
        """Fetch the file that this metadata describes."""
        self._client = client
        self._raw = raw
        self._spool = spool
        self._limits = limits
        self._acknowledged = False

    def fetch(self) -> None:
        """Fill the spool with the file's verified bytes. Raises ConnectorError."""
        self._spool.fill(self._go_on, again=self._look_again)

    def _go_on(self) -> None:
        size = stated_size(self._raw)
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
                str(self._raw["id"]), first=self._spool.size, acknowledge_abuse=self._acknowledged
            ) as part:
                if part.is_page and self._raw.get("mimeType") != part.media_type:
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
        stated = {kind: str(self._raw[field]) for kind, field in _SUMS.items() if self._raw.get(field)}
        if stated:
            return all(self._spool.has_sum(kind, value) for kind, value in stated.items())
        return fingerprint(self._client.file(str(self._raw["id"]))) == fingerprint(self._raw)

    def _look_again(self, setbacks: int) -> None:
        """Wait, then start over where the file was changed meanwhile: two halves of two files make none."""
        self._client.back_off(setbacks)
        now = readable(self._client, str(self._raw["id"]), self._limits)
        if fingerprint(now) != fingerprint(self._raw):
            self._spool.start_over()
        self._raw = now
