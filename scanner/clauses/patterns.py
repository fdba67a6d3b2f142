"""File-name patterns: which regular expressions a pack may carry, and how they are tried.

They are tried by RE2, so whatever the pattern and whatever the name, the time is linear in the name's length:
https://github.com/google/re2/wiki/Syntax says what it reads. `\\w`, `\\d` and `\\b` know ASCII only.
"""

from collections.abc import Iterator, Sequence

import re2

MAX_PATTERN_CHARS = 300
MAX_SUBJECT_CHARS = 300  # a file's or folder's name is looked at this far


def problem_of(pattern: str) -> str | None:
    """Say why a pattern may not be used, or None: too long, not an expression that RE2 reads, or true of every name."""
    if len(pattern) > MAX_PATTERN_CHARS:
        return f"a pattern has at most {MAX_PATTERN_CHARS} characters, this one has {len(pattern)}"
    try:
        compiled = re2.compile(pattern, _options())
    except re2.error as error:
        said = error.args[0]
        return f"not a regular expression that can be tried: {said.decode() if isinstance(said, bytes) else said}"
    if compiled.search("") is not None:
        return "a pattern that matches nothing at all would flag every file"
    return None


class Patterns:
    """Several patterns that are tried in one pass."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile patterns of which `problem_of` has nothing to say."""
        # NOTE: re2.Set would also say which, but says nothing at all where its memory does not suffice.
        self._any = re2.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "a^", _options())
        self._each = [re2.compile(pattern, _options()) for pattern in patterns]

    def found_in(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield, for each pattern that the name bears, the pattern's place among them and the piece that it matched."""
        subject = name[:MAX_SUBJECT_CHARS]
        if self._any.search(subject):
            found = ((place, one.search(subject)) for place, one in enumerate(self._each))
            yield from ((place, match.group()) for place, match in found if match)


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # they are told by an exception
    return options
