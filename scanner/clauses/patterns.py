"""File-name patterns: which regular expressions a pack may carry, and how they are tried."""

import re

MAX_PATTERN_CHARS = 300
MAX_SUBJECT_CHARS = 300  # a file's or folder's name is looked at this far
_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_QUANTIFIER = re.compile(r"[*+]|\{\d*,\d*\}|\{\d+\}")
MAX_UNBOUNDED = 3  # `A.*B.*C` is cubic at worst, and bearable on 300 characters; more is not


def problem_of(pattern: str) -> str | None:
    """Say why a pattern may not be used, or None: too long, not an expression, or slow on hostile names."""
    if len(pattern) > MAX_PATTERN_CHARS:
        return f"a pattern has at most {MAX_PATTERN_CHARS} characters, this one has {len(pattern)}"
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if compiled.search("") is not None:
        return "a pattern that matches nothing at all would flag every file"
    if re.search(r"\\[1-9]|\(\?P=", pattern):
        return "a pattern does without back references; they can be slow"
    if nests_quantifiers(pattern):
        return "a pattern repeats no group that repeats something itself; it can be slow"
    return _too_many_repeats(pattern)


def nests_quantifiers(pattern: str) -> bool:
    """Tell whether a repeated group holds a repetition itself, as in (a+)+."""
    bare = _CLASS.sub("x", pattern)
    inside: list[bool] = []
    index = 0
    while index < len(bare):
        char = bare[index]
        if char == "(":
            inside.append(False)
        elif char == ")" and inside:
            repeated = inside.pop()
            follows = _QUANTIFIER.match(bare, index + 1)
            if repeated and follows:
                return True
            if inside and (repeated or follows):
                inside[-1] = True
        elif inside and _QUANTIFIER.match(bare, index):
            inside[-1] = True
        index += 1
    return False


def _too_many_repeats(pattern: str) -> str | None:
    bare = _CLASS.sub("x", pattern)
    for alternative in bare.split("|"):
        if len(re.findall(r"[*+]|\{\d*,\}", alternative)) > MAX_UNBOUNDED:
            return f"an alternative repeats without bound at most {MAX_UNBOUNDED} times; it can be slow"
    return None
