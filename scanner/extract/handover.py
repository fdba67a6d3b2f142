"""What another process is given: a file's bytes as a descriptor of its own, and where our code lies."""

import contextlib
import fcntl
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from scanner.extract.base import Unreadable

MEGABYTE = 1024 * 1024
_NO_CHANGE = 0x1 | 0x2 | 0x4 | 0x8  # linux/fcntl.h: no more seals, no shrinking, no growing, no writing


@contextlib.contextmanager
def handed_over(stream: IO[bytes], file_mb: int) -> Iterator[int]:
    """Give a descriptor of the whole stream, closed at the end. Raises Unreadable for a file that is too large."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if size > file_mb * MEGABYTE:
        raise Unreadable(f"it is larger than {file_mb} MB")
    descriptor = _reopened(stream)
    if descriptor is None:
        descriptor = _copied(stream)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _reopened(stream: IO[bytes]) -> int | None:
    """Open a real file once more, read-only and with a place of its own; None for what is none."""
    if hasattr(stream, "rollover"):  # asking a spooled file for its descriptor would put it on disk
        return None
    try:
        if stream.writable():
            stream.flush()
        return os.open(f"/proc/self/fd/{stream.fileno()}", os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, AttributeError):
        return None


def _copied(stream: IO[bytes]) -> int:
    """Copy the bytes into memory that a descriptor names."""
    in_memory = hasattr(os, "memfd_create")
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING) if in_memory else _unnamed()
    try:
        with open(descriptor, "wb", closefd=False) as copy:
            while piece := stream.read(MEGABYTE):
                copy.write(piece)
        if in_memory:  # a second reader must find what the first one found
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _NO_CHANGE)
    except BaseException:
        os.close(descriptor)
        raise
    stream.seek(0)
    return descriptor


def _unnamed() -> int:
    with tempfile.TemporaryFile() as unnamed:
        return os.dup(unnamed.fileno())


def import_paths() -> list[str]:
    """Return where a child finds our code and its libraries; it has no environment to learn that from."""
    ours = str(Path(__file__).parents[2])
    return list(dict.fromkeys([*(str(Path(path).absolute()) for path in sys.path if path), ours]))
