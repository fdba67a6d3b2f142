"""A document as statements: sentences, list items, table rows and stanzas of code, each with what stands around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scanner.checks.vocabulary import SIGNS
from scanner.checks.words import Words, words_of
from scanner.model.document import Document, Passage, PassageKind

MAX_STATEMENT_CHARS = 1_500
_END = re.compile(r"[.!?:;](?:[\"'”’)\]*_`]{0,3})\s+(?=[\"'“‘(\[*_`]{0,3}[A-ZÄÖÜ0-9<⚠✅❌🔧])|\s[•▪]\s")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|nr|rel|ver|vers|z\.b|d\.h|bzw|ca|fig|sec|st|dr|mr|ms)\.|\b[A-Z]\.)$",
    re.IGNORECASE,
)
_LABEL_WORDS = 5
_COMMENT = re.compile(r"\s*(?:#|//|;|--|/\*|\*|<!--)")
BODY = frozenset(
    {
        PassageKind.PARAGRAPH,
        PassageKind.LIST_ITEM,
        PassageKind.TABLE_ROW,
        PassageKind.CODE,
        PassageKind.FOOTNOTE,
        PassageKind.NOTES,
    }
)


@dataclass(frozen=True, kw_only=True)  # without slots: its signs are looked for when they are asked for
class Statement:
    """A verbatim piece of a passage that can be judged by itself."""

    passage: Passage
    index: int  # its passage's place in the document
    start: int
    end: int
    words: Words
    intro: Words  # the line that introduces its list or table, or the label before it
    intro_text: str

    @property
    def text(self) -> str:
        """Return it verbatim."""
        return self.passage.text[self.start : self.end]

    @cached_property
    def signs(self) -> frozenset[str]:
        """Return the names of the signs that stand in it."""
        text = self.text
        return frozenset(name for name, pattern in SIGNS if pattern.search(text))

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings above it, outermost first."""
        return self.passage.locator.heading


def statements_of(document: Document) -> tuple[Statement, ...]:
    """Cut a document's body into statements, in reading order; headings, tables of contents and margins give none."""
    found: list[Statement] = []
    intro, nothing = "", words_of("")
    folded: dict[str, Words] = {}
    for index, passage in enumerate(document.passages):
        if passage.kind not in BODY or _heads_table(passage, document.passages[index + 1 : index + 2]):
            intro = "" if passage.kind is PassageKind.HEADING else intro
            continue
        leads = passage.kind is PassageKind.PARAGRAPH and _leads(passage.text)
        if passage.kind is PassageKind.PARAGRAPH:
            intro = passage.text[-300:] if leads else ("" if len(passage.text) > 160 else intro)
        around = intro if not leads else ""
        if around and around not in folded:
            folded[around] = words_of(around, links=False)
        label = ""
        for start, end in _pieces(passage):
            text = passage.text[start:end]
            label = label or (text if start == 0 and end < len(passage.text) and _is_label(text) else "\0")
            found.append(
                Statement(
                    passage=passage,
                    index=index,
                    start=start,
                    end=end,
                    words=words_of(text, links=False),
                    intro=folded.get(around, nothing),
                    intro_text=around or (label if start and label != "\0" else ""),
                )
            )
    return tuple(found)


def _leads(text: str) -> bool:
    """A line that ends in a colon, or that is no sentence but a few words ("Fixed security issues"), is a title."""
    said = text.rstrip(" *_")
    return said.endswith(":") or (len(said.split()) <= _LABEL_WORDS and said[-1:].isalpha())


def _is_label(text: str) -> bool:
    """Tell whether a paragraph's first sentence is its title: "8.3 Backup. Copy the readings …"."""
    return len(text.split()) <= _LABEL_WORDS and text.rstrip(" *_").endswith((".", ":"))


def _heads_table(passage: Passage, following: tuple[Passage, ...]) -> bool:
    """A row that only names the columns of the rows below it says nothing itself."""
    if passage.kind is not PassageKind.TABLE_ROW or not following or any(header for header, _ in passage.cells):
        return False
    named = {value.strip() for _, value in passage.cells if value.strip()}
    return (
        bool(named)
        and {header.strip() for header, _ in following[0].cells if header.strip()} <= named
        and any(header.strip() for header, _ in following[0].cells)
    )


def _pieces(passage: Passage) -> Iterator[tuple[int, int]]:
    cut = _stanzas if passage.kind is PassageKind.CODE else _sentences
    if passage.kind is PassageKind.TABLE_ROW and len(passage.text) <= 600:
        yield 0, len(passage.text)
        return
    for start, end in cut(passage.text):
        for left in range(start, end, MAX_STATEMENT_CHARS):
            right = min(left + MAX_STATEMENT_CHARS, end)
            if passage.text[left:right].strip():
                yield left, right


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        end = match.start() + len(match.group().rstrip())
        if match.group().strip()[:1] in {":", ";"} and end - start < 60:
            continue
        if _ABBREVIATION.search(text[max(start, end - 12) : end]):
            continue
        yield start, end
        start = match.end()
    yield start, len(text)


def _stanzas(text: str) -> Iterator[tuple[int, int]]:
    """Comments together with the lines below them, up to a blank line or the next comment."""
    start, at, code_seen = 0, 0, False
    for line in text.splitlines(keepends=True):
        comment = bool(_COMMENT.match(line))
        if not line.strip() or (comment and code_seen):
            if at > start:
                yield start, at
            start, code_seen = at, False
        code_seen = code_seen or (bool(line.strip()) and not comment)
        at += len(line)
    yield start, len(text)
