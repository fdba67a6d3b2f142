"""Fixtures of a pack: the place says the outcome, the front matter the rest, and none of it is judged as text."""

from pathlib import Path

import pytest

from scanner.clauses.fixtures import Fixture, fixtures_of, folder_of, known_misses, without
from scanner.clauses.load import load_pack, load_packs
from scanner.clauses.nodes import PackError
from scanner.model.verdict import Outcome
from tests.unit.clauses.test_load import a_pack_file


def written(tmp_path: Path, place: str, text: str) -> Path:
    path = tmp_path / "pack.tests" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found(tmp_path: Path) -> tuple[Fixture, ...]:
    pack_file = a_pack_file(tmp_path)
    return fixtures_of(folder_of(pack_file), load_pack(pack_file))


@pytest.mark.parametrize(
    ("place", "front", "expected"),
    [
        ("watering/satisfied/a.md", "", Outcome.SATISFIED),
        ("watering/not-applicable/a.md", "", Outcome.NOT_APPLICABLE),
        ("watering/looks-like/a.md", "", Outcome.MISSING),
        ("looks-like/a.md", "", Outcome.MISSING),
        ("looks-like/a.md", "---\nlabels:\n  watering: partial\n---\n", Outcome.PARTIAL),
        ("documents/a.md", "---\nlabels:\n  others: missing\n---\n", Outcome.MISSING),
        ("documents/a.md", "---\nlabels: {others: missing, watering: partial}\n---\n", Outcome.PARTIAL),
    ],
)
def test_the_place_and_the_labels_say_what_is_expected(
    tmp_path: Path, place: str, front: str, expected: Outcome
) -> None:
    written(tmp_path, place, f"{front}Water the plants.\n")
    (one,) = found(tmp_path)
    assert dict(one.expected) == {"watering": expected}
    assert (one.place, one.name, one.body) == (place, "a.md", "Water the plants.\n")


def test_a_made_file_is_named_by_its_format(tmp_path: Path) -> None:
    written(tmp_path, "watering/satisfied/The guide.md", "---\nas: docx\ntitle: Guide\n---\n# Water\n")
    (one,) = found(tmp_path)
    assert (one.name, one.made, one.body) == ("The guide.docx", "docx", "# Water\n")


@pytest.mark.parametrize(
    ("place", "text", "line", "said"),
    [
        ("elsewhere/a.md", "x", 1, "a fixture lies in <constraint>/<outcome>/"),
        ("watering/maybe/a.md", "x", 1, "a fixture lies in <constraint>/<outcome>/"),
        ("a.md", "x", 1, "a fixture lies in <constraint>/<outcome>/"),
        ("documents/a.md", "x", 1, "nothing is expected of this fixture"),
        ("documents/a.md", "---\nlabels:\n  feeding: partial\n---\nx", 3, "the pack has no constraint 'feeding'"),
        ("documents/a.md", "---\nlabels:\n  watering: perhaps\n---\nx", 3, "labels.watering"),
        ("documents/a.md", "---\nlabel: {}\n---\nx", 2, "this key means nothing here"),
        ("documents/a.md", "---\nas: exe\n---\nx", 2, "as: "),
        ("documents/a.md", "---\nas: [\n---\nx", 3, "not YAML"),
        ("watering/partial/a.md", "---\nlabels:\n  watering: partial\n---\nx", 3, "says already what 'watering'"),
    ],
)
def test_a_mistake_in_a_fixture_names_the_file_and_the_line(
    tmp_path: Path, place: str, text: str, line: int, said: str
) -> None:
    path = written(tmp_path, place, text)
    with pytest.raises(PackError) as caught:
        found(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "looks-like/a.md", "").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackError, match="UTF-8 text"):
        found(tmp_path)


def test_the_list_of_known_misses_cannot_outlive_its_fixtures(tmp_path: Path) -> None:
    written(tmp_path, "looks-like/a b.md", "x")
    listed = written(tmp_path, "known-misses.txt", "# why\nwatering looks-like/a b.md  # since\n")
    fixtures = found(tmp_path)
    assert known_misses(listed.parent, fixtures) == {("looks-like/a b.md", "watering")}
    listed.write_text("watering looks-like/gone.md\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"known-misses\.txt:1: no fixture 'looks-like/gone\.md' is labelled"):
        known_misses(listed.parent, fixtures)
    listed.write_text("watering looks-like/a b.md\n\nwatering looks-like/a b.md\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"known-misses\.txt:3: this line stands here a second time"):
        known_misses(listed.parent, fixtures)


def test_a_promoted_miss_leaves_the_list_and_its_comments_stay(tmp_path: Path) -> None:
    listed = written(
        tmp_path, "known-misses.txt", "# why\nwatering looks-like/a.md  # since\nwatering looks-like/b.md\n"
    )
    without(listed.parent, frozenset({("looks-like/a.md", "watering")}))
    assert listed.read_text(encoding="utf-8") == "# why\nwatering looks-like/b.md\n"


def test_yaml_among_the_fixtures_is_no_pack(tmp_path: Path) -> None:
    a_pack_file(tmp_path)
    written(tmp_path, "looks-like/settings.yaml", "x: 1\n")
    assert [pack.id for pack in load_packs(tmp_path)] == ["house/9.1"]
