"""How many bytes of files may be in flight at once, for all downloads of the process: the others wait their turn."""

import logging
import threading

from connector.errors import SourceUnavailable

log = logging.getLogger(__name__)

PATIENCE = 600.0  # seconds that a download waits for its turn before it gives up for now


class Budget:
    """Bytes that may rest in temporary files at once.

    Who asks first is served first, and who holds bytes already goes before who holds none. It can never block itself:
    where all bytes are held by downloads that wait for more, the first in line goes on above the limit. So does a
    file that is larger than the whole budget, alone.
    """

    def __init__(self, limit: int, *, patience: float = PATIENCE) -> None:
        """Allow so many bytes."""
        self.limit = limit
        self._patience = patience
        self._turn = threading.Condition()
        self._reserved = 0
        self._holding: set[Reservation] = set()
        self._waiting: list[Reservation] = []

    @property
    def in_flight(self) -> int:
        """The bytes that are reserved at this moment."""
        with self._turn:
            return self._reserved

    def reserve(self, size: int) -> "Reservation":
        """Wait until so many bytes may be in flight, and hold them. Raises SourceUnavailable after long."""
        reservation = Reservation(self)
        reservation.grow(size)
        return reservation

    def take(self, one: "Reservation", size: int) -> None:
        """Let a reservation hold so many bytes in all, once it may. Raises SourceUnavailable after long."""
        with self._turn:
            if size <= one.size:
                return
            self._queue(one)
            try:
                if not self._may(one, size):
                    self._tell(size - one.size)
                    if not self._turn.wait_for(lambda: self._may(one, size), timeout=self._patience):
                        raise SourceUnavailable("Too many large files are being read at the moment.")
                self._hold(one, size)
            finally:
                self._waiting.remove(one)
                self._turn.notify_all()

    def give_back(self, one: "Reservation", size: int) -> None:
        """Let a reservation hold only so many bytes, and others go on."""
        with self._turn:
            self._hold(one, size)
            self._turn.notify_all()

    def _queue(self, one: "Reservation") -> None:
        """Put it behind those that hold bytes too, or at the end."""
        before = [other for other in self._waiting if other.size] if one.size else self._waiting
        self._waiting.insert(len(before), one)
        self._turn.notify_all()  # that one more waits may be what lets another go on

    def _may(self, one: "Reservation", size: int) -> bool:
        if self._waiting[0] is not one:
            return False
        return self._reserved + size - one.size <= self.limit or self._holding.issubset(self._waiting)

    def _hold(self, one: "Reservation", size: int) -> None:
        self._reserved += size - one.size
        one.size = size
        (self._holding.add if size else self._holding.discard)(one)

    def _tell(self, more: int) -> None:
        log.info(
            "A download of %d bytes waits: %d of at most %d are in flight.",
            *(more, self._reserved, self.limit),
            extra={"event": "drive.budget"},
        )


class Reservation:
    """The bytes of one download; releasing it lets others go on."""

    def __init__(self, budget: Budget) -> None:
        """Hold nothing yet."""
        self._budget = budget
        self.size = 0

    def grow(self, size: int) -> None:
        """Hold so many bytes in all, once there is room. Raises SourceUnavailable after long."""
        self._budget.take(self, size)

    def shrink(self, size: int) -> None:
        """Hold no more than so many bytes."""
        if size < self.size:
            self._budget.give_back(self, size)

    def release(self) -> None:
        """Hold nothing; once is enough, twice does no harm."""
        self._budget.give_back(self, 0)
