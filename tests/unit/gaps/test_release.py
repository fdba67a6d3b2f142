"""Which release is the newest, and whether a document speaks of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.gaps.release import Fit, detected, fit, newest, numbers
from scanner.model.document import DocumentKind
from tests.builders import a_document, a_release


@pytest.mark.parametrize(
    ("written", "version", "expected"),
    [
        ("4.3.0", "4.3.0", Fit.CURRENT),
        ("PulseView 4.3.0", "4.3.0", Fit.CURRENT),
        ("v4.3", "4.3.0", Fit.CURRENT),
        ("4.3", "4.3.1", Fit.LINE),
        ("4.2.x", "4.2.7", Fit.CURRENT),
        ("4.2.x", "4.3.0", Fit.OLDER),
        ("4.2.0", "4.3.0", Fit.OLDER),
        ("4.4.0", "4.3.0", Fit.NEWER),
        ("4.1 – 4.3", "4.3.2", Fit.CURRENT),
        ("4.1 to 4.2", "4.3.0", Fit.OLDER),
        ("≥ 4.2 < 5.0", "4.3.0", Fit.CURRENT),
        ("4.2 and later", "4.3.0", Fit.CURRENT),
        ("Software-Version ab 4.2", "4.3.0", Fit.CURRENT),
        ("from 4.4", "4.3.0", Fit.NEWER),
        ("R2024b", "R2024b", Fit.CURRENT),
        ("R2024a", "R2024b", Fit.UNKNOWN),
        ("3.3.2.0", "3.3.2.0", Fit.CURRENT),
        ("the current version", "4.3.0", Fit.UNKNOWN),
    ],
)
def test_an_applies_to_statement_is_held_against_a_release(written: str, version: str, expected: Fit) -> None:
    assert fit([written], version) is expected


def test_of_several_statements_the_best_fit_counts() -> None:
    assert fit(["4.1.0", "4.3.0"], "4.3.0") is Fit.CURRENT
    assert fit([], "4.3.0") is Fit.UNKNOWN


def test_the_highest_version_is_the_newest_release_whenever_it_was_added() -> None:
    releases = [a_release("4.10.0"), a_release("4.9.3"), a_release("4.2.1")]
    found = newest(releases)
    assert found is not None
    assert found.version == "4.10.0"
    assert newest([]) is None


@given(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)))
def test_a_version_always_fits_itself_and_its_wildcard(parts: tuple[int, int, int]) -> None:
    version = ".".join(str(part) for part in parts)
    assert fit([version], version) is Fit.CURRENT
    assert fit([f"{parts[0]}.{parts[1]}.x"], version) is Fit.CURRENT


@given(st.text(max_size=200), st.text(max_size=30))
def test_no_text_makes_the_reading_of_versions_fail(written: str, version: str) -> None:
    assert fit([written], version) in set(Fit)
    assert all(number in written.replace("X", "x").replace("*", "x") for number in numbers(written))


def test_release_notes_in_the_drive_are_a_release_with_their_date_and_source() -> None:
    notes = a_document(
        "Release Notes 4.3.0.md",
        kind=DocumentKind.RELEASE_NOTES,
        versions=("4.3.0", "4.2.0"),
        dated=date(2026, 11, 20),
        product="PulseView",
    )
    guide = a_document("Guide.docx", versions=("4.4.0",))
    (release,) = detected([notes, guide])
    assert (release.version, release.product, release.released_on) == ("4.3.0", "PulseView", date(2026, 11, 20))
    assert release.source == "release notes: Release Notes 4.3.0.md"
