"""Nothing that a reader process says is believed unchecked."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.draft import MAX_CELLS, MAX_CHARS, MAX_DEPTH, MAX_HEADING_CHARS
from scanner.extract.wire import MAX_LINE_BYTES, Unbelievable, document_from, document_lines, unreadable_line
from scanner.model.document import MAX_PASSAGE_CHARS, Document, Locator, Passage, PassageKind
from tests.extract_samples.every import BY_NAME

HEAD: Mapping[str, object] = {"is": "document", "type": "text/plain", "properties": {}}
SAID: Mapping[str, object] = {"text": "A text.", "kind": "paragraph", "locator": {"paragraph": 1}}
PASSAGE: Mapping[str, object] = {"is": "below", "passages": [SAID]}
END: Mapping[str, object] = {"is": "end", "notes": []}


def saying(**changed: object) -> Mapping[str, object]:
    return {"is": "below", "passages": [{**SAID, **changed}]}


def lines(*said: object) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in said]


def test_an_honest_reader_is_believed() -> None:
    document = read(io.BytesIO(BY_NAME["guide.docx"].data), name="guide.docx")
    assert document_from(document_lines(document), name="guide.docx") == document


def test_no_line_grows_beyond_what_is_taken_in_whatever_a_document_holds() -> None:
    wide = "\N{GRINNING FACE}"
    worst = Passage(
        text=wide * MAX_PASSAGE_CHARS,
        kind=PassageKind.TABLE_ROW,
        cells=tuple((wide * MAX_HEADING_CHARS, wide * (MAX_PASSAGE_CHARS // MAX_CELLS)) for _ in range(MAX_CELLS)),
        locator=Locator(heading=(wide * MAX_HEADING_CHARS,) * MAX_DEPTH, sheet=wide * 300, anchor=wide * 300),
    )
    short = replace(worst, text="x", cells=())
    document = Document(name="a.txt", media_type="text/plain", passages=(*[worst] * 5, *[short] * 250))
    said = list(document_lines(document))
    assert max(len(line) for line in said) <= MAX_LINE_BYTES
    assert document_from(said, name="a.txt") == document


def test_the_name_is_ours_and_not_the_readers() -> None:
    assert document_from(lines(HEAD, PASSAGE, END), name="a.txt").name == "a.txt"


def test_a_reason_is_passed_on() -> None:
    with pytest.raises(Unreadable) as why:
        document_from([unreadable_line("the file is empty")], name="a.txt")
    assert str(why.value) == "the file is empty"


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["a text"],
        [HEAD],
        [HEAD, END],
        [HEAD, PASSAGE],
        [PASSAGE, END],
        [HEAD, HEAD, PASSAGE, END],
        [{**HEAD, "type": "text/evil"}, PASSAGE, END],
        [{**HEAD, "properties": ["a"]}, PASSAGE, END],
        [{**HEAD, "properties": {"Title": 4}}, PASSAGE, END],
        [{**HEAD, "properties": {str(n): "x" for n in range(61)}}, PASSAGE, END],
        [HEAD, {**PASSAGE, "passages": []}, END],
        [HEAD, saying(text=" "), END],
        [HEAD, saying(text="x" * 8_001), END],
        [HEAD, saying(text=5), END],
        [HEAD, saying(text="half \ud800"), END],
        [HEAD, saying(kind="__class__"), END],
        [HEAD, saying(kind=["paragraph"]), END],
        [HEAD, saying(level=-1), END],
        [HEAD, saying(level=True), END],
        [HEAD, saying(locator=None), END],
        [HEAD, saying(locator={"page": 0}), END],
        [HEAD, saying(locator={"page": "4"}), END],
        [HEAD, saying(locator={"page": 10**9}), END],
        [HEAD, saying(locator={"else": 1}), END],
        [HEAD, saying(locator={"sheet": "x" * 301}), END],
        [HEAD, {**PASSAGE, "heading": ["x"] * 10}, END],
        [HEAD, {**PASSAGE, "heading": [["x"]]}, END],
        [HEAD, {**PASSAGE, "heading": [1]}, END],
        [HEAD, {**PASSAGE, "heading": ["x" * 201]}, END],
        [HEAD, saying(cells=[["a"]]), END],
        [HEAD, saying(cells=[["a", 1]]), END],
        [HEAD, saying(cells=[["a", "b"]] * 201), END],
        [HEAD, PASSAGE, {**END, "notes": "x"}],
        [HEAD, PASSAGE, {**END, "notes": ["x" * 301]}],
        [HEAD, PASSAGE, {"is": "unreadable", "because": "changed my mind"}],
        [{"is": "unreadable", "because": ""}],
        [{"is": "unreadable", "because": {"a": 1}}],
        [HEAD, *[saying(text="x" * 8_000)] * (MAX_CHARS // 8_000 + 4), END],
    ],
)
def test_what_no_reader_can_have_said_is_refused(said: list[object]) -> None:
    with pytest.raises(Unbelievable):
        document_from(lines(*said), name="a.txt")


@pytest.mark.parametrize("line", [b"", b"\n", b"{", b"[" * 100_000, b"\xff\xfe", b"9" * 5_000, b'{"is": NaN}'])
def test_what_is_no_line_of_ours_is_refused(line: bytes) -> None:
    with pytest.raises(Unbelievable):
        document_from([line], name="a.txt")
