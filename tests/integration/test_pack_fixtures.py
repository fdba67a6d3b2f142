"""The packs' own fixtures, through the real readers and the real judge; and what the command says of them."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.checks.registry import judge
from scanner.clauses.fixtures import fixtures_of, folder_of
from scanner.clauses.load import load_pack
from scanner.cli.main import app
from scanner.cli.trial import Cell, State, tried
from tests.checks_builders import PACK_FILE

EXAMPLE = PACK_FILE.parents[2] / "example-clauses" / "retirement.yaml"


@pytest.mark.parametrize("pack_file", [PACK_FILE, EXAMPLE], ids=lambda path: path.stem)
def test_every_fixture_of_a_shipped_pack_is_judged_as_labelled_or_known_to_be_missed(pack_file: Path) -> None:
    cells = tuple(tried(pack_file, load_pack(pack_file), judge()))
    assert [said(one) for one in cells if one.state in {State.WRONG, State.NOT_MADE}] == []


def said(cell: Cell) -> str:
    return f"{cell.place} on {cell.constraint}: {cell.expected.words} expected, {cell.got.words} got — {cell.reason}"


def test_the_shipped_fixtures_cover_every_constraint_in_every_outcome_that_it_can_have() -> None:
    pack = load_pack(PACK_FILE)
    fixtures = fixtures_of(folder_of(PACK_FILE), pack)
    seen = {(name, outcome.value) for one in fixtures for name, outcome in one.expected.items()}
    wanted = {(one.id, outcome) for one in pack.constraints for outcome in ("satisfied", "partial", "missing")}
    assert wanted | {(one.id, "not_applicable") for one in pack.constraints if one.may_not_apply} <= seen


def a_copy(folder: Path) -> Path:
    """The example pack with its fixtures, for tests to break."""
    shutil.copytree(EXAMPLE.parent, folder, dirs_exist_ok=True)
    return folder / EXAMPLE.name


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["clauses", "test", *arguments])
    return done.exit_code, done.stdout, " ".join(done.stderr.split())


def test_known_misses_are_told_and_do_not_fail(tmp_path: Path) -> None:
    code, out, err = run(str(a_copy(tmp_path)))
    assert (code, out) == (0, "")
    assert err == "example/retirement: 26 labelled cells: 25 as labelled, 1 known miss."


def test_a_fixture_that_is_not_as_labelled_fails_with_what_was_got_and_why(tmp_path: Path) -> None:
    pack = a_copy(tmp_path)
    fixtures = tmp_path / "retirement.tests"
    (fixtures / "emptying" / "satisfied" / "printer.md").rename(fixtures / "emptying" / "missing" / "printer.md")
    code, out, err = run(str(pack), "--format", "jsonl")
    assert code == 1
    (wrong,) = [row for line in out.splitlines() if (row := json.loads(line))["state"] == "wrong"]
    assert (wrong["fixture"], wrong["expected"], wrong["got"]) == (
        "emptying/missing/printer.md",
        "missing",
        "satisfied",
    )
    assert wrong["because"] == "Found: how it is emptied and how one sees that it is empty."
    assert "24 as labelled, 1 wrong, 1 known miss" in err


def test_a_known_miss_that_is_missed_no_more_is_told_and_can_be_promoted(tmp_path: Path) -> None:
    pack = a_copy(tmp_path)
    listed = tmp_path / "retirement.tests" / "known-misses.txt"
    before = listed.read_text(encoding="utf-8")
    listed.write_text(before + "emptying emptying/satisfied/printer.md\n", encoding="utf-8")
    code, _, err = run(str(pack))
    assert (code, "1 known misses are missed no more: promote them with --promote" in err) == (0, True)
    assert run(str(pack), "--promote")[0] == 0
    assert listed.read_text(encoding="utf-8") == before


def test_facets_that_no_fixture_bears_are_named(tmp_path: Path) -> None:
    pack = a_copy(tmp_path)
    fixtures = tmp_path / "retirement.tests"
    for place in ("untying/satisfied/lock.md", "untying/partial/cancel-only.txt", "documents/whole-handover-sheet.md"):
        (fixtures / place).unlink()
    code, _, err = run(str(pack))
    assert (code, "No fixture bears untying/account, untying/elsewhere." in err) == (0, True)


def test_without_the_writers_a_made_fixture_is_told_and_does_not_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scanner.demo.company.render", None)  # as where the extra is not installed
    code, out, err = run(str(a_copy(tmp_path)), "--format", "jsonl")
    assert (code, "21 as labelled, 1 known miss, 4 not made" in err) == (0, True)
    assert out.count("writing .docx needs pip install 'crosswalk[demo]'") == 4


def test_a_mistake_in_a_fixture_is_one_sentence_with_file_and_line(tmp_path: Path) -> None:
    pack = a_copy(tmp_path)
    (tmp_path / "retirement.tests" / "documents" / "bad.md").write_text("---\nlabels:\n  nothing: partial\n---\nx\n")
    code, _, err = run(str(pack))
    assert code == 2  # as for every file that somebody has to mend
    assert "bad.md:3: the pack has no constraint 'nothing'" in err


def test_front_matter_is_not_judged(tmp_path: Path) -> None:
    """Words that would satisfy the constraint stand above the text alone, in a file that is read as it lies there."""
    pack = a_copy(tmp_path)
    hidden = (
        "---\ntitle: Choose Erase everything. Wait until the display shows Empty.\nlabels: {emptying: missing}\n---\n"
        "# Spindle lamp\n\nThe lamp is switched on by hand. It has one colour and a long lead of two metres.\n"
    )
    (tmp_path / "retirement.tests" / "documents" / "hidden.md").write_text(hidden)
    assert run(str(pack))[0] == 0


def test_a_pack_that_is_named_by_nothing_known_is_said_so() -> None:
    code, _, err = run("9.9.9")
    assert (code, err) == (1, "There is no clause pack '9.9.9'. `crosswalk clauses show` lists all.")


def test_check_tells_every_remark_and_ends_with_1_where_one_is_to_be_mended(tmp_path: Path) -> None:
    pack = a_copy(tmp_path)
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("partial: {at_least: 1}", "partial: {at_least: 2}", 1),
        encoding="utf-8",
    )
    done = CliRunner().invoke(app, ["clauses", "check", str(pack)])
    assert done.exit_code == 1
    assert "retirement.yaml:48: whatever holds for 'partial' holds for" in " ".join(done.stderr.split())
    assert "example/retirement: 1 to mend" in done.stderr


def test_an_example_is_used_only_where_it_is_named() -> None:
    shown = CliRunner().invoke(app, ["clauses", "show"])
    assert "Retiring a connected product" not in shown.stdout
    named = CliRunner().invoke(app, ["clauses", "show", str(EXAMPLE)])
    assert "Retiring a connected product" in named.stdout
