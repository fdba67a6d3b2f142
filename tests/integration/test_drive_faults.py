"""Drive misbehaves in the ways that are known: nothing is lost, nothing is silently skipped."""

import base64
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector import (
    Completeness,
    FileGone,
    Page,
    RemovedBecause,
    SourceFile,
    SourceUnavailable,
    SyncKind,
)
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.slices import Slice, What
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import running_emulator, write_seed

FILES = [f"f{number}" for number in range(7)]


def a_docx() -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return base64.b64encode(packed.getvalue()).decode()


ITEMS: list[dict[str, Any]] = [
    *({"id": one, "text": f"text of {one}"} for one in FILES),
    {"id": "folder", "kind": "folder", "name": "Security"},
    {"id": "inner", "kind": "folder", "name": "4.2", "parent": "folder"},
    {"id": "deep", "parent": "inner", "text": "deep"},
    {"id": "link", "kind": "shortcut", "target": "deep"},
    {"id": "dangling", "kind": "shortcut", "target": "nowhere"},
    {"id": "doc", "kind": "google-doc", "name": "Security Guide", "content_base64": a_docx()},
    {"id": "theirs", "parent": None, "text": "shared"},
    {"id": "in-drive", "parent": "quality", "text": "quality"},
]
ALL = {*FILES, "deep", "doc", "theirs", "in-drive"}


@dataclass
class Bench:
    """A source on the local Google, and the knobs to make that misbehave."""

    root: str
    source: DriveSource
    client: DriveClient
    waits: list[float]

    def fault(self, match: str, **what: object) -> None:
        httpx.post(f"{self.root}/_emulator/faults", json={"match": match, **what}).raise_for_status()

    def do(self, verb: str, path: str, body: object = None) -> None:
        httpx.request(verb, f"{self.root}/_emulator/{path}", json=body).raise_for_status()

    def all(self) -> list[Page]:
        return list(self.source.pages(None))

    def file(self, file_id: str) -> SourceFile:
        return next(file for page in self.all() for file in page.files if file.id == file_id)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    seed = write_seed(tmp_path / "seed", items=ITEMS, drives=[{"id": "quality", "name": "Quality"}])
    waits: list[float] = []
    with running_emulator(seed) as root:
        client = a_client(root, sleep=waits.append, page_size=4, call_attempts=4)
        yield Bench(root, DriveSource(client, limits=Limits(max_file_mb=1)), client, waits)
        client.close()
        assert httpx.get(f"{root}/_emulator/violations").json() == {"violations": []}


def ids(pages: list[Page]) -> set[str]:
    return {file.id for page in pages for file in page.files}


def test_every_corpus_is_listed_and_paths_are_told_in_words(bench: Bench) -> None:
    pages = bench.all()
    assert ids(pages) == ALL
    assert pages[-1].coverage.completeness is Completeness.COMPLETE
    assert dict(pages[-1].coverage.listed) == {"My Drive": 9, "Shared with me": 1, "Quality": 1}
    paths = {file.id: file.path for page in pages for file in page.files}
    assert paths["deep"] == "My Drive / Security / 4.2"
    assert (paths["theirs"], paths["in-drive"]) == ("Shared with me", "Quality")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503, "reason": "backendError", "times": 2},
        {"status": 403, "reason": "userRateLimitExceeded", "times": 2},
        {"status": 429, "reason": "rateLimitExceeded", "retry_after": 7},
        {"html": True},
        {"reset": True},
        {"truncate": True},
    ],
    ids=str,
)
def test_a_failure_that_passes_is_tried_again_and_nothing_is_lost(bench: Bench, fault: dict[str, object]) -> None:
    bench.fault("GET /drive/v3/files", after=2, **fault)
    assert ids(bench.all()) == ALL
    assert bench.waits or "reset" in fault  # the transport opens a cut connection again by itself
    if "retry_after" in fault:
        assert max(bench.waits) >= 7


def test_a_failure_that_stays_ends_the_sync_and_the_next_goes_on_from_there(bench: Bench) -> None:
    bench.fault("GET /drive/v3/files", query={"corpora": "drive"}, times=4, status=503, reason="backendError")
    seen: list[Page] = []
    with pytest.raises(SourceUnavailable):
        seen.extend(bench.source.pages(None))
    seen = []
    try:
        for page in bench.source.pages(None):
            seen.append(page)
            if len(seen) == 2:
                break
    finally:
        rest = list(bench.source.pages(seen[-1].cursor))
    assert ids(seen) | ids(rest) == ALL


def test_empty_and_short_pages_and_duplicates_lose_and_double_nothing(bench: Bench) -> None:
    bench.fault("GET /drive/v3/files", after=1, empty_page=True)
    bench.fault("GET /drive/v3/files", after=2, short_page=1)
    bench.fault("GET /drive/v3/files", after=3, duplicate=True)
    pages = bench.all()
    listed = [file.id for page in pages for file in page.files]
    assert set(listed) == ALL
    assert sum(pages[-1].coverage.listed.values()) == len(ALL)


def test_a_page_token_that_google_drops_restarts_that_corpus(bench: Bench) -> None:
    bench.fault("GET /drive/v3/files", reject_page_token=True)
    pages = bench.all()
    assert ids(pages) == ALL
    assert pages[-1].coverage.completeness is Completeness.COMPLETE


def test_an_incomplete_listing_is_made_again_and_a_stubborn_one_is_called_incomplete(bench: Bench) -> None:
    once = {"query": {"q": Slice(corpus="", what=What.FILES).query, "corpora": "user"}}
    bench.fault("GET /drive/v3/files", incomplete_search=True, **once)
    assert bench.all()[-1].coverage.completeness is Completeness.COMPLETE
    bench.fault("GET /drive/v3/files", incomplete_search=True, times=None, **once)
    last = bench.all()[-1].coverage
    assert last.completeness is Completeness.INCOMPLETE
    assert "Google's listing of My Drive is incomplete" in last.because


def test_a_shared_drive_that_cannot_be_listed_makes_the_walk_incomplete_and_is_named(bench: Bench) -> None:
    bench.fault("GET /drive/v3/files", query={"corpora": "drive"}, times=None, status=404, reason="notFound")
    pages = bench.all()
    assert pages[-1].coverage.completeness is Completeness.INCOMPLETE
    assert pages[-1].coverage.because.startswith("Quality could not be listed")
    assert ids(pages) == ALL - {"in-drive"}


def test_a_renamed_shared_drive_is_listed_anew_and_a_lost_one_is_told(bench: Bench) -> None:
    rest = bench.all()[-1].cursor
    bench.do("POST", "drives", {"id": "quality", "name": "Qualität"})
    renamed = list(bench.source.pages(rest))
    assert {file.id: file.path for page in renamed for file in page.files} == {"in-drive": "Qualität"}
    bench.do("DELETE", "drives/quality")
    lost = list(bench.source.pages(renamed[-1].cursor))
    assert [drive for page in lost for drive in page.drives_lost] == ["quality"]


def test_what_is_the_persons_own_and_in_no_folder_is_not_called_shared(bench: Bench) -> None:
    loose = {"name": "Loose", "parent": None, "own": True}
    bench.do("POST", "items", {"id": "loose", "kind": "folder", **loose})
    bench.do("POST", "items/inner/move", {"parent": "loose"})
    text = {"kind": "file", "mime": "text/plain", "content_base64": ""}
    bench.do("POST", "items", {"id": "orphan", **loose, **text})
    pages = bench.all()
    paths = {file.id: file.path for page in pages for file in page.files}
    assert (paths["orphan"], paths["deep"]) == ("In no folder", "In no folder / Loose / 4.2")
    assert paths["theirs"] == "Shared with me"
    folders = {folder.id: folder.parent for page in pages for folder in page.folders}
    assert (folders["loose"], folders["inner"]) == ("", "loose")
    assert pages[-1].coverage.listed["In no folder"] == 2
    bench.do("POST", "items/orphan/touch")
    (changed,) = [file for page in bench.source.pages(pages[-1].cursor) for file in page.files]
    assert changed.path == "In no folder"


def test_folders_of_strangers_in_each_other_give_no_path_without_end(bench: Bench) -> None:
    above = None
    for level in range(12):
        bench.do(
            "POST", "items", {"id": f"l{level}", "name": f"{level:02}" * 50_000, "kind": "folder", "parent": above}
        )
        above = f"l{level}"
    text = {"kind": "file", "mime": "text/plain", "content_base64": ""}
    bench.do("POST", "items", {"id": "far", "name": "n" * 100_000, "parent": above, **text})
    pages = bench.all()
    (far,) = [file for page in pages for file in page.files if file.id == "far"]
    assert far.path.startswith("Shared with me / … / ")
    assert far.path.endswith(f" / {'11' * 127}…")
    assert len(far.path) <= 1000
    assert len(far.name) == 100_000
    assert pages[-1].coverage.listed["Shared with me"] == 2
    assert pages[-1].coverage.completeness is Completeness.COMPLETE


def test_a_renamed_folder_moves_what_lies_below_it(bench: Bench) -> None:
    rest = bench.all()[-1].cursor
    bench.do("POST", "items/folder/rename", {"name": "Sicherheit"})
    pages = list(bench.source.pages(rest))
    assert {file.id: file.path for page in pages for file in page.files} == {"deep": "My Drive / Sicherheit / 4.2"}
    assert {page.coverage.kind for page in pages} == {SyncKind.INCREMENTAL}


def test_a_renamed_folder_of_a_shared_drive_moves_what_lies_below_it(bench: Bench) -> None:
    bench.do("POST", "items", {"id": "plans", "name": "Plans", "kind": "folder", "parent": "quality"})
    bench.do("POST", "items/in-drive/move", {"parent": "plans"})
    rest = bench.all()[-1].cursor
    bench.do("POST", "items/plans/rename", {"name": "Pläne"})
    pages = list(bench.source.pages(rest))
    assert {file.id: file.path for page in pages for file in page.files} == {"in-drive": "Quality / Pläne"}


def test_a_trashed_folder_takes_what_lies_below_it_along(bench: Bench) -> None:
    rest = bench.all()[-1].cursor
    bench.do("POST", "items/folder/trash")
    gone = {one.id: one.because for page in bench.source.pages(rest) for one in page.removed}
    assert gone["deep"] is RemovedBecause.TRASHED


def test_a_place_in_the_feed_that_google_dropped_leads_to_a_full_walk(bench: Bench) -> None:
    rest = bench.all()[-1].cursor
    bench.fault("GET /drive/v3/changes", reject_page_token=True)
    pages = list(bench.source.pages(rest))
    assert {page.coverage.kind for page in pages} == {SyncKind.FULL}
    assert ids(pages) == ALL
    assert pages[-1].coverage.completeness is Completeness.COMPLETE


def test_a_file_that_went_away_meanwhile_says_so(bench: Bench) -> None:
    file = bench.file("f2")
    bench.do("POST", "items/f2/trash")
    with pytest.raises(FileGone, match="in the trash"):
        bench.source.fetch(file)
    bench.do("DELETE", "items/f2")
    with pytest.raises(FileGone):
        bench.source.fetch(file)


def test_an_access_token_that_ends_in_the_middle_is_renewed(bench: Bench) -> None:
    pages = bench.source.pages(None)
    seen = [next(pages)]
    bench.do("POST", "oauth", {"expire_access_tokens": True})
    seen += list(pages)
    assert ids(seen) == ALL
    file = next(file for page in seen for file in page.files if file.id == "f1")
    bench.do("POST", "oauth", {"expire_access_tokens": True})
    with bench.source.fetch(file) as stream:
        assert stream.read() == b"text of f1"


def test_the_client_refuses_to_send_anything_but_a_read(bench: Bench) -> None:
    with pytest.raises(AssertionError, match="only reads"):
        bench.client._execute(bench.client._files.delete(fileId="f1"))
