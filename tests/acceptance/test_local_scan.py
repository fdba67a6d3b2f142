"""A first try in ten seconds: local files, no Drive, no account, no database; the line that programs read."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CROSSWALK = str(Path(sys.executable).parent / "crosswalk")
CONSTRAINTS = [
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
]
GUIDE = """# Monitor Security Guide

Applies to Monitor 2.1.0.

## Accounts

| Role | May do |
|---|---|
| Nurse | read values |
| Administrator | read values, add and remove users |

Change the default password of the account `admin` before first use; passwords have at least 12 characters.
When somebody leaves, disable the account on the same day.

## Revision history

| Version | Date | Change |
|---|---|---|
| 2.1.0 | 2026-10-01 | Port 8443 replaces 8080 |
"""


def folded(text: str) -> str:
    """Letters and digits alone: the markup of the source is not in the passages."""
    return re.sub(r"[\W_]+", "", text).casefold()


def crosswalk(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    settings = {"CROSSWALK_HOME": str(home / "unused"), "COLUMNS": "160", **more}
    return subprocess.run(
        [CROSSWALK, *arguments], capture_output=True, text=True, env={**os.environ, **settings}, timeout=60, check=False
    )


@pytest.fixture
def heeded() -> Iterator[None]:
    """Let commands heed ctrl-C also where these tests run in the background, where shells have it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_files_are_judged_by_a_pack_that_is_named_by_its_file(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "config" / "example-clauses" / "retirement.yaml"
    (tmp_path / "sheet.md").write_text("# Handover\n\nReset the unit to its factory state with the key at the rear.\n")
    done = crosswalk("scan", str(tmp_path / "sheet.md"), "--clause", str(example), "--format", "jsonl", home=tmp_path)
    (line,) = done.stdout.splitlines()
    verdicts = {one["constraint"]: one["outcome"] for one in json.loads(line)["verdicts"]}
    assert verdicts == {"support-end": "missing", "take-along": "missing", "emptying": "partial", "untying": "missing"}


def test_with_several_packs_in_use_one_has_to_be_named(tmp_path: Path) -> None:
    config = Path(__file__).parents[2] / "config"
    packs = tmp_path / "packs"
    packs.mkdir()
    for pack in (config / "clauses/iec-81001-5-1/5.8.2.yaml", config / "example-clauses/retirement.yaml"):
        shutil.copy(pack, packs)
    (tmp_path / "sheet.md").write_text("# Handover\n")
    done = crosswalk("scan", str(tmp_path / "sheet.md"), home=tmp_path, CROSSWALK_CLAUSES=str(packs))
    assert done.returncode == 1
    said = "name one with --clause (example/retirement, iec-81001-5-1/5.8.2)"
    assert said in " ".join(done.stderr.split())


def test_one_line_a_file_with_every_constraint_and_quotes_that_stand_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "guide.md").write_text(GUIDE)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 40)
    done = crosswalk("scan", str(folder), "--format", "jsonl", home=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = {Path(row["file"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(lines) == {"guide.md", "empty.pdf", "noise.bin"}
    for row in lines.values():
        assert list(row) == ["file", "media_type", "status", "reason", "words", "seconds", "verdicts"]
        assert [verdict["constraint"] for verdict in row["verdicts"]] == CONSTRAINTS
    guide = {verdict["constraint"]: verdict for verdict in lines["guide.md"]["verdicts"]}
    assert lines["guide.md"]["status"] == "scanned"
    assert guide["account-management"]["outcome"] == "satisfied"
    quotes = [citation["quote"] for verdict in guide.values() for citation in verdict["citations"]]
    assert quotes
    assert all(folded(quote) in folded(GUIDE) for quote in quotes)
    assert lines["empty.pdf"]["status"] == "undetermined"
    assert lines["empty.pdf"]["reason"] == "the file is empty"
    assert {verdict["outcome"] for verdict in lines["empty.pdf"]["verdicts"]} == {"undetermined"}
    assert not (tmp_path / "unused").exists()  # no database, no key, no folder was made


def test_several_files_are_shown_in_a_line_each_and_judged_together(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDE)
    (tmp_path / "soup.md").write_text("# Lentil soup\n\nBoil the lentils for twenty minutes and add salt to taste.\n")
    done = crosswalk("scan", str(tmp_path), home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 more file read without evidence" in done.stdout
    assert "All files together" in done.stdout
    assert "Account management" in done.stdout


def test_a_terminal_without_the_signs_shows_question_marks_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDE)
    done = crosswalk("scan", str(tmp_path / "guide.md"), home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Account management" in done.stdout


def test_what_is_no_regular_file_is_told_with_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "out.md").symlink_to(tmp_path / "elsewhere.md")
    (tmp_path / "elsewhere.md").write_text(GUIDE)
    os.mkfifo(folder / "pipe")
    done = crosswalk("scan", str(folder), "--format", "jsonl", home=tmp_path)
    lines = {Path(row["file"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert {name: (row["status"], row["reason"]) for name, row in lines.items()} == {
        "pipe": ("undetermined", "it is no regular file"),
        "out.md": (
            "undetermined",
            "it is a link to a file outside of what is scanned; name that file to have it read",
        ),
    }


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("loaded", ["typer", "scanner.settings", "scanner.parts"])
def test_ctrl_c_at_any_time_is_one_short_line(tmp_path: Path, loaded: str) -> None:
    for number in range(300):
        (tmp_path / f"guide {number}.md").write_text(GUIDE)
    command = [sys.executable, "-X", "importtime", CROSSWALK, "scan", str(tmp_path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while process.stderr.readline().rpartition("|")[2].strip() != loaded:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    spoken = [line for line in said.splitlines() if line.strip() and not line.startswith("import time:")]
    assert len(spoken) == 1
    assert spoken[0].startswith("Stopped.")


@pytest.mark.usefixtures("heeded")
def test_ctrl_c_in_a_scan_of_local_files_says_that_nothing_was_kept(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"guide {number}.md").write_text(GUIDE)
    command = [CROSSWALK, "scan", str(tmp_path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip() == "Stopped. Nothing was kept: a scan of local files starts over each time."


def test_a_path_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    done = crosswalk("scan", str(tmp_path / "nowhere"), home=tmp_path)
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path: Path) -> None:
    env = {**os.environ, "CROSSWALK_HOME": str(tmp_path), "CROSSWALK_SMTP_PORT": "many"}
    done = subprocess.run([CROSSWALK, "review"], capture_output=True, text=True, env=env, timeout=60, check=False)
    assert done.returncode == 2
    assert "Set CROSSWALK_SMTP_PORT" in done.stderr
    assert "Traceback" not in done.stderr
