"""Answers given before in this process: digests, numbers and places only, so that no text outlives its scan."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from scanner.checks.asking import Answer, Pointer, Question, TakenBack

MAX_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Place:
    passage: int
    facet: str
    start: int
    end: int  # start == end: the quote did not stand there, and will be refused again


@dataclass(slots=True, kw_only=True)
class Cache:
    """Remembers answers by the digest of who was asked and what; the oldest make room."""

    version: str  # model and wording
    _kept: OrderedDict[bytes, tuple[tuple[_Place, ...], tuple[TakenBack, ...]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: Question) -> Answer | None:
        """Return what was answered to the same question, or None."""
        with self._lock:
            kept = self._kept.get(self._digest(question))
        if kept is None:
            return None
        texts = _texts(question)
        pointers = tuple(
            Pointer(passage=one.passage, facet=one.facet, quote=texts.get(one.passage, "")[one.start : one.end])
            for one in kept[0]
        )
        return Answer(pointers=pointers, taken_back=kept[1])

    def put(self, question: Question, answer: Answer) -> None:
        """Keep an answer, its quotes as places."""
        texts = _texts(question)
        places = tuple(_place(one, texts.get(one.passage, "")) for one in answer.pointers)
        with self._lock:
            self._kept[self._digest(question)] = (places, answer.taken_back)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)

    def _digest(self, question: Question) -> bytes:
        return hashlib.sha256(f"{self.version}\0{question!r}".encode()).digest()


def _texts(question: Question) -> dict[int, str]:
    return {one.id: one.text for one in question.passages}


def _place(pointer: Pointer, text: str) -> _Place:
    start = max(text.find(pointer.quote), 0)
    stands = pointer.quote in text
    return _Place(pointer.passage, pointer.facet, start, start + len(pointer.quote) if stands else start)
