"""The emulator's change feed and shared drives, as a client sees them while their owner works on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator_client import ALL_DRIVES, Desk, a_desk, a_new_id
from tests.emulator_process import running_emulator, write_seed

FIELDS = (
    "nextPageToken,newStartPageToken,changes(changeType,removed,fileId,driveId,drive/name,"
    "file(name,trashed,version,parents,modifiedTime))"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    drives = ({"id": "TEAM", "name": "The team"}, {"id": "OTHER", "name": "Another"})
    seed = write_seed(tmp_path_factory.mktemp("seed"), drives=drives)
    with running_emulator(seed) as base, a_desk(base) as sat:
        yield sat


def since(desk: Desk, token: str, **params: Any) -> list[dict[str, Any]]:
    """Read the feed to its end; every page but the last has a next token, only the last a new start token."""
    found: list[dict[str, Any]] = []
    while True:
        reply = desk.drive.changes().list(**({"fields": FIELDS, "pageToken": token} | ALL_DRIVES | params)).execute()
        found += reply["changes"]
        assert ("nextPageToken" in reply) != ("newStartPageToken" in reply)
        if "newStartPageToken" in reply:
            return found
        token = reply["nextPageToken"]


def a_family(desk: Desk, parent: str = "root") -> tuple[str, str, str]:
    """A folder with a folder with a file."""
    top = desk.put(a_new_id("top"), kind="folder", parent=parent)
    middle = desk.put(a_new_id("middle"), kind="folder", parent=top)
    return top, middle, desk.put(a_new_id("leaf"), "text", parent=middle)


def test_a_feed_without_changes_is_empty_and_stays_where_it_is(desk: Desk) -> None:
    token = desk.start_token()
    reply = desk.drive.changes().list(pageToken=token).execute()
    assert reply == {"kind": "drive#changeList", "changes": [], "newStartPageToken": token}


def test_a_new_file_and_an_edited_one_each_appear_as_they_stand_now(desk: Desk) -> None:
    token = desk.start_token()
    file_id = desk.put(a_new_id("file"), "one", name="First name")
    (created,) = since(desk, token)
    assert (created["fileId"], created["removed"], created["file"]["version"]) == (file_id, False, "1")
    desk.put(file_id, "two", name="Second name")
    (edited,) = since(desk, token)  # the file appears once, at its latest change
    assert (edited["file"]["name"], edited["file"]["version"]) == ("Second name", "2")


def test_an_edit_changes_the_checksum_and_a_rename_does_not(desk: Desk) -> None:
    file_id = desk.put(a_new_id("file"), "one")

    def facts() -> Any:
        return desk.drive.files().get(fileId=file_id, fields="md5Checksum,headRevisionId").execute()

    before = facts()
    desk.turn(f"items/{file_id}/rename", {"name": "renamed"})
    assert facts() == before
    desk.put(file_id, "two")
    assert facts()["md5Checksum"] != before["md5Checksum"]
    assert facts()["headRevisionId"] != before["headRevisionId"]


def test_an_invisible_change_raises_the_version_alone(desk: Desk) -> None:
    file_id = desk.put(a_new_id("file"), "one")
    before = desk.drive.files().get(fileId=file_id, fields="*").execute()
    token = desk.start_token()
    desk.turn(f"items/{file_id}/touch")
    assert [change["fileId"] for change in since(desk, token)] == [file_id]
    assert desk.drive.files().get(fileId=file_id, fields="*").execute() == before | {"version": "2"}


def test_a_file_can_go_without_a_word_in_the_feed(desk: Desk) -> None:
    file_id = desk.put(a_new_id("unshared"), parent=None)
    token = desk.start_token()
    desk.turn(f"items/{file_id}/vanish")
    assert since(desk, token) == []
    with pytest.raises(HttpError, match="File not found"):
        desk.drive.files().get(fileId=file_id).execute()


def test_a_trashed_folder_takes_everything_below_it_along_and_back(desk: Desk) -> None:
    family = a_family(desk)
    token = desk.start_token()
    desk.turn(f"items/{family[0]}/trash")
    assert [(c["fileId"], c["removed"], c["file"]["trashed"]) for c in since(desk, token)] == [
        (each, False, True) for each in family
    ]
    token = desk.start_token()
    desk.turn(f"items/{family[0]}/untrash")
    assert [(c["fileId"], c["file"]["trashed"]) for c in since(desk, token)] == [(each, False) for each in family]


def test_a_deleted_folder_is_removed_with_everything_below_it_and_carries_no_file(desk: Desk) -> None:
    family = a_family(desk)
    token = desk.start_token()
    desk.turn(f"items/{family[0]}", verb="DELETE")
    found = since(desk, token)
    assert [(c["fileId"], c["removed"]) for c in found] == [(each, True) for each in family]
    assert not any("file" in change for change in found)
    assert since(desk, token, includeRemoved=False) == []


def test_a_renamed_or_moved_folder_is_one_change_although_every_path_below_it_changed(desk: Desk) -> None:
    top, middle, _ = a_family(desk)
    before = desk.drive.files().get(fileId=middle, fields="modifiedTime").execute()
    token = desk.start_token()
    desk.turn(f"items/{top}/rename", {"name": "Archive"})
    desk.turn(f"items/{middle}/move", {"parent": "root"})
    found = {change["fileId"]: change["file"] for change in since(desk, token)}
    assert set(found) == {top, middle}
    assert found[top]["name"] == "Archive"
    assert found[middle]["modifiedTime"] == before["modifiedTime"]  # a move does not touch it


def test_a_move_into_a_shared_drive_is_seen_in_both_feeds(desk: Desk) -> None:
    family = a_family(desk)
    mine, team = desk.start_token(), desk.start_token(driveId="TEAM", supportsAllDrives=True)
    desk.turn(f"items/{family[0]}/move", {"parent": "TEAM"})
    arrived = [(each, False) for each in family]
    assert [(c["fileId"], c["removed"]) for c in since(desk, team, driveId="TEAM")] == arrived
    assert [(c["fileId"], c["removed"]) for c in since(desk, mine)] == arrived
    without = since(desk, mine, includeItemsFromAllDrives=False, supportsAllDrives=False)
    assert [(c["fileId"], c["removed"]) for c in without] == [(each, True) for each in family]


def test_changes_in_a_shared_drive_stay_out_of_a_feed_that_does_not_ask_for_them(desk: Desk) -> None:
    token = desk.start_token()
    file_id = desk.put(a_new_id("team"), parent="TEAM")
    assert since(desk, token, includeItemsFromAllDrives=False) == []
    assert since(desk, token, restrictToMyDrive=True) == []
    assert [change["fileId"] for change in since(desk, token)] == [file_id]


def test_a_lost_drive_is_one_change_and_all_its_files_are_out_of_reach(desk: Desk) -> None:
    drive = a_new_id("drive")
    desk.turn("drives", {"id": drive, "name": "Short-lived"})
    file_id = desk.put(a_new_id("lost"), parent=drive)
    token = desk.start_token()
    desk.put(file_id, "edited just before", parent=drive)
    desk.turn(f"drives/{drive}", verb="DELETE")
    assert since(desk, token) == [{"changeType": "drive", "removed": True, "driveId": drive}]
    with pytest.raises(HttpError, match="File not found"):
        desk.drive.files().get(fileId=file_id, supportsAllDrives=True).execute()
    with pytest.raises(HttpError, match="Shared drive not found"):
        desk.drive.changes().list(pageToken="1", driveId=drive, **ALL_DRIVES).execute()


def test_a_drive_joined_is_a_change_of_a_drive(desk: Desk) -> None:
    token = desk.start_token()
    drive = a_new_id("drive")
    desk.turn("drives", {"id": drive, "name": "New"})
    assert since(desk, token) == [{"changeType": "drive", "removed": False, "driveId": drive, "drive": {"name": "New"}}]
    desk.turn(f"drives/{drive}", verb="DELETE")


@pytest.mark.parametrize("token", ["", "0x10", "999999", "page", "TEAM~1", "-1"])
def test_a_token_that_is_none_is_refused(desk: Desk, token: str) -> None:
    reply = desk.get("changes", pageToken=token)
    assert reply.status_code == 400
    (detail,) = reply.json()["error"]["errors"]
    assert (detail["reason"], detail["location"]) == ("invalid", "pageToken")


def test_the_feeds_of_a_person_and_of_a_drive_do_not_take_each_others_tokens(desk: Desk) -> None:
    mine, team = desk.start_token(), desk.start_token(driveId="TEAM", supportsAllDrives=True)
    for token, drive in ((mine, "TEAM"), (team, "OTHER")):
        with pytest.raises(HttpError, match="Invalid Value"):
            desk.drive.changes().list(pageToken=token, driveId=drive, **ALL_DRIVES).execute()
    with pytest.raises(HttpError, match="Invalid Value"):
        desk.drive.changes().list(pageToken=team).execute()


def test_the_feed_needs_a_token(desk: Desk) -> None:
    reply = desk.get("changes")
    assert (reply.status_code, reply.json()["error"]["errors"][0]["reason"]) == (400, "required")


@pytest.mark.parametrize("size", [1, 2, 7])
def test_drives_are_listed_completely_at_any_page_size(desk: Desk, size: int) -> None:
    found: list[str] = []
    request = desk.drive.drives().list(pageSize=size)
    while request is not None:
        reply = request.execute()
        found += [drive["name"] for drive in reply["drives"]]
        request = desk.drive.drives().list_next(request, reply)
    assert found == ["Another", "The team"]


ACTIONS: tuple[Callable[[Desk, str], object], ...] = (
    lambda desk, file_id: desk.put(file_id, "edited"),
    lambda desk, file_id: desk.turn(f"items/{file_id}/rename", {"name": "renamed"}),
    lambda desk, file_id: desk.turn(f"items/{file_id}/trash"),
    lambda desk, file_id: desk.turn(f"items/{file_id}/untrash"),
    lambda desk, file_id: desk.turn(f"items/{file_id}/move", {"parent": "TEAM"}),
    lambda desk, file_id: desk.turn(f"items/{file_id}/move", {"parent": None}),
)


@given(
    script=st.lists(st.tuples(st.integers(0, 3), st.integers(0, len(ACTIONS) - 1)), max_size=8),
    size=st.integers(1, 5),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replaying_the_feed_gives_the_same_picture_as_looking(
    desk: Desk, script: list[tuple[int, int]], size: int
) -> None:
    files = [desk.put(a_new_id("play"), "text") for _ in range(4)]
    token = desk.start_token()

    def look(file_id: str) -> Any:
        fields = "name,trashed,version,parents,modifiedTime"
        return desk.drive.files().get(fileId=file_id, supportsAllDrives=True, fields=fields).execute()

    picture = {file_id: look(file_id) for file_id in files}
    for which, action in script:
        ACTIONS[action](desk, files[which])
    changes = since(desk, token, pageSize=size)
    picture |= {change["fileId"]: change["file"] for change in changes}
    assert picture == {file_id: look(file_id) for file_id in files}
    assert {change["fileId"] for change in changes} == {files[which] for which, _ in script}


def test_a_file_deleted_from_a_shared_drive_is_removed_in_that_drives_feed(desk: Desk) -> None:
    top, middle, leaf = a_family(desk, parent="TEAM")
    team = desk.start_token(driveId="TEAM", supportsAllDrives=True)
    desk.turn(f"items/{top}", verb="DELETE")
    removed = [(change["fileId"], change["removed"]) for change in since(desk, team, driveId="TEAM")]
    assert removed == [(top, True), (middle, True), (leaf, True)]
