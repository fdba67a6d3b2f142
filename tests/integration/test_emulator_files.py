"""Files from the emulator through Google's own client: lists, masks, queries, bytes and exports."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator_client import ALL_DRIVES, Desk, a_desk, a_new_id
from tests.emulator_process import running_emulator, write_seed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FOLDER = "application/vnd.google-apps.folder"
MINE = frozenset(
    {"security", "guide-pdf", "guide-doc", "sheet", "slides", "old", "old-note", "to-guide", "dangling", "blocked"}
)
SHARED = frozenset({"from-colleague", "their-folder", "their-note"})
TEAM = frozenset({"team-folder", "team-note"})

ITEMS: tuple[dict[str, Any], ...] = (
    {"id": "security", "name": "Security", "kind": "folder"},
    {"id": "guide-pdf", "name": "Security Guide.pdf", "parent": "security", "mime": "application/pdf", "text": "%PDF"},
    {"id": "guide-doc", "name": "Owner's guide", "parent": "security", "kind": "google-doc", "text": "a docx"},
    {"id": "sheet", "name": "MDS2", "kind": "google-sheet", "modified": "2026-06-01T00:00:00Z"},
    {"id": "slides", "name": "SecurityDay", "kind": "google-slides", "description": "with a penguin"},
    {"id": "old", "name": "Archive", "kind": "folder", "trashed": True},
    {"id": "old-note", "name": "old note", "parent": "old"},
    {"id": "to-guide", "name": "Shortcut", "kind": "shortcut", "target": "guide-pdf"},
    {"id": "dangling", "name": "Dangling", "kind": "shortcut", "target": "nowhere"},
    {"id": "blocked", "name": "Blocked", "text": "no", "can_download": False},
    {"id": "from-colleague", "name": "../../etc/passwd", "parent": None},
    {"id": "their-folder", "name": "<b>Theirs</b>", "parent": None, "kind": "folder"},
    {"id": "their-note", "name": "their note", "parent": "their-folder"},
    {"id": "team-folder", "name": "Team", "parent": "TEAM", "kind": "folder"},
    {"id": "team-note", "name": "team note", "parent": "team-folder", "text": "0123456789"},
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=ITEMS, drives=({"id": "TEAM", "name": "The team"},))
    with running_emulator(seed) as base, a_desk(base) as sat:
        yield sat


@pytest.fixture(autouse=True)
def page_caps_are_reset(desk: Desk) -> Iterator[None]:
    yield
    desk.turn("page-cap", {"files": None})


def listed(desk: Desk, **params: Any) -> list[str]:
    ids: list[str] = []
    request = desk.drive.files().list(**({"fields": "nextPageToken,incompleteSearch,files(id)"} | params))
    while request is not None:
        reply = request.execute()
        assert reply["incompleteSearch"] is False
        ids += [file["id"] for file in reply.get("files", ())]
        request = desk.drive.files().list_next(request, reply)
    return ids


def refusal(error: HttpError) -> tuple[int, str]:
    (detail,) = error.error_details
    return error.status_code, detail["reason"]


@given(page_size=st.integers(1, 40), cap=st.integers(1, 40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_listing_is_complete_and_without_repeats_at_any_page_size(desk: Desk, page_size: int, cap: int) -> None:
    desk.turn("page-cap", {"files": cap})
    found = listed(desk, pageSize=page_size)
    assert sorted(found) == sorted(MINE | SHARED)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("trashed=false", (MINE | SHARED) - {"old", "old-note"}),
        ("trashed = true", {"old", "old-note"}),
        ("'security' in parents", {"guide-pdf", "guide-doc"}),
        ("'root' in parents and trashed=false and mimeType != 'application/vnd.google-apps.folder'",
         {"sheet", "slides", "to-guide", "dangling", "blocked"}),
        (f"mimeType='{FOLDER}'", {"security", "old", "their-folder"}),
        ("sharedWithMe=true", {"from-colleague", "their-folder"}),
        ("name contains 'secur'", {"security", "guide-pdf", "slides"}),
        ("name contains 'day'", set()),  # inside a word: Drive searches by prefix
        ("name = 'SECURITY guide.PDF'", {"guide-pdf"}),
        (r"name = 'Owner\'s guide'", {"guide-doc"}),
        ('name = "Owner\'s guide"', {"guide-doc"}),
        ("name = '../../etc/passwd'", {"from-colleague"}),
        ("modifiedTime > '2026-05-04T10:00:00'", {"sheet"}),
        ("modifiedTime >= '2026-06-01T02:00:00+02:00'", {"sheet"}),
        ("fullText contains 'penguin'", {"slides"}),
        ("name = 'MDS2' or name = 'Team'", {"sheet"}),
        ("not name contains 'e' and (name = 'MDS2' or name = 'Archive')", {"sheet", "old"}),
        ("'me' in owners and mimeType = 'text/plain'", {"old-note", "blocked"}),
        ("shortcutDetails.targetId = 'guide-pdf'", {"to-guide"}),
        ("()", MINE | SHARED),
        ("", MINE | SHARED),
    ],
)  # fmt: skip
def test_a_query_selects_what_its_words_say(desk: Desk, query: str, expected: set[str]) -> None:
    assert set(listed(desk, q=query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        "not(trashed=true)",
        "sharedWithMe=false",
        "not sharedWithMe=true",
        "modifiedByMeTime > '2026-01-01T00:00:00'",
        "name contains security",
        "trashed='true'",
        "name = 'open",
        "(trashed=false",
        "trashed=false)",
        "trashed=false trashed=false",
        "name < 'a'",
        "modifiedTime > 'yesterday'",
        "colour = 'red'",
        "and",
        "'security' in",
        "name ~ '.*'",
    ],
)
def test_a_query_that_drive_would_refuse_is_refused_by_name(desk: Desk, query: str) -> None:
    with pytest.raises(HttpError) as caught:
        listed(desk, q=query)
    assert refusal(caught.value) == (400, "invalid")
    assert caught.value.error_details[0]["location"] == "q"


def test_a_caller_who_sends_no_mask_gets_four_fields(desk: Desk) -> None:
    assert desk.drive.files().get(fileId="guide-pdf").execute() == {
        "kind": "drive#file",
        "id": "guide-pdf",
        "name": "Security Guide.pdf",
        "mimeType": "application/pdf",
    }


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("id,owners/emailAddress", {"id": "guide-pdf", "owners": [{"emailAddress": "owner@example.org"}]}),
        ("owners( me , kind )", {"owners": [{"me": True, "kind": "drive#user"}]}),
        ("capabilities(canDownload)", {"capabilities": {"canDownload": True}}),
        ("owners/*,id", {"id": "guide-pdf", "owners": [{
            "kind": "drive#user", "displayName": "Olive Owner", "emailAddress": "owner@example.org",
            "permissionId": "00000000000000000001", "me": True}]}),
        ("size,version", {"size": "4", "version": "1"}),
        ("parents", {"parents": ["security"]}),
        ("shortcutDetails", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_mask_selects_exactly_what_it_names(desk: Desk, mask: str, expected: dict[str, Any]) -> None:
    assert desk.get("files/guide-pdf", fields=mask).json() == expected


@pytest.mark.parametrize("mask", ["nmae", "files(id)", "id,", "id name", "owners(me", "owners/nose", "(id)", "id;name"])
def test_a_mask_that_names_no_field_is_refused(desk: Desk, mask: str) -> None:
    reply = desk.get("files/guide-pdf", fields=mask)
    assert reply.status_code == 400
    (detail,) = reply.json()["error"]["errors"]
    assert (detail["reason"], detail["location"]) == ("invalidParameter", "fields")
    assert detail["message"].startswith("Invalid field selection")


def test_the_whole_description_of_each_kind_keeps_googles_own_contract(desk: Desk) -> None:
    before = desk.violations()
    found = desk.drive.files().list(corpora="allDrives", fields="*", pageSize=1000, **ALL_DRIVES).execute()["files"]
    assert {file["id"] for file in found} == MINE | SHARED | TEAM
    assert desk.violations() == before  # replies are checked against the discovery document


def test_bytes_have_checksums_and_natives_have_export_links_instead(desk: Desk) -> None:
    blob = desk.drive.files().get(fileId="guide-pdf", fields="*").execute()
    assert blob["size"] == "4"
    assert blob["md5Checksum"] == "bfa4b10a76324b166cfdad5e02a63730"  # printf %PDF | md5sum
    assert "exportLinks" not in blob
    native = desk.drive.files().get(fileId="guide-doc", fields="*").execute()
    assert "md5Checksum" not in native
    assert list(native["exportLinks"]) == [DOCX]
    assert native["exportLinks"][DOCX].startswith(desk.base)
    folder = desk.drive.files().get(fileId="security", fields="*").execute()
    assert "size" not in folder


def test_shared_items_have_no_parents_and_say_who_shared_them(desk: Desk) -> None:
    found = desk.drive.files().get(fileId="from-colleague", fields="*").execute()
    assert "parents" not in found
    assert (found["shared"], found["ownedByMe"]) == (True, False)
    assert found["sharedWithMeTime"] == "2026-05-04T10:00:00.000Z"


def test_a_shortcut_says_where_it_leads_even_into_nothing(desk: Desk) -> None:
    details = [
        desk.drive.files().get(fileId=name, fields="shortcutDetails").execute()["shortcutDetails"]
        for name in ("to-guide", "dangling")
    ]
    assert details == [{"targetId": "guide-pdf", "targetMimeType": "application/pdf"}, {"targetId": "nowhere"}]


def test_a_file_behind_a_resource_key_opens_only_with_the_key(desk: Desk) -> None:
    locked, link = a_new_id("locked"), a_new_id("link")
    desk.put(locked, resource_key="key-1", parent=None)
    desk.put(link, kind="shortcut", target=locked)
    details = desk.drive.files().get(fileId=link, fields="shortcutDetails/targetResourceKey").execute()
    assert details == {"shortcutDetails": {"targetResourceKey": "key-1"}}
    request = desk.drive.files().get(fileId=locked, fields="id")
    with pytest.raises(HttpError, match="File not found"):
        request.execute()
    request.headers["X-Goog-Drive-Resource-Keys"] = f"{locked}/key-1"
    assert request.execute() == {"id": locked}
    for gone in (locked, link):
        desk.turn(f"items/{gone}", verb="DELETE")


def test_what_lies_in_a_trashed_folder_is_trashed_but_not_by_itself(desk: Desk) -> None:
    found = desk.drive.files().get(fileId="old-note", fields="trashed,explicitlyTrashed").execute()
    assert found == {"trashed": True, "explicitlyTrashed": False}


def test_a_shared_drive_shows_only_to_those_who_ask_in_every_way(desk: Desk) -> None:
    assert set(listed(desk, corpora="drive", driveId="TEAM", **ALL_DRIVES)) == TEAM
    assert set(listed(desk, corpora="allDrives", **ALL_DRIVES)) == MINE | SHARED | TEAM
    assert set(listed(desk, **ALL_DRIVES)) == MINE | SHARED
    with pytest.raises(HttpError) as caught:
        desk.drive.files().get(fileId="team-note").execute()
    assert refusal(caught.value) == (404, "notFound")
    note = desk.drive.files().get(fileId="team-note", supportsAllDrives=True, fields="*").execute()
    assert note["driveId"] == "TEAM"
    assert not {"owners", "ownedByMe", "shared"} & set(note)
    assert desk.drive.files().get(fileId="TEAM", supportsAllDrives=True).execute()["name"] == "Drive"
    assert desk.drive.drives().get(driveId="TEAM").execute()["name"] == "The team"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"includeItemsFromAllDrives": True}, (403, "supportsTeamDrivesRequired")),
        ({"corpora": "drive", **ALL_DRIVES}, (400, "invalidParameter")),
        ({"driveId": "TEAM", **ALL_DRIVES}, (400, "invalidParameter")),
        ({"corpora": "drive", "driveId": "TEAM"}, (400, "invalidParameter")),
        ({"corpora": "drive", "driveId": "NONE", **ALL_DRIVES}, (404, "notFound")),
        ({"corpora": "everything"}, (400, "invalid")),
        ({"orderBy": "colour"}, (400, "invalid")),
        ({"pageToken": "made-up"}, (400, "invalid")),
        ({"spaces": "appDataFolder"}, (400, "invalid")),
        ({"q": "fullText contains 'x'", "orderBy": "name"}, (403, "forbidden")),
    ],
)
def test_a_listing_that_drive_would_refuse_is_refused(
    desk: Desk, params: dict[str, Any], expected: tuple[int, str]
) -> None:
    with pytest.raises(HttpError) as caught:
        listed(desk, **params)
    assert refusal(caught.value) == expected


def test_a_page_token_belongs_to_its_own_listing(desk: Desk) -> None:
    first = desk.drive.files().list(pageSize=1).execute()
    with pytest.raises(HttpError) as caught:
        desk.drive.files().list(pageSize=1, pageToken=first["nextPageToken"], q="trashed=false").execute()
    assert refusal(caught.value) == (400, "invalid")


def test_a_file_that_goes_between_two_pages_is_left_out_and_the_rest_is_complete(desk: Desk) -> None:
    gone = desk.put(a_new_id("gone"), modified="2000-01-01T00:00:00Z")  # oldest, hence last
    first = desk.drive.files().list(pageSize=1).execute()
    desk.turn(f"items/{gone}", verb="DELETE")
    rest = desk.drive.files().list(pageSize=1000, pageToken=first["nextPageToken"]).execute()
    assert {file["id"] for file in first["files"] + rest["files"]} == MINE | SHARED


def test_lists_come_newest_first_or_in_the_order_asked_for(desk: Desk) -> None:
    assert listed(desk)[0] == "sheet"
    order = listed(desk, orderBy="folder,name desc", q="'root' in parents and trashed=false")
    assert order == ["security", "to-guide", "slides", "sheet", "dangling", "blocked"]


@pytest.mark.parametrize("chunk", [1, 3, 10, 100])
def test_bytes_come_whole_through_googles_downloader_at_any_chunk_size(desk: Desk, chunk: int) -> None:
    into = io.BytesIO()
    request = desk.drive.files().get_media(fileId="team-note", supportsAllDrives=True)
    download = MediaIoBaseDownload(into, request, chunksize=chunk)
    done = False
    while not done:
        _, done = download.next_chunk()
    assert into.getvalue() == b"0123456789"


@pytest.mark.parametrize(
    ("wanted", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_range_of_bytes_is_honoured(
    desk: Desk, wanted: str, status: int, body: bytes, content_range: str | None
) -> None:
    request = desk.drive.files().get_media(fileId="team-note", supportsAllDrives=True)
    reply, content = desk.drive._http.request(request.uri, headers={"range": wanted})
    assert (reply.status, content, reply.get("content-range")) == (status, body, content_range)


def test_a_range_behind_the_end_is_refused(desk: Desk) -> None:
    request = desk.drive.files().get_media(fileId="team-note", supportsAllDrives=True)
    reply, content = desk.drive._http.request(request.uri, headers={"range": "bytes=10-"})
    assert (reply.status, reply["content-range"]) == (416, "bytes */10")
    assert b"requestedRangeNotSatisfiable" in content


@pytest.mark.parametrize(
    ("file_id", "expected"),
    [
        ("guide-doc", (403, "fileNotDownloadable")),
        ("security", (403, "fileNotDownloadable")),
        ("blocked", (403, "cannotDownloadFile")),
        ("nowhere", (404, "notFound")),
    ],
)
def test_bytes_that_cannot_be_had_are_refused_with_the_final_reason(
    desk: Desk, file_id: str, expected: tuple[int, str]
) -> None:
    with pytest.raises(HttpError) as caught:
        desk.drive.files().get_media(fileId=file_id).execute()
    assert refusal(caught.value) == expected


def test_abusive_bytes_come_only_to_those_who_insist(desk: Desk) -> None:
    bad = desk.put(a_new_id("abusive"), "malware", abusive=True, modified="2000-01-01T00:00:00Z")
    with pytest.raises(HttpError) as caught:
        desk.drive.files().get_media(fileId=bad).execute()
    assert refusal(caught.value) == (403, "cannotDownloadAbusiveFile")
    assert desk.drive.files().get_media(fileId=bad, acknowledgeAbuse=True).execute() == b"malware"
    desk.turn(f"items/{bad}", verb="DELETE")


def test_a_native_document_is_exported_in_its_office_format(desk: Desk) -> None:
    assert desk.drive.files().export_media(fileId="guide-doc", mimeType=DOCX).execute() == b"a docx"
    reply = desk.get("files/guide-doc/export", mimeType=DOCX)
    assert reply.headers["Content-Type"] == DOCX


@pytest.mark.parametrize(
    ("file_id", "query", "expected"),
    [
        ("guide-doc", {"mimeType": "application/x-nothing"}, (400, "badRequest", "convertTo")),
        ("guide-doc", {}, (400, "required", "mimeType")),
        ("guide-pdf", {"mimeType": DOCX}, (403, "fileNotExportable", None)),
        ("nowhere", {"mimeType": DOCX}, (404, "notFound", "fileId")),
    ],
)
def test_an_export_that_drive_would_refuse_is_refused(
    desk: Desk, file_id: str, query: dict[str, str], expected: tuple[int, str, str | None]
) -> None:
    reply = desk.get(f"files/{file_id}/export", **query)
    (detail,) = reply.json()["error"]["errors"]
    assert (reply.status_code, detail["reason"], detail.get("location")) == expected


def test_a_blocked_native_document_cannot_be_exported(desk: Desk) -> None:
    blocked = desk.put(a_new_id("sealed"), kind="google-doc", can_download=False)
    with pytest.raises(HttpError) as caught:
        desk.drive.files().export(fileId=blocked, mimeType=DOCX).execute()
    assert refusal(caught.value) == (403, "cannotExportFile")
    assert (
        desk.drive.files()
        .get(fileId=blocked, fields="capabilities/canDownload")
        .execute()["capabilities"]["canDownload"]
        is False
    )
    desk.turn(f"items/{blocked}", verb="DELETE")


def test_an_export_over_ten_megabytes_is_refused_and_comes_by_a_long_running_download(desk: Desk) -> None:
    big = desk.put(a_new_id("big"), "x" * (10 * 2**20 + 1), kind="google-doc")
    with pytest.raises(HttpError) as caught:
        desk.drive.files().export(fileId=big, mimeType=DOCX).execute()
    assert refusal(caught.value) == (403, "exportSizeLimitExceeded")
    operation = desk.drive.files().download(fileId=big, mimeType=DOCX).execute()
    assert operation["done"] is False
    finished = desk.drive.operations().get(name=operation["name"]).execute()
    reply, content = desk.drive._http.request(finished["response"]["downloadUri"])
    assert (reply.status, len(content)) == (200, 10 * 2**20 + 1)
    desk.turn(f"items/{big}", verb="DELETE")


def test_my_drive_answers_to_its_alias(desk: Desk) -> None:
    root = desk.drive.files().get(fileId="root", fields="id,name").execute()
    assert root["name"] == "My Drive"
    assert desk.drive.files().get(fileId="security", fields="parents").execute()["parents"] == [root["id"]]
    assert root["id"] not in listed(desk)


def test_facts_about_the_account_must_be_named(desk: Desk) -> None:
    about = desk.drive.about().get(fields="user(emailAddress),exportFormats").execute()
    assert about["user"] == {"emailAddress": "owner@example.org"}
    assert about["exportFormats"]["application/vnd.google-apps.document"] == [DOCX]
    reply = desk.get("about")
    assert (reply.status_code, reply.json()["error"]["errors"][0]["reason"]) == (400, "required")
