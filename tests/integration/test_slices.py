"""A sync is worked slice by slice: what stands between two of them is in the database, and nothing is counted twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from connector import Completeness, Coverage, SyncKind
from scanner.app import App
from scanner.model.connection import ScanState
from scanner.model.job import JobKind, JobState, Priority
from scanner.pipeline.orders import sync_job
from scanner.pipeline.sync import PageDone
from scanner.pipeline.watch import Watch
from scanner.settings import load
from tests.consent_builders import Place, told
from tests.emulator_process import running_generated
from tests.integration.test_email_smtp import Mailbox
from tests.pipeline_builders import Bench, Clock, a_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path, slice_pages=1) as made:  # the source gives two files a page
        yield made


def one_slice(bench: Bench) -> None:
    """Let a worker stop after the slice that it is at."""
    stop = Event()
    handlers = bench.handlers()
    sync = handlers.by_kind()[JobKind.SYNC]

    def run(job: object, report: object) -> bool | None:
        stop.set()
        return sync(job, report)  # type: ignore[arg-type]  # handed through

    bench.app.queue.work({JobKind.SYNC: run}, gave_up=handlers.gave_up, until_idle=False, stop=stop)


def test_a_walk_in_slices_finds_what_a_walk_at_once_finds(bench: Bench, tmp_path: Path) -> None:
    with a_bench(tmp_path / "at once") as whole:
        whole.night()
        bench.night()
        assert bench.files() == whole.files()
        assert bench.states() == whole.states()
        assert bench.report().coverage == whole.report().coverage
    (sync,) = [job for job in bench.app.queue.list() if job.kind is JobKind.SYNC]
    assert (sync.state, sync.attempts) == (JobState.DONE, 1)


def test_between_slices_the_job_waits_for_its_turn_as_urgent_as_before(bench: Bench) -> None:
    bench.app.queue.cancel("mine")
    bench.app.queue.enqueue([sync_job("mine", priority=Priority.PERSON)])
    one_slice(bench)
    (waiting,) = [job for job in bench.app.queue.list(states=[JobState.QUEUED]) if job.kind is JobKind.SYNC]
    assert (waiting.priority, waiting.attempts) == (Priority.PERSON, 0)
    assert len(bench.files()) == 2
    assert bench.connection().under_way
    bench.work()
    assert len(bench.files()) == 6
    assert not bench.connection().under_way


def test_nothing_is_told_of_a_drive_of_which_only_a_part_was_seen(bench: Bench) -> None:
    one_slice(bench)
    bench.work(JobKind.SCAN, JobKind.REVIEW, JobKind.SUMMARIZE)
    assert bench.states()[ScanState.SCANNED] == 1
    with bench.app.store.reading() as unit:
        (product,) = unit.products.of_connection("mine")
        assert unit.reports.latest(product.id, bench.app.packs[0].id) is None
    bench.work()
    assert (bench.report().coverage.complete, bench.report().coverage.files) == (True, 6)


def test_a_sync_whose_job_was_lost_between_slices_is_gone_on_with_by_the_sweep(bench: Bench) -> None:
    one_slice(bench)
    seen = bench.files()
    bench.app.queue.forget("mine")  # as if the row had never been written
    bench.app.sweep()
    bench.work()
    assert len(bench.files()) == 6
    coverage = bench.connection().coverage
    assert coverage is not None
    assert (coverage.kind, coverage.completeness) == (SyncKind.FULL, Completeness.COMPLETE)
    assert seen < bench.files()
    assert bench.states()[ScanState.SCANNED] == 1


def test_a_sync_that_was_given_up_half_way_waits_for_the_night_and_is_not_swept_up(bench: Bench) -> None:
    one_slice(bench)

    class Refused(Exception):
        transient = False

    def refuse(*_: object) -> None:
        raise Refused("Google said no.")

    bench.app.queue.work({JobKind.SYNC: refuse}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    bench.app.sweep()
    assert bench.app.queue.live("mine", JobKind.SYNC) == 0
    bench.night()
    assert len(bench.files()) == 6


def test_a_hint_that_comes_between_slices_is_not_taken_for_one_that_was_followed(bench: Bench) -> None:
    one_slice(bench)
    with bench.app.store.transaction() as unit:
        unit.connections.hinted("mine")
    bench.work()
    assert bench.connection().hinted
    bench.app.sweep()
    bench.clock.later(timedelta(hours=1))
    assert bench.app.queue.live("mine", JobKind.SYNC) == 1


@pytest.fixture(scope="module")
def google() -> Iterator[str]:
    with running_generated(400, 30, 1, "--auto-consent") as root:
        yield root


def walked(google: str, home: Path, **limits: int) -> tuple[Coverage, set[str], int]:
    """Walk all of a Drive; return what was covered, the files, and how many slices it took."""
    settings = load(home=home, database_url="", clauses="", readers=1, **limits)
    app = App(settings, google={**told(google), "page_size": "20"})
    place = Place(app, google, Mailbox(), Clock(datetime.now(UTC)), home)
    ident = place.connect()
    begun: list[PageDone] = []
    app.work(kinds=[JobKind.SYNC], until_idle=True, watch=Watch(page=begun.append))
    with app.store.reading() as unit:
        files = {file.id for file in unit.files.present(ident, limit=1000)}
    coverage = place.connection(ident).coverage
    app.close()
    assert coverage is not None
    assert app.queue is not None
    return coverage, files, len(begun)


def test_a_real_walk_counts_each_file_once_however_often_it_was_gone_on_with(google: str, tmp_path: Path) -> None:
    whole, files, pages = walked(google, tmp_path / "whole")
    sliced, same, more = walked(google, tmp_path / "sliced", slice_pages=3)
    assert whole.completeness is sliced.completeness is Completeness.COMPLETE
    assert len(files) == 400
    assert same == files
    assert dict(sliced.listed) == dict(whole.listed)
    assert sum(sliced.listed.values()) == 400
    assert more > pages  # folders were listed anew: the walk was gone on with
