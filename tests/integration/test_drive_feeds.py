"""Every shared drive's own change feed: what it alone knows, and files and drives on the move between feeds."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from connector import Completeness, Cursor, FileGone, Page, RemovedBecause, SourceFile, SyncKind
from connector.drive.chosen import chosen
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import running_emulator, write_seed

ITEMS = [
    {"id": "mine", "text": "mine"},
    {"id": "shelf", "kind": "folder", "name": "Shelf", "parent": "quality"},
    {"id": "guide", "text": "guide", "parent": "shelf"},
    {"id": "notes", "text": "notes", "parent": "quality"},
    {"id": "theirs", "text": "theirs", "parent": "regulatory"},
]
DRIVES = [{"id": "quality", "name": "Quality"}, {"id": "regulatory", "name": "Regulatory"}]


def a_file(file_id: str, *, parent: str | None) -> dict[str, str | None]:
    return {"id": file_id, "name": file_id, "kind": "file", "mime": "text/plain", "parent": parent} | {
        "content_base64": "eA=="
    }


@dataclass
class Bench:
    """A source whose person's feed holds nothing of what happens inside of shared drives."""

    root: str
    client: DriveClient
    cursor: Cursor | None = None

    def do(self, verb: str, path: str, body: object = None) -> None:
        httpx.request(verb, f"{self.root}/_emulator/{path}", json=body).raise_for_status()

    def look(self) -> list[Page]:
        pages = list(DriveSource(self.client, limits=Limits(max_file_mb=1)).pages(self.cursor))
        self.cursor = pages[-1].cursor
        assert pages[-1].coverage.completeness is Completeness.COMPLETE
        return pages

    def night(self) -> tuple[dict[str, SourceFile], dict[str, RemovedBecause], tuple[str, ...]]:
        pages = self.look()
        assert {page.coverage.kind for page in pages} == {SyncKind.INCREMENTAL}
        return (
            {file.id: file for page in pages for file in page.files},
            {one.id: one.because for page in pages for one in page.removed},
            tuple(drive for page in pages for drive in page.drives_lost),
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    seed = write_seed(tmp_path / "seed", items=ITEMS, drives=DRIVES)
    with running_emulator(seed) as root:
        bench = Bench(root, a_client(root, page_size=2))
        bench.do("POST", "feeds", {"apart": True})
        bench.look()
        yield bench
        bench.client.close()
        assert httpx.get(f"{root}/_emulator/violations").json() == {"violations": []}


def test_an_edit_in_a_shared_drive_is_seen_although_the_persons_feed_is_silent(bench: Bench) -> None:
    bench.do("POST", "items/guide/touch")
    found, removed, _ = bench.night()
    assert (set(found), removed) == ({"guide"}, {})
    assert found["guide"].path == "Quality / Shelf"
    assert bench.night() == ({}, {}, ())


def test_a_file_deleted_or_trashed_in_a_shared_drive_leaves_the_picture(bench: Bench) -> None:
    bench.do("DELETE", "items/guide")
    bench.do("POST", "items/theirs/trash")
    found, removed, _ = bench.night()
    assert found == {}
    assert removed == {"guide": RemovedBecause.DELETED, "theirs": RemovedBecause.TRASHED}


@pytest.mark.parametrize(
    ("file", "to", "path"),
    [
        ("mine", "shelf", "Quality / Shelf"),
        ("guide", "root", "My Drive"),
        ("notes", "regulatory", "Regulatory"),
        ("theirs", "quality", "Quality"),  # the feed that it comes to is read before the one that it left
    ],
)
def test_a_file_that_moves_between_feeds_is_kept_with_its_new_path(bench: Bench, file: str, to: str, path: str) -> None:
    bench.do("POST", f"items/{file}/move", {"parent": to})
    found, removed, _ = bench.night()
    assert (set(found), removed) == ({file}, {})
    assert found[file].path == path
    assert bench.night() == ({}, {}, ())


def test_a_joined_drive_is_listed_and_its_feed_read_from_then_on(bench: Bench) -> None:
    bench.do("POST", "drives", {"id": "new", "name": "New"})
    bench.do("POST", "items", a_file("first", parent="new"))
    found, _, _ = bench.night()
    assert {key: file.path for key, file in found.items()} == {"first": "New"}
    bench.do("POST", "items/first/rename", {"name": "second"})
    found, _, _ = bench.night()
    assert {key: file.name for key, file in found.items()} == {"first": "second"}


def test_a_renamed_drive_gives_its_files_other_paths(bench: Bench) -> None:
    bench.do("POST", "drives", {"id": "quality", "name": "Quality and Safety"})
    found, _, _ = bench.night()
    paths = {key: file.path for key, file in found.items()}
    assert paths == {"guide": "Quality and Safety / Shelf", "notes": "Quality and Safety"}


def test_a_drive_that_is_lost_is_told_once(bench: Bench) -> None:
    bench.do("DELETE", "drives/quality")
    assert set(bench.night()[2]) == {"quality"}
    assert bench.night() == ({}, {}, ())


def test_a_place_that_one_drives_feed_no_longer_knows_costs_a_listing_of_that_drive_alone(bench: Bench) -> None:
    bench.do("POST", "items/guide/touch")
    fault = {"match": "GET /drive/v3/changes", "query": {"driveId": "quality"}, "reject_page_token": True}
    bench.do("POST", "faults", fault)
    found, removed, _ = bench.night()
    assert (set(found), removed) == ({"guide", "notes"}, {})
    bench.do("POST", "items/notes/touch")
    assert set(bench.night()[0]) == {"notes"}


def test_what_happens_in_a_shared_drive_during_the_walk_is_seen_before_it_ends(bench: Bench) -> None:
    pages = DriveSource(bench.client, limits=Limits(max_file_mb=1)).pages(None)
    seen = [next(pages)]
    bench.do("POST", "items", a_file("late", parent="shelf"))
    seen += list(pages)
    assert "late" in {file.id for page in seen for file in page.files}


def test_a_folders_name_that_no_database_would_keep_is_told_with_a_mark_in_its_place(bench: Bench) -> None:
    bench.do("POST", "items/shelf/rename", {"name": "She\x00lf"})
    bench.do("POST", "items/guide/touch")
    found, _, _ = bench.night()
    assert found["guide"].path == "Quality / She\ufffdlf"
    bench.do("POST", "drives", {"id": "quality", "name": "Qu\x00ality"})
    assert [one.name for one in chosen(bench.client, ["shelf", "quality"])] == ["She\ufffdlf", "Qu\ufffdality"]


def test_a_file_that_was_shared_by_link_is_read_with_the_key_in_its_link(bench: Bench) -> None:
    bench.do("POST", "items", a_file("locked", parent=None) | {"resource_key": "key-1"})
    bench.do("POST", "items", {"id": "link", "name": "link", "kind": "shortcut", "target": "locked", "parent": "root"})
    found, _, _ = bench.night()
    assert found["locked"].link.endswith("resourcekey=key-1")
    without = replace(found["locked"], link="http://[")
    with closing(a_client(bench.root, page_size=2)) as client:  # of another process, which never met the shortcut
        source = DriveSource(client, limits=Limits(max_file_mb=1))
        with pytest.raises(FileGone):
            source.fetch(without)
        with source.fetch(found["locked"]) as stream:
            assert stream.read() == b"x"


@pytest.mark.parametrize("refusal", [{"status": 400, "reason": "badRequest"}, {"status": 404, "reason": "notFound"}])
def test_a_drive_whose_feed_is_refused_is_not_lost_while_google_still_lists_it(
    bench: Bench, refusal: dict[str, object]
) -> None:
    bench.do("POST", "items/guide/touch")
    bench.do("POST", "faults", {"match": "GET /drive/v3/changes", "query": {"driveId": "quality"}, **refusal})
    pages = list(DriveSource(bench.client, limits=Limits(max_file_mb=1)).pages(bench.cursor))
    assert not any(page.drives_lost or page.removed for page in pages)
    assert pages[-1].coverage.completeness is Completeness.INCOMPLETE
    assert pages[-1].coverage.because.startswith("the changes in Quality could not be read (")
    bench.cursor = pages[-1].cursor
    assert set(bench.night()[0]) == {"guide"}  # its place in the feed was kept
