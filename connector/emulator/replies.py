"""Replies of a generated Drive, kept as bytes: so that a measurement of a reader is not one of the emulator."""

from collections import OrderedDict
from collections.abc import Hashable


class Replies:
    """The replies used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        """Keep nothing where `most_bytes` is 0."""
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, call: Hashable) -> bytes | None:
        """Return the reply to a call, where it is kept."""
        if call in self._kept:
            self._kept.move_to_end(call)
        return self._kept.get(call)

    def keep(self, call: Hashable, reply: bytes) -> None:
        """Keep a reply, and drop those that were not asked for the longest."""
        self._size += len(reply) - len(self._kept.get(call, b""))
        self._kept[call] = reply
        self._kept.move_to_end(call)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])
