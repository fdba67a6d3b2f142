"""Text as words: split at blanks, signs and inner capitals, with light English stems; numbers stay whole."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\d+(?:\.\d+)+|\d+|[^\W\d_a-zß-ÿ]+[a-zß-ÿ]*|[a-zß-ÿ]+")


_WHOLE = frozenset({"note", "notes", "core", "cores"})  # would share a stem with "not" and "CORS"
_CLAUSE_END = re.compile(r"[|;!?]|\.\s")
_ADDRESS = re.compile(
    r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)|(?<=\])\([^)\s]{1,2000}\)|<(?:https?|ftp|mailto):[^>\n]{1,600}>|"
    r"(?:https?|ftp)://[^\s\])>]{1,600}"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order."""

    raw: tuple[str, ...]  # in small letters
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # where each begins and ends
    clauses: tuple[int, ...]  # which clause or cell each stands in, counted from 0
    lines: tuple[int, ...]  # which line; only code has several

    def __len__(self) -> int:
        """Count them."""
        return len(self.raw)


def words_of(text: str, *, links: bool = True) -> Words:
    """Split a text into its words; without links, the addresses that they lead to are no words."""
    shown = text if links else without_addresses(text)
    raw, spans, clauses, lines, at, clause, line = [], [], [], [], 0, 0, 0
    for match in _TOKEN.finditer(shown):
        start, end = match.span()
        if start - at > 1 and _CLAUSE_END.search(shown, at, start):
            clause += 1
        if start > at and "\n" in shown[at:start]:
            line += 1
        raw.append(match.group().lower())
        spans.append((start, end))
        clauses.append(clause)
        lines.append(line)
        at = end
    return Words(
        raw=tuple(raw), stems=tuple(map(stem, raw)), spans=tuple(spans), clauses=tuple(clauses), lines=tuple(lines)
    )


def without_addresses(text: str) -> str:
    """Return the text with the addresses of its links blanked out, every other character in its place."""
    return _ADDRESS.sub(_blank, text) if "/" in text or "](" in text else text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what a word's plain forms share: update, updates, updated and updating are one."""
    if len(word) < 4 or not word.isalpha() or word in _WHOLE:
        return word
    for ending, shortest in (("ing", 6), ("ied", 5), ("ed", 5), ("sses", 5), ("ies", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith(("ss", "us", "is")):
            word = _cut(word, ending)
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def _cut(word: str, ending: str) -> str:
    if ending in {"ied", "ies"}:
        return word[: -len(ending)] + "y"
    if ending == "sses":
        return word[:-2]
    if ending == "es":
        return word[:-2] if word.endswith(("xes", "ches", "shes", "oes")) else word[:-1]
    bare = word[: -len(ending)]
    doubled = ending in {"ing", "ed"} and len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "lsz"
    return bare[:-1] if doubled else bare
