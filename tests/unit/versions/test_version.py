"""Versions as real documents, tags and labels write them: read, equal where the same is meant, and in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.versions.version import FINAL, Scheme, order, read, same

# written, and what is read: numbers, then the stage ("rc1" before the release, "p2" after it), then "+build"
DOTTED = [
    ("4.3.0", "4.3"),
    ("4.3", "4.3"),
    ("v4.3.0", "4.3"),
    ("V4.3.0", "4.3"),
    ("v.2.1", "2.1"),
    ("4.0.0", "4"),
    ("1.15.0", "1.15"),
    ("1.9", "1.9"),
    ("0.6", "0.6"),
    ("0.0.1", "0.0.1"),
    ("7.8.0", "7.8"),
    ("10.0.0.1", "10.0.0.1"),
    ("3.3.2.0", "3.3.2"),
    ("4.3.0.1234", "4.3.0.1234"),
    ("2026.1", "2026.1"),
    ("2024.10.0", "2024.10"),
    ("24.6.1", "24.6.1"),
    ("2.105", "2.105"),
    ("20260302.1", "20260302.1"),
    ("12", "12"),
    ("v7", "7"),
    ("V12", "12"),
    ("Rel. 12", "12"),
    ("Rel 12", "12"),
    ("Release 12", "12"),
    ("release: 12", "12"),
    ("Version 7", "7"),
    ("Ver. 3", "3"),
    ("X-ROAD 7", "7"),
    ("Lumora Viewer 11", "11"),
    ("Version: 0.6", "0.6"),
    ("Version 3.2.0 (February 2026)", "3.2"),
    ("Version 4.3.0 of 2026-11-20", "4.3"),
    ("PulseView 4.3.0", "4.3"),
    ("PulseView-4.3.0", "4.3"),
    ("PV_4.3.0", "4.3"),
    ("PulseView® 4.3", "4.3"),
    ("SW version: 0.0.1", "0.0.1"),
    ("SW-Version 2.4.1", "2.4.1"),
    ("FW 1.04", "1.4"),
    ("Firmware 2.10b", "2.10 b0"),
    ("Software-Version 4.2", "4.2"),
    ("Versionsnummer 4.2.1", "4.2.1"),
    ("Versionsnummer: 12", "12"),
    ("Produktversion 5.1", "5.1"),
    ("Versão 3.1", "3.1"),
    ("Versão do software: 3.1.2", "3.1.2"),
    ("versión 2.7", "2.7"),
    ("versione 6.0.3", "6.0.3"),
    ("バージョン2.4", "2.4"),
    ("バージョン 2.4.1", "2.4.1"),
    ("ソフトウェアバージョン：3.0", "3"),
    ("版本 1.8", "1.8"),
    ("web 24.6.1", "24.6.1"),
    ("app 5.0.2", "5.0.2"),
    ("(8012)4.2.1", "4.2.1"),
    ("UDI-PI (10) 4.2.1", "4.2.1"),
    ("v4.3.0_final", "4.3"),
    ("pulseview_v4.3.0_en.pdf", "4.3"),
    ("Security Guide 4.3.0.docx", "4.3"),
    ("Release_Notes_v2.1.0.pdf", "2.1"),
    # tags
    ("Orthanc-1.12.4", "1.12.4"),
    ("release/4.3.0", "4.3"),
    ("release-4.3", "4.3"),
    ("refs/tags/v1.2.3", "1.2.3"),
    ("rel_4_3_0", "4.3"),
    ("REL_4_3_0", "4.3"),
    ("viewer@4.3.0", "4.3"),
    ("lumora-gateway/v2.0.1", "2.0.1"),
    ("IDMS5 1.2", "1.2"),
    # before a release
    ("4.3.0-alpha", "4.3 alpha0"),
    ("4.3.0-alpha.1", "4.3 alpha1"),
    ("4.3.0a2", "4.3 alpha2"),
    ("4.3.0-beta", "4.3 beta0"),
    ("4.3.0-beta.2", "4.3 beta2"),
    ("4.3.0 beta 2", "4.3 beta2"),
    ("v2.5.0-beta20251125", "2.5 beta20251125"),
    ("4.3.0b3", "4.3 beta3"),
    ("4.3.0-rc.1", "4.3 rc1"),
    ("4.3.0-rc1", "4.3 rc1"),
    ("4.3.0-rc-2", "4.3 rc2"),
    ("4.3.0RC2", "4.3 rc2"),
    ("4.3.0 RC 2", "4.3 rc2"),
    ("4.3-SNAPSHOT", "4.3 dev0"),
    ("4.3.0.dev7", "4.3 dev7"),
    ("4.3.0-nightly", "4.3 dev0"),
    ("4.3.0-preview.1", "4.3 rc1"),
    ("1.0.0-x.7.z.92", "1 pre0"),
    # behind a release
    ("4.2 SP1", "4.2 p1"),
    ("4.2.0 SP 1", "4.2 p1"),
    ("4.2-SP2", "4.2 p2"),
    ("4.2_SP3", "4.2 p3"),
    ("4.2 Service Pack 2", "4.2 p2"),
    ("4.2.0-hotfix.3", "4.2 p3"),
    ("4.2.0 Hotfix 1", "4.2 p1"),
    ("4.2.0 HF1", "4.2 p1"),
    ("6.0 Update 2", "6 p2"),
    ("6.0u2", "6 p2"),
    ("4.2.0 Patch 4", "4.2 p4"),
    ("4.2.0p4", "4.2 p4"),
    ("4.2.0-1", "4.2 p1"),
    ("1.4.2.post1", "1.4.2 p1"),
    ("1.0.2k", "1.0.2 p107"),
    ("2.0 MR3", "2 p3"),
    ("Version 7 SP3", "7 p3"),
    # builds
    ("4.2.0 (Build 1234)", "4.2 +1234"),
    ("4.2.0 build 1234", "4.2 +1234"),
    ("4.2.0+1234", "4.2 +1234"),
    ("4.2.0+build.77", "4.2 +77"),
    ("1.2.3-rc.1+build5", "1.2.3 rc1 +5"),
    ("Version 4.2.0, Build: 881", "4.2 +881"),
    ("Build 881, Version 4.2.0", "4.2 +881"),
    # anything from there on
    ("4.2.x", "4.2 *"),
    ("4.2.X", "4.2 *"),
    ("4.2.*", "4.2 *"),
    ("v4.x", "4 *"),
    ("4.x.x", "4 *"),
    ("Version 1.12.x (2026-01-05)", "1.12 *"),
]
OTHERS = [
    ("R2024b", Scheme.YEAR, (2024, 2), FINAL),
    ("R2024a", Scheme.YEAR, (2024, 1), FINAL),
    ("r2024B", Scheme.YEAR, (2024, 2), FINAL),
    ("Lumora R2025a", Scheme.YEAR, (2025, 1), FINAL),
    ("R2024b SP1", Scheme.YEAR, (2024, 2), (1, 1)),
    ("R2024b Update 3", Scheme.YEAR, (2024, 2), (1, 3)),
    ("2025 R2", Scheme.YEAR, (2025, 2), FINAL),
    ("2025R2", Scheme.YEAR, (2025, 2), FINAL),
    ("2025-R3", Scheme.YEAR, (2025, 3), FINAL),
    ("2019 R3 SP1", Scheme.YEAR, (2019, 3), (1, 1)),
    ("VA30A", Scheme.MODEL, (ord("V"), ord("A"), 30, ord("A")), FINAL),
    ("VA30A_SP02", Scheme.MODEL, (ord("V"), ord("A"), 30, ord("A")), (1, 2)),
    ("VB10A-HF03", Scheme.MODEL, (ord("V"), ord("B"), 10, ord("A")), (1, 3)),
    ("scanner software VB60B", Scheme.MODEL, (ord("V"), ord("B"), 60, ord("B")), FINAL),
    ("Build 1234", Scheme.BUILD, (1234,), FINAL),
    ("build no. 1234", Scheme.BUILD, (1234,), FINAL),
    ("Build: 20260302", Scheme.BUILD, (20260302,), FINAL),
    ("Build #77", Scheme.BUILD, (77,), FINAL),
    ("build 1234.5", Scheme.BUILD, (1234, 5), FINAL),
]
NONE = [
    "",
    "the current version",
    "Rev C",
    "Edition B",
    "latest",
    "TBD",
    "3 users",
    "vX.Y",
    "x.y.z",
    "Version",
    "vier",
]
_STAGES = {"dev": -5, "pre": -4, "alpha": -3, "a": -3, "beta": -2, "b": -2, "rc": -1, "p": 1}


def said(written: str) -> str:
    """Say a dotted version as the table does."""
    found = read(written)
    assert found is not None
    assert found.scheme is Scheme.DOTTED
    names = {-5: "dev", -4: "pre", -3: "alpha", -2: "beta", -1: "rc", 1: "p"}
    parts = [".".join(map(str, found.numbers))]
    parts += [f"{names[found.stage[0]]}{found.stage[1]}"] if found.stage != FINAL else []
    parts += [f"+{found.build}"] if found.build else []
    parts += ["*"] if found.any_from is not None else []
    return " ".join(parts)


@pytest.mark.parametrize(("written", "expected"), DOTTED)
def test_dotted_versions_are_read(written: str, expected: str) -> None:
    assert said(written) == expected.replace(" b0", " beta0")


@pytest.mark.parametrize(("written", "scheme", "numbers", "stage"), OTHERS)
def test_other_ways_to_count_are_read(
    written: str, scheme: Scheme, numbers: tuple[int, ...], stage: tuple[int, int]
) -> None:
    found = read(written)
    assert found is not None
    assert (found.scheme, found.numbers, found.stage) == (scheme, numbers, stage)


@pytest.mark.parametrize("written", NONE)
def test_what_names_no_version_is_not_read(written: str) -> None:
    assert read(written) is None


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("4.2.9", "4.2.10"),
        ("4.9.3", "4.10.0"),
        ("4.3.0-rc1", "4.3.0"),
        ("4.3.0-beta.2", "4.3.0-rc.1"),
        ("4.3.0-alpha", "4.3.0-beta"),
        ("4.3.0-SNAPSHOT", "4.3.0-alpha"),
        ("1.0.0-x.7.z.92", "1.0.0"),
        ("4.3.0", "4.3.0 SP1"),
        ("4.2 SP1", "4.2 SP2"),
        ("4.2 SP2", "4.3"),
        ("4.2.0 (Build 7)", "4.2.0 (Build 12)"),
        ("R2024b", "R2025a"),
        ("R2024a", "R2024b"),
        ("R2024b", "R2024b SP1"),
        ("VA30A", "VA30A_SP02"),
        ("VA30A_SP02", "VA30B"),
        ("VA40A", "VB10A"),
        ("Build 999", "Build 1234"),
        ("Rel. 9", "Rel. 12"),
        ("Rel. 12", "12.1"),
        ("2025.4", "2026.1"),
        ("7.5.2", "7.7.0"),  # although 7.5.2 was tagged later: a maintenance branch
        ("1.0.2j", "1.0.2k"),
    ],
)
def test_versions_stand_in_the_order_in_which_they_were_made(older: str, newer: str) -> None:
    assert order(older) < order(newer)


@pytest.mark.parametrize(
    ("one", "other"),
    [("4.3", "v4.3.0"), ("PulseView 4.3.0", "refs/tags/v4.3.0"), ("4.2 SP1", "4.2.0 Service Pack 1"), ("x9q", "X9Q")],
)
def test_the_same_version_is_known_however_it_is_written(one: str, other: str) -> None:
    assert same(one, other)
    assert not same(one, "8.8")


PARTS = st.lists(st.integers(0, 99), min_size=2, max_size=4)
SUFFIXES = st.sampled_from(["", "-alpha.1", "-beta2", "-rc.1", ".dev3", " SP1", "-hotfix.2", "+7", " (Build 9)"])
WRITTEN = st.one_of(
    st.tuples(PARTS, SUFFIXES).map(lambda pair: ".".join(map(str, pair[0])) + pair[1]),
    st.tuples(st.integers(2015, 2030), st.sampled_from("ab")).map(lambda pair: f"R{pair[0]}{pair[1]}"),
    st.integers(0, 9999).map(lambda number: f"Build {number}"),
    st.tuples(st.sampled_from(["VA", "VB", "XE"]), st.integers(10, 99), st.sampled_from("AB")).map(
        lambda parts: f"{parts[0]}{parts[1]}{parts[2]}"
    ),
    st.text(max_size=12),
)


@given(WRITTEN, WRITTEN, WRITTEN)
def test_the_order_is_total_and_transitive(first: str, second: str, third: str) -> None:
    one, two, three = order(first), order(second), order(third)
    assert (one < two) + (two < one) + (one == two) == 1
    if one <= two <= three:
        assert one <= three


@given(PARTS, st.sampled_from(["", "v", "V", "Version ", "PulseView ", "refs/tags/v", "Orthanc-"]))
def test_a_version_is_the_same_behind_any_label(parts: list[int], label: str) -> None:
    plain = ".".join(map(str, parts))
    assert same(plain, label + plain)
    assert same(plain, plain + ".0") or len(parts) == 4


@given(PARTS)
def test_a_higher_part_makes_a_later_version_within_the_line(parts: list[int]) -> None:
    later = [*parts[:-1], parts[-1] + 1]
    assert order(".".join(map(str, parts))) < order(".".join(map(str, later)))


@given(st.text(max_size=300))
def test_no_text_makes_the_reading_fail(written: str) -> None:
    read(written)
    assert order(written) == order(written)
