"""How a customer calls her documents: file-name patterns such as DHF-*-SEC*, of a product's own and in no pack.

They are globs, and tried as a pack's patterns are, by RE2: in time linear to the name, whoever wrote either.
"""

import re
from collections.abc import Sequence

from scanner.clauses.patterns import Patterns

NAMED = "naming"  # the signal that such a pattern is
MOST_PATTERNS = 20  # of a product
LONGEST_PATTERN = 100
_FEWEST = 2  # letters or digits: fewer flag nearly everything
_ENDING = re.compile(r"\.\w{1,8}$")


def problem_of(pattern: str) -> str | None:
    """Say why people may not use a pattern, or None."""
    if len(pattern) > LONGEST_PATTERN:
        return f"a pattern has at most {LONGEST_PATTERN} characters"
    if sum(one.isalnum() for one in _ENDING.sub("", pattern)) < _FEWEST:
        return f"“{pattern}” would flag nearly every file: write some letters that the names have in common"
    return None


class Naming:
    """The patterns of one product, tried in one pass."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile patterns of which `problem_of` has nothing to say."""
        self._given = tuple(patterns)
        self._patterns = Patterns([_as_expression(one) for one in patterns])

    def found_in(self, name: str) -> tuple[str, ...]:
        """Return the patterns that a file's whole name fits, with or without its ending, in any case."""
        return tuple(self._given[place] for place, _ in self._patterns.found_in(name))


def _as_expression(glob: str) -> str:
    """Turn `*` into any characters and `?` into one; all else stands for itself."""
    pieces = {"*": ".*", "?": "."}
    body = "".join(pieces[one] if one in pieces else re.escape(one) for one in glob)
    return rf"(?s)^{body}(?:\.\w{{1,8}})?$"
