"""What every reader promises, asked of all: nothing lost, the same twice, located, bounded, never an accident."""

import io
import random
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.dispatch import DAMAGED, REFUSED
from scanner.extract.draft import MAX_CHARS, MAX_PASSAGES
from scanner.extract.formats import Format
from scanner.extract.registry import EXTRACTORS
from scanner.extract.sniff import sniff
from scanner.extract.txt import LONG_FILE
from scanner.extract.wire import document_from, document_lines
from scanner.model.document import MAX_PASSAGE_CHARS, Document, PassageKind
from tests.extract_builders import DEFAULT_PASSWORD
from tests.extract_samples.every import BY_NAME, SAMPLES

EVERY = pytest.mark.parametrize("name", BY_NAME)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def read_sample(name: str) -> Document:
    return read(io.BytesIO(BY_NAME[name].data), name=name)


def test_every_format_that_is_read_has_a_sample() -> None:
    assert [sample.real for sample in SAMPLES] == list(EXTRACTORS)
    assert [sniff(io.BytesIO(sample.data), name=sample.name) for sample in SAMPLES] == list(EXTRACTORS)


def test_every_known_format_is_read_or_refused_with_a_reason() -> None:
    assert set(Format) - set(EXTRACTORS) - set(REFUSED) == {Format.BINARY}


@EVERY
def test_nothing_is_lost(name: str) -> None:
    wanted = words(BY_NAME[name].says)
    lost = wanted - words(" ".join(passage.text for passage in read_sample(name).passages))
    assert lost == Counter()


@EVERY
def test_it_reads_the_same_twice(name: str) -> None:
    assert read_sample(name) == read_sample(name)


@EVERY
def test_every_passage_says_where_it_stands(name: str) -> None:
    passages = read_sample(name).passages
    assert [passage.locator.paragraph for passage in passages] == list(range(1, len(passages) + 1))
    body = [one for one in passages if one.kind not in (PassageKind.PROPERTY, PassageKind.HEADER_FOOTER)]
    if name.endswith(".pdf"):
        assert all(passage.locator.page for passage in body)
    if name.startswith("deck"):
        assert all(passage.locator.slide for passage in body)
    if name.endswith((".xlsx", ".xls", ".ods")):
        assert all(passage.locator.sheet and passage.locator.cell for passage in body)


@EVERY
def test_its_headings_lead_to_what_stands_below_them(name: str) -> None:
    passages = read_sample(name).passages
    headings = {one.text for one in passages if one.kind is PassageKind.HEADING}
    named = {text for one in passages for text in one.locator.heading}
    assert named <= headings
    if not name.endswith((".xlsx", ".xls", ".ods", ".csv", ".tsv")):
        (proof,) = [one for one in passages if DEFAULT_PASSWORD in one.text]
        assert any("accounts" in text.casefold() for text in proof.locator.heading)


@EVERY
def test_its_table_rows_know_their_headers(name: str) -> None:
    rows = [one for one in read_sample(name).passages if one.kind is PassageKind.TABLE_ROW]
    told = {head for row in rows for head, _ in row.cells}
    assert name in ("deck.odp", "guide.txt") or told & {"Role", "Question"}
    assert all(value in row.text for row in rows for _, value in row.cells)


@EVERY
def test_its_passages_keep_their_bounds(name: str) -> None:
    document = read_sample(name)
    assert 0 < len(document.passages) <= MAX_PASSAGES
    assert all(
        0 < len(one.text) <= MAX_PASSAGE_CHARS and one.text == one.text.strip("\n ") for one in document.passages
    )


@EVERY
def test_it_comes_through_the_pipe_unchanged(name: str) -> None:
    document = read_sample(name)
    assert document_from(document_lines(document), name=name) == document


@EVERY
def test_a_file_cut_short_is_read_or_refused_and_nothing_else(name: str) -> None:
    sample = BY_NAME[name].data
    for share in (0.02, 0.3, 0.6, 0.9, 0.99):
        _read_or_refused(sample[: int(len(sample) * share)], name)


@EVERY
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name: str) -> None:
    chance = random.Random(name)
    for _ in range(12):
        damaged = bytearray(BY_NAME[name].data)
        for _ in range(chance.randint(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        _read_or_refused(bytes(damaged), name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))),
    ending=st.sampled_from(["txt", "md", "rst", "adoc", "csv", "tsv", "html", "eml", "rtf", "yaml"]),
)
def test_any_bytes_end_as_a_document_or_a_reason(data: bytes, ending: str) -> None:
    _read_or_refused(data, f"any.{ending}")


PIECES = (
    *(
        "= ",
        "== ",
        "# ",
        "* ",
        "  ",
        "\n",
        "\n\n",
        "|",
        "|===",
        "+--+",
        "=== ===",
        ".. ",
        "note::",
        "::",
        "- ",
        "1. ",
        ">",
    ),
    *(
        "`",
        "```",
        "----",
        "[x]",
        "a word",
        ":field: x",
        "\t",
        "<ul><li>",
        "<table><tr><td>",
        "</p>",
        "---",
        "\\",
        "....",
        "é",
    ),
)
MARKUP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=MARKUP, ending=st.sampled_from(["md", "rst", "adoc", "txt", "html", "csv"]))
def test_any_markup_ends_as_a_document_or_a_reason_that_is_not_an_accident(text: str, ending: str) -> None:
    because = _read_or_refused(text.encode(), f"any.{ending}")
    assert because != DAMAGED  # our own readers of text meet nothing that they cannot read


def test_a_text_without_end_is_cut_at_the_caps_and_says_so() -> None:
    document = read(io.BytesIO(b"A sentence of some words. " * 320_000), name="long.txt")
    assert sum(len(passage.text) for passage in document.passages) <= MAX_CHARS
    assert document.notes == (LONG_FILE,)
    assert all(passage.text.endswith("words.") for passage in document.passages[:-1])


def test_a_text_of_800_000_words_is_read_to_its_last_sentence() -> None:
    document = read(io.BytesIO(b"A sentence of some words.\n" * 160_000 + b"\nErase the disk.\n"), name="long.txt")
    assert (document.words, document.unread) == (800_003, "")
    assert document.passages[-1].text == "Erase the disk."


def test_lines_without_end_are_cut_at_the_caps_and_say_so() -> None:
    document = read(io.BytesIO(b"word\n\n" * 130_000), name="long.txt")
    assert len(document.passages) == MAX_PASSAGES
    assert document.notes == ("it is longer than the 120,000 passages that are read",)


def _read_or_refused(data: bytes, name: str) -> str:
    try:
        document = read(io.BytesIO(data), name=name)
    except Unreadable as why:
        return str(why) or "no reason"
    assert all(passage.text.strip() for passage in document.passages)
    assert document_from(document_lines(document), name=name) == document
    return ""
