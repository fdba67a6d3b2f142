"""Files changed at random: bits, bytes, pieces moved or repeated, numbers to extremes, words of the format put in."""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.pieces import EXTREMES, MAX_GROWN, changed_by_pieces
from tests.fuzz.shapes import Parts, taken_apart

MAX_DEPTH = 3  # of containers in containers that are opened: a document in an archive, a picture's data in it
_NUMBER = re.compile(rb"-?\d+")
_ELEMENT = re.compile(rb"<(?!/)[^<>]{1,80}>|<<|\{|\[|\(")
_WORD = re.compile(rb"[A-Za-z\\/:_-]{2,40}")

Mutation = Callable[[bytes, Random], bytes]


def mutated(data: bytes, chance: Random, others: Sequence[bytes], depth: int = 0) -> bytes:
    """Return the file with one or a few changes, most inside of what it contains, and there by structure."""
    if chance.random() < (0.02 if depth else 0.1):
        return _changed(data, chance, others)
    apart = taken_apart(data) if depth < MAX_DEPTH else Parts.plain(data)
    if len(apart.parts) == 1:
        return _inside(data, chance, others)
    parts = list(apart.parts)
    weights = [1 + len(part) ** 0.5 for part in parts]
    for place in chance.choices(range(len(parts)), weights, k=chance.choice((1, 1, 1, 2, 4))):
        parts[place] = mutated(parts[place], chance, others, depth + 1)
    if len(parts) > 2 and chance.random() < 0.05:
        one, two = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[one], parts[two] = parts[two], parts[one]
    return apart.whole(tuple(parts))


def _inside(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Change something that holds nothing else."""
    if chance.random() < (0.03 if data.lstrip()[:1] == b"<" else 0.15):  # a byte changed in XML seldom leaves XML
        return _changed(data, chance, others)
    known = changed_by_pieces(data, chance, _part(chance.choice(others), chance))
    return _changed(data, chance, others) if known is None else known


def _part(data: bytes, chance: Random) -> bytes:
    """Return something that holds nothing else, out of a file."""
    for _ in range(MAX_DEPTH):
        data = chance.choice(taken_apart(data).parts)
    return data


def _changed(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        if not data:
            return chance.choice(others)[: chance.randrange(200)]
        data = _spliced(data, chance, others) if chance.random() < 0.08 else chance.choice(MUTATIONS)(data, chance)
    return data


def _flipped(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _set(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] = chance.choice((0, 255, 10, 60, 62, 34, 40, 41, 92, chance.randrange(256)))
    return bytes(changed)


def _dropped(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _truncated(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _repeated(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance)
    times = chance.choice((2, 2, 3, 10, 100, 3_000))
    times = max(1, min(times, MAX_GROWN // max(end - start, 1)))
    return data[:start] + data[start:end] * times + data[end:]


def _moved(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance)
    piece, rest = data[start:end], data[:start] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + piece + rest[place:]


def _renumbered(data: bytes, chance: Random) -> bytes:
    found = _near(_NUMBER, data, chance)
    return data if found is None else data[: found.start()] + chance.choice(EXTREMES).encode() + data[found.end() :]


def _reworded(data: bytes, chance: Random) -> bytes:
    """Put one of the file's own words in another one's place: names of elements, keys, control words."""
    one, two = _near(_WORD, data, chance), _near(_WORD, data, chance)
    return data if one is None or two is None else data[: one.start()] + two.group() + data[one.end() :]


def _nested(data: bytes, chance: Random) -> bytes:
    """Repeat what opens something, so that it opens in itself."""
    found = _near(_ELEMENT, data, chance)
    if found is None:
        return data
    times = min(chance.choice((2, 20, 300, 20_000)), MAX_GROWN // len(found.group()))
    return data[: found.start()] + found.group() * times + data[found.end() :]


def _spliced(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    other = _part(chance.choice(others), chance) or b"x"
    start, end = _span(other, chance)
    place = chance.randrange(len(data))
    return data[:place] + other[start:end] + data[place + chance.choice((0, end - start)) :]


def _span(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 16, 64, 300, 5_000)))


def _near(pattern: re.Pattern[bytes], data: bytes, chance: Random) -> re.Match[bytes] | None:
    return pattern.search(data, chance.randrange(len(data))) or pattern.search(data)


MUTATIONS: tuple[Mutation, ...] = (
    _flipped, _set, _dropped, _truncated, _repeated, _moved, _renumbered, _renumbered, _reworded, _nested,
)  # fmt: skip
