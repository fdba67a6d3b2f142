"""Text as words: split at blanks, signs and inner capitals, with light English stems; numbers stay whole."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\d+(?:\.\d+)+|\d+|[^\W\d_a-zß-ÿ]+[a-zß-ÿ]*|[^\W\d_]+")


_ADDRESS = re.compile(
    r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)|(?<=\])\([^)\s]{1,2000}\)|<(?:https?|ftp|mailto):[^>\n]{1,600}>|"
    r"(?:https?|ftp)://(?!localhost|127\.|\d)[^\s\])>]{1,600}"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order: as written in small letters, their stems, and where each begins and ends."""

    raw: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Count them."""
        return len(self.raw)


def words_of(text: str, *, links: bool = True) -> Words:
    """Split a text into its words; without links, the addresses that they lead to are no words."""
    shown = text if links else _ADDRESS.sub(_blank, text)
    found = [(match.group().lower(), match.span()) for match in _TOKEN.finditer(shown)]
    raw = tuple(word for word, _ in found)
    return Words(raw=raw, stems=tuple(stem(word) for word in raw), spans=tuple(span for _, span in found))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what a word's plain forms share: update, updates, updated and updating are one."""
    if len(word) < 4 or not word.isalpha():
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
