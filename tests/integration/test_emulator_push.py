"""The emulator's notification channels, held against the discovery document and what Google's guide says of them."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from connector.emulator.discovery import load_contract
from tests.emulator_client import ALL_DRIVES, Desk, a_desk, a_new_id
from tests.emulator_process import running_emulator, write_seed

DAY_MS = 86_400_000


@dataclass
class Ear:
    """Somebody who listens, and what came."""

    address: str
    came: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    slow: float = 0.0
    news: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int) -> list[Mapping[str, str]]:
        """Return the headers of the notifications once so many have come."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.came) >= count, timeout=10), self.came
            return list(self.came)


@contextmanager
def an_ear() -> Iterator[Ear]:
    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            time.sleep(taken.slow)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            with taken.news:
                taken.came.append({name.lower(): value for name, value in self.headers.items()})
                taken.bodies.append(body)
                taken.news.notify_all()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    taken = Ear(f"http://127.0.0.1:{server.server_port}/heard")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    with an_ear() as listening:
        yield listening


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), drives=({"id": "TEAM", "name": "The team"},))
    with running_emulator(seed) as base, a_desk(base) as sat:
        yield sat


def watch(desk: Desk, ear: Ear, *, drive: str = "", **channel: Any) -> dict[str, Any]:
    """Watch through Google's own client."""
    feed: dict[str, Any] = {"driveId": drive} if drive else {}
    body = {"id": a_new_id("channel"), "type": "web_hook", "address": ear.address, "token": "secret"} | channel
    token = desk.start_token(supportsAllDrives=True, **feed)
    answer: dict[str, Any] = desk.drive.changes().watch(body=body, pageToken=token, **feed, **ALL_DRIVES).execute()
    return answer


def state_of(desk: Desk, ident: str) -> str:
    (one,) = (one for one in desk.turn("channels", verb="GET")["channels"] if one["id"] == ident)
    return str(one["state"])


def test_a_channel_is_answered_within_its_schema_and_first_says_that_it_is_open(desk: Desk, ear: Ear) -> None:
    before = desk.violations()
    channel = watch(desk, ear)
    contract = load_contract()
    assert list(contract.faults_in(channel, {"$ref": "Channel"})) == []
    assert (channel["kind"], channel["token"]) == ("api#channel", "secret")
    (first,) = ear.wait(1)
    assert first["x-goog-channel-id"] == channel["id"]
    assert first["x-goog-channel-token"] == "secret"
    assert first["x-goog-resource-id"] == channel["resourceId"]
    assert first["x-goog-resource-uri"] == channel["resourceUri"]
    assert (first["x-goog-resource-state"], first["x-goog-message-number"]) == ("sync", "1")
    assert first["x-goog-channel-expiration"].endswith(" GMT")
    assert ear.bodies == [b""]
    assert desk.violations() == before


def test_each_change_in_the_watched_feed_is_told_and_none_of_another(desk: Desk, ear: Ear) -> None:
    watch(desk, ear, drive="TEAM")
    ear.wait(1)
    desk.put(a_new_id("mine"), "not in the team's drive")
    file_id = desk.put(a_new_id("ours"), "in it", parent="TEAM")
    desk.turn(f"items/{file_id}/trash")
    numbers = [(one["x-goog-resource-state"], one["x-goog-message-number"]) for one in ear.wait(3)]
    assert numbers == [("sync", "1"), ("change", "2"), ("change", "3")]
    with an_ear() as other:
        watch(desk, other)
        desk.put(a_new_id("mine"), "in My Drive")
        assert [one["x-goog-resource-state"] for one in other.wait(2)] == ["sync", "change"]


def test_a_slow_listener_delays_no_answer(desk: Desk, ear: Ear) -> None:
    ear.slow = 1.0
    began = time.monotonic()
    watch(desk, ear)
    desk.put(a_new_id("file"), "text")
    assert time.monotonic() - began < 0.9
    ear.wait(2)


def test_a_channel_lives_an_hour_unless_more_is_asked_and_never_longer_than_a_week(desk: Desk, ear: Ear) -> None:
    now = time.time() * 1000
    assert int(watch(desk, ear)["expiration"]) == pytest.approx(now + 3_600_000, abs=60_000)
    for days, granted in ((3, 3), (30, 7)):
        asked = str(int(now + days * DAY_MS))
        ends = int(watch(desk, ear, expiration=asked)["expiration"])
        assert ends == pytest.approx(now + granted * DAY_MS, abs=60_000)


def test_a_stopped_channel_says_nothing_more_and_is_not_known_twice(desk: Desk, ear: Ear) -> None:
    channel = watch(desk, ear)
    ear.wait(1)
    named = {"id": channel["id"], "resourceId": channel["resourceId"]}
    assert desk.drive.channels().stop(body=named).execute() == ""  # how Google's client says 204
    desk.put(a_new_id("file"), "text")
    assert state_of(desk, channel["id"]) == "stopped"
    assert len(ear.came) == 1
    with pytest.raises(HttpError, match="not found for project") as refused:
        desk.drive.channels().stop(body=named).execute()
    assert refused.value.status_code == 404


def test_only_who_names_its_resource_stops_a_channel(desk: Desk, ear: Ear) -> None:
    channel = watch(desk, ear)
    with pytest.raises(HttpError, match="not found for project"):
        desk.drive.channels().stop(body={"id": channel["id"], "resourceId": "another"}).execute()
    assert state_of(desk, channel["id"]) == "open"


@pytest.mark.parametrize(
    ("channel", "status", "reason"),
    [
        ({"type": "pigeon"}, 400, "channelTypeNotSupported"),
        ({"address": ""}, 400, "required"),
        ({"id": ""}, 400, "required"),
        ({"id": "x" * 65}, 400, "invalid"),
        ({"token": "x" * 257}, 400, "invalid"),
        ({"expiration": "1"}, 400, "invalid"),
        ({"expiration": 5}, 400, "parseError"),
        ({"colour": "red"}, 400, "parseError"),
        ({"address": "http://192.0.2.1/heard"}, 401, "webhookUrlUnauthorized"),
    ],
    ids=str,
)
def test_a_channel_that_google_would_not_open_is_refused(
    desk: Desk, ear: Ear, channel: dict[str, Any], status: int, reason: str
) -> None:
    body = {"id": a_new_id("channel"), "type": "web_hook", "address": ear.address} | channel
    reply = requests.post(
        f"{desk.base}/drive/v3/changes/watch",
        params={"pageToken": desk.start_token()},
        headers={"Authorization": f"Bearer {desk.token}"},
        data=json.dumps(body),
        timeout=10,
    )
    assert (reply.status_code, reply.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_a_channels_id_is_used_once(desk: Desk, ear: Ear) -> None:
    channel = watch(desk, ear)
    with pytest.raises(HttpError, match="not unique"):
        watch(desk, ear, id=channel["id"])


def test_a_reading_call_takes_no_body(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.token}"}
    reply = requests.get(f"{desk.base}/drive/v3/files", headers=headers, data='{"name": "x"}', timeout=10)
    assert reply.status_code == 400


def test_notifications_can_be_lost_forged_and_ended(desk: Desk, ear: Ear) -> None:
    channel = watch(desk, ear)
    ear.wait(1)
    desk.turn("channels", {"lose": True})
    desk.put(a_new_id("file"), "text")
    desk.turn("channels", {"lose": False, "expire": True})
    desk.put(a_new_id("file"), "text")
    assert state_of(desk, channel["id"]) == "expired"
    forged = {"headers": {"X-Goog-Channel-Token": "wrong", "X-Goog-Resource-State": None}, "bytes": 9}
    assert desk.turn(f"channels/{channel['id']}/notify", forged) == {"status": 204}
    assert len(ear.came) == 2
    assert ear.came[1]["x-goog-channel-token"] == "wrong"
    assert "x-goog-resource-state" not in ear.came[1]
    assert ear.bodies[1] == b"x" * 9
