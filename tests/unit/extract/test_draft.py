"""Passages while they are gathered: folded, cut at sentence ends, below their headings."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.extract.base import Unreadable
from scanner.extract.draft import Draft, cut, folded, folded_lines
from scanner.extract.formats import Format
from scanner.extract.txt import read_plain
from scanner.model.document import MAX_PASSAGE_CHARS, Locator, PassageKind


def a_draft() -> Draft:
    return Draft(name="a.txt", real=Format.TEXT)


@given(st.text(max_size=300))
def test_a_folded_text_holds_the_same_letters_and_single_blanks(text: str) -> None:
    said = folded(text)
    assert said == " ".join(said.split())
    meant = text.encode("utf-8", "replace").decode()
    for ligature, letters in zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True):
        meant = meant.replace(ligature, letters)
    assert [char for char in said if char.isalnum()] == [char for char in meant if char.isalnum()]


@given(st.text(st.sampled_from("ab .\n"), min_size=1, max_size=14).map(lambda piece: piece * 1_000))
def test_cutting_loses_nothing_and_keeps_the_limit(text: str) -> None:
    pieces = cut(text)
    assert all(0 < len(piece) <= MAX_PASSAGE_CHARS for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_not_cut_behind_its_first_words() -> None:
    assert [len(piece) for piece in cut("1. " + "A" * 9_000)] == [MAX_PASSAGE_CHARS, 1_003]
    draft = a_draft()
    draft.heading("1. " + "word" * 3_000, 1)
    draft.add("Telnet is off.")
    heading, *_, proof = draft.document().passages
    assert heading.text.startswith(proof.locator.heading[0])


def test_a_long_text_is_cut_at_a_sentence_end() -> None:
    first, second = cut("word " * 1_500 + "end. " + "next " * 200)
    assert (first[-4:], second[:4]) == ("end.", "next")


def test_code_keeps_its_lines_and_indentation() -> None:
    assert folded_lines("\n\n  if x:\t\n\ty\r\n\n") == "  if x:\n    y"


def test_headings_open_and_close_by_level() -> None:
    draft = a_draft()
    for text, level in (("A", 1), ("B", 2), ("C", 4), ("D", 2), ("E", 1)):
        draft.heading(text, level)
        draft.add(f"below {text}")
    paths = [one.locator.heading for one in draft.passages if one.kind is PassageKind.PARAGRAPH]
    assert paths == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_a_document_without_a_text_is_none() -> None:
    draft = a_draft()
    draft.set_property("Title", "Security Guide")
    with pytest.raises(Unreadable, match=r"^its sheets are empty$"):
        draft.document(because_empty="its sheets are empty")


def test_a_property_that_says_nothing_is_left_out() -> None:
    draft = a_draft()
    for value in ("", "  ", None, "untitled", "(anonymous)"):
        draft.set_property("Title", value)
    assert draft.passages == []


def test_a_row_leaves_empty_cells_out_and_keeps_their_columns() -> None:
    draft = a_draft()
    draft.row(["Nurse", "", "no"], ["Role", "Read", "Write"], at=Locator(page=2))
    (row,) = draft.passages
    assert (row.text, row.cells) == ("Nurse | no", (("Role", "Nurse"), ("Write", "no")))


def test_plain_text_is_read_for_headings_lists_and_contents() -> None:
    draft = a_draft()
    read_plain(
        "SECURITY GUIDE\n\nAccounts\n--------\nChange the\npassword.\n\n"
        "4.2 Roles of nurses\n\n- one\n  goes on\n- two\n\n"
        "4.2 Roles ........ 7\n",
        draft,
    )
    assert [(one.kind, one.level, one.text) for one in draft.passages] == [
        (PassageKind.HEADING, 1, "SECURITY GUIDE"),
        (PassageKind.HEADING, 2, "Accounts"),
        (PassageKind.PARAGRAPH, 0, "Change the password."),
        (PassageKind.HEADING, 2, "4.2 Roles of nurses"),
        (PassageKind.LIST_ITEM, 0, "one goes on"),
        (PassageKind.LIST_ITEM, 0, "two"),
        (PassageKind.TOC, 0, "4.2 Roles ........ 7"),
    ]


def test_a_text_is_read_from_any_encoding() -> None:
    from scanner.extract.direct import read

    said = "Ändern Sie das Passwort – vor dem ersten Gebrauch, überall."
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
        document = read(io.BytesIO(said.encode(encoding)), name="a.txt")
        assert [passage.text for passage in document.passages] == [said], encoding
