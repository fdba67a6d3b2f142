"""A finding made small: pieces of the file are left out for as long as it still does the same."""

import time
from collections.abc import Callable

from tests.fuzz.shapes import taken_apart


def shrunk(data: bytes, still: Callable[[bytes], bool], *, seconds: float) -> bytes:
    """Return the smallest file found within that time for which `still` holds; it holds for `data`."""
    deadline = time.monotonic() + seconds
    apart = taken_apart(data)
    parts = list(apart.parts)
    if not still(apart.whole(tuple(parts))):  # it lies in how the file was packed
        return _less(data, still, deadline)
    for place in sorted(range(len(parts)), key=lambda one: -len(parts[one])):

        def with_part(piece: bytes, place: int = place) -> bytes:
            return apart.whole((*parts[:place], piece, *parts[place + 1 :]))

        parts[place] = _less(parts[place], lambda piece: still(with_part(piece)), deadline)
    return apart.whole(tuple(parts))


def _less(data: bytes, still: Callable[[bytes], bool], deadline: float) -> bytes:
    """Leave out halves, quarters, eighths …, and begin again with what is left."""
    if data and still(b""):
        return b""
    size = len(data) // 2
    while size >= 1 and time.monotonic() < deadline:
        start, before = 0, len(data)
        while start < len(data) and time.monotonic() < deadline:
            fewer = data[:start] + data[start + size :]
            if still(fewer):
                data = fewer
            else:
                start += size
        size = size if len(data) < before and size > 1 else size // 2
    return data
