"""What every FileSource promises, held by the fake in memory and by Drive over the local Google."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from connector import Completeness, FileGone, FileSource, Page, RemovedBecause, SyncKind
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from connector.testing import InMemorySource
from tests.drive_builders import a_client
from tests.emulator_process import running_emulator, write_seed

FILES = {f"file-{number:02}": f"text {number}".encode() for number in range(11)}


@dataclass(frozen=True)
class Bench:
    """A source with the ways to change what is in it."""

    source: FileSource
    put: Callable[[str, bytes], None]
    put_folder: Callable[[str, str], None]  # id, its parent's; moves one that is there
    put_into: Callable[[str, str], None]  # a file's id, its folder's
    delete: Callable[[str], object]
    trash: Callable[[str], object]


def in_memory() -> Iterator[Bench]:
    source = InMemorySource(page_size=3)
    for file_id, content in FILES.items():
        source.put(file_id, content)
    yield Bench(
        source,
        source.put,
        lambda one, parent: source.put_folder(one, name=one, parent=parent),
        lambda one, folder: source.put(one, b"shelved", folder=folder),
        source.take,
        lambda one: source.take(one, RemovedBecause.TRASHED),
    )


def on_drive(tmp_path: Path) -> Iterator[Bench]:
    items = [
        {"id": one, "name": one, "kind": "file", "mime": "text/plain", "text": text.decode()}
        for one, text in FILES.items()
    ]
    with running_emulator(write_seed(tmp_path / "seed", items=items)) as root:
        client = a_client(root, page_size=3)
        source = DriveSource(client, limits=Limits(max_file_mb=1))

        def put(file_id: str, content: bytes) -> None:
            item = {"id": file_id, "name": file_id, "kind": "file", "mime": "text/plain", "parent": "root"}
            body = {**item, "content_base64": base64.b64encode(content).decode()}
            httpx.post(f"{root}/_emulator/items", json=body).raise_for_status()

        def put_folder(folder: str, parent: str) -> None:
            body = {"id": folder, "name": folder, "kind": "folder", "parent": parent}
            known = httpx.post(f"{root}/_emulator/items/{folder}/move", json={"parent": parent})
            if known.status_code == httpx.codes.NOT_FOUND:
                httpx.post(f"{root}/_emulator/items", json=body).raise_for_status()

        def put_into(file_id: str, folder: str) -> None:
            put(file_id, b"shelved")
            httpx.post(f"{root}/_emulator/items/{file_id}/move", json={"parent": folder}).raise_for_status()

        yield Bench(
            source,
            put,
            put_folder,
            put_into,
            lambda one: httpx.delete(f"{root}/_emulator/items/{one}").raise_for_status(),
            lambda one: httpx.post(f"{root}/_emulator/items/{one}/trash").raise_for_status(),
        )
        client.close()
        assert httpx.get(f"{root}/_emulator/violations").json() == {"violations": []}


@pytest.fixture(params=["in memory", "drive"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from in_memory() if request.param == "in memory" else on_drive(tmp_path)


def ids(pages: list[Page]) -> set[str]:
    return {file.id for page in pages for file in page.files}


def test_a_full_sync_lists_every_file_and_ends_complete(bench: Bench) -> None:
    pages = list(bench.source.pages(None))
    assert ids(pages) == set(FILES)
    assert {page.coverage.kind for page in pages} == {SyncKind.FULL}
    assert len({page.coverage.sync_id for page in pages}) == 1
    assert [page.coverage.completeness for page in pages[:-1]] == [Completeness.RUNNING] * (len(pages) - 1)
    assert pages[-1].coverage.completeness is Completeness.COMPLETE
    assert sum(pages[-1].coverage.listed.values()) == len(FILES)


def test_a_sync_that_is_cut_off_anywhere_goes_on_without_losing_a_file(bench: Bench) -> None:
    whole = list(bench.source.pages(None))
    for cut in range(1, len(whole)):
        first = []
        for page in bench.source.pages(None):
            first.append(page)
            if len(first) == cut:
                break
        rest = list(bench.source.pages(first[-1].cursor))
        assert ids(first) | ids(rest) == set(FILES)
        assert rest[-1].coverage.sync_id == first[0].coverage.sync_id
        assert rest[-1].coverage.completeness is Completeness.COMPLETE


def test_what_changes_during_the_walk_is_seen_before_it_ends(bench: Bench) -> None:
    walk = bench.source.pages(None)
    seen = [next(walk)]
    bench.put("aaa-new", b"new")
    bench.trash("file-10")
    seen += list(walk)
    assert "aaa-new" in ids(seen)
    removed = {one.id for page in seen for one in page.removed}
    assert "file-10" in removed or "file-10" not in ids(seen)


def test_nothing_changed_is_one_empty_page(bench: Bench) -> None:
    rest = list(bench.source.pages(None))[-1].cursor
    (page,) = bench.source.pages(rest)
    assert (page.files, page.removed, page.drives_lost) == ((), (), ())
    assert page.coverage.kind is SyncKind.INCREMENTAL
    assert page.coverage.completeness is Completeness.COMPLETE


def test_only_what_changed_is_told_and_a_changed_file_has_another_fingerprint(bench: Bench) -> None:
    pages = list(bench.source.pages(None))
    before = {file.id: file.fingerprint for page in pages for file in page.files}
    bench.put("file-03", b"something else")
    bench.put("file-99", b"new")
    changed = list(bench.source.pages(pages[-1].cursor))
    after = {file.id: file.fingerprint for page in changed for file in page.files}
    assert set(after) == {"file-03", "file-99"}
    assert after["file-03"] != before["file-03"]


def test_a_trashed_and_a_deleted_file_leave_the_picture_with_their_reason(bench: Bench) -> None:
    rest = list(bench.source.pages(None))[-1].cursor
    bench.trash("file-01")
    bench.delete("file-02")
    gone = {one.id: one.because for page in bench.source.pages(rest) for one in page.removed}
    assert gone == {"file-01": RemovedBecause.TRASHED, "file-02": RemovedBecause.DELETED}


def above(pages: list[Page], file_id: str, parents: dict[str, str]) -> list[str]:
    """Return the folders above a file by what pages told, innermost first."""
    parents |= {folder.id: folder.parent for page in pages for folder in page.folders}
    current = {file.id: file.folder for page in pages for file in page.files}[file_id]
    found = []
    while current in parents:
        found.append(current)
        current = parents[current]
    return found


def test_a_file_leads_up_to_all_folders_above_it_also_when_one_high_up_was_moved(bench: Bench) -> None:
    parents: dict[str, str] = {}
    for folder, parent in (("attic", "root"), ("cellar", "root"), ("shelf", "attic"), ("box", "shelf")):
        bench.put_folder(folder, parent)
    bench.put_into("file-03", "box")
    pages = list(bench.source.pages(None))
    assert above(pages, "file-03", parents)[:3] == ["box", "shelf", "attic"]
    bench.put_folder("shelf", "cellar")
    bench.put_into("file-04", "box")
    later = list(bench.source.pages(pages[-1].cursor))
    assert above(later, "file-04", parents)[:3] == ["box", "shelf", "cellar"]


def test_fetch_gives_the_whole_bytes_and_a_deleted_file_says_so(bench: Bench) -> None:
    files = {file.id: file for page in bench.source.pages(None) for file in page.files}
    for file_id, content in FILES.items():
        with bench.source.fetch(files[file_id]) as stream:
            assert stream.read() == content
    bench.delete("file-05")
    with pytest.raises(FileGone):
        bench.source.fetch(files["file-05"])


def test_a_search_finds_the_files_that_have_all_the_words_one_behind_the_other(bench: Bench) -> None:
    bench.put("a-note", b"Every nurse's account is locked after three wrong passwords.")
    bench.put("another", b"The passwords are three, and wrong. Account? Nurse's.")
    for words, found in (
        ("three wrong passwords", {"a-note"}),
        ("nurse's account", {"a-note"}),
        ('THREE "wrong', {"a-note"}),
        ("wrong three", set()),
        ("text 7", {"file-07"}),
    ):
        answer = bench.source.search(words, limit=10)
        assert (set(answer.ids), answer.because) == (found, ""), words
    bench.trash("a-note")
    assert bench.source.search("three wrong passwords", limit=10).ids == ()


def test_a_search_gives_no_more_than_was_asked_for_and_says_that_there_is_more(bench: Bench) -> None:
    answer = bench.source.search("text", limit=5)
    assert len(set(answer.ids)) == 5
    assert set(answer.ids) <= set(FILES)
    assert answer.because == "there are more than were asked for"
    assert bench.source.search("text", limit=len(FILES)).because == ""
