"""The generated Drive, quotas and latency: a local Google of any size and temper."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from connector.emulator.synthetic import Synthetic
from tests.emulator_process import DRIVE_SCOPE, running_generated

ALL = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}
FIELDS = "nextPageToken,incompleteSearch,files(id,name,mimeType,parents,modifiedTime,size,md5Checksum,driveId)"


@contextmanager
def generated(files: int, folders: int, drives: int = 0) -> Iterator[httpx.Client]:
    with running_generated(files, folders, drives) as root:
        token = httpx.post(f"{root}/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()["access_token"]
        with httpx.Client(base_url=root, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            yield client
            assert client.get("/_emulator/violations").json() == {"violations": []}


@pytest.fixture(scope="module")
def google() -> Iterator[httpx.Client]:
    with generated(4000, 300, 2) as client:
        yield client


def listed(google: httpx.Client, query: str, *, drive: str = "", size: int = 1000) -> list[dict[str, Any]]:
    corpus = {"corpora": "drive", "driveId": drive} if drive else {"corpora": "user"}
    params = {"q": query, "pageSize": str(size), "fields": FIELDS, **ALL, **corpus}
    found: list[dict[str, Any]] = []
    while True:
        answer = google.get("/drive/v3/files", params=params)
        answer.raise_for_status()
        body = answer.json()
        found += body["files"]
        if "nextPageToken" not in body:
            return found
        params["pageToken"] = body["nextPageToken"]


NO_FOLDERS = "trashed = false and mimeType != 'application/vnd.google-apps.folder'"
FOLDERS = "trashed = false and mimeType = 'application/vnd.google-apps.folder'"


@pytest.mark.parametrize("size", [7, 250, 1000])
def test_every_file_is_listed_once_in_its_corpus_whatever_the_page(google: httpx.Client, size: int) -> None:
    if size == 7:
        ids = [one["id"] for one in listed(google, NO_FOLDERS, drive="synthetic-drive-1", size=size)]
        assert len(ids) == len(set(ids)) == 200
        return
    drives = ["", "synthetic-drive-1", "synthetic-drive-2"]
    ids = [one["id"] for drive in drives for one in listed(google, NO_FOLDERS, drive=drive, size=size)]
    assert len(ids) == 4000
    assert set(ids) == {f"synthetic-file-{number}" for number in range(4000)}


def test_every_parent_is_a_listed_folder(google: httpx.Client) -> None:
    folders = {one["id"] for one in listed(google, FOLDERS)}
    root = google.get("/drive/v3/files/root", params={"fields": "id"}).json()["id"]
    parents = {one["parents"][0] for one in listed(google, "trashed = false")}
    assert len(folders) == 270
    assert parents <= folders | {root}


def test_spans_of_time_part_the_whole_newest_first(google: httpx.Client) -> None:
    whole = listed(google, NO_FOLDERS)
    times = [one["modifiedTime"] for one in whole]
    assert times == sorted(times, reverse=True)
    cut = times[1234]
    older = listed(google, f"{NO_FOLDERS} and modifiedTime <= '{cut}'")
    newer = listed(google, f"{NO_FOLDERS} and modifiedTime > '{cut}'")
    assert [one["id"] for one in newer + older] == [one["id"] for one in whole]
    assert all(one["modifiedTime"] > cut for one in newer)
    assert max(times.count(time) for time in set(times)) > 90  # the import


def test_a_query_that_is_not_generated_is_refused(google: httpx.Client) -> None:
    answer = google.get("/drive/v3/files", params={"q": "name contains 'x'", "corpora": "user"})
    assert (answer.status_code, answer.json()["error"]["errors"][0]["location"]) == (400, "q")


def test_speaking_names_are_counted_and_bytes_fit_their_checksum(google: httpx.Client) -> None:
    drive = Synthetic(4000, 300, 2)
    named = dict(drive.named_files())
    assert google.get("/_emulator/synthetic").json() == {"files": 4000, "folders": 300, "drives": 2, "named": 8}
    assert named["synthetic-file-7"] == "Product Security Guide 7.pdf"
    by_id = {one["id"]: one for one in listed(google, NO_FOLDERS)}
    assert by_id["synthetic-file-507"]["name"] == named["synthetic-file-507"] == "Security White Paper 507.docx"
    content = google.get("/drive/v3/files/synthetic-file-507", params={"alt": "media", **ALL_GET}).content
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == by_id["synthetic-file-507"]["md5Checksum"]


ALL_GET = {"supportsAllDrives": "true"}


def test_edits_are_the_whole_change_feed(google: httpx.Client) -> None:
    feeds = [{}, {"driveId": "synthetic-drive-1"}, {"driveId": "synthetic-drive-2"}]
    place = "/drive/v3/changes/startPageToken"
    starts = [google.get(place, params=ALL_GET | feed).json()["startPageToken"] for feed in feeds]
    google.post("/_emulator/synthetic/edit", json={"every": 100}).raise_for_status()
    changed = [one for feed, start in zip(feeds, starts, strict=True) for one in changed_since(google, start, feed)]
    assert changed == [f"synthetic-file-{number}" for number in range(0, 4000, 100)]


def changed_since(google: httpx.Client, token: str, feed: dict[str, str]) -> list[str]:
    changed: list[str] = []
    while True:
        params = {"pageToken": token, "pageSize": "30", **ALL, **feed}
        body = google.get("/drive/v3/changes", params=params).json()
        changed += [change["fileId"] for change in body["changes"]]
        if "newStartPageToken" in body:
            break
        token = body["nextPageToken"]
    rest = google.get("/drive/v3/changes", params={"pageToken": body["newStartPageToken"], **ALL, **feed}).json()
    assert rest["changes"] == []
    return changed


def test_what_goes_beyond_the_quota_is_refused_until_it_is_lifted(google: httpx.Client) -> None:
    params = {"q": NO_FOLDERS, "corpora": "user", "pageSize": "10"}
    google.post("/_emulator/quota", json={"units_per_minute": 250, "status": 429, "retry_after": 3}).raise_for_status()
    codes = [google.get("/drive/v3/files", params=params).status_code for _ in range(3)]
    refused = google.get("/drive/v3/files", params=params)
    google.delete("/_emulator/quota").raise_for_status()
    assert codes == [200, 200, 429]
    assert refused.json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
    assert refused.headers["retry-after"] == "3"
    assert google.get("/drive/v3/files", params=params).status_code == 200


def test_latency_is_added_to_each_drive_call_and_to_nothing_else(google: httpx.Client) -> None:
    google.post("/_emulator/latency", json={"ms": 120}).raise_for_status()
    begun = time.monotonic()
    google.get("/drive/v3/changes/startPageToken", params=ALL_GET).raise_for_status()
    slow = time.monotonic() - begun
    google.post("/_emulator/latency", json={"ms": 0}).raise_for_status()
    assert slow >= 0.12


def test_a_million_files_are_not_held_in_memory() -> None:
    with generated(1_000_000, 100_000) as google:
        last = f"{NO_FOLDERS} and modifiedTime <= '2018-12-01T00:00:00Z'"
        assert 0 < len(listed(google, last)) < 20_000
        page = google.get(
            "/drive/v3/files",
            params={"q": NO_FOLDERS, "corpora": "user", "pageToken": "~!!~generated999000", "pageSize": "1000"},
        )
        assert [one["id"] for one in page.json()["files"]][-1] == "synthetic-file-999999"
        assert google.get("/_emulator/synthetic").json()["named"] == 2000
