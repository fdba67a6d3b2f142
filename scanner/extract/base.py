"""The seam of reading: bytes of one file in, a Document out, or the reason why not."""

from typing import IO, Protocol

from scanner.model.document import Document


class Unreadable(Exception):
    """A file that could not be read; its text completes *could not check, because …*."""


class Extractor(Protocol):
    """One format's reader. It runs in an isolated child process and may be killed at any time."""

    def __call__(self, stream: IO[bytes], *, name: str) -> Document:
        """Read the stream (seekable, at its start) into a Document. Raises Unreadable."""
        ...
