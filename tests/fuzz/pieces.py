"""Changes that know what a file is made of: XML's elements, tags, control words, lines, cells, words, numbers."""

import copy
import re
import struct
from collections.abc import Callable
from random import Random

from lxml import etree

MAX_GROWN = 400_000  # bytes that a repeated piece may add
MAX_TREE = 1_000_000  # bytes of XML that are parsed for a change
EXTREMES = ("0", "-1", "1", "255", "65536", "2147483647", "4294967296", "9" * 20, "1e309", "", "NaN", "x")
SAYINGS = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "\n\n",
        "\r",
        "\x0b\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\xa0",
        "\0",
    ),
    *("\xad", "\u200b\u200d", "\u202eevil", "\ufeff", "\ufb03", "\U0001f600", "e" + "\u0301" * 60, "\u0130"),
    *("A" * 9_000, "word " * 3_000, "1" * 400, "- " * 40, ">" * 30),
    *("|", "||", "=", "====", "----", "+---+", "* ", "::", "```", "# ", "1. ", ".. x::", "[["),
    *("%s", "../x", "<b>", "&amp;", "&#0;", "]]>", "{", "}", "\\", "\\u-1?", "'", '"'),
)
_SPLITS = {
    "tags": re.compile(rb"(<[^<>]{0,400}>)"),
    "controls": re.compile(rb"(\\'[0-9a-f]{2}|\\[a-z]+-?\d* ?|[{}])"),
    "lines": re.compile(rb"(\n)"),
    "blocks": re.compile(rb"(\n[ \t\r]*\n)"),
    "cells": re.compile(rb"([|;,\t\n])"),
    "words": re.compile(rb"(\W)"),
}
_NUMBERED = re.compile(r"-?\d+")


def changed_by_pieces(data: bytes, chance: Random, other: bytes) -> bytes | None:
    """Return the data changed by what it is made of, with pieces of the other; None where nothing is known of it."""
    if not data or b"\0" in data[:200]:
        return _in_place(data, chance) if data else None
    if data.lstrip()[:1] == b"<" and chance.random() < 0.97 and (tree := _by_elements(data, chance)) is not None:
        return tree
    split = _SPLITS[_kind(data, chance)]
    pieces, strange = split.split(data), split.split(other)
    for _ in range(chance.choice((1, 1, 2, 4))):
        pieces = chance.choice(_OF_PIECES)(pieces, strange, chance) or [b""]
    return b"".join(pieces)


def _kind(data: bytes, chance: Random) -> str:
    start = data[:500].lstrip()
    if start.startswith(b"{\\rtf"):
        return "controls"
    if b"<" in start and chance.random() < 0.5:
        return "tags"
    return chance.choice(("lines", "lines", "blocks", "cells", "words"))


def _dropped(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(pieces, chance)
    return pieces[:start] + pieces[end:]


def _moved(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(pieces, chance)
    rest = pieces[:start] + pieces[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + pieces[start:end] + rest[place:]


def _repeated(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(pieces, chance)
    size = sum(map(len, pieces[start:end]))
    times = max(1, min(chance.choice((2, 3, 30, 1_000)), MAX_GROWN // max(size, 1)))
    return pieces[:start] + pieces[start:end] * times + pieces[end:]


def _borrowed(pieces: list[bytes], strange: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(strange, chance)
    place = chance.randrange(len(pieces) + 1)
    return pieces[:place] + strange[start:end] + pieces[place + chance.choice((0, end - start)) :]


def _said(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    place = chance.randrange(len(pieces))
    kept = pieces[place] if chance.random() < 0.5 else b""
    return [*pieces[:place], _saying(chance), kept, *pieces[place + 1 :]]


def _indented(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(pieces, chance)
    by = chance.choice((b" ", b"  ", b"    ", b"\t", b"> ", b"* ", b"  " * 50))
    return pieces[:start] + [by + one if one.strip() else one for one in pieces[start:end]] + pieces[end:]


def _bare(pieces: list[bytes], _: list[bytes], chance: Random) -> list[bytes]:
    start, end = _span(pieces, chance)
    return pieces[:start] + [one.lstrip() if one.strip() else one for one in pieces[start:end]] + pieces[end:]


_OF_PIECES: tuple[Callable[[list[bytes], list[bytes], Random], list[bytes]], ...] = (
    _dropped, _moved, _repeated, _borrowed, _borrowed, _said, _indented, _bare,
)  # fmt: skip


def _span(pieces: list[bytes], chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(pieces))
    return start, min(len(pieces), start + chance.choice((1, 1, 2, 3, 8, 40)))


def _saying(chance: Random) -> bytes:
    said = chance.choice(SAYINGS)
    return said.encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16-le")))


def _by_elements(data: bytes, chance: Random) -> bytes | None:
    """Change the tree and write it down again, so that the file stays XML; None where it is none."""
    if len(data) > MAX_TREE:
        return None
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    elements = list(root.iter(etree.Element))
    for _ in range(chance.choice((1, 1, 2, 4, 10))):
        chance.choice(_OF_ELEMENTS)(chance.choice(elements), chance.choice(elements), chance)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _element_gone(one: etree._Element, _: etree._Element, __: Random) -> None:
    above = one.getparent()
    if above is not None:
        above.remove(one)


def _element_copied(one: etree._Element, other: etree._Element, chance: Random) -> None:
    piece = copy.deepcopy(one)  # before it may become a part of itself
    size = len(etree.tostring(piece))
    for _ in range(min(chance.choice((1, 1, 2, 20)), MAX_GROWN // 4 // size)):
        other.insert(chance.randrange(len(other) + 1), copy.deepcopy(piece))


def _element_moved(one: etree._Element, other: etree._Element, chance: Random) -> None:
    if one.getparent() is not None and one not in other.iterancestors() and one is not other:
        other.insert(chance.randrange(len(other) + 1), one)


def _element_nested(one: etree._Element, __: etree._Element, chance: Random) -> None:
    """Have an element hold what it holds inside of itself again, so many times."""
    held = list(one)
    for _ in range(chance.choice((1, 3, 30, 200))):
        inner = etree.SubElement(one, one.tag)
        inner.attrib.update(one.attrib)
        one = inner
    one.extend(held)


def _element_renamed(one: etree._Element, other: etree._Element, _: Random) -> None:
    one.tag = other.tag


def _attribute_changed(one: etree._Element, other: etree._Element, chance: Random) -> None:
    keys = list(one.attrib)
    if not keys or chance.random() < 0.2:
        one.attrib.update(dict(other.attrib))
        return
    key = chance.choice(keys)
    value = str(one.attrib[key])
    values = [str(said) for element in (one, other) for said in element.attrib.values()]
    if chance.random() < 0.15:
        del one.attrib[key]
    elif _NUMBERED.search(value) and chance.random() < 0.6:
        one.set(key, _NUMBERED.sub(chance.choice(EXTREMES), value, count=1))
    else:
        one.set(key, chance.choice(values) if chance.random() < 0.6 else _xml_saying(chance))


def _text_changed(one: etree._Element, other: etree._Element, chance: Random) -> None:
    said = chance.choice((other.text, _xml_saying(chance), chance.choice(EXTREMES), None))
    if chance.random() < 0.8:
        one.text = said
    else:
        one.tail = said


def _xml_saying(chance: Random) -> str:
    return "".join(char for char in chance.choice(SAYINGS) if char in "\t\n\r" or char >= " ")


_OF_ELEMENTS: tuple[Callable[[etree._Element, etree._Element, Random], None], ...] = (
    _element_gone, _element_copied, _element_moved, _element_nested, _element_renamed, _attribute_changed,
    _attribute_changed, _attribute_changed, _text_changed, _text_changed,
)  # fmt: skip


def _in_place(data: bytes, chance: Random) -> bytes:
    """Change a few bytes and numbers of a binary piece and leave all others where they are."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 6, 30))):
        at = chance.randrange(len(changed))
        if chance.random() < 0.5:
            changed[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        else:
            form = chance.choice(("<H", "<I", "<Q", ">I"))
            size = struct.calcsize(form)
            number = chance.choice((0, 1, 2**15, 2**31, 2**63 - 1, chance.randrange(2**16))) % 2 ** (8 * size)
            at -= at % size
            changed[at : at + size] = struct.pack(form, number)[: max(0, len(changed) - at)]
    return bytes(changed)
