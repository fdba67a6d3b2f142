"""Markdown: headings, lists, tables, code and front matter; inline links stay as they stand in the source."""

import re
from typing import IO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scanner.extract.decoding import read_text
from scanner.extract.draft import Draft
from scanner.extract.formats import Format
from scanner.extract.txt import LONG_FILE, read_plain
from scanner.model.document import Document, PassageKind

MAX_NESTING = 40
DEEP = "parts of it are nested too deeply, so it was read as plain text"

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w .-]{0,40}):[ \t]+(\S.*)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?!`)")


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a Markdown text. Raises Unreadable."""
    text, whole = read_text(stream)
    draft = Draft(name=name, real=Format.MARKDOWN)
    if not whole:
        draft.note(LONG_FILE)
    with draft:
        body = _front_matter(text.replace("\r\n", "\n").replace("\r", "\n"), draft)
        parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").disable("inline")
        tokens = parser.parse(body)
        if any(token.level >= MAX_NESTING - 1 for token in tokens):
            draft.note(DEEP)
            read_plain(body, draft)
        else:
            _Walk(draft).read(tokens)
    return draft.document()


def plain_inline(source: str) -> str:
    """Return inline source without the pure punctuation of emphasis and code; words and links stay as they are."""
    source = _CODE.sub(r"\1", _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", source)))
    return _COMMENT.sub(" ", source) if "<!--" in source else source


def _front_matter(text: str, draft: Draft) -> str:
    found = _FRONT.match(text)
    if not found:
        return text
    for key, value in _FIELD.findall(found.group(1)):
        draft.set_property(key[:1].upper() + key[1:], value.strip("\"' "))
    return text[found.end() :]


class _Walk:
    """One pass over the parser's flat tokens."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.lists = 0
        self.in_item = False
        self.heading = 0
        self.header: list[str] = []
        self.cells: list[str] | None = None

    def read(self, tokens: list[Token]) -> None:
        for token in tokens:
            handler = getattr(self, f"_{token.type}", None)
            if handler is not None:
                handler(token)

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1])

    def _heading_close(self, _: Token) -> None:
        self.heading = 0

    def _bullet_list_open(self, _: Token) -> None:
        self.lists += 1

    def _bullet_list_close(self, _: Token) -> None:
        self.lists -= 1

    _ordered_list_open, _ordered_list_close = _bullet_list_open, _bullet_list_close

    def _table_open(self, _: Token) -> None:
        self.header = []

    def _tr_open(self, _: Token) -> None:
        self.cells = []

    def _tr_close(self, _: Token) -> None:
        cells, self.cells = self.cells or [], None
        self.draft.row(cells, self.header)
        self.header = self.header or cells

    def _inline(self, token: Token) -> None:
        text = plain_inline(token.content)
        if self.cells is not None:
            self.cells.append(text)
        elif self.heading:
            self.draft.heading(text, self.heading)
        elif self.lists:
            self.draft.add(text, PassageKind.LIST_ITEM, level=self.lists - 1)
        else:
            self.draft.add(text)

    def _fence(self, token: Token) -> None:
        self.draft.add(token.content, PassageKind.CODE)

    _code_block = _fence

    def _html_block(self, token: Token) -> None:
        for piece in _TAG.sub("\0", _COMMENT.sub("\0", token.content)).split("\0"):
            self.draft.add(piece)
