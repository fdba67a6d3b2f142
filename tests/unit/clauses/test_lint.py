"""What a pack that loads can still have wrong, each told with its line."""

import re
from pathlib import Path

import pytest

from scanner.clauses.lint import remarks_on
from scanner.clauses.nodes import PackError
from tests.checks_builders import PACK_FILE
from tests.unit.clauses.test_load import SMALL, a_pack_file


def remarks(path: Path) -> list[tuple[int, bool, str]]:
    return [(one.line, one.wrong, one.said) for one in remarks_on(path)[1]]


TWO = SMALL.replace(
    "    satisfied: {all_of: [person]}\n    partial: {at_least: 1}\n",
    "      - id: water\n        label: what\n        counts: How much.\n        does_not_count: Nothing.\n"
    "        cues: [litre*]\n"
    "    satisfied: {all_of: [person, water]}\n    partial: {at_least: 1}\n",
)


def test_a_pack_without_fault_has_nothing_to_be_told(tmp_path: Path) -> None:
    assert remarks(a_pack_file(tmp_path, TWO)) == []


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


MISTAKES = [
    ("{all_of: [person, water]}", "{at_least: 1}", "partial:", "nothing is ever partial by rule"),
    ("{at_least: 1}", "{at_least: 2}", "partial:", "nothing is ever partial by rule"),
    (
        "satisfied: {all_of: [person, water]}\n    partial: {at_least: 1}",
        "satisfied: {all_of: [person], at_least: 1}\n    partial: {all_of: [person], at_least: 1}",
        "id: water\n",
        "no rule rests on the facet 'water'",
    ),
    ("cues: [litre*]", "cues: []", "- id: water\n", "nothing bears it"),
    ("cues: [litre*]", "cues: [litre*, litre*]", "cues: [litre*, l", "adds nothing to 'litre*'"),
    ("cues: [litre*]", "cues: [litre*]\n        detect: {never: [litre*]}", "cues: [litre*]", "never bears"),
    ("cues: [litre*]", "cues: [litre*]\n        detect: {moot: [no water]}", "detect:", "do nothing unless"),
    ("over: set", "over: set\n    may_not_apply: true", "may_not_apply", "no facet has phrases under 'moot'"),
    ("kind: FILE_EXISTS", "kind: CONTENT_MATCH", "signals:", "no file of a Drive is ever a candidate"),
]
NOTES = [
    ("cues: [litre*]", "cues: [litre*, litres a day]", "cues: [litre*, l", "adds nothing to 'litre*'"),
    ("constraints:", "vocabulary: {idle: [word]}\nconstraints:", "vocabulary", "no cue names the word list"),
]


@pytest.mark.parametrize(("found", "replaced", "marks", "said"), MISTAKES)
def test_what_is_in_vain_is_a_mistake_told_with_its_line(
    tmp_path: Path, found: str, replaced: str, marks: str, said: str
) -> None:
    assert found in TWO
    text = TWO.replace(found, replaced, 1)
    told = remarks(a_pack_file(tmp_path, text))
    assert [(line, bad) for line, bad, words in told if said in words] == [(line_of(text, marks), True)]


@pytest.mark.parametrize(("found", "replaced", "marks", "said"), NOTES)
def test_what_does_no_harm_is_only_noted(tmp_path: Path, found: str, replaced: str, marks: str, said: str) -> None:
    assert found in TWO
    text = TWO.replace(found, replaced, 1)
    told = remarks(a_pack_file(tmp_path, text))
    assert [(line, bad) for line, bad, words in told if said in words] == [(line_of(text, marks), False)]


def test_partial_may_rest_on_the_same_facet_where_another_one_counts(tmp_path: Path) -> None:
    text = TWO.replace("partial: {at_least: 1}", "partial: {all_of: [person]}")
    assert remarks(a_pack_file(tmp_path, text)) == []


def test_a_pack_that_does_not_load_is_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=re.escape("pack.yaml:1: ")):
        remarks_on(a_pack_file(tmp_path, "[]"))


def test_no_shipped_pack_has_anything_to_mend() -> None:
    examples = sorted((PACK_FILE.parents[2] / "example-clauses").glob("*.yaml"))
    assert examples
    for path in (PACK_FILE, *examples):
        assert [one for one in remarks_on(path)[1] if one.wrong] == []
