"""One small file of one format, which tests make themselves, and what a person reads in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from scanner.extract.formats import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file of one format: every promise of the readers is asked of it."""

    name: str
    real: Format
    make: Callable[[], bytes]
    says: str  # words that a person reads in it, the order of no importance: none of them may be lost

    @property
    def data(self) -> bytes:
        """Return its bytes, made once a process."""
        return _made(self.make)


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()
