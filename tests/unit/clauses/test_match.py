"""Candidates: which names and folders flag a file, and that hostile names cost nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import SourceFile
from scanner.clauses.match import Flags
from scanner.clauses.patterns import MAX_SUBJECT_CHARS, Patterns, problem_of
from scanner.model.candidate import Candidate, SignalHit
from tests.builders import a_file
from tests.checks_builders import the_pack

FLAGS = Flags(the_pack())


def candidate(file: SourceFile) -> Candidate | None:
    return FLAGS.candidate(file)


def signals_of(name: str, path: str = "My Drive") -> set[str]:
    match = candidate(a_file(name, path=path))
    return {hit.signal for hit in match.hits} if match else set()


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Lumora security guide v3.docx", "clause-page"),
        ("SECURITY WHITE PAPER.pdf", "clause-page"),
        ("MDS2_Lumora_2026.xlsx", "disclosure-form"),
        ("Lumora IFU DE.pdf", "instructions-for-use"),
        ("Gebrauchsanweisung Lumora.pdf", "instructions-for-use"),
        ("Administrator Manual.docx", "manual"),
        ("Installationsanleitung.docx", "manual-german"),
        ("Hardening Checklist.docx", "hardening"),
        ("Release Notes 5.1.md", "release-notes"),
        ("Freigabemitteilung 5.1.docx", "release-notes"),
        ("Security Advisory 2026-03.pdf", "advisory"),
        ("Restrisiken Lumora.docx", "risks"),
        ("Declaration IEC 81001-5-1.pdf", "conformance"),
        ("User Management.docx", "accounts"),
        ("Network Requirements.xlsx", "network"),
        ("Datenschutz Lumora.docx", "data-protection"),
        ("Decommissioning.docx", "disposal"),
    ],
)
def test_names_of_accompanying_documents_are_flagged(name: str, signal: str) -> None:
    assert signal in signals_of(name)


@pytest.mark.parametrize("name", ["Canteen menu.docx", "Invoice 2026-04.pdf", "IMG_2041.jpg", "Holiday plan.xlsx", ""])
def test_other_names_are_not(name: str) -> None:
    assert signals_of(name) == set()


def test_a_folders_name_flags_what_lies_in_it_and_says_so() -> None:
    match = candidate(a_file("chapter 4.docx", path="Shared / Accompanying Documentation / EN"))
    assert match is not None
    assert match.hits == (SignalHit(signal="clause-page", field="folder", text="Accompanying Documentation"),)


def test_a_hit_carries_the_piece_of_the_name_that_matched() -> None:
    match = candidate(a_file("old security guide.docx"))
    assert match is not None
    assert (match.clause, match.hits[0].text) == ("iec-81001-5-1/5.8.2", "security guide")


@pytest.mark.parametrize("kind", ["folder", "shortcut"])
def test_folders_and_shortcuts_are_never_candidates(kind: str) -> None:
    file = a_file("Security Guide", media_type=f"application/vnd.google-apps.{kind}")
    assert candidate(file) is None


def test_a_path_does_not_match_across_folders() -> None:
    assert "clause-page" not in signals_of("x.docx", path="Security / Guide")


@pytest.mark.timeout(20)
def test_long_hostile_names_are_looked_at_only_so_far() -> None:
    for piece in ("Security White ", "Residual", "a" * 50, "Administrator ", "Security.", "\u202e<img>"):
        signals_of(piece * 20_000, path=" / ".join([piece * 500] * 200))


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_whatsoever_makes_matching_fail(name: str, path: str) -> None:
    match = candidate(a_file(name, path=path))
    assert match is None or all(hit.text in name or hit.text in path for hit in match.hits)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a+)+b", "((a+)b?)*c", "(?:a{2,})+b", ".*.*.*.*.*b", "(x+x+)+y"])
def test_a_pattern_that_would_take_others_for_ever_is_tried_in_a_moment(pattern: str) -> None:
    assert problem_of(pattern) is None
    for hostile in ("a" * MAX_SUBJECT_CHARS, "x" * MAX_SUBJECT_CHARS):
        assert list(Patterns([pattern]).found_in(hostile)) == []


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("Guide(", "missing )"),
        (r"(a)\1", "invalid escape sequence"),
        ("(?<=Security )Guide", "invalid perl operator"),
        ("a{9999}", "invalid repetition size"),
        ("x*", "would flag every file"),
        ("a" * 301, "at most 300 characters"),
    ],
)
def test_a_pattern_that_cannot_be_tried_is_refused_with_its_reason(pattern: str, problem: str) -> None:
    assert problem in (problem_of(pattern) or "")


@given(
    st.lists(st.sampled_from(["Security.*Guide", "guide", "MDS2?", r"\bIFU\b", "H(?:ä|ae)rtung"]), max_size=5),
    st.text(),
)
def test_patterns_tried_together_find_what_each_finds_alone(patterns: list[str], name: str) -> None:
    for subject in (name, f"Security {name} Guide", f"{name} ifu", f"HÄRTUNG{name}"):
        alone = [(n, text) for n, one in enumerate(patterns) for _, text in Patterns([one]).found_in(subject)]
        assert list(Patterns(patterns).found_in(subject)) == alone
