"""A stored file's bytes: whatever breaks on their way, the whole file arrives, or an error says why it does not."""

import base64
import resource
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from connector import ConnectorError, ConsentLost, FileGone, FileUnavailable, SourceUnavailable
from connector.drive.files import FILE_FIELDS, MEGABYTE
from connector.grant import Grant
from connector.service import Connector
from connector.settings import ConnectorSettings
from connector.testing import MemoryShelf
from tests.drive_builders import Desk, a_desk, a_file, noise
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, DRIVE_SCOPE, running_emulator, write_seed

BIG = noise(3 * MEGABYTE + 500_000)
OTHER = noise(2 * MEGABYTE + 700_000, seed=2)
MIDDLE = 2 * MEGABYTE + 123_457


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("seed")
    (folder / "big").write_bytes(BIG)
    items: list[dict[str, Any]] = [
        {"id": "big", "content": "big", "mime": "application/pdf"},
        {"id": "small", "text": "a small text"},
        {"id": "empty", "text": ""},
        {"id": "page", "text": "<p>a page of theirs</p>", "mime": "text/html"},
        {"id": "sealed", "can_download": False},
        {"id": "infected", "text": "X5O!P%@AP", "abusive": True},
        {"id": "their-infected", "parent": None, "abusive": True},
    ]
    with running_emulator(write_seed(folder, items=items)) as base:
        yield base


@pytest.fixture
def desk(root: str) -> Iterator[Desk]:
    with a_desk(root) as one:
        yield one


def replaced(desk: Desk, content: bytes) -> None:
    item = {"id": "big", "name": "big", "kind": "file", "parent": "root", "mime": "application/pdf"}
    desk.do("POST", "items", item | {"content_base64": base64.b64encode(content).decode()})


def test_files_of_every_size_arrive_whole(desk: Desk) -> None:
    assert desk.fetch("big") == BIG
    assert (desk.fetch("small"), desk.fetch("empty")) == (b"a small text", b"")
    assert desk.waits == []


def test_a_broken_download_goes_on_from_the_very_byte_where_it_broke(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    assert desk.fetch("big") == BIG
    assert desk.ranges() == [None, f"bytes={MIDDLE}-"]


def test_a_download_that_breaks_again_and_again_is_gone_on_with_as_long_as_it_gets_further(desk: Desk) -> None:
    desk.spoil("big", cut_at=400_000, times=None)
    assert desk.fetch("big") == BIG
    assert desk.ranges() == [None, *(f"bytes={place}-" for place in range(400_000, len(BIG), 400_000))]


def test_a_download_that_never_gets_further_ends_after_a_bounded_number_of_tries(desk: Desk) -> None:
    desk.spoil("big", cut_at=10, times=None)
    with pytest.raises(SourceUnavailable, match="in the middle of a file"):
        desk.fetch("big")
    assert len(desk.ranges()) == 5
    assert len(desk.waits) == 4


def test_bytes_that_end_early_without_a_sign_are_missed_and_fetched(desk: Desk) -> None:
    desk.spoil("big", short=True)
    assert desk.fetch("big") == BIG
    assert desk.ranges() == [None, f"bytes={len(BIG) // 2}-"]


@pytest.mark.parametrize(
    "then",
    [
        {"ignore_range": True},
        {"wrong_range": True},
        {"status": 416, "reason": "requestedRangeNotSatisfiable"},
        {"ignore_range": True, "cut_at": MEGABYTE},
    ],
    ids=str,
)
def test_a_server_that_does_not_go_on_from_there_is_read_from_the_beginning(desk: Desk, then: dict[str, int]) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    desk.spoil("big", **then)
    assert desk.fetch("big") == BIG


def test_a_redirect_is_followed_within_google_with_the_range_and_no_further(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    desk.spoil("big", redirect="/drive/v3/files/big?alt=media&supportsAllDrives=true")
    assert desk.fetch("big") == BIG
    assert desk.ranges() == [None, f"bytes={MIDDLE}-", f"bytes={MIDDLE}-"]
    for away, said in (
        (desk.root.replace("127.0.0.1", "localhost") + "/signin", "sign-in page or elsewhere"),
        ("https://accounts.google.com/", "sign-in page or elsewhere"),
        ("http://[::1/", "could not be reached"),
    ):
        desk.spoil("small", redirect=away, times=3)
        with pytest.raises(SourceUnavailable, match=said):
            desk.fetch("small")
    assert desk.calls("/signin") == []


@pytest.mark.parametrize("fault", [{"stall_seconds": 2}, {"drip_seconds": 0.1}], ids=str)
def test_a_stream_that_falls_silent_or_only_drips_is_left_and_gone_on_with(root: str, fault: dict[str, float]) -> None:
    with a_desk(root, timeout=0.5) as desk:
        desk.spoil("big", **fault)
        assert desk.fetch("big") == BIG
        places = [f"bytes={len(BIG) // 2 + drops}-" for drops in range(100)]
        first, *others = desk.ranges()
        assert first is None
        assert len(others) == 1
        assert others[0] in places


def test_a_file_that_is_changed_between_two_halves_is_read_anew(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    desk.during_waits.append(lambda: replaced(desk, OTHER))
    try:
        assert desk.fetch("big") == OTHER
        assert desk.ranges() == [None, None]
    finally:
        replaced(desk, BIG)


def test_a_file_that_goes_away_between_two_halves_is_gone(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    desk.during_waits.append(lambda: desk.do("POST", "items/big/trash"))
    try:
        with pytest.raises(FileGone, match="in the trash"):
            desk.fetch("big")
    finally:
        desk.do("POST", "items/big/untrash")


SUMS = ["md5Checksum", "sha256Checksum"]


@pytest.mark.parametrize("lacks", [SUMS, [*SUMS, "size"]], ids=["no checksum", "no size either"])
def test_a_file_without_a_checksum_is_held_to_its_version(desk: Desk, lacks: list[str]) -> None:
    desk.fault("GET /drive/v3/files/big", query={"fields": FILE_FIELDS}, lacks=lacks, times=None)
    desk.spoil("big", cut_at=MIDDLE)
    assert desk.fetch("big") == BIG
    desk.spoil("big", cut_at=MIDDLE)
    desk.during_waits.append(lambda: replaced(desk, OTHER))
    try:
        assert desk.fetch("big") == OTHER
    finally:
        replaced(desk, BIG)


def test_metadata_that_lacks_everything_still_gives_the_bytes(desk: Desk) -> None:
    lacks = [*SUMS, "size", "id", "mimeType", "capabilities", "version", "modifiedTime", "name"]
    desk.fault("GET /drive/v3/files/small", query={"fields": FILE_FIELDS}, lacks=lacks, times=None)
    assert desk.fetch("small") == b"a small text"


def test_an_access_token_that_ends_between_two_halves_is_renewed(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    desk.during_waits.append(lambda: desk.do("POST", "oauth", {"expire_access_tokens": True}))
    assert desk.fetch("big") == BIG


def test_a_consent_that_ends_between_two_halves_is_told_as_that(desk: Desk) -> None:
    desk.spoil("big", cut_at=MIDDLE)
    ended = {"expire_access_tokens": True, "refresh_error": "invalid_grant"}
    desk.during_waits.append(lambda: desk.do("POST", "oauth", ended))
    try:
        with pytest.raises(ConsentLost):
            desk.fetch("big")
    finally:
        desk.do("POST", "oauth", {"refresh_error": None})


def test_bytes_that_are_not_the_files_are_fetched_again(desk: Desk) -> None:
    desk.spoil("big", corrupt=True)
    assert desk.fetch("big") == BIG
    assert desk.ranges() == [None, None]


def test_bytes_that_are_never_the_files_are_never_handed_over(desk: Desk) -> None:
    desk.spoil("small", corrupt=True, times=None)
    with pytest.raises(SourceUnavailable, match="changed on its way"):
        desk.fetch("small")
    assert len(desk.ranges()) == 5


def test_a_wrong_checksum_once_is_asked_for_again_and_one_that_stays_is_an_error(desk: Desk) -> None:
    desk.fault("GET /drive/v3/files/small", wrong_checksum=True)
    assert desk.fetch("small") == b"a small text"
    desk.fault("GET /drive/v3/files/small", wrong_checksum=True, times=None)
    with pytest.raises(SourceUnavailable, match="changed on its way"):
        desk.fetch("small")


def test_a_sign_in_page_with_status_200_is_not_taken_for_the_file(desk: Desk) -> None:
    desk.spoil("small", login_page=True)
    assert desk.fetch("small") == b"a small text"
    desk.spoil("small", login_page=True, times=None)
    with pytest.raises(SourceUnavailable, match="web page in place of the file"):
        desk.fetch("small")
    desk.spoil("page", login_page=True)  # the type alone tells nothing of a page: its checksum does
    assert desk.fetch("page") == b"<p>a page of theirs</p>"


@pytest.mark.parametrize(
    "fault",
    [{"html": True}, {"status": 503}, {"status": 500}, {"reset": True}, {"status": 429, "retry_after": 3}],
    ids=str,
)
def test_a_failure_before_the_first_byte_is_tried_again(desk: Desk, fault: dict[str, object]) -> None:
    desk.spoil("small", **fault)
    assert desk.fetch("small") == b"a small text"


def test_a_file_whose_owner_forbids_it_is_not_even_asked_for(desk: Desk) -> None:
    with pytest.raises(FileUnavailable, match="its owner has switched off downloading"):
        desk.fetch("sealed")
    assert desk.ranges() == []


@pytest.mark.parametrize("reason", ["cannotDownloadFile", "cannotExportFile", "fileNotDownloadable"])
def test_a_final_refusal_is_asked_for_once(desk: Desk, reason: str) -> None:
    desk.spoil("small", status=403, reason=reason, times=None)
    with pytest.raises(FileUnavailable):
        desk.fetch("small")
    assert len(desk.ranges()) == 1


def test_what_google_holds_for_malware_is_left_there_unless_the_operator_wants_it(root: str, desk: Desk) -> None:
    with pytest.raises(FileUnavailable, match="Google holds it for malware or spam"):
        desk.fetch("infected")
    assert [call["query"] for call in desk.calls() if call["query"].get("acknowledgeAbuse")] == []
    with a_desk(root, abusive=True) as brave:
        assert brave.fetch("infected") == b"X5O!P%@AP"
        assert brave.fetch("small") == b"a small text"
        asked = [call["path"] for call in brave.calls() if call["query"].get("acknowledgeAbuse")]
        assert asked == ["/drive/v3/files/infected"]


def test_malware_that_google_does_not_hand_to_this_person_is_asked_for_once_more_and_no_further(root: str) -> None:
    with a_desk(root, abusive=True) as brave:
        with pytest.raises(FileUnavailable, match="Google holds it for malware or spam"):
            brave.fetch("their-infected")
        assert len(brave.ranges()) == 2


def test_a_file_above_the_cap_is_not_fetched_and_says_so(root: str) -> None:
    with a_desk(root, max_file_mb=1) as desk:
        with pytest.raises(FileUnavailable, match="it is larger than 1 MB"):
            desk.fetch("big")
        assert desk.ranges() == []


def test_the_bytes_have_no_name_on_disk_and_are_gone_when_they_are_closed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with desk.source.fetch(a_file("big")) as stream:
        assert list(tmp_path.iterdir()) == []
        assert stream.fileno() > 0  # and yet they are on disk, not in memory
        assert desk.budget.in_flight == len(BIG)
    assert desk.budget.in_flight == 0


def test_a_disk_without_room_is_told_and_tried_again_later(desk: Desk) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, hard))  # as near to a full disk as a test can come
    try:
        with pytest.raises(SourceUnavailable, match="This machine could not keep the file"):
            desk.source.fetch(a_file("big"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert desk.budget.in_flight == 0
    assert desk.fetch("big") == BIG


def test_a_stream_that_is_forgotten_gives_its_bytes_back(desk: Desk) -> None:
    stream = desk.source.fetch(a_file("big"))
    with pytest.warns(ResourceWarning):
        del stream
    assert desk.budget.in_flight == 0


def test_downloads_wait_for_each_other_where_the_budget_is_small(root: str) -> None:
    with a_desk(root, in_flight_mb=4) as desk, ThreadPoolExecutor(4) as pool:
        most, watching = [0], threading.Event()

        def fetched(_: int) -> bool:
            with desk.source.fetch(a_file("big")) as stream:
                most[0] = max(most[0], desk.budget.in_flight)
                return stream.read() == BIG

        first = desk.source.fetch(a_file("big"))
        others = [pool.submit(fetched, one) for one in range(4)]
        assert not watching.wait(0.2)
        assert not any(other.done() for other in others)
        first.close()
        assert [other.result(20) for other in others] == [True] * 4
        assert most[0] <= 4 * MEGABYTE


def test_the_settings_reach_the_downloads_and_all_connections_share_one_budget(root: str) -> None:
    settings = ConnectorSettings(
        google_client_id=CLIENT_ID,
        google_client_secret=SecretStr(CLIENT_SECRET),
        google_api_root=root,
        google_token_url=f"{root}/token",
        vault_key=SecretStr(base64.b64encode(bytes(32)).decode()),
        max_in_flight_mb=4,
        read_abusive_files=True,
    )
    connector = Connector(settings, MemoryShelf())
    for connection in ("one", "other"):
        tokens = httpx.post(f"{root}/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()
        connector._vault.put(connection, Grant(refresh_token=tokens["refresh_token"]))
    one, other = connector.source("one"), connector.source("other")
    with one.fetch(a_file("infected")) as stream:
        assert stream.read() == b"X5O!P%@AP"
    with ThreadPoolExecutor(1) as pool:
        first = one.fetch(a_file("big"))
        second = pool.submit(other.fetch, a_file("big"))
        assert not wait([second], timeout=0.3).done
        first.close()
        second.result(20).close()
    connector.close()


FAULTS = st.fixed_dictionaries(
    {},
    optional={
        "cut_at": st.integers(1, len(BIG) - 1),
        "short": st.booleans(),
        "corrupt": st.booleans(),
        "ignore_range": st.booleans(),
        "wrong_range": st.booleans(),
        "login_page": st.booleans(),
        "reset": st.booleans(),
        "html": st.booleans(),
        "status": st.sampled_from((0, 416, 403, 429, 500, 503)),
    },
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FAULTS, max_size=12))
def test_whatever_breaks_the_bytes_are_the_truth_or_an_error_says_why(desk: Desk, faults: list[dict[str, int]]) -> None:
    desk.do("DELETE", "faults")
    for fault in faults:
        desk.spoil("big", **fault)
    try:
        fetched, why = desk.fetch("big"), ""
    except ConnectorError as error:
        fetched, why = b"", str(error)
    assert fetched == BIG or (faults and why)
