"""HTML by lxml: headings, lists, tables and code; scripts and styles are not text."""

import html
import re
from collections.abc import Iterator
from typing import IO

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from scanner.extract.base import Unreadable
from scanner.extract.decoding import MAX_BYTES, decode
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.txt import LONG_FILE
from scanner.model.document import Document, PassageKind

PARTIAL = "it is nested too deeply for its structure to be read: its text was read without headings and lists"

_CHARSET = re.compile(rb"(?:charset|<\?xml[^>]{0,200}encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_DECLARATION = re.compile(r"^(?:\s*<\?xml[^>]*(?:>|\Z))+")  # one left in, lxml refuses the text; in HTML it ends at ">"
_INVISIBLE = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^<>]{0,5000}>")
_METAS = frozenset({"description", "keywords", "subject", "version", "revision", "date", "author"})
_NOT_TEXT = frozenset({"script", "style", "template", "head", "svg", "object", "iframe"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
    }
    | {"s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a web page. Raises Unreadable."""
    data = stream.read(MAX_BYTES + 1)
    draft = Draft(name=name, real=Format.HTML)
    if len(data) > MAX_BYTES:
        draft.note(LONG_FILE)
    told = _CHARSET.search(data[:4096])
    text = decode(data[:MAX_BYTES], told=told.group(1).decode("ascii") if told else None)
    with draft:
        read_html(text, draft)
    return draft.document()


def read_html(text: str, draft: Draft) -> None:
    """Read a page's text into the draft. Raises Unreadable."""
    text = _DECLARATION.sub("", text.replace("\0", ""))
    if not text.strip():
        return
    parser = HTMLParser(huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text, parser=parser)
    except etree.ParserError:
        raise Unreadable("no text was found in it") from None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        draft.note(PARTIAL)
        for piece in _flat(text):
            draft.add(piece)
        return
    title = root.findtext(".//title")
    draft.set_property("Title", title)
    for meta in root.iterfind(".//head/meta[@name]"):
        name = str(meta.get("name", "")).lower()
        if name in _METAS:
            draft.set_property(name.capitalize(), meta.get("content"), cite=name != "author")
    _Walk(draft).read(root)


def _flat(text: str) -> Iterator[str]:
    """Yield a page's visible text between block elements."""
    visible = _INVISIBLE.sub(" ", text)
    parted = _TAG.sub(lambda tag: "" if tag.group(1).lower() in _INLINE else "\0", visible)
    yield from (html.unescape(piece) for piece in parted.split("\0"))


class _Walk:
    """One pass over the tree's events; text gathers until a block begins or ends."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.text: list[str] = []
        self.hidden = 0
        self.lists = 0
        self.items = 0
        self.pre = 0
        self.heading = 0
        self.header: list[str] = []
        self.rows: list[list[str]] = []  # of open tables, the row that is being read

    def read(self, root: etree._Element) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = str(element.tag).lower()
            if event == "start":
                self._start(tag)
                self._say(element.text)
            else:
                self._end(tag)
                self._say(element.tail)
        self._flush()

    def _say(self, text: str | None) -> None:
        if text and not self.hidden:
            self.text.append(text)

    def _start(self, tag: str) -> None:
        if tag in _NOT_TEXT:
            self.hidden += 1
        if tag in _INLINE:
            return
        if tag == "br":
            self.text.append("\n")
            return
        if tag in ("td", "th"):
            self.text.append(" ")
            return
        self._flush()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag in ("ul", "ol", "menu"):
            self.lists += 1
        elif tag == "li":
            self.items += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "table":
            self.header = []
        elif tag == "tr":
            self.rows.append([])

    def _end(self, tag: str) -> None:
        if tag in _NOT_TEXT:
            self.hidden -= 1
        if tag in _INLINE or tag == "br":
            return
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("".join(self.text))
            self.text = []
            return
        self._flush()
        if tag in _HEADINGS:
            self.heading = 0
        elif tag in ("ul", "ol", "menu"):
            self.lists -= 1
        elif tag == "li":
            self.items -= 1
        elif tag == "pre":
            self.pre -= 1
        elif tag == "tr" and self.rows:
            values = self.rows.pop()
            self.draft.row(values, self.header)
            self.header = self.header or values

    def _flush(self) -> None:
        if not self.text:
            return
        if self.rows:  # a block inside a cell: its text stays in the cell
            self.text.append(" ")
            return
        text, self.text = "".join(self.text), []
        if self.heading:
            self.draft.heading(text, self.heading)
        elif self.pre:
            self.draft.add(text, PassageKind.CODE)
        elif self.items:
            self.draft.add(text, PassageKind.LIST_ITEM, level=max(self.lists - 1, 0))
        else:
            self.draft.add(text)
