"""A Drive of thousands of files: what a look at it costs, and that haste changes nothing of what is found."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from connector import Completeness, Cursor, Page, SourceFile
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import running_generated

FILES, FOLDERS, DRIVES = 6000, 700, 2


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    with running_generated(FILES, FOLDERS, DRIVES, "--remember-mb", "32") as address:
        yield address


@contextmanager
def reading(root: str, *, streams: int = 8) -> Iterator[DriveClient]:
    with closing(a_client(root, streams=streams, page_size=500)) as client:
        yield client


def look(client: DriveClient, since: Cursor | None = None) -> list[Page]:
    return list(DriveSource(client, limits=Limits(max_file_mb=1)).pages(since))


def found(pages: list[Page]) -> dict[str, SourceFile]:
    return {file.id: file for page in pages for file in page.files}


def test_streams_side_by_side_find_what_one_stream_finds(root: str) -> None:
    with reading(root, streams=1) as one, reading(root, streams=8) as many:
        alone, together = found(look(one)), found(look(many))
    assert len(alone) == FILES
    assert alone == together


def test_a_whole_look_costs_little_more_than_a_call_for_each_full_page(root: str) -> None:
    with reading(root, streams=1) as client:
        pages = look(client)
    assert pages[-1].coverage.completeness is Completeness.COMPLETE
    listed = (FILES + FOLDERS) / 500 + 2 * (1 + DRIVES)  # of a corpus: the last page of each kind is not full
    assert client.calls <= listed + DRIVES + 2 * (1 + DRIVES) + 2  # a drive's first page; feeds before and after


def test_a_walk_that_was_killed_lists_its_folders_again_and_no_file(root: str) -> None:
    with reading(root, streams=1) as client:
        whole = found(look(client))
    first: list[Page] = []
    with reading(root, streams=1) as killed:
        pages = DriveSource(killed, limits=Limits(max_file_mb=1)).pages(None)
        while len(found(first)) < FILES / 2:
            first.append(next(pages))
        pages.close()  # type: ignore[attr-defined]  # a generator
    with reading(root, streams=1) as other:
        rest = look(other, first[-1].cursor)
    assert found(first) | found(rest) == whole
    assert not found(first).keys() & found(rest).keys()
    assert other.calls < 0.8 * client.calls


def test_a_night_without_changes_is_a_call_to_the_persons_feed_and_to_each_shared_drives(root: str) -> None:
    with reading(root) as client:
        cursor = look(client)[-1].cursor
        before = client.calls
        (page,) = look(client, cursor)
    assert (page.files, page.removed, client.calls - before) == ((), (), 1 + DRIVES)


def test_folders_of_many_changed_files_are_listed_and_not_asked_for_one_by_one(root: str) -> None:
    with reading(root) as client:
        pages = look(client)
        placed = {key: file.path for key, file in found(pages).items()}
        httpx.post(f"{root}/_emulator/synthetic/edit", json={"every": 10}).raise_for_status()
        before = client.calls
        changed = found(look(client, pages[-1].cursor))
    assert len(changed) == FILES // 10
    assert {key: file.path for key, file in changed.items()} == {key: placed[key] for key in changed}
    assert client.calls - before <= 40  # of 600 files, a tenth in shared drives whose few folders are asked for
