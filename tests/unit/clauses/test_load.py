"""Loading packs: the shipped one carries the clause page, and every mistake names its file and line."""

import hashlib
import re
from pathlib import Path

import pytest

from scanner.checks.registry import METHODS
from scanner.clauses.load import json_schema, load_pack, load_packs
from scanner.clauses.schema import PackError
from scanner.model.clause import Over, SignalKind
from tests.checks_builders import PACK_FILE, the_pack

ROOT = Path(__file__).parents[3]
IDS = (
    "secure-operation",
    "process-conformance",
    "annex-e-coverage",
    "account-management",
    "residual-risks",
    "secure-configuration",
    "risk-specificity",
    "data-protection-risks",
    "retention-disposal",
    "updated-each-release",
)
SMALL = """\
id: house/9.1
standard: HOUSE
edition: "1"
clause: "9.1"
title: A small clause
requirement: Say who waters the plants.
background: None.
signals:
  - id: name
    kind: FILE_EXISTS
    text: Plant.*Guide
    source: ours
constraints:
  - id: watering
    text: The guide says who waters the plants.
    short: Watering
    provenance: interpretation
    source: ours
    over: set
    severity: low
    facets:
      - id: person
        label: who waters
        counts: A person or role and an action.
        does_not_count: A wish.
        cues: [water* .. plant*]
    satisfied: {all_of: [person]}
    partial: {at_least: 1}
common_gap: {title: Nobody waters, severity: low, text: Plants dry out.}
audit_defence: The guide of {product} says it.
"""


def a_pack_file(folder: Path, text: str = SMALL) -> Path:
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_pack_has_the_ten_constraints_of_the_clause_page_in_its_order() -> None:
    assert tuple(one.id for one in the_pack().constraints) == IDS
    assert the_pack().id == "iec-81001-5-1/5.8.2"
    assert the_pack().constraint("updated-each-release").over is Over.EACH
    assert the_pack().constraint("risk-specificity").over is Over.DOCUMENT
    moot = {one.id for one in the_pack().constraints if one.may_not_apply}
    assert moot == {"account-management", "data-protection-risks", "retention-disposal"}


def test_the_shipped_pack_carries_the_signals_the_gap_and_the_defence_of_the_page() -> None:
    page = {one.kind: one.text for one in the_pack().signals if one.source == "clause page"}
    assert page[SignalKind.FILE_EXISTS] == (
        "Security.*Guide|Security.*White.*Paper|Security.*Manual|Accompanying.*Documentation|Residual.*Risk"
    )
    assert page[SignalKind.CONTENT_MATCH].startswith("Does this document provide secure operation guidelines, account")
    assert the_pack().common_gap.severity == "moderate"
    filled = the_pack().audit_defence.format(product="Lumora Viewer", document_id="LV-1")
    assert filled.startswith("The Security Guide released with Lumora Viewer (Doc ID: LV-1) provides secure operation")


def test_every_way_of_judging_that_a_pack_may_name_is_registered() -> None:
    named = set(re.findall(r'"check": .*?\[(.*?)\]', json_schema().replace("\n", " "), re.DOTALL)[0].split('"')[1::2])
    assert named == set(METHODS)


def test_the_digest_is_that_of_the_files_bytes() -> None:
    assert the_pack().digest == hashlib.sha256(PACK_FILE.read_bytes()).hexdigest()


def test_the_json_schema_in_the_tree_is_up_to_date() -> None:
    assert (ROOT / "config" / "schema" / "clause.schema.json").read_text(encoding="utf-8") == json_schema()


def test_a_small_pack_needs_no_python(tmp_path: Path) -> None:
    pack = load_pack(a_pack_file(tmp_path))
    assert pack.constraints[0].check == "facets"
    assert pack.constraints[0].facets[0].detect["needs"] == "setting"


def test_packs_are_found_below_a_folder_and_share_no_id(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    a_pack_file(tmp_path / "a")
    assert [pack.id for pack in load_packs(tmp_path)] == ["house/9.1"]
    a_pack_file(tmp_path)
    with pytest.raises(PackError, match="another pack has the id"):
        load_packs(tmp_path)


@pytest.mark.parametrize(
    ("found", "replaced", "line", "said"),
    [
        ("title: A small clause", "titel: A small clause", 5, "this key means nothing here"),
        ("    severity: low\n    facets", "    facets", 14, "a key is missing"),
        ("severity: low\n    facets", "severity: awful\n    facets", 20, "'high', 'moderate' or 'low'"),
        ("{all_of: [person]}", "{all_of: [nobody]}", 14, "which watering does not have"),
        ("{at_least: 1}", "{at_least: 2}", 14, "asks for 2 of 1 facets"),
        ("{at_least: 1}", "{}", 28, "a rule asks for something"),
        ("Plant.*Guide", "(Plant", 9, "not a regular expression that can be tried: missing )"),
        ("Plant.*Guide", "(?=Plant)Guide", 9, "not a regular expression that can be tried: invalid perl operator"),
        ("Plant.*Guide", "x*", 9, "would flag every file"),
        ("Plant.*Guide", r"(a)\1", 9, "invalid escape sequence"),
        ("Plant.*Guide", "a" * 301, 9, "at most 300 characters"),
        ("[water* .. plant*]", "[.. plant*]", 26, "does not begin with a word"),
        ("[water* .. plant*]", "[water-can]", 26, "is not a word"),
        ("[water* .. plant*]", "[<liquids> can]", 26, "which the pack does not have"),
        ("[water* .. plant*]", f"[{'a ' * 13}]", 26, "more than 12 words"),
        ("audit_defence: The guide of {product}", "audit_defence: The guide of {nothing}", 30, "no placeholders but"),
        ("background: None.", "background: None.\ntitle: Again", 8, "stands here a second time"),
        ("background: None.", "background: [", 9, "not YAML"),
        ("background: None.", "1: None.", 7, "a key is plain text"),
    ],
)
def test_a_mistake_names_the_file_and_the_line(tmp_path: Path, found: str, replaced: str, line: int, said: str) -> None:
    assert found in SMALL
    path = a_pack_file(tmp_path, SMALL.replace(found, replaced, 1))
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_an_id_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    signals = SMALL[SMALL.index("  - id: name") : SMALL.index("constraints:")]
    with pytest.raises(PackError, match="'name' stands here twice"):
        load_pack(a_pack_file(tmp_path, SMALL.replace(signals, signals + signals)))


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n", "a: &x [1]\nb: *x\n", "a: 2026-99-99\n"])
def test_a_file_that_is_no_pack_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackError, match=r"pack\.yaml:\d+: \w"):
        load_pack(a_pack_file(tmp_path, text))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        load_pack(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"id: x\ntitle: \xff\n")
    with pytest.raises(PackError, match=r"bytes\.yaml:2: a pack is UTF-8"):
        load_pack(tmp_path / "bytes.yaml")


@pytest.mark.parametrize("deep", ["a: " + "[" * 5000 + "]" * 5000, "- " * 100_000, "{" * 100_000, "? " * 100_000])
def test_deep_nesting_ends_in_a_sentence(tmp_path: Path, deep: str) -> None:
    with pytest.raises(PackError, match="yaml:1: nested deeper than any pack needs"):
        load_pack(a_pack_file(tmp_path, deep))
