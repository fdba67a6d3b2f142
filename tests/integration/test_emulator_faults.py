"""The emulator misbehaves exactly as asked, for exactly as many calls, and otherwise not at all."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from tests.emulator_client import CALLBACK, Desk, a_desk, a_new_id, answer_of, authorize, exchange
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, running_emulator, write_seed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = "GET /drive/v3/files"
ITEMS = (
    {"id": "a", "text": "0123456789"},
    {"id": "b"},
    {"id": "c"},
    {"id": "doc", "kind": "google-doc", "text": "a docx"},
)
IDS = ["a", "b", "c", "doc"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=ITEMS)
    with running_emulator(seed) as base, a_desk(base) as sat:
        yield sat


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    yield running
    running.turn("faults", verb="DELETE")


def script(desk: Desk, match: str = FILES, **switches: Any) -> None:
    desk.turn("faults", {"match": match} | switches)


def ids_of(reply: requests.Response) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [file["id"] for file in reply.json()["files"]]


@pytest.mark.parametrize(
    ("status", "reason", "domain"),
    [
        (403, "userRateLimitExceeded", "usageLimits"),
        (429, "rateLimitExceeded", "usageLimits"),
        (403, "accessNotConfigured", "usageLimits"),
        (500, "internalError", "global"),
        (503, "backendError", "global"),
        (403, "never heard of", "global"),
    ],
)
def test_a_scripted_refusal_comes_in_googles_envelope(desk: Desk, status: int, reason: str, domain: str) -> None:
    script(desk, status=status, reason=reason, message="Because.", retry_after=7)
    with pytest.raises(HttpError) as caught:
        desk.drive.files().list().execute()
    assert caught.value.status_code == status
    assert caught.value.error_details == [{"message": "Because.", "domain": domain, "reason": reason}]
    assert caught.value.resp["retry-after"] == "7"


def test_a_fault_counts_its_calls_and_then_is_over(desk: Desk) -> None:
    script(desk, status=500, after=1, times=2)
    assert [desk.get("files").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert desk.turn("faults", verb="GET") == {"waiting": []}


def test_a_fault_without_an_end_lasts_until_it_is_cleared(desk: Desk) -> None:
    script(desk, status=500, times=None)
    assert [desk.get("files").status_code for _ in range(3)] == [500, 500, 500]
    desk.turn("faults", verb="DELETE")
    assert desk.get("files").status_code == 200


def test_a_fault_meets_only_the_calls_that_it_names(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/*", status=500)
    script(desk, match=FILES, query={"q": "trashed=true"}, status=503)
    assert [desk.get(path).status_code for path in ("files", "drives", "files/a", "files/a")] == [200, 200, 500, 200]
    assert [desk.get("files", q=q).status_code for q in ("", "trashed=true", "trashed=true")] == [200, 503, 200]


def test_html_can_come_in_place_of_json(desk: Desk) -> None:
    script(desk, html=True)
    reply = desk.get("files")
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html; charset=utf-8")


def test_a_login_page_can_come_with_status_200_in_place_of_bytes(desk: Desk) -> None:
    script(desk, match="GET /download/*", login_page=True)
    link = desk.drive.files().get(fileId="doc", fields="exportLinks").execute()["exportLinks"][DOCX]
    headers = {"Authorization": f"Bearer {desk.token}"}
    spoilt = requests.get(link, headers=headers, timeout=10)
    assert (spoilt.status_code, spoilt.text[:15]) == (200, "<!doctype html>")
    assert requests.get(link, headers=headers, timeout=10).content == b"a docx"
    assert requests.get(link, timeout=10).status_code == 403


def test_a_connection_can_be_cut_before_the_answer(desk: Desk) -> None:
    script(desk, reset=True)
    with pytest.raises(requests.ConnectionError, match="aborted"):
        desk.get("files")
    assert ids_of(desk.get("files")) == IDS


def test_a_connection_can_be_cut_in_the_middle_of_the_bytes(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", truncate=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="5 bytes read, 5 more expected"):
        desk.get("files/a", alt="media")
    assert desk.get("files/a", alt="media").content == b"0123456789"


def test_a_connection_can_be_cut_at_a_certain_byte(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", cut_at=3)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="3 bytes read, 7 more expected"):
        desk.get("files/a", alt="media")


def test_half_of_the_bytes_can_pass_for_all(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", short=True)
    reply = desk.get("files/a", alt="media")
    assert (reply.content, reply.headers["Content-Length"]) == (b"01234", "5")


def test_an_answer_can_fall_silent_half_way(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", stall_seconds=0.3)
    with requests.get(
        f"{desk.base}/drive/v3/files/a?alt=media",
        headers={"Authorization": f"Bearer {desk.token}"},
        stream=True,
        timeout=10,
    ) as reply:
        began = time.monotonic()
        assert (reply.raw.read(5), reply.raw.read(5)) == (b"01234", b"56789")
        assert time.monotonic() - began >= 0.25


def test_an_answer_can_come_in_drops(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", drip_seconds=0.05)
    began = time.monotonic()
    assert desk.get("files/a", alt="media").content == b"0123456789"
    assert time.monotonic() - began >= 0.2


def test_an_answer_can_lead_elsewhere(desk: Desk) -> None:
    script(desk, match="GET /download/*", redirect=f"{desk.base}/signin")
    reply = requests.get(f"{desk.base}/download/export/doc", timeout=10)
    assert (reply.url, reply.status_code, "Sign in to continue" in reply.text) == (f"{desk.base}/signin", 200, True)


def test_a_token_that_is_sent_under_another_hosts_name_is_noted(desk: Desk) -> None:
    before = len(desk.violations())
    other = desk.base.replace("127.0.0.1", "localhost")
    requests.get(f"{other}/signin", timeout=10)
    assert desk.violations()[before:] == []
    requests.get(f"{other}/signin", headers={"Authorization": "Bearer x"}, timeout=10)
    host = other.removeprefix("http://")
    assert desk.violations()[before:] == [{"kind": "token-elsewhere", "what": f"GET /signin at {host}"}]


def test_an_answer_can_be_slow(desk: Desk) -> None:
    script(desk, delay_seconds=0.2)
    assert desk.get("files").elapsed.total_seconds() >= 0.2


def test_a_search_can_call_itself_incomplete(desk: Desk) -> None:
    script(desk, incomplete_search=True)
    assert [desk.get("files").json()["incompleteSearch"] for _ in range(2)] == [True, False]


def test_a_page_can_be_empty_although_more_follows(desk: Desk) -> None:
    script(desk, empty_page=True)
    first = desk.get("files").json()
    assert first["files"] == []
    assert ids_of(desk.get("files", pageToken=first["nextPageToken"])) == IDS


def test_a_page_can_be_shorter_than_asked_for(desk: Desk) -> None:
    script(desk, short_page=1)
    first = desk.get("files", pageSize="1000")
    assert ids_of(first) == ["a"]
    assert ids_of(desk.get("files", pageSize="1000", pageToken=first.json()["nextPageToken"])) == ["b", "c", "doc"]


def test_a_listing_can_repeat_and_lose_items_without_saying_so(desk: Desk) -> None:
    script(desk, duplicate=True)
    script(desk, hide=["b"])
    assert ids_of(desk.get("files")) == [*IDS, "doc"]
    assert ids_of(desk.get("files")) == ["a", "c", "doc"]


def test_a_page_token_can_be_rejected_once_it_is_used(desk: Desk) -> None:
    script(desk, reject_page_token=True)
    first = desk.get("files", pageSize="1").json()
    spoilt = desk.get("files", pageSize="1", pageToken=first["nextPageToken"])
    assert (spoilt.status_code, spoilt.json()["error"]["errors"][0]["location"]) == (400, "pageToken")
    assert desk.get("files", pageSize="1", pageToken=first["nextPageToken"]).status_code == 200


def test_the_feed_can_have_empty_pages_and_rejected_tokens_too(desk: Desk) -> None:
    token = desk.start_token()
    file_id = desk.put(a_new_id("new"))
    script(desk, match="GET /drive/v3/changes", empty_page=True)
    first = desk.get("changes", pageToken=token).json()
    assert (first["changes"], "newStartPageToken" in first) == ([], False)
    second = desk.get("changes", pageToken=first["nextPageToken"]).json()
    assert [change["fileId"] for change in second["changes"]] == [file_id]
    script(desk, match="GET /drive/v3/changes", reject_page_token=True)
    assert desk.get("changes", pageToken=second["newStartPageToken"]).status_code == 400
    desk.turn(f"items/{file_id}", verb="DELETE")


@pytest.mark.parametrize(
    ("switch", "path", "query", "reason"),
    [
        ("export_too_large", "files/doc/export", {"mimeType": DOCX}, "exportSizeLimitExceeded"),
        ("cannot_download", "files/a", {"alt": "media"}, "cannotDownloadFile"),
    ],
)
def test_bytes_can_be_refused_once(desk: Desk, switch: str, path: str, query: dict[str, str], reason: str) -> None:
    script(desk, match=f"GET /drive/v3/{path}", **{switch: True})
    assert desk.get(path, **query).json()["error"]["errors"][0]["reason"] == reason
    assert desk.get(path, **query).status_code == 200


def test_bytes_can_be_wrong_or_more_than_was_asked_for(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", corrupt=True)
    script(desk, match="GET /drive/v3/files/a", ignore_range=True)
    headers = {"Authorization": f"Bearer {desk.token}", "Range": "bytes=0-1"}

    def asked() -> tuple[int, bytes]:
        reply = requests.get(f"{desk.base}/drive/v3/files/a?alt=media", headers=headers, timeout=10)
        return reply.status_code, reply.content

    assert [asked() for _ in range(3)] == [(206, b"\xcf1"), (200, b"0123456789"), (206, b"01")]


def test_a_range_can_begin_elsewhere_than_asked_and_is_listed_with_its_call(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", wrong_range=True)
    place = desk.turn("calls", verb="GET")["next"]
    headers = {"Authorization": f"Bearer {desk.token}", "Range": "bytes=4-"}
    reply = requests.get(f"{desk.base}/drive/v3/files/a?alt=media", headers=headers, timeout=10)
    assert (reply.headers["Content-Range"], reply.content) == ("bytes 3-9/10", b"3456789")
    (call,) = requests.get(f"{desk.base}/_emulator/calls", params={"since": place}, timeout=10).json()["calls"]
    assert call["range"] == "bytes=4-"


def test_a_checksum_can_be_wrong(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", wrong_checksum=True)
    wrong, right = (desk.get("files/a", fields="md5Checksum,sha256Checksum").json() for _ in range(2))
    assert wrong["md5Checksum"] != right["md5Checksum"] == "781e5e245d69b566979b86e28d23f2c7"
    assert wrong["sha256Checksum"] != right["sha256Checksum"]


def test_metadata_can_lack_fields(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files/a", lacks=["size", "md5Checksum"])
    lacking, whole = (desk.get("files/a", fields="id,size,md5Checksum").json() for _ in range(2))
    assert (set(lacking), set(whole)) == ({"id"}, {"id", "size", "md5Checksum"})


def test_links_can_lead_elsewhere_or_nowhere(desk: Desk) -> None:
    for leads_to in ("https://example.org/x", ""):
        script(desk, match="GET /drive/v3/files/doc", leads_to=leads_to)
        script(desk, match="GET /drive/v3/operations/*", leads_to=leads_to)
        links = desk.get("files/doc", fields="exportLinks").json()["exportLinks"]
        done = desk.get("operations/download-doc-as-google-doc").json()["response"]
        assert links.get(DOCX, "") == done.get("downloadUri", "") == leads_to


def test_a_long_running_download_can_be_done_at_once_or_fail(desk: Desk) -> None:
    script(desk, match="POST /drive/v3/files/doc/download", at_once=True)
    done = desk.drive.files().download(fileId="doc").execute()
    assert (done["done"], done["response"]["downloadUri"]) == (True, f"{desk.base}/download/file/doc")
    script(desk, match="POST /drive/v3/files/doc/download", long_name=True)
    assert desk.drive.files().download(fileId="doc").execute()["name"] == f"operations/{done['name']}"
    script(desk, match="GET /drive/v3/operations/*", failed=7)
    failed = desk.drive.operations().get(name=done["name"]).execute()
    assert (failed["done"], failed["error"]["code"], "response" in failed) == (True, 7, False)


def test_a_link_exports_in_the_one_format_that_the_seed_holds(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.token}"}
    link = f"{desk.base}/download/export/doc"
    assert requests.get(link, params={"mimeType": DOCX}, headers=headers, timeout=10).content == b"a docx"
    assert requests.get(link, params={"mimeType": "text/plain"}, headers=headers, timeout=10).status_code == 400


def test_a_long_running_download_can_take_its_time(desk: Desk) -> None:
    name = desk.drive.files().download(fileId="doc").execute()["name"]
    script(desk, match="GET /drive/v3/operations/*", pending=True, times=2)
    assert [desk.drive.operations().get(name=name).execute()["done"] for _ in range(3)] == [False, False, True]


def test_the_token_endpoint_fails_in_its_own_words(desk: Desk) -> None:
    code = answer_of(authorize(desk.base))["code"]
    script(desk, match="POST /token", status=500, reason="internal_failure")
    spoilt = exchange(desk.base, code)
    assert (spoilt.status_code, spoilt.json()) == (500, {"error": "internal_failure"})
    assert exchange(desk.base, code).status_code == 200  # the code was not used up


def test_a_registered_client_is_the_only_one_with_its_own_address(tmp_path: Any) -> None:
    client = {"id": "my-client", "secret": "s", "redirect_uris": [CALLBACK]}
    with running_emulator(write_seed(tmp_path, clients=[client])) as base:
        assert authorize(base, client_id=CLIENT_ID).status_code == 401
        assert authorize(base, client_id="my-client", redirect_uri=CALLBACK.replace("8123", "1")).status_code == 400
        code = answer_of(authorize(base, client_id="my-client"))["code"]
        assert exchange(base, code, client_id="my-client", client_secret=CLIENT_SECRET).status_code == 401
        assert exchange(base, code, client_id="my-client", client_secret="s").status_code == 200


@pytest.mark.parametrize(
    ("knob", "body"),
    [
        ("faults", {}),
        ("faults", {"match": FILES, "colour": "red"}),
        ("faults", {"match": FILES, "status": "bad"}),
        ("faults", {"match": FILES, "times": "two"}),
        ("faults", {"match": FILES, "reset": 1}),
        ("items", {"id": "x"}),
        ("items", {"id": "x", "name": "x", "kind": "folder", "parent": "nowhere"}),
        ("items", {"id": "a", "name": "a", "kind": "folder", "parent": "root"}),
        ("items/a/move", {}),
        ("items/a/move", {"parent": "b"}),
        ("items/a/rename", {"name": ""}),
        ("page-cap", {"files": 0}),
        ("page-cap", {"pages": 1}),
        ("drives", {"id": "a", "name": "an item's id"}),
        ("drives", {"id": "no name"}),
    ],
)
def test_a_knob_turned_wrongly_says_so_and_changes_nothing(desk: Desk, knob: str, body: dict[str, Any]) -> None:
    before = desk.get("files", fields="*").json()
    reply = requests.post(f"{desk.base}/_emulator/{knob}", json=body, timeout=10)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert desk.get("files", fields="*").json() == before


def test_a_folder_cannot_be_moved_into_itself(desk: Desk) -> None:
    outer, inner = a_new_id("outer"), a_new_id("inner")
    desk.put(outer, kind="folder")
    desk.put(inner, kind="folder", parent=outer)
    reply = requests.post(f"{desk.base}/_emulator/items/{outer}/move", json={"parent": inner}, timeout=10)
    assert (reply.status_code, reply.json()) == (400, {"error": f"{outer} cannot lie inside itself"})
    desk.turn(f"items/{outer}", verb="DELETE")


def test_knobs_for_what_is_not_there_answer_404(desk: Desk) -> None:
    for verb, knob in (("POST", "items/nope/trash"), ("DELETE", "items/nope"), ("DELETE", "drives/nope")):
        assert requests.request(verb, f"{desk.base}/_emulator/{knob}", timeout=10).status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    assert requests.post(f"{desk.base}/_emulator/faults", data=body, timeout=10).status_code == 400


def test_the_calls_are_listed_in_order_with_their_queries(desk: Desk) -> None:
    place = desk.turn("calls", verb="GET")["next"]
    desk.get("files", q="trashed=false")
    desk.get("files/a", alt="media")
    assert requests.get(f"{desk.base}/_emulator/calls", params={"since": place}, timeout=10).json() == {
        "next": place + 2,
        "calls": [
            {"method": "GET", "path": "/drive/v3/files", "query": {"q": "trashed=false"}},
            {"method": "GET", "path": "/drive/v3/files/a", "query": {"alt": "media"}},
        ],
    }


def test_words_can_be_put_into_its_mouth(desk: Desk) -> None:
    script(desk, match="GET /drive/v3/files", answer='{"files": "none"}', status=203)
    reply = desk.get("files")
    assert (reply.status_code, reply.json(), reply.headers["content-type"]) == (
        203,
        {"files": "none"},
        "application/json",
    )
    assert desk.get("files").status_code == 200
