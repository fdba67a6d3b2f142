"""Hints over real channels: Google says that something changed, and the sync does not wait for the night."""

import base64
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector import Channel, Cursor, LostBecause
from connector.drive import channels as drive_channels
from scanner.model.connection import ConnectionState
from scanner.model.job import Job, JobKind, JobState
from scanner.pipeline.hints import Watching
from scanner.pipeline.orders import sync_job
from tests.consent_builders import Place, a_place
from tests.emulator_process import running_emulator, write_seed
from tests.pipeline_builders import GUIDE
from tests.site_builders import served

LINE = b"Change the default password of the account before first use; passwords have at least 12 characters.\n"
BEFORE = GUIDE.replace(LINE, b"")
GUIDE_FILE = {"id": "guide", "name": "Monitor Security Guide.md", "mime": "text/markdown", "text": BEFORE.decode()}
WATCH, STOP, REVOKE = "POST /drive/v3/changes/watch", "POST /drive/v3/channels/stop", "POST /revoke"


@dataclass
class Site:
    """Crosswalk served where Google reaches it, over a local Google."""

    place: Place
    url: str

    def google(self, knob: str, body: object = None) -> dict[str, Any]:
        answer = httpx.post(f"{self.place.google}/_emulator/{knob}", json=body, timeout=30).raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def edit(self, file_id: str = "guide", text: bytes = GUIDE, parent: str = "root") -> None:
        content = base64.b64encode(text).decode()
        item = {"id": file_id, "name": "Monitor Security Guide.md", "mime": "text/markdown", "kind": "file"}
        self.google("items", {**item, "parent": parent, "content_base64": content})

    def at_google(self) -> list[dict[str, Any]]:
        """The channels that lead to this site, as Google has them."""
        answer = httpx.get(f"{self.place.google}/_emulator/channels").json()
        return [one for one in answer["channels"] if one["address"].startswith(self.url)]

    def open(self) -> list[str]:
        return [one["id"] for one in self.at_google() if one["state"] == "open"]

    def here(self, ident: str) -> tuple[Channel, ...]:
        """The channels as they are kept here."""
        with self.place.app.store.reading() as unit:
            return unit.channels.of_connection(ident)

    def answers(self) -> list[tuple[str, int]]:
        return [(sent["state"], sent["status"]) for one in self.at_google() for sent in one["sent"]]

    def notify(self, channel: str, **forged: object) -> int:
        """Have Google send a notification over a channel; returns the status of our answer."""
        return int(self.google(f"channels/{channel}/notify", forged)["status"])

    def syncs(self) -> tuple[Job, ...]:
        found = self.place.app.queue.list(states=[JobState.QUEUED, JobState.RUNNING])
        return tuple(job for job in found if job.kind is JobKind.SYNC)

    def connected(self) -> str:
        """Connect, and let the first sync pass; what it asks to be scanned waits."""
        ident = self.place.connect()
        self.place.work(JobKind.SYNC)
        eventually(lambda: all(one["sent"] for one in self.at_google()))
        return ident

    def night(self) -> None:
        """Let a day pass, and then the night's sync."""
        self.place.clock.later(timedelta(days=1))
        a_sync(self.place)

    def report(self, ident: str) -> str:
        app = self.place.app
        with app.store.reading() as unit:
            (product,) = unit.products.of_connection(ident)
            return repr(unit.reports.latest(product.id, app.packs[0].id))


def a_sync(place: Place) -> None:
    for ident in place.app.readable_connections():
        place.app.queue.enqueue([sync_job(ident)])
    place.work(JobKind.SYNC)


def eventually(true: Callable[[], object]) -> None:
    """Wait for another process or thread; fails after ten seconds."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def a_site(home: Path, google: str, *, push: bool = True, **more: Any) -> Iterator[Site]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with a_place(home, google, push_url=url if push else "", base_url=url, **more) as place:
            with served(place.app, listener):
                yield Site(place, url)
            httpx.post(f"{google}/_emulator/channels", json={"lose": False, "expire": True}).raise_for_status()


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(
        tmp_path_factory.mktemp("seed"), items=[GUIDE_FILE, {"id": "menu"}], drives=[{"id": "TEAM", "name": "Team"}]
    )
    with running_emulator(seed) as root:
        yield root


@pytest.fixture
def site(google: str, tmp_path: Path) -> Iterator[Site]:
    """A site on which a hint is followed only much later, so that its job can be looked at."""
    with a_site(tmp_path, google, hint_seconds=600) as made:
        yield made


def test_an_edit_is_judged_within_moments_and_no_night_is_waited_for(google: str, tmp_path: Path) -> None:
    with a_site(tmp_path, google, hint_seconds=0.1) as site:
        site.edit(text=BEFORE)
        ident = site.connected()
        site.place.work()
        assert "Change the default password" not in site.report(ident)
        assert site.syncs() == ()
        site.edit(text=GUIDE)
        eventually(site.syncs)
        site.place.work()
        assert "Change the default password" in site.report(ident)
        assert ("change", 204) in site.answers()
        assert httpx.get(f"{google}/_emulator/violations").json() == {"violations": []}


def test_what_happens_inside_of_a_shared_drive_is_hinted_at_as_well(site: Site) -> None:
    ident = site.connected()
    assert sorted(channel.feed for channel in site.here(ident)) == ["", "TEAM"]
    site.google("feeds", {"apart": True})
    try:
        site.edit("theirs", parent="TEAM")
        eventually(site.syncs)
    finally:
        site.google("feeds", {"apart": False})


def test_the_first_notification_is_answered_and_asks_for_nothing(site: Site) -> None:
    site.connected()
    assert site.answers() == [("sync", 204), ("sync", 204)]
    assert site.syncs() == ()


def test_a_flood_of_hints_is_one_sync_and_it_waits_for_the_editing_to_end(site: Site) -> None:
    site.connected()
    (channel, *_) = site.open()
    assert {site.notify(channel) for _ in range(30)} == {204}
    (job,) = site.syncs()
    assert job.run_at > site.place.clock() + timedelta(seconds=590)


FORGED: tuple[dict[str, str | None], ...] = (
    {"X-Goog-Channel-Token": None},
    {"X-Goog-Channel-Token": ""},
    {"X-Goog-Channel-Token": "AAAA"},
    {"X-Goog-Channel-Token": "ÿ" * 100},
    {"X-Goog-Channel-Token": "A" * 5000},
    {"X-Goog-Channel-ID": None},
    {"X-Goog-Channel-ID": "0" * 32},
    {"X-Goog-Channel-Token": "AAAA", "X-Goog-Resource-State": "sync"},
)


def test_a_forged_notification_is_refused_in_constant_words_and_asks_for_nothing(site: Site) -> None:
    site.connected()
    (channel, *_) = site.open()
    assert [site.notify(channel, headers=forged) for forged in FORGED] == [404] * len(FORGED)
    assert site.syncs() == ()
    refused = httpx.post(f"{site.url}/connections/changed", headers={"x-goog-channel-token": "wrong"})
    assert (refused.status_code, refused.text) == (404, "There is no such channel.")
    assert "set-cookie" not in refused.headers
    assert site.notify(channel) == 204


def test_a_token_is_good_for_its_own_channel_only(site: Site) -> None:
    site.connected()
    one, other = site.open()
    assert site.notify(one, headers={"X-Goog-Channel-ID": other}) == 404
    assert site.syncs() == ()


def test_a_body_is_not_read_whatever_its_size(site: Site) -> None:
    site.connected()
    (channel, *_) = site.open()
    assert site.notify(channel, bytes=100) == 204
    began = time.monotonic()
    with socket.create_connection(site.url.removeprefix("http://").split(":"), timeout=10) as wire:  # type: ignore[arg-type]  # a list of two
        wire.sendall(b"POST /connections/changed HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nx")
        assert wire.recv(100).startswith(b"HTTP/1.1 404")
    assert time.monotonic() - began < 5


def test_a_channel_that_has_ended_says_nothing_that_is_believed(site: Site) -> None:
    site.connected()
    (channel, *_) = site.open()
    site.place.clock.later(timedelta(days=8))
    assert site.notify(channel) == 404
    assert site.syncs() == ()


def test_a_connection_that_cannot_be_read_takes_no_hints(site: Site) -> None:
    ident = site.connected()
    (channel, *_) = site.open()
    with site.place.app.store.transaction() as unit:
        unit.connections.lost(site.place.connection(ident), LostBecause.REVOKED, now=site.place.clock())
    assert site.notify(channel) == 404
    assert site.syncs() == ()


def test_a_hint_that_comes_while_a_sync_runs_is_followed_by_another_one(google: str, tmp_path: Path) -> None:
    with a_site(tmp_path, google, hint_seconds=0) as site:
        site.connected()
        (channel, *_) = site.open()
        assert site.notify(channel) == 204
        claimed = site.place.app.queue.claim([JobKind.SYNC])  # type: ignore[attr-defined]  # a worker that has just begun
        assert claimed is not None
        job, lease = claimed
        site.place.app.hints.begin(job.connection)
        assert site.notify(channel) == 204
        assert len(site.syncs()) == 1
        site.place.app.queue.done(lease)  # type: ignore[attr-defined]  # and ends
        assert site.syncs() == ()
        site.place.app.sweep()
        assert len(site.syncs()) == 1
        site.place.work(JobKind.SYNC)
        site.place.app.sweep()
        assert site.syncs() == ()


def test_a_lost_hint_changes_nothing_about_the_night(site: Site) -> None:
    site.edit(text=BEFORE)
    ident = site.connected()
    site.google("channels", {"lose": True})
    site.edit(text=GUIDE)
    assert site.syncs() == ()
    site.place.night()
    assert "Change the default password" in site.report(ident)


def test_a_channel_that_lasts_is_left_alone(site: Site) -> None:
    site.connected()
    mark = site.place.mark()
    site.night()
    assert {WATCH, STOP}.isdisjoint(site.place.calls(mark))


def test_a_channel_that_ends_soon_is_followed_by_another_one_before_it_is_stopped(site: Site) -> None:
    ident = site.connected()
    old = set(site.open())
    site.place.clock.later(timedelta(days=4, hours=12))
    mark = site.place.mark()
    site.night()
    calls = [call for call in site.place.calls(mark) if call in {WATCH, STOP}]
    assert calls == [WATCH, WATCH, STOP, STOP]
    new = set(site.open())
    assert len(new) == 2
    assert not new & old
    assert {channel.id for channel in site.here(ident)} == new
    assert site.notify(min(old)) == 404
    assert site.notify(min(new)) == 204


def test_a_channel_that_cannot_be_stopped_now_is_stopped_after_the_next_sync(site: Site) -> None:
    ident = site.connected()
    site.place.clock.later(timedelta(days=4, hours=12))
    site.place.fault(STOP, status=503, times=1)
    site.night()
    assert len(site.here(ident)) == 4
    mark = site.place.mark()
    site.night()
    assert site.place.calls(mark).count(STOP) >= 2
    assert len(site.open()) == 2
    assert {channel.id for channel in site.here(ident)} == set(site.open())


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400, "reason": "channelIdNotUnique"},
        {"status": 401, "reason": "webhookUrlUnauthorized"},
        {"status": 403, "reason": "forbidden"},
        {"status": 403, "reason": "somethingNew"},
        {"status": 404, "reason": "notFound"},
        {"status": 500, "reason": "backendError"},
        {"html": True},
        {"reset": True},
        {"truncate": True},
    ],
    ids=str,
)
def test_a_google_that_opens_no_channel_takes_nothing_away(site: Site, fault: dict[str, object]) -> None:
    site.place.fault(WATCH, times=None, **fault)
    ident = site.place.connect()
    site.place.work(JobKind.SYNC)
    assert site.here(ident) == ()
    assert site.place.failed() == []
    known = site.place.connection(ident)
    assert (known.state, known.lost, known.synced_at) == (ConnectionState.ACTIVE, None, site.place.clock())
    httpx.delete(f"{site.place.google}/_emulator/faults").raise_for_status()
    site.night()
    assert len(site.here(ident)) == 2


def test_a_disconnect_stops_the_channels_before_the_consent_ends_and_no_hint_counts_any_more(site: Site) -> None:
    ident = site.connected()
    channels = site.open()
    mark = site.place.mark()
    assert site.place.app.disconnect(ident).revoked
    assert [call for call in site.place.calls(mark) if call in {STOP, REVOKE}] == [STOP, STOP, REVOKE]
    assert site.open() == []
    assert {site.notify(channel) for channel in channels} == {404}
    assert site.place.app.queue.list() == ()
    assert site.here(ident) == ()


@pytest.mark.parametrize("fault", [{"status": 503}, {"delay_seconds": 3}, {"reset": True}], ids=str)
def test_a_google_that_stops_no_channel_holds_no_disconnect_up(
    site: Site, fault: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive_channels, "STOP_SECONDS", 0.3)
    ident = site.connected()
    channels = site.open()
    site.place.fault(STOP, times=None, **fault)
    began = time.monotonic()
    assert site.place.app.disconnect(ident).revoked
    assert time.monotonic() - began < 2.5
    assert {site.notify(channel) for channel in channels} == {404}
    assert site.here(ident) == ()


@dataclass
class Ended:
    """What opens channels, while somebody ends the connection."""

    inner: Watching
    end: Callable[[], None]

    def feeds(self, cursor: Cursor) -> tuple[str, ...]:
        return tuple(self.inner.feeds(cursor))[:1]

    def watches(self, channel: Channel, **until: Any) -> bool:
        return self.inner.watches(channel, **until)

    def watch(self, connection_id: str, feed: str, cursor: Cursor) -> Channel:
        channel = self.inner.watch(connection_id, feed, cursor)
        self.end()
        return channel

    def stop(self, connection_id: str, channel: Channel) -> None:
        self.inner.stop(connection_id, channel)


def test_a_channel_that_was_opened_while_its_connection_ended_is_stopped(site: Site) -> None:
    ident = site.place.connect()
    site.place.fault(WATCH, times=None, status=503)
    site.place.work(JobKind.SYNC)
    httpx.delete(f"{site.place.google}/_emulator/faults").raise_for_status()

    def end() -> None:
        with site.place.app.store.transaction() as unit:
            unit.connections.ending(ident)

    watching = Ended(site.place.app.connector, end)
    replace(site.place.app.hints, watching=lambda: watching).renew(ident)
    assert [one["state"] for one in site.at_google()] == ["stopped"]
    assert site.here(ident) == ()


def test_without_an_address_nothing_is_watched_and_nothing_is_answered(google: str, tmp_path: Path) -> None:
    with a_site(tmp_path, google, push=False) as site:
        mark = site.place.mark()
        ident = site.place.connect()
        site.place.work(JobKind.SYNC)
        assert WATCH not in site.place.calls(mark)
        assert site.here(ident) == ()
        assert httpx.post(f"{site.url}/connections/changed").status_code == 403
        same = {"origin": site.url}
        assert httpx.post(f"{site.url}/connections/changed", headers=same).status_code == 404


def test_channels_that_lead_elsewhere_are_replaced_and_stopped_when_none_are_wanted(
    google: str, tmp_path: Path
) -> None:
    with a_site(tmp_path, google) as site:
        ident = site.connected()
        first = set(site.open())
    httpx.post(f"{google}/_emulator/channels", json={"lose": True}).raise_for_status()
    with a_place(tmp_path, google, push_url="http://127.0.0.1:9/elsewhere/") as moved:
        a_sync(moved)
        with moved.app.store.reading() as unit:
            channels = unit.channels.of_connection(ident)
        assert {channel.address for channel in channels} == {"http://127.0.0.1:9/elsewhere/connections/changed"}
        assert not first & {channel.id for channel in channels}
    with a_place(tmp_path, google) as off:
        mark = off.mark()
        a_sync(off)
        assert off.calls(mark).count(STOP) == 2
        with off.app.store.reading() as unit:
            assert unit.channels.of_connection(ident) == ()
    httpx.post(f"{google}/_emulator/channels", json={"lose": False}).raise_for_status()
