"""Disconnecting leaves nothing in any table, whatever Google does and whatever runs meanwhile."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import inspect, select, text
from typer.testing import CliRunner

from connector import FileSource, LostBecause, SourceFile, oauth
from scanner.cli.main import app as command
from scanner.model.api_token import TokenScope
from scanner.model.connection import ConnectionState
from scanner.model.gap import DriftKind
from scanner.model.hook import HookKind
from scanner.model.job import JobKind, Priority
from scanner.model.person import Person
from scanner.pipeline.orders import sync_job
from scanner.store.database import Database
from tests.builders import a_channel, a_feed, a_file, a_member, a_release, a_report, a_waiver, an_objection
from tests.consent_builders import Place, a_place
from tests.emulator_process import OWNER, running_emulator, write_seed
from tests.pipeline_builders import GUIDE
from tests.report_builders import a_drift

OWNER_HERSELF = Person(subject=OWNER["sub"], email=OWNER["email"])
GUIDE_FILE = {"id": "guide", "name": "Monitor Security Guide.md", "mime": "text/markdown", "text": GUIDE.decode()}


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=[GUIDE_FILE, {"id": "menu", "text": "lunch"}])
    with running_emulator(seed) as root:
        yield root


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def place(google: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with a_place(tmp_path, google, database_url=url, max_attempts=1) as made:
        yield made


def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds, every table that there is but the schema's own."""
    with database.reading() as session:
        connection = session.connection()
        tables = [name for name in inspect(connection).get_table_names() if name not in of_nobody(database)]
        return {name: len(connection.execute(select(text("*")).select_from(text(name))).all()) for name in tables}


def of_nobody(database: Database) -> set[str]:
    """Name the tables that hold nothing of any connection: what was migrated, which workers there are."""
    ours = {"alembic_version", "schema_serves", "job_schema", "procrastinate_workers", "procrastinate_periodic_defers"}
    return ours if database.is_sqlite else ours | {"job"}  # the embedded queue's


def filled(place: Place) -> str:
    """Connect and let a whole night pass, and a loss, and an ended consent, so that every table holds something."""
    ident = place.connect()
    place.work()
    with place.app.store.transaction() as unit:
        unit.connections.lost(place.connection(ident), LostBecause.REVOKED, now=place.clock())
        (product,) = unit.products.of_connection(ident)
        unit.products.released(product.id, a_release(), now=place.clock())
        unit.waivers.add(a_waiver(product=product.id))
        unit.objections.add(an_objection(product=product.id))
        drift = a_drift(DriftKind.LOST)
        unit.reports.add(product.id, a_report(clause="another", ours=(drift,)), worth_telling=False)
        unit.people.add(a_member(product=product.id))
        unit.sign_ins.begin("digest", OWNER_HERSELF, now=place.clock())
        unit.choices.wish(ident, ["https://drive.google.com/drive/folders/x"])
        unit.suggestions.found(ident, "another", {"menu": ["lunch"]}, now=place.clock())
        unit.feeds.set(a_feed(product=product.id))
        unit.channels.keep(ident, a_channel(ends_at=place.clock() + timedelta(days=7)))
    place.app.people.tokens.make(OWNER_HERSELF, name="Nightly build", scope=TokenScope.READ, days=30)
    place.app.hooks.make(product.id, HookKind.GITHUB)
    place.app.sweep()
    place.work()
    place.connect()
    place.app.queue.enqueue([sync_job(ident)])
    with place.app.store.transaction() as unit:
        unit.belonging.choose(product.id, {"x": "Security"})
        unit.belonging.reckon(ident)
    return ident


def outbox(place: Place) -> list[str]:
    return sorted(path.name for path in (place.home / "home" / "outbox").iterdir())


def test_nothing_of_a_connection_is_left_in_any_table_and_in_the_outbox(place: Place) -> None:
    ident = filled(place)
    before = rows(place.app.database)
    assert {name for name, count in before.items() if count == 0} == set()
    assert len(outbox(place)) == 4
    assert place.app.disconnect(ident).revoked
    assert {name: count for name, count in rows(place.app.database).items() if count} == {}
    assert outbox(place) == []


@pytest.mark.parametrize(
    "fault",
    [{"status": 503}, {"html": True}, {"reset": True}, {"delay_seconds": 3}],
    ids=str,
)
def test_a_google_that_is_away_does_not_keep_anything_alive_here(
    google: str, tmp_path: Path, fault: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth, "REVOKE_TIMEOUT", 0.3)
    with a_place(tmp_path, google) as place:
        ident = place.connect()
        place.work(JobKind.SYNC)
        place.fault("POST /revoke", times=None, **fault)
        ended = place.app.disconnect(ident)
        assert not ended.revoked
        assert ended.words.startswith("Purged here, but Google did not confirm")
        assert sum(rows(place.app.database).values()) == 0


def test_another_connection_keeps_all_that_is_its_own(google: str, tmp_path: Path) -> None:
    with a_place(tmp_path, google) as place:
        ident = place.connect()
        place.work(JobKind.SYNC)
        place.app.connected(connection_id="other", subject="other", email="other@example.org")
        with place.app.store.transaction() as unit:
            unit.files.saw("other", [a_file("theirs")], sync_id="1")
        place.app.disconnect(ident)
        left = {name: count for name, count in rows(place.app.database).items() if count}
        assert left == {"connection": 1, "source_file": 1, "product": 1, "recipient": 1, "job": 1, "deed": 1}


@dataclass
class Pausing:
    """A source that stops where it is told to, until the test lets it go on."""

    inner: FileSource
    reached: threading.Event
    go: threading.Event

    def pages(self, since: object) -> Iterator[object]:
        for page in self.inner.pages(since):  # type: ignore[arg-type]  # handed through
            self.reached.set()
            assert self.go.wait(30)
            yield page

    def fetch(self, file: SourceFile) -> IO[bytes]:
        stream = self.inner.fetch(file)
        self.reached.set()
        assert self.go.wait(30)
        return stream


@pytest.mark.parametrize("kind", [JobKind.SYNC, JobKind.SCAN])
def test_a_job_that_ends_after_the_purge_brings_no_row_back(place: Place, kind: JobKind) -> None:
    ident = place.connect()
    if kind is JobKind.SCAN:
        place.work(JobKind.SYNC)
    reached, go = threading.Event(), threading.Event()

    def opened(connection: str, *, within: tuple[str, ...] = ()) -> Pausing:
        return Pausing(place.app.source(connection, within=within), reached, go)

    handlers = place.app.handlers()
    handlers = replace(
        handlers,
        sync=replace(handlers.sync, source=opened),  # type: ignore[arg-type]  # a source that pauses
        scan=lambda: replace(place.app.scan, source=opened),  # type: ignore[arg-type]  # same
    )
    worker = threading.Thread(
        target=place.app.queue.work,
        args=(handlers.by_kind(),),
        kwargs={"gave_up": handlers.gave_up, "until_idle": True, "stop": threading.Event()},
    )
    worker.start()
    assert reached.wait(30)
    place.app.disconnect(ident)
    go.set()
    worker.join(60)
    assert not worker.is_alive()
    place.work()  # whatever was queued meanwhile
    place.work()  # a worker that starts tidies up first
    assert {name: count for name, count in rows(place.app.database).items() if count} == {}


def test_a_job_that_was_queued_for_a_connection_that_is_gone_leaves_nothing(google: str, tmp_path: Path) -> None:
    with a_place(tmp_path, google) as place:
        place.app.queue.enqueue([replace(sync_job("gone"), priority=Priority.PERSON)])
        place.work()
        place.work()  # a worker that starts tidies up first
        assert sum(rows(place.app.database).values()) == 0


def test_a_disconnect_that_was_killed_is_ended_by_the_sweep(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    with place.app.store.transaction() as unit:
        unit.connections.ending(ident)  # and here the process dies
    assert place.app.readable_connections() == ()
    mark = place.mark()
    place.app.sweep()
    assert "POST /revoke" in place.calls(mark)
    assert sum(rows(place.app.database).values()) == 0
    assert place.connect() == ident
    assert place.connection(ident).state is ConnectionState.ACTIVE


def test_an_outbox_that_cannot_be_cleared_is_said_and_stops_nothing(
    google: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_place(tmp_path, google) as place:
        ident = place.connect()
        with place.app.store.transaction() as unit:
            unit.connections.lost(place.connection(ident), LostBecause.REVOKED, now=place.clock())
        place.app.sweep()
        place.work(JobKind.SUMMARIZE)
        (mail,) = (place.home / "home" / "outbox").glob("*.eml")

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "unlink", refuse)
        words = place.app.disconnect(ident).words
        monkeypatch.undo()
        assert "Its emails are still kept" in words
        assert mail.exists()
        assert sum(rows(place.app.database).values()) == 0


def test_the_command_says_how_it_went(google: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_place(tmp_path, google) as place:
        ident = place.connect()
        monkeypatch.setenv("CROSSWALK_HOME", str(place.home / "home"))
        monkeypatch.setenv("CROSSWALK_GOOGLE_REVOKE_URL", f"{google}/revoke")
        result = CliRunner().invoke(command, ["connections", "disconnect", ident, "--yes"])
        assert result.exit_code == 0
        assert "Google has withdrawn the consent" in result.stderr
        assert sum(rows(place.app.database).values()) == 0
