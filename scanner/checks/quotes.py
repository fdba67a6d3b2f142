"""Quotes: the verbatim piece of a passage that proves a facet, short, whole where it can be, and free of secrets."""

import re

from scanner.model.verdict import MAX_QUOTE_CHARS

_SECRET = re.compile(
    r"(?:pass(?:word|wort|phrase|wd)|kennwort|secret|token|api[_-]?key|private[_-]?key|pwd)[\"'`]?\s{0,3}(?:=|:"
    r"|\bis\b|\blautet\b)\s{0,3}[\"'`]?(?=\S)(?P<value>[^\s\"'`,;)]{4,120})"
    r"|\b(?P<known>AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,80}|cw_[0-9a-f]{32,64}|eyJ[\w-]{10,400}|xox[bap]-[\w-]{10,80}"
    r"|-----BEGIN [A-Z ]{3,40}-----)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    r"|(?P<url>://[^\s/:@]{1,64}:[^\s/:@]{1,64}@)"
    r"|\b(?P<long>(?=[A-Za-z+]{0,60}\d)[A-Za-z0-9+]{32,200}={0,2})"
    r"|\b(?P<hex>[0-9a-fA-F]{32,128})\b",
    re.IGNORECASE,
)
_PLAIN_VALUE = re.compile(
    r"(?:[$<{*x%\[].*|true|false|on|off|yes|no|none|null|required|enabled|disabled|at|at least|must|\d{1,4}"
    r"|[a-z_]{0,20}[Pp]olic(?:y|ies)|expires?|should|not|never|stored|and|or|the|is|are|will|can|may|has"
    r"|changed?|reset|rotation|lifetime|management)$",
    re.IGNORECASE,
)


def quote_of(text: str, *, start: int = 0, end: int | None = None, around: tuple[int, int] | None = None) -> str:
    """Return a verbatim quote of at most MAX_QUOTE_CHARS from text[start:end], holding `around` where it can.

    Returns "" where nothing can be quoted without a secret in it.
    """
    end = len(text) if end is None else end
    focus = around or (start, min(start + 1, end))
    best = ""
    for left, right in sorted(_clean(text, start, end), key=lambda span: _distance(span, focus)):
        best = _fitted(text, left, right, focus)
        if len(best) >= min(12, end - start):
            break
    return best


def holds_secret(text: str) -> bool:
    """Tell whether a piece of text looks as if it held a credential or an address."""
    return any(_secret_spans(text, 0, len(text)))


def _secret_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    for match in _SECRET.finditer(text, start, end):
        value = match.group("value")
        if value is not None and _PLAIN_VALUE.match(value):
            continue
        spans.append(match.span("value") if value is not None else match.span())
    return spans


def _clean(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what looks secret out of a span; what is left, piece by piece."""
    pieces, at = [], start
    for left, right in _secret_spans(text, start, end):
        pieces.append((at, left))
        at = right
    pieces.append((at, end))
    return [(left, right) for left, right in pieces if text[left:right].strip(" \t\r\n|,;:.\"'`=-")]


def _distance(span: tuple[int, int], focus: tuple[int, int]) -> int:
    return max(span[0] - focus[0], focus[0] - span[1], 0)


def _fitted(text: str, left: int, right: int, focus: tuple[int, int]) -> str:
    """Keep the whole piece where it is short; else a window around the focus that begins and ends at words."""
    if right - left > MAX_QUOTE_CHARS:
        wanted = max(left, min(focus[0] - MAX_QUOTE_CHARS // 3, right - MAX_QUOTE_CHARS))
        if wanted > left:
            blank = re.compile(r"\s").search(text, wanted, min(wanted + 40, right))
            wanted = blank.end() if blank else wanted
        cut = min(wanted + MAX_QUOTE_CHARS, right)
        if cut < right:
            tail = max(text.rfind(" ", wanted, cut), text.rfind("\n", wanted, cut))
            cut = tail if tail > wanted + MAX_QUOTE_CHARS // 2 else cut
        left, right = wanted, cut
    return text[left:right].strip()
