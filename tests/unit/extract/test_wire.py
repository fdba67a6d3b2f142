"""Nothing that a reader process says is believed unchecked."""

import io
import json
from collections.abc import Mapping

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.draft import MAX_CHARS
from scanner.extract.wire import Unbelievable, document_from, document_lines, unreadable_line
from tests.extract_samples.every import BY_NAME

HEAD: Mapping[str, object] = {"is": "document", "type": "text/plain", "properties": {}}
PASSAGE: Mapping[str, object] = {"is": "passage", "text": "A text.", "kind": "paragraph", "at": {"paragraph": 1}}
END: Mapping[str, object] = {"is": "end", "notes": []}


def lines(*said: object) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in said]


def test_an_honest_reader_is_believed() -> None:
    document = read(io.BytesIO(BY_NAME["guide.docx"].data), name="guide.docx")
    assert document_from(document_lines(document), name="guide.docx") == document


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
        [HEAD, {**PASSAGE, "text": " "}, END],
        [HEAD, {**PASSAGE, "text": "x" * 8_001}, END],
        [HEAD, {**PASSAGE, "text": 5}, END],
        [HEAD, {**PASSAGE, "text": "half \ud800"}, END],
        [HEAD, {**PASSAGE, "kind": "__class__"}, END],
        [HEAD, {**PASSAGE, "kind": ["paragraph"]}, END],
        [HEAD, {**PASSAGE, "level": -1}, END],
        [HEAD, {**PASSAGE, "level": True}, END],
        [HEAD, {**PASSAGE, "at": None}, END],
        [HEAD, {**PASSAGE, "at": {"page": 0}}, END],
        [HEAD, {**PASSAGE, "at": {"page": "4"}}, END],
        [HEAD, {**PASSAGE, "at": {"page": 10**9}}, END],
        [HEAD, {**PASSAGE, "at": {"else": 1}}, END],
        [HEAD, {**PASSAGE, "at": {"sheet": "x" * 301}}, END],
        [HEAD, {**PASSAGE, "heading": ["x"] * 10}, END],
        [HEAD, {**PASSAGE, "heading": [["x"]]}, END],
        [HEAD, {**PASSAGE, "heading": [1]}, END],
        [HEAD, {**PASSAGE, "heading": ["x" * 201]}, END],
        [HEAD, {**PASSAGE, "cells": [["a"]]}, END],
        [HEAD, {**PASSAGE, "cells": [["a", 1]]}, END],
        [HEAD, {**PASSAGE, "cells": [["a", "b"]] * 201}, END],
        [HEAD, PASSAGE, {**END, "notes": "x"}],
        [HEAD, PASSAGE, {**END, "notes": ["x" * 301]}],
        [HEAD, PASSAGE, {"is": "unreadable", "because": "changed my mind"}],
        [{"is": "unreadable", "because": ""}],
        [{"is": "unreadable", "because": {"a": 1}}],
        [HEAD, *[{**PASSAGE, "text": "x" * 8_000}] * (MAX_CHARS // 8_000 + 4), END],
    ],
)
def test_what_no_reader_can_have_said_is_refused(said: list[object]) -> None:
    with pytest.raises(Unbelievable):
        document_from(lines(*said), name="a.txt")


@pytest.mark.parametrize("line", [b"", b"\n", b"{", b"[" * 100_000, b"\xff\xfe", b"9" * 5_000, b'{"is": NaN}'])
def test_what_is_no_line_of_ours_is_refused(line: bytes) -> None:
    with pytest.raises(Unbelievable):
        document_from([line], name="a.txt")
