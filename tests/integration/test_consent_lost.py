"""A consent that is lost: told by its reason, mailed once, and nothing is read until it is given again."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from connector import LostBecause, SyncKind
from scanner.cli.main import app as command
from scanner.model.connection import ConnectionState, ScanState
from scanner.model.job import JobKind, JobState
from scanner.pipeline.lost import note_loss
from scanner.pipeline.orders import sync_job
from tests.consent_builders import Place, a_place, text_of
from tests.emulator_process import running_emulator, write_seed
from tests.pipeline_builders import GUIDE


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=[{"id": "menu", "text": "lunch"}])
    with running_emulator(seed) as root:
        yield root


@pytest.fixture
def place(google: str, tmp_path: Path) -> Iterator[Place]:
    with a_place(tmp_path, google, max_attempts=1) as made:
        yield made


@pytest.fixture
def guide(google: str) -> Iterator[None]:
    """A document that waits to be read, for the tests that need one: reading it takes a while."""
    guide = {"id": "guide", "name": "Monitor Security Guide.md", "kind": "file", "mime": "text/markdown"}
    content = {"parent": "root", "content_base64": base64.b64encode(GUIDE).decode()}
    httpx.post(f"{google}/_emulator/items", json=guide | content).raise_for_status()
    yield
    httpx.delete(f"{google}/_emulator/items/guide").raise_for_status()


@pytest.mark.parametrize(
    ("knobs", "expected"),
    [
        ({"refresh_error": "invalid_grant"}, LostBecause.REVOKED),
        ({"refresh_error": "invalid_rapt"}, LostBecause.REAUTH),
        ({"refresh_error": "account_disabled"}, LostBecause.ACCOUNT),
        ({"refresh_error": "admin_policy_enforced"}, LostBecause.POLICY),
        ({"refresh_scopes": ["openid"]}, LostBecause.SCOPE),
    ],
    ids=str,
)
def test_a_lost_consent_is_told_once_by_its_reason_and_ends_the_nights(
    place: Place, knobs: dict[str, object], expected: LostBecause
) -> None:
    ident = place.connect()
    place.night()
    place.knob(**knobs, expire_access_tokens=True)
    place.night()
    lost = place.connection(ident)
    assert lost.state is ConnectionState.CONSENT_LOST
    assert lost.lost is not None
    assert (lost.lost.because, lost.lost.told) == (expected, True)
    assert place.failed() == [expected.words]
    mark = place.mark()
    for _ in range(3):
        place.night()
    assert place.calls(mark) == []
    (mail,) = place.mails("[Crosswalk]")
    assert mail["Subject"] == f"[Crosswalk] {expected.title}"
    assert mail["To"] == "owner@example.org"
    words = text_of(mail)
    for said in (expected.title, expected.sentence, expected.what_to_do, "http://127.0.0.1:8765/connections/connect"):
        assert said in words
    html = mail.get_body(("html",))
    assert html is not None
    assert 'href="http://127.0.0.1:8765/connections/connect"' in html.get_content()


def test_the_seven_days_of_testing_are_named_as_the_likely_reason(place: Place) -> None:
    ident = place.connect()
    place.night()
    place.clock.later(timedelta(days=5))
    assert place.connection(ident).state is ConnectionState.ACTIVE
    place.clock.later(timedelta(hours=1))
    place.knob(refresh_error="invalid_grant", expire_access_tokens=True)
    place.night()
    (mail,) = place.mails("[Crosswalk]")
    assert LostBecause.TESTING.title in text_of(mail)


def test_connecting_again_goes_on_from_the_cursor_and_a_second_loss_is_told_again(place: Place) -> None:
    ident = place.connect()
    place.night()
    cursor = place.connection(ident).cursor
    place.knob(refresh_error="invalid_grant", expire_access_tokens=True)
    place.night()
    assert place.connection(ident).cursor == cursor
    place.knob(refresh_error=None)
    assert place.connect() == ident
    again = place.connection(ident)
    assert (again.state, again.state_because, again.lost, again.cursor) == (ConnectionState.ACTIVE, "", None, cursor)
    mark = place.mark()
    place.work()
    calls = place.calls(mark)
    assert "GET /drive/v3/changes" in calls
    assert "GET /drive/v3/files" not in calls
    coverage = place.connection(ident).coverage
    assert coverage is not None
    assert coverage.kind is SyncKind.INCREMENTAL
    place.clock.later(timedelta(days=1))
    place.knob(refresh_error="invalid_rapt", expire_access_tokens=True)
    place.night()
    place.night()
    subjects = [mail["Subject"] for mail in place.mails("[Crosswalk]")]
    assert subjects == [f"[Crosswalk] {one.title}" for one in (LostBecause.REVOKED, LostBecause.REAUTH)]
    assert len({mail["Message-ID"] for mail in place.mails("[Crosswalk]")}) == 2


@pytest.mark.usefixtures("guide")
def test_a_consent_that_is_lost_in_the_middle_of_the_scans_ends_no_document_and_no_review_as_done(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    place.knob(refresh_error="invalid_grant", expire_access_tokens=True)
    place.work()
    assert place.connection(ident).state is ConnectionState.CONSENT_LOST
    with place.app.store.reading() as unit:
        assert unit.candidates.counts(ident)[ScanState.TO_SCAN] == 1
        (product,) = unit.products.of_connection(ident)
        assert unit.reports.latest(product.id, place.app.packs[0].id) is None
    assert [mail["Subject"] for mail in place.mailbox.mails] == [f"[Crosswalk] {LostBecause.REVOKED.title}"]
    (scan,) = [job for job in place.app.queue.list(states=[JobState.FAILED]) if job.kind is JobKind.SCAN]
    assert scan.error == LostBecause.REVOKED.words
    place.knob(refresh_error=None)
    place.connect()
    place.night()
    with place.app.store.reading() as unit:
        assert unit.candidates.counts(ident)[ScanState.SCANNED] == 1
        assert unit.reports.latest(product.id, place.app.packs[0].id) is not None


@pytest.mark.usefixtures("guide")
def test_a_job_that_waits_when_the_consent_is_lost_asks_google_nothing_and_fails(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    with place.app.store.transaction() as unit:
        unit.connections.lost(place.connection(ident), LostBecause.ACCOUNT, now=place.clock())
    place.app.queue.enqueue([sync_job(ident)])
    mark = place.mark()
    place.work(JobKind.SYNC, JobKind.SCAN)
    assert place.calls(mark) == []
    assert place.failed() == [LostBecause.ACCOUNT.words] * 2


def test_a_sign_in_service_that_is_away_loses_no_consent_and_mails_nobody(place: Place) -> None:
    ident = place.connect()
    place.night()
    before = len(place.mailbox.mails)
    place.knob(expire_access_tokens=True)
    place.fault("POST /token", times=None, status=502, html=True)
    place.night()
    assert place.connection(ident).state is ConnectionState.ACTIVE
    assert place.failed() == ["Google's sign-in service did not answer."]
    assert len(place.mailbox.mails) == before


def test_a_late_failure_of_the_consent_before_does_not_end_the_new_one(place: Place) -> None:
    ident = place.connect()
    before = place.connection(ident)
    place.clock.later(timedelta(minutes=1))
    place.connect()
    note_loss(place.app.store, place.app.queue, before, LostBecause.REVOKED, now=place.clock())
    assert place.connection(ident).state is ConnectionState.ACTIVE


def test_a_kill_between_the_loss_and_its_mail_is_made_up_for_by_the_sweep(place: Place) -> None:
    ident = place.connect()
    place.app.queue.forget(ident)
    with place.app.store.transaction() as unit:
        unit.connections.lost(place.connection(ident), LostBecause.POLICY, now=place.clock())
    place.app.sweep()
    place.work()
    place.app.sweep()
    place.work()
    assert [mail["Subject"] for mail in place.mailbox.mails] == [f"[Crosswalk] {LostBecause.POLICY.title}"]


def test_a_mail_server_that_is_away_leaves_the_mail_owed(place: Place) -> None:
    place.connect()
    place.night()
    place.mailbox.answers["DATA"] = "451 later"
    place.knob(refresh_error="invalid_grant", expire_access_tokens=True)
    place.night()
    assert place.mails("[Crosswalk]") == []
    place.mailbox.answers.clear()
    place.night()
    place.night()
    assert len(place.mails("[Crosswalk]")) == 1


def test_the_list_of_connections_says_why_since_when_and_what_to_do(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = place.connect()
    with place.app.store.transaction() as unit:
        unit.connections.lost(place.connection(ident), LostBecause.REAUTH, now=place.clock())
    monkeypatch.setenv("CROSSWALK_HOME", str(place.home / "home"))
    result = CliRunner().invoke(command, ["connections", "list", "--format", "json"])
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    assert row["state"] == "consent lost"
    assert row["because"] == LostBecause.REAUTH.title
    assert row["what_to_do"] == LostBecause.REAUTH.what_to_do
    assert row["since"].startswith(f"{place.clock():%Y-%m-%d}")
