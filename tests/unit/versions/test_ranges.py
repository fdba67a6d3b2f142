"""What documents say they apply to, held against a release."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.versions.ranges import fit, names_it
from scanner.versions.span import Fit
from scanner.versions.written import spans, written_in

TABLE = [
    ("4.3.0", "4.3.0", Fit.CURRENT),
    ("PulseView 4.3.0", "4.3.0", Fit.CURRENT),
    ("v4.3", "4.3.0", Fit.CURRENT),
    ("1.9", "1.9.0", Fit.CURRENT),
    ("4.3", "4.3.1", Fit.LINE),
    ("v4", "4.3.1", Fit.LINE),
    ("Rel. 12", "12.1", Fit.LINE),
    ("4.2.0", "4.2.1", Fit.PATCH),
    ("4.2.0 SP1", "4.2.0 SP2", Fit.PATCH),
    ("4.2.0", "4.3.0", Fit.OLDER),
    ("4.4.0", "4.3.0", Fit.NEWER),
    ("4.3.0.1234", "4.3.0", Fit.CURRENT),
    ("4.3.0", "4.3.0.1234", Fit.LINE),
    ("4.3.0-rc1", "4.3.0", Fit.PATCH),
    ("4.3.0 (Build 77)", "4.3.0", Fit.CURRENT),
    # wildcards
    ("4.2.x", "4.2.7", Fit.CURRENT),
    ("4.2.x", "4.3.0", Fit.OLDER),
    ("4.4.x", "4.3.0", Fit.NEWER),
    ("4.x", "4.3.0", Fit.CURRENT),
    ("4.2.*", "4.2.0", Fit.CURRENT),
    ("applies to software version 4.2.x", "4.2.3", Fit.CURRENT),
    # from … to
    ("4.1 – 4.3", "4.3.2", Fit.CURRENT),
    ("4.1-4.3", "4.2.0", Fit.CURRENT),
    ("4.1 — 4.3", "4.0.9", Fit.NEWER),
    ("4.1 to 4.2", "4.3.0", Fit.OLDER),
    ("4.1 to version 4.3", "4.3.0", Fit.CURRENT),
    ("4.1 through 4.3", "4.3.9", Fit.CURRENT),
    ("4.1 bis 4.3", "4.2.1", Fit.CURRENT),
    ("4.1 até 4.3", "4.2.1", Fit.CURRENT),
    ("バージョン4.1～4.3", "4.2", Fit.CURRENT),
    ("from 4.1 to 4.3", "4.4.0", Fit.OLDER),
    ("VA30A – VB10A", "VA40A", Fit.CURRENT),
    ("R2023b to R2024b", "R2024a", Fit.CURRENT),
    ("1.0.0 - 2.x", "2.9", Fit.CURRENT),
    # two bounds
    ("≥ 4.2 < 5", "4.3.0", Fit.CURRENT),
    (">=4.2,<5.0", "5.0.1", Fit.OLDER),
    (">=4.2, <5.0", "5.0", Fit.OLDER),
    ("≥ 4.2 and ≤ 4.3", "4.3.7", Fit.CURRENT),
    ("> 4.2 < 5.0", "4.2", Fit.NEWER),
    ("from 4.2 up to 4.4", "4.3", Fit.CURRENT),
    ("ab 4.2 bis 4.4", "4.5", Fit.OLDER),
    # open above
    ("4.2 and later", "4.3.0", Fit.CURRENT),
    ("4.2 or newer", "4.3.0", Fit.CURRENT),
    ("4.2 or higher", "4.1.0", Fit.NEWER),
    ("4.2 and above", "6.0", Fit.CURRENT),
    ("4.2 onwards", "4.2", Fit.CURRENT),
    ("4.2+", "4.9", Fit.CURRENT),
    ("Software-Version ab 4.2", "4.3.0", Fit.CURRENT),
    ("seit Version 4.4", "4.3.0", Fit.NEWER),
    ("4.2 und höher", "4.3.0", Fit.CURRENT),
    ("4.2 oder neuer", "4.3.0", Fit.CURRENT),
    ("a partir da versão 4.2", "4.3.0", Fit.CURRENT),
    ("versão 4.2 ou superior", "4.3.0", Fit.CURRENT),
    ("desde la versión 4.4", "4.3.0", Fit.NEWER),
    ("バージョン4.2以降", "4.3.0", Fit.CURRENT),
    ("バージョン 4.4 以降", "4.3.0", Fit.NEWER),
    ("from 4.4", "4.3.0", Fit.NEWER),
    ("since 4.0", "4.3.0", Fit.CURRENT),
    ("as of 4.3.0", "4.3.0", Fit.CURRENT),
    ("starting with version 4.2", "4.3.0", Fit.CURRENT),
    ("> 4.3", "4.3.0", Fit.NEWER),
    ("later than 4.2", "4.3.0", Fit.CURRENT),
    ("R2023b and newer", "R2024b", Fit.CURRENT),
    ("valid from build 1200", "Build 1234", Fit.CURRENT),
    ("all versions from 4.0", "4.3.0", Fit.CURRENT),
    ("all versions ≥ 4.4", "4.3.0", Fit.NEWER),
    ("all versions", "4.3.0", Fit.CURRENT),
    ("gilt für alle Versionen", "4.3.0", Fit.CURRENT),
    # open below
    ("up to 4.2", "4.3.0", Fit.OLDER),
    ("up to and including 4.3", "4.3.5", Fit.CURRENT),
    ("≤ 4.3.0", "4.3.0", Fit.CURRENT),
    ("before 5.0", "4.9", Fit.CURRENT),
    ("prior to 4.3", "4.3.0", Fit.OLDER),
    ("bis 4.3", "4.2.0", Fit.CURRENT),
    ("4.2 and earlier", "4.3.0", Fit.OLDER),
    ("4.3 or older", "4.2.0", Fit.CURRENT),
    ("vor 4.3", "4.3.0", Fit.OLDER),
    # lists
    ("4.1, 4.2 and 4.3", "4.2.0", Fit.CURRENT),
    ("4.1.0 / 4.2.0", "4.3.0", Fit.OLDER),
    ("viewer 4.2 and gateway 2.1", "4.2", Fit.CURRENT),
    ("4.2, page 7", "7.0", Fit.OLDER),
    # other ways to count
    ("R2024b", "R2024b", Fit.CURRENT),
    ("R2024a", "R2024b", Fit.OLDER),
    ("R2024b", "R2024b SP1", Fit.PATCH),
    ("VA30A_SP02", "VA30A_SP02", Fit.CURRENT),
    ("VA30A", "VB10A", Fit.OLDER),
    ("Build 1234", "Build 1235", Fit.OLDER),
    ("3.3.2.0", "3.3.2.0", Fit.CURRENT),
    ("7.7.0", "7.5.2", Fit.NEWER),  # a maintenance release of an older line: by version, not by day
    # nothing to hold against it
    ("the current version", "4.3.0", Fit.UNKNOWN),
    ("R2024b", "4.3.0", Fit.UNKNOWN),
    ("", "4.3.0", Fit.UNKNOWN),
    ("Falcon", "Falcon", Fit.CURRENT),
    ("Falcon", "Eagle", Fit.UNKNOWN),
]


@pytest.mark.parametrize(("written", "version", "expected"), TABLE)
def test_an_applies_to_statement_is_held_against_a_release(written: str, version: str, expected: Fit) -> None:
    assert fit([written], version) is expected


def test_of_several_statements_the_best_fit_counts() -> None:
    assert fit(["4.1.0", "4.3.0"], "4.3.0") is Fit.CURRENT
    assert fit([], "4.3.0") is Fit.UNKNOWN


def test_a_range_that_holds_a_release_does_not_name_it() -> None:
    assert names_it(["4.3"], "4.3.0")
    assert not names_it(["4.2 and later", "4.1 – 4.5", "all versions"], "4.3.0")


@given(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)))
def test_a_version_always_fits_itself_its_wildcard_and_its_ranges(parts: tuple[int, int, int]) -> None:
    version = ".".join(str(part) for part in parts)
    for written in (version, f"{parts[0]}.{parts[1]}.x", f"{version} and later", f"0.0 – {version}", f"≤ {version}"):
        assert fit([written], version) is Fit.CURRENT


@given(st.text(max_size=200), st.text(max_size=30))
def test_no_text_makes_the_reading_of_ranges_fail(written: str, version: str) -> None:
    assert fit([written], version) in set(Fit)
    assert all(span.low or span.high or span.is_open for span in spans(written))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Lumora 4.2.x", ["4.2.x"]),
        ("Lumora 4.1 – 4.3", ["4.1 – 4.3"]),
        ("Lumora 4.2 and later", ["4.2 and later"]),
        ("Lumora >= 4.2", [">= 4.2"]),
        ("Lumora ≥ 4.2 < 5, Rel. 12", ["≥ 4.2 < 5", "Rel. 12"]),
        ("the versions before 4.2 and the ones after 4.4", ["before 4.2", "after 4.4"]),
        ("4.2 SP1 or 4.2 SP2 (Build 77)", ["4.2 SP1", "4.2 SP2 (Build 77)"]),
        ("4.2, page 7", ["4.2"]),
        ("Lumora", []),
        ("TLS 1.2 or 1.3, PostgreSQL version 14.9", []),
        ("02.04.2026, 2026-04-02 and 2 April 2026", []),
        ("2026.1.3 of 2026-04-02", ["2026.1.3"]),
        ("1.5 GB of 4.5 kg", []),
        ("3 users in room 12", []),
    ],
)
def test_a_text_names_its_versions_as_written(text: str, written: list[str]) -> None:
    assert [one.text for one in written_in(text)] == written


@given(st.lists(st.sampled_from([row[0] for row in TABLE]), min_size=1, max_size=3))
def test_what_is_kept_as_written_means_the_same_alone(texts: list[str]) -> None:
    for one in written_in("; Lumora ".join(texts)):
        assert spans(one.text) == (one.span,)


def test_a_service_pack_is_not_the_release_that_it_is_for() -> None:
    assert fit(["4.2.0 SP2"], "4.2.0 SP2") is Fit.CURRENT
    assert fit(["4.2.0 SP1"], "4.2.0 SP2") is Fit.PATCH
    assert fit(["4.2.0 SP2"], "4.2.0 SP1") is Fit.NEWER
