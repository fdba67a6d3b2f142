"""Patterns that take small and capital letters for the same, held against the text in small letters.

The engine looks through many alternatives about twice as fast so as when it is told to ignore case.
"""

import re

_ESCAPED_OR_ONE = re.compile(r"\\.|.", re.DOTALL)


class Folded:
    """A compiled pattern; what it finds is in small letters, its place is that in the text."""

    __slots__ = ("_compiled",)

    def __init__(self, pattern: str) -> None:
        """Compile a pattern without named groups. Raises re.error for one that is none."""
        small = (one if len(one) > 1 else one.lower() for one in _ESCAPED_OR_ONE.findall(pattern))
        self._compiled = re.compile("".join(small))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place, None where there is none."""
        return self._compiled.search(text.lower())
