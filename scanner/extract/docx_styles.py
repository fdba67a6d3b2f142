"""Word's styles and numbering: which paragraphs are headings, list items or contents, and the numbers they show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
MAX_CHAIN = 20  # of styles that build on each other; a longer chain is a cycle or a trap
_CODE = re.compile(
    r"(?:source[ _]?code|code(?:[ _]?block|[ _]?sample|[ _]?listing)?|html preformatted|preformatted text|macro"
    r"|listing|verbatim|quelltext|quellcode)$"
)
_TABLE_STYLE, _STYLE_END = b'<w:style w:type="table"', b"</w:style>"
_DEEPER_LIST = re.compile(r"list (?:bullet|number) ([2-5])$")  # Word's own styles; each has a numbering of its own
_HEADING = re.compile(r"(?:heading|überschrift|titre|título)\s*([1-9])$")


def number(element: etree._Element | None, fallback: int) -> int:
    """Return an element's w:val as a small number."""
    try:
        return max(-1, min(int(element.get(VAL, "")), 1_000_000)) if element is not None else fallback
    except ValueError:
        return fallback


def without_table_styles(data: bytes) -> bytes:
    """Return styles.xml without the looks of tables: up to nine tenths of it, and no paragraph asks for them.

    A file with a comment or CDATA, where text could look like an element, or in wide letters stays as it is.
    """
    if b"<!" in data or b"\0" in data:
        return data
    kept, place = list[bytes](), 0
    while (start := data.find(_TABLE_STYLE, place)) >= 0:
        end = data.find(_STYLE_END, start)
        if end < 0 or data[data.find(b">", start) - 1] == ord("/"):  # it has no end of its own
            break
        kept.append(data[place:start])
        place = end + len(_STYLE_END)
    return b"".join((*kept, data[place:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a style makes of its paragraphs."""

    level: int = 0  # of a heading, 0 for none
    contents: bool = False  # a line of the table of contents
    code: bool = False
    numbering: tuple[int, int] | None = None  # (numbering id, list level)


class Styles:
    """What a paragraph's style says, inherited along `basedOn`."""

    def __init__(self, root: etree._Element | None) -> None:
        """Index the styles of styles.xml, if there is one."""
        found = root.findall(f"{W}style") if root is not None else []
        self._by_id = {str(style.get(f"{W}styleId", "")): style for style in found}
        self._known: dict[str, Shape] = {}

    def of(self, style_id: str) -> Shape:
        """Return what the style of this id makes of a paragraph."""
        if style_id not in self._known:
            self._known[style_id] = self._resolve(style_id)
        return self._known[style_id]

    def _resolve(self, style_id: str) -> Shape:
        level, code, numbered = 0, False, None
        for style in self._chain(style_id):
            name = style.find(f"{W}name")
            said = str(name.get(VAL, "")).lower() if name is not None else ""
            if said.startswith("toc ") and not said.startswith("toc heading"):
                return Shape(contents=True)
            code = code or bool(_CODE.match(said))
            outline = number(style.find(f"{W}pPr/{W}outlineLvl"), 9)
            if not level and (found := _HEADING.match(said)):
                level = int(found.group(1))
            elif not level and said == "title":
                level = 1
            elif not level and 0 <= outline <= 8:
                level = outline + 1
            numbered = numbered or numbering_of(style.find(f"{W}pPr"))
            if numbered and not numbered[1] and (found := _DEEPER_LIST.match(said)):
                numbered = numbered[0], int(found.group(1)) - 1
        return Shape(level=level, code=code and not level, numbering=numbered)

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        for _ in range(MAX_CHAIN):
            style = self._by_id.get(style_id)
            if style is None:
                return
            yield style
            base = style.find(f"{W}basedOn")
            style_id = str(base.get(VAL, "")) if base is not None else ""


def numbering_of(properties: etree._Element | None) -> tuple[int, int] | None:
    """Return (numbering id, list level) of a paragraph's or style's properties."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    return number(found.find(f"{W}numId"), 0), max(0, min(number(found.find(f"{W}ilvl"), 0), 8))


class Numbering:
    """Counts automatic numbers as Word shows them: decimals, letters and Roman numbers."""

    def __init__(self, root: etree._Element | None) -> None:
        """Index the numberings of numbering.xml, if there is one."""
        abstract = {
            one.get(f"{W}abstractNumId"): one for one in (root.findall(f"{W}abstractNum") if root is not None else [])
        }
        self._levels: dict[int, dict[int, tuple[str, str, int]]] = {}
        self._owner: dict[int, str] = {}
        self._counts: dict[str, list[int]] = {}
        for one in root.findall(f"{W}num") if root is not None else []:
            link = one.find(f"{W}abstractNumId")
            target = abstract.get(link.get(VAL)) if link is not None else None
            try:
                key = int(one.get(f"{W}numId", ""))
            except ValueError:
                continue
            if target is not None:
                self._owner[key] = str(target.get(f"{W}abstractNumId"))
                self._levels[key] = {number_of_level(level): _shape(level) for level in target.findall(f"{W}lvl")}

    def next(self, numbered: tuple[int, int]) -> str:
        """Count one paragraph and return the number that it shows, "4.2", or "" for bullets and unknown ones."""
        key, level = numbered
        shapes = self._levels.get(key)
        if not shapes or level not in shapes:
            return ""
        counts = self._counts.setdefault(self._owner[key], [-1] * 9)
        counts[level] = shapes[level][2] if counts[level] < 0 else counts[level] + 1
        counts[level + 1 :] = [-1] * (8 - level)
        form, pattern, _ = shapes[level]
        if form in ("bullet", "none"):
            return ""
        return re.sub(r"%([1-9])", lambda found: _shown(shapes, counts, int(found.group(1)) - 1), pattern)[:30]


def number_of_level(level: etree._Element) -> int:
    """Return the list level that a w:lvl describes."""
    said = str(level.get(f"{W}ilvl", "0"))
    return int(said) if said.isdigit() and len(said) == 1 else 0


def _shape(level: etree._Element) -> tuple[str, str, int]:
    form, pattern = level.find(f"{W}numFmt"), level.find(f"{W}lvlText")
    return (
        str(form.get(VAL, "decimal")) if form is not None else "decimal",
        str(pattern.get(VAL, "")) if pattern is not None else "",
        max(number(level.find(f"{W}start"), 1), 0),
    )


def _shown(shapes: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
    form, _, start = shapes.get(level, ("decimal", "", 1))
    count = counts[level] if counts[level] >= 0 else start
    if form in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        return chr((96 if form == "lowerLetter" else 64) + count)
    if form in ("lowerRoman", "upperRoman") and 1 <= count <= 99:
        roman = _roman(count)
        return roman.lower() if form == "lowerRoman" else roman
    return str(count)


def _roman(count: int) -> str:
    said = ""
    for value, letters in ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        said += letters * (count // value)
        count %= value
    return said
