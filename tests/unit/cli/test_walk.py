"""Which local files are scanned, and that nothing which lies there goes without a word."""

import os
from pathlib import Path

import pytest

from scanner.cli.walk import NO_FILE, NOWHERE, TO_FILE, TO_FOLDER, opened, walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "product"
    (folder / "inner").mkdir(parents=True)
    (folder / "guide.md").write_text("# Guide")
    (folder / "inner" / "plan.md").write_text("# Plan")
    (folder / ".hidden").write_text("no")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text("not yours")
    return folder


def told(*paths: Path) -> dict[str, str]:
    return {found.path.name: found.unread for found in walk(paths).found}


def test_regular_files_are_scanned_and_hidden_ones_are_not(folder: Path) -> None:
    assert told(folder) == {"guide.md": "", "plan.md": ""}


def test_a_link_out_of_the_folder_is_told_and_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere" / "secret.txt")
    (folder / "shelf").symlink_to(tmp_path / "elsewhere")
    (folder / "broken").symlink_to(folder / "gone")
    (folder / "circle").symlink_to(folder / "circle")
    assert told(folder) == {
        "guide.md": "",
        "plan.md": "",
        "link.txt": TO_FILE,
        "shelf": TO_FOLDER,
        "broken": NOWHERE,
        "circle": NOWHERE,
    }


def test_a_link_to_what_is_read_anyhow_is_counted_and_its_file_read_once(folder: Path) -> None:
    (folder / "newest.md").symlink_to(folder / "guide.md")
    (folder / "again").symlink_to(folder / "inner")
    seen = walk([folder])
    assert [found.path.name for found in seen.found] == ["guide.md", "plan.md"]
    assert seen.linked == 2


def test_a_link_that_a_person_names_is_followed(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "mine.txt"
    link.symlink_to(folder / "guide.md")
    assert told(link) == {"mine.txt": ""}


def test_pipes_are_told_and_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert told(folder)["pipe"] == NO_FILE
    assert told(folder / "pipe") == {"pipe": NO_FILE}
    with pytest.raises(OSError, match=NO_FILE):
        opened(folder / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_opened_is_told(folder: Path) -> None:
    (folder / "inner").chmod(0)
    assert told(folder)["inner"] == "this folder cannot be opened (Permission denied)"
    (folder / "inner").chmod(0o700)


def test_what_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walk([tmp_path / "nowhere"])
