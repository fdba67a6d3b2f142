"""One small file of one format, which tests make themselves, and what a person reads in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scanner.extract.formats import Format

GERMAN = "Ändern Sie das voreingestellte Kennwort vor dem ersten Gebrauch."
JAPANESE = "最初の使用の前に初期パスワードを変更してください。"
TOLD = Path(__file__).parent / "told"


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

    @property
    def told(self) -> str:
        """Return what its reader is expected to give, as `transcript` writes it."""
        return (TOLD / f"{self.name}.txt").read_text(encoding="utf-8")


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()
