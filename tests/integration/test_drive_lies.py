"""Answers that are well formed and untrue: none of them is taken for an empty Drive, and none is followed for ever."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from connector import Completeness, Page, SourceUnavailable, SyncKind
from connector.drive import bounded
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import running_emulator, write_seed

ITEMS = [
    {"id": "mine", "text": "mine"},
    {"id": "other", "text": "other"},
    {"id": "guide", "text": "guide", "parent": "quality"},
]
DRIVES = [{"id": "quality", "name": "Quality"}]
EVERYTHING = {"mine", "other", "guide"}
LISTING, FEED, ALL_DRIVES = "GET /drive/v3/files", "GET /drive/v3/changes", "GET /drive/v3/drives"
START = "GET /drive/v3/changes/startPageToken"
ROUND = {"nextPageToken": "round"}


@dataclass
class Bench:
    """A source on a local Google that is told what to say."""

    root: str
    client: DriveClient

    def do(self, verb: str, path: str, body: object = None) -> None:
        httpx.request(verb, f"{self.root}/_emulator/{path}", json=body).raise_for_status()

    def says(self, match: str, answer: object, **more: object) -> None:
        """Let it answer the next call so, or all (`times` None)."""
        self.do("POST", "faults", {"match": match, "answer": json.dumps(answer), **more})

    def source(self) -> DriveSource:
        return DriveSource(self.client, limits=Limits(max_file_mb=1))

    def walk(self) -> list[Page]:
        return list(self.source().pages(None))

    def night(self, before: list[Page]) -> list[Page]:
        self.do("DELETE", "faults")
        return list(self.source().pages(before[-1].cursor))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running_emulator(write_seed(tmp_path / "seed", items=ITEMS, drives=DRIVES)) as root:
        one = Bench(root, a_client(root, page_size=2, sleep=lambda _: None, call_attempts=2))
        one.do("POST", "feeds", {"apart": True})
        yield one
        one.client.close()
        assert httpx.get(f"{root}/_emulator/violations").json() == {"violations": []}


def ids(pages: list[Page]) -> set[str]:
    return {file.id for page in pages for file in page.files}


def whole(pages: list[Page]) -> bool:
    return pages[-1].coverage.completeness is Completeness.COMPLETE


@pytest.mark.parametrize("match", [LISTING, ALL_DRIVES])
@pytest.mark.parametrize("answer", [{}, {"status": "ok"}, {"incompleteSearch": False}], ids=str)
def test_an_answer_that_is_no_page_is_not_taken_for_an_empty_one(bench: Bench, match: str, answer: object) -> None:
    bench.says(match, answer)
    pages = bench.walk()
    assert ids(pages) == EVERYTHING
    assert whole(pages)
    bench.says(match, answer, times=None)
    with pytest.raises(SourceUnavailable):
        bench.walk()


@pytest.mark.parametrize("match", [START, ALL_DRIVES, "GET /drive/v3/files/root"])
@pytest.mark.parametrize("fault", [{"status": 404}, {"answer": "{}"}, {"answer": '{"startPageToken": null}'}], ids=str)
def test_what_every_drive_has_is_not_told_as_a_file_that_is_gone(
    bench: Bench, match: str, fault: dict[str, object]
) -> None:
    bench.do("POST", "faults", {"match": match, "times": None, **fault})
    with pytest.raises(SourceUnavailable, match=r"^Google (does not find|told no|could not be reached)"):
        bench.walk()


@pytest.mark.parametrize("said", ["5", "[]", '{"access_token": 5, "scope": 7, "expires_in": 5}', '{"error": ["x"]}'])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_of_the_sign_in_service_that_is_none_ends_no_consent(bench: Bench, said: str, status: int) -> None:
    bench.do("POST", "faults", {"match": "POST /token", "answer": said, "status": status, "times": None})
    with pytest.raises(SourceUnavailable, match=r"^Google's sign-in"):
        bench.walk()


def test_a_drive_is_not_lost_because_google_answers_nothing_about_drives(bench: Bench) -> None:
    before = bench.walk()
    bench.do("POST", "faults", {"match": FEED, "query": {"driveId": "quality"}, "status": 404, "reason": "notFound"})
    bench.says(ALL_DRIVES, {}, times=None)
    with pytest.raises(SourceUnavailable):
        list(bench.source().pages(before[-1].cursor))


@pytest.mark.parametrize("files", [[], [{"id": "mine", "name": "mine"}]], ids=["empty", "the same"])
def test_a_listing_that_leads_round_in_a_circle_ends_and_is_called_incomplete(bench: Bench, files: object) -> None:
    bench.says(LISTING, {"files": files, **ROUND}, query={"corpora": "user"}, times=None)
    pages = bench.walk()
    assert not whole(pages)
    assert pages[-1].coverage.because == "Google's listing of My Drive is incomplete"
    assert "guide" in ids(pages)
    again = bench.night(pages)
    assert not any(page.removed for page in again)


def test_a_circle_of_many_pages_ends_too(bench: Bench) -> None:
    for place in range(5):
        told = {"files": [], "nextPageToken": f"page {(place + 1) % 5}"}
        bench.says(LISTING, told, query={"corpora": "user", "pageToken": f"page {place}"}, times=None)
    bench.says(LISTING, {"files": [], "nextPageToken": "page 0"}, query={"corpora": "user"}, times=None)
    assert not whole(bench.walk())


def test_a_feed_that_leads_round_in_a_circle_is_left_for_a_whole_look(bench: Bench) -> None:
    before = bench.walk()
    bench.says(FEED, {"changes": [], **ROUND}, times=2)
    pages = list(bench.source().pages(before[-1].cursor))
    assert {page.coverage.kind for page in pages} == {SyncKind.FULL}
    assert ids(pages) == EVERYTHING


def test_pages_of_drives_that_lead_round_in_a_circle_are_no_answer(bench: Bench) -> None:
    bench.says(ALL_DRIVES, {"drives": [{"id": "quality", "name": "Quality"}], **ROUND}, times=None)
    with pytest.raises(SourceUnavailable, match="round in a circle"):
        bench.walk()


@pytest.mark.parametrize("refusal", [{"status": 400, "reason": "invalid"}, {"status": 404, "reason": "notFound"}])
def test_a_place_that_google_refuses_without_naming_it_leads_to_a_whole_look(
    bench: Bench, refusal: dict[str, object]
) -> None:
    before = bench.walk()
    bench.do("POST", "items/other/touch")
    bench.do("POST", "faults", {"match": FEED, **refusal})
    pages = list(bench.source().pages(before[-1].cursor))
    assert {page.coverage.kind for page in pages} == {SyncKind.FULL}
    assert ids(pages) == EVERYTHING


def test_a_page_that_google_refuses_without_naming_it_costs_its_slice_alone(bench: Bench) -> None:
    third = {"id": "third", "name": "third", "kind": "file", "mime": "text/plain", "parent": "root"}
    bench.do("POST", "items", third | {"content_base64": ""})
    refused = {"match": LISTING, "query": {"pageToken": "~!!~page000001"}, "status": 400, "reason": "invalid"}
    bench.do("POST", "faults", refused)
    pages = bench.walk()
    assert ids(pages) == {*EVERYTHING, "third"}
    assert whole(pages)


def test_a_change_that_says_neither_how_a_file_is_nor_that_it_left_is_asked_about(bench: Bench) -> None:
    before = bench.walk()
    bench.do("DELETE", "items/other")
    changes = [{"changeType": "file", "fileId": one} for one in ("mine", "other")]
    bench.says(FEED, {"changes": changes, "newStartPageToken": "9"})
    pages = list(bench.source().pages(before[-1].cursor))
    assert ids(pages) == {"mine"}
    assert {one.id for page in pages for one in page.removed} == {"other"}


def test_a_drive_that_had_no_place_in_its_feed_is_listed_again_and_read_from_then_on(bench: Bench) -> None:
    bench.do("POST", "faults", {"match": START, "query": {"driveId": "quality"}, "status": 404, "times": None})
    before = bench.walk()
    assert not whole(before)
    bench.do("POST", "items/guide/touch")
    again = bench.night(before)
    assert ids(again) == {"guide"}
    assert whole(again)
    bench.do("POST", "items/guide/touch")
    assert ids(bench.night(again)) == {"guide"}


def test_an_answer_in_drops_is_left_and_asked_for_again(bench: Bench) -> None:
    client = a_client(bench.root, sleep=lambda _: None, call_attempts=2, call_timeout=0.5)
    began = time.monotonic()
    bench.do("POST", "faults", {"match": LISTING, "drip_seconds": 0.1, "query": {"corpora": "user"}})
    pages = list(DriveSource(client, limits=Limits(max_file_mb=1)).pages(None))
    assert (ids(pages), whole(pages)) == (EVERYTHING, True)
    assert time.monotonic() - began < 10
    client.close()


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_measure_is_no_answer(bench: Bench, packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 -- pytest gives it
    monkeypatch.setattr(bounded, "MOST_ANSWER", 100_000)
    client = a_client(bench.root, sleep=lambda _: None, call_attempts=1)
    page = {"files": [{"id": "mine", "name": "m" * 200_000}]}
    bench.says(LISTING, page, packed=packed)
    with pytest.raises(SourceUnavailable):
        list(DriveSource(client, limits=Limits(max_file_mb=1)).pages(None))
    pages = list(DriveSource(client, limits=Limits(max_file_mb=1)).pages(None))
    assert (ids(pages), whole(pages)) == (EVERYTHING, True)
    client.close()


def test_being_sent_elsewhere_is_no_fault_of_ours_and_nobody_follows(bench: Bench) -> None:
    elsewhere = bench.root.replace("127.0.0.1", "localhost")
    bench.do("POST", "faults", {"match": LISTING, "redirect": f"{elsewhere}/drive/v3/files", "times": None})
    with pytest.raises(SourceUnavailable, match="sent us elsewhere"):
        bench.walk()
