"""Candidates: which names and folders flag a file, and that hostile names cost nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.clauses.match import candidate
from scanner.clauses.patterns import nests_quantifiers, problem_of
from scanner.model.candidate import SignalHit
from tests.builders import a_file
from tests.checks_builders import the_pack


def signals_of(name: str, path: str = "My Drive") -> set[str]:
    match = candidate(a_file(name, path=path), the_pack())
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
    match = candidate(a_file("chapter 4.docx", path="Shared / Accompanying Documentation / EN"), the_pack())
    assert match is not None
    assert match.hits == (SignalHit(signal="clause-page", field="folder", text="Accompanying Documentation"),)


def test_a_hit_carries_the_piece_of_the_name_that_matched() -> None:
    match = candidate(a_file("old security guide.docx"), the_pack())
    assert match is not None
    assert (match.clause, match.hits[0].text) == ("iec-81001-5-1/5.8.2", "security guide")


@pytest.mark.parametrize("kind", ["folder", "shortcut"])
def test_folders_and_shortcuts_are_never_candidates(kind: str) -> None:
    file = a_file("Security Guide", media_type=f"application/vnd.google-apps.{kind}")
    assert candidate(file, the_pack()) is None


def test_a_path_does_not_match_across_folders() -> None:
    assert "clause-page" not in signals_of("x.docx", path="Security / Guide")


@pytest.mark.timeout(20)
def test_long_hostile_names_are_looked_at_only_so_far() -> None:
    for piece in ("Security White ", "Residual", "a" * 50, "Administrator ", "Security.", "\u202e<img>"):
        signals_of(piece * 20_000, path=" / ".join([piece * 500] * 200))


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_whatsoever_makes_matching_fail(name: str, path: str) -> None:
    match = candidate(a_file(name, path=path), the_pack())
    assert match is None or all(hit.text in name or hit.text in path for hit in match.hits)


@pytest.mark.parametrize("pattern", ["(a*)*", "(a|b+)+", "((a+)b)*", "(?:a{2,})+", "([a-z]+ ?)+"])
def test_nested_quantifiers_are_seen(pattern: str) -> None:
    assert nests_quantifiers(pattern)


@pytest.mark.parametrize("pattern", ["a+b*", "(ab)+", "[(a+)]+", r"\(a+\)b", "(?:Security|Guide).*"])
def test_harmless_repetitions_are_not_refused(pattern: str) -> None:
    assert not nests_quantifiers(pattern)
    assert problem_of(pattern) is None
