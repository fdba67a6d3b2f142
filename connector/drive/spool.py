"""A file's bytes on their way into an unnamed temporary file: counted, summed, capped, and held in the budget."""

import hashlib
import io
import tempfile
from collections.abc import Callable
from typing import IO

from connector.drive.budget import Reservation
from connector.drive.files import MEGABYTE
from connector.drive.parts import CHUNK, Broken, Part
from connector.errors import FileUnavailable

MOST_SETBACKS = 4  # for one chunk further than ever before


class TooLarge(FileUnavailable):
    """The file is larger than is fetched, however it is handed out."""


class Spool:
    """The bytes so far; nobody reads them before they are verified and handed over."""

    def __init__(self, reservation: Reservation, *, max_file_mb: int) -> None:
        """Take over the reservation; it is released when the handed-over stream, or the spool, is closed."""
        self._reservation = reservation
        self._max_file_mb = max_file_mb
        self._file = _Held(reservation)
        self.start_over()

    def start_over(self) -> None:
        """Forget all bytes."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        self._sums = {kind: hashlib.new(kind, usedforsecurity=False) for kind in ("sha256", "md5")}

    def take(self, part: Part) -> None:
        """Append what an answer brings; one that begins at the beginning starts over.

        Raises Broken where it ends too early, and TooLarge.
        """
        if part.first != self.size:
            self.start_over()
        if part.length is not None:
            self._room(self.size + part.length)
        for chunk in part.chunks:
            self._room(self.size + len(chunk))
            self._file.write(chunk)
            self.size += len(chunk)
            for one in self._sums.values():
                one.update(chunk)

    def fill(self, bring: Callable[[], None], *, again: Callable[[int], None]) -> None:
        """Let `bring` take parts until it is content; after each Broken, `again` (told how many) comes before the next.

        Raises Broken when that leads no further.
        """
        setbacks, far = 0, 0
        while True:
            try:
                return bring()
            except Broken:
                setbacks += 1
                if self.size >= far + CHUNK:
                    setbacks, far = 1, self.size
                if setbacks > MOST_SETBACKS:
                    raise
            again(setbacks)

    def has_sum(self, kind: str, value: str) -> bool:
        """Tell whether the bytes so far have this checksum."""
        return self._sums[kind].hexdigest() == value

    def is_zip(self) -> bool:
        """Tell whether the bytes begin and end as those of a zip container do."""
        self._file.seek(0)
        head = self._file.read(4)
        self._file.seek(max(0, self.size - (22 + 0xFFFF)))  # the record at the end, with its longest comment
        return head == b"PK\x03\x04" and b"PK\x05\x06" in self._file.read()

    def hand_over(self) -> IO[bytes]:
        """Return the bytes as a stream at its start."""
        self._reservation.shrink(self.size)
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Free the bytes."""
        self._file.close()

    def _room(self, size: int) -> None:
        if size > self._max_file_mb * MEGABYTE:
            raise TooLarge(f"it is larger than {self._max_file_mb} MB")
        if size > self._reservation.size:
            self._reservation.grow(max(size, self._reservation.size + CHUNK))


class _Held(io.BufferedRandom):
    """An unnamed temporary file whose bytes count as in flight until it is closed."""

    def __init__(self, reservation: Reservation) -> None:
        self._reservation = reservation  # first: close asks for it, whatever fails below
        super().__init__(tempfile.TemporaryFile(prefix="crosswalk-", buffering=0))  # noqa: SIM115 -- closed with self

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._reservation.release()
