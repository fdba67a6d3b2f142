"""The sources of the company's documents: a small Markdown with a front matter, parsed into blocks for the writers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

import yaml

_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n", re.DOTALL)
_NIGHT = re.compile(r"^::: (?P<night>first|second)\n(?P<part>.*?)^:::\n", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(\*\*.+?\*\*|\*[^*\s][^*]*\*|`.+?`)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a document in its order."""

    kind: str  # heading, paragraph, bullet, number, table, code
    text: str = ""
    level: int = 0  # of a heading; the number of a numbered line
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, its header first


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document before a format is chosen for it."""

    raw: str  # the body as written
    blocks: tuple[Block, ...]
    control: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # the table on its first page
    title: str = ""
    header: str = ""
    footer: str = ""
    author: str = ""
    contents: bool = False  # whether a table of contents stands before the body


def parse(source: str, *, night: str = "first") -> Text:
    """Parse a source as it reads on that night: parts fenced by `::: first` or `::: second` stand on one night only."""
    found = _FRONT.match(source)
    front = yaml.safe_load(found["front"]) if found else {}
    body = source[found.end() :] if found else source
    body = _NIGHT.sub(lambda part: part["part"] if part["night"] == night else "", body)
    control = front.get(f"control_{night}", front.get("control", {}))
    return Text(
        raw=body.strip() + "\n",
        blocks=tuple(_blocks(body)),
        control=MappingProxyType({key: str(value) for key, value in control.items()}),
        title=front.get("title", ""),
        header=front.get(f"header_{night}", front.get("header", "")),
        footer=front.get("footer", ""),
        author=front.get("author", ""),
        contents=bool(front.get("contents")),
    )


def spans(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a line with their style: "", "bold", "italic" or "code"."""
    for piece in _SPAN.split(text):
        if piece.startswith("**"):
            yield piece.strip("*"), "bold"
        elif piece.startswith("*"):
            yield piece.strip("*"), "italic"
        elif piece.startswith("`"):
            yield piece.strip("`"), "code"
        elif piece:
            yield piece, ""


def plain(text: str) -> str:
    """Return the line without its marks."""
    return "".join(piece for piece, _ in spans(text))


def _blocks(body: str) -> Iterator[Block]:
    """Cut the body at blank lines; a fenced code block may hold blank lines of its own."""
    for place, part in enumerate(re.split(r"^```\w*\n(.*?)^```\n", body, flags=re.DOTALL | re.MULTILINE)):
        if place % 2:
            yield Block(kind="code", text=part.rstrip("\n"))
            continue
        for chunk in re.split(r"\n\s*\n", part.strip()):
            yield from _chunk(chunk.splitlines())


def _chunk(lines: list[str]) -> Iterator[Block]:
    for kind, group in groupby(lines, key=_kind):
        part = list(group)
        if kind == "table":
            rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in part]
            yield Block(kind=kind, rows=tuple(row for row in rows if not set("".join(row)) <= set("-: ")))
        elif kind == "paragraph":
            yield Block(kind=kind, text=" ".join(line.strip() for line in part))
        else:
            yield from (_line(kind, line) for line in part)


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    if line.startswith("|"):
        return "table"
    if line.startswith("- "):
        return "bullet"
    return "number" if re.match(r"\d+\. ", line) else "paragraph"


def _line(kind: str, line: str) -> Block:
    if kind == "heading":
        marks, text = line.split(" ", 1)
        return Block(kind=kind, text=text.strip(), level=len(marks))
    mark, text = line.split(" ", 1)
    return Block(kind=kind, text=text.strip(), level=int(mark.rstrip(".")) if kind == "number" else 0)
