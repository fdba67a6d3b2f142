"""The verbs over a source in memory: real store, real queue, real readers, real judge."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event, Thread
from typing import cast

import pytest

from connector import Completeness, ConsentLost, Cursor, LostBecause, Page, RemovedBecause
from connector.testing import InMemorySource
from scanner.jobs.leased import LeasedQueue
from scanner.model.connection import ConnectionState, ScanState
from scanner.model.gap import DriftKind
from scanner.model.job import JobKind, JobState
from scanner.model.release import Release, ReleaseState
from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind
from scanner.pipeline import scan
from scanner.pipeline.handlers import sweep
from scanner.pipeline.orders import sync_job
from scanner.pipeline.summarize import Sent, Summarize
from tests.builders import a_waiver
from tests.pipeline_builders import GUIDE, Bench, a_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path) as one:
        yield one


def test_a_night_ends_in_a_report_and_an_email(bench: Bench, tmp_path: Path) -> None:
    bench.night()
    report = bench.report()
    assert (report.coverage.files, report.coverage.candidates, report.coverage.scanned) == (6, 1, 1)
    assert report.coverage.complete
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    assert report.product == "Monitor"


def test_a_report_that_is_stored_while_a_mail_goes_out_does_not_wait_for_the_sweep(bench: Bench) -> None:
    bench.work(JobKind.SYNC, JobKind.SCAN, JobKind.REVIEW)
    (job,) = [one for one in bench.app.queue.list(states=[JobState.QUEUED]) if one.kind is JobKind.SUMMARIZE]
    handlers = bench.handlers()

    def disturbed(connection: str) -> tuple[Sent, ...]:
        sent = handlers.summarize()(connection)
        bench.memory.put("guide", b"# Monitor Security Guide\n\nNothing.\n", name="Monitor Security Guide.md")
        bench.app.queue.enqueue([sync_job("mine")])
        bench.work(JobKind.SYNC, JobKind.SCAN, JobKind.REVIEW)
        return sent

    summarize = cast("Summarize", disturbed)  # it is called alike
    run = replace(handlers, summarize=lambda: summarize).by_kind()[JobKind.SUMMARIZE]
    assert run(job, lambda _: None) is True
    assert handlers.by_kind()[JobKind.SUMMARIZE](job, lambda _: None) is False


def test_a_night_in_which_nothing_changed_sends_nothing_and_scans_nothing(bench: Bench, tmp_path: Path) -> None:
    bench.night()
    scans = len([job for job in bench.app.queue.list(limit=500) if job.kind is JobKind.SCAN])
    bench.night()
    assert len([job for job in bench.app.queue.list(limit=500) if job.kind is JobKind.SCAN]) == scans
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    assert bench.report().drift == ()


def test_nights_in_which_nothing_changed_are_one_report_that_says_when_it_was_last_right(bench: Bench) -> None:
    bench.night()
    first = bench.report()
    for _ in range(3):
        bench.night()
    assert bench.report() == replace(first, reviewed_at=bench.clock.now)
    assert bench.report().last_run == bench.clock.now
    assert bench.app.sweep() == 0  # no review is owed
    bench.memory.put("more", b"lunch", name="menu 9.txt")
    bench.night()
    assert bench.report().id != first.id
    assert bench.report().coverage.files == first.coverage.files + 1


def decided(bench: Bench, constraint: str, kind: WaiverKind, *, days: int = 60) -> None:
    with bench.app.store.transaction() as unit:
        (product,) = unit.products.of_connection("mine")
        made = a_waiver(product=product.id, clause=bench.app.packs[0].id, constraint=constraint, kind=kind)
        until = bench.clock.now.date() + timedelta(days=days)
        unit.waivers.add(replace(made, decided_at=bench.clock.now, until=until))


def test_a_waived_gap_is_waived_until_its_last_day_and_a_gap_again_after_it(bench: Bench) -> None:
    bench.night()
    assert "residual-risks" in {one.constraint for one in bench.report().gaps}
    decided(bench, "residual-risks", WaiverKind.WAIVED, days=1)
    bench.night()
    assert [one.constraint for one in bench.report().waived] == ["residual-risks"]
    assert [one.kind for one in bench.report().drift] == []
    bench.night()
    assert [one.kind for one in bench.report().drift] == [DriftKind.WAIVER_EXPIRED]
    assert bench.report().waived == ()
    assert "residual-risks" in {one.constraint for one in bench.report().gaps}


def test_a_decision_that_it_does_not_apply_ends_where_a_document_speaks_of_it(bench: Bench) -> None:
    bench.memory.put("guide", b"# Monitor Security Guide\n\nLunch is at noon.\n", name="Monitor Security Guide.md")
    bench.night()
    decided(bench, "account-management", WaiverKind.NOT_APPLICABLE)
    bench.night()
    outcomes = {one.constraint: one.outcome for one in bench.report().standings}
    assert outcomes["account-management"] is Outcome.NOT_APPLICABLE
    bench.memory.put("guide", GUIDE, name="Monitor Security Guide.md", media_type="text/markdown")
    bench.night()
    told = {one.constraint: one.kind for one in bench.report().drift}
    assert told["account-management"] is DriftKind.CONTRADICTED


NOTES = """# Monitor {version} release notes

Release date: {day}

## Security

Restart the server after the update; port 8443 replaces port 8080.
"""


def test_the_first_release_of_release_notes_waits_and_a_later_one_is_taken(bench: Bench) -> None:
    def ships(version: str, day: str) -> None:
        text = NOTES.format(version=version, day=day).encode()
        bench.memory.put(version, text, name=f"Release notes {version}.md", media_type="text/markdown")
        bench.night()

    ships("2.1.0", "2026-02-20")
    assert bench.report().release is None
    (waiting,) = bench.report().waiting
    assert waiting.line == "2.1.0 of 20 February 2026 (release notes: Release notes 2.1.0.md)"
    (product,) = products(bench)
    assert bench.app.releases.confirm(product, "2.1.0")
    bench.work()
    release = bench.report().release
    assert release is not None
    assert (release.version, bench.report().waiting) == ("2.1.0", ())
    ships("2.2.0", "2026-03-03")
    release = bench.report().release
    assert release is not None
    assert release.version == "2.2.0"
    stale = [one for one in bench.report().drift if one.kind is DriftKind.STALE]
    assert [one.reason for one in stale] == ["Monitor Security Guide.md applies to 2.1.0; the newest release is 2.2.0."]


def test_a_release_that_is_told_before_the_first_look_finds_nothing_missing(bench: Bench, tmp_path: Path) -> None:
    (product,) = products(bench)
    told = Release(product="Monitor", version="2.1.0", released_on=date(2026, 2, 20), source="added by hand")
    assert bench.app.releases.tell(product, told) is ReleaseState.CONFIRMED
    bench.work(JobKind.REVIEW, JobKind.SUMMARIZE)
    with bench.app.store.reading() as unit:
        assert unit.reports.latest(product, bench.app.packs[0].id) is None
    assert not (tmp_path / "outbox").exists()
    bench.work()
    assert bench.report().release == told
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_a_refused_release_is_not_found_again(bench: Bench) -> None:
    text = NOTES.format(version="2.2.0", day="2026-02-20").encode()
    bench.memory.put("notes", text, name="Release notes.md", media_type="text/markdown")
    bench.night()
    (product,) = products(bench)
    assert bench.app.releases.refuse(product, "2.2.0")
    bench.night()
    assert (bench.report().release, bench.report().waiting) == (None, ())


def products(bench: Bench) -> tuple[str, ...]:
    with bench.app.store.reading() as unit:
        return tuple(one.id for one in unit.products.of_connection("mine"))


def test_a_trashed_document_reopens_its_gaps_and_coming_back_closes_them(bench: Bench) -> None:
    bench.night()
    before = {one.constraint: one.outcome for one in bench.report().standings}
    bench.memory.take("guide", RemovedBecause.TRASHED)
    bench.night()
    lost = [one for one in bench.report().drift if one.kind.value == "lost"]
    assert lost
    assert all("Monitor Security Guide.md is gone (trashed)" in one.reason for one in lost)
    bench.memory.put("guide", GUIDE, name="Monitor Security Guide.md", media_type="text/markdown")
    bench.night()
    assert {one.constraint: one.outcome for one in bench.report().standings} == before


def test_a_document_read_only_in_part_says_so_and_nothing_in_it_is_called_missing(bench: Bench, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Monitor Security Guide"
    mail.set_content("Change the default password of the account before first use.")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(64), maintype="image", subtype="png", filename="table.png")
    bench.memory.put("mail", bytes(mail), name="Monitor Security Guide.eml", media_type="message/rfc822")
    bench.memory.take("guide", RemovedBecause.TRASHED)
    bench.night()
    because = "attachment table.png was not read: it is a picture without a text layer"
    report = bench.report()
    assert [(one.file.name, one.because, one.in_part) for one in report.unchecked] == [
        ("Monitor Security Guide.eml", because, True)
    ]
    outcomes = {one.constraint: one.outcome for one in report.standings}
    assert outcomes["account-management"] is Outcome.PARTIAL
    assert outcomes["retention-disposal"] is Outcome.UNDETERMINED
    (sent,) = (tmp_path / "outbox").glob("*.html")
    assert f"was read only in part, because {because}" in sent.read_text()
    bench.night()
    assert bench.report().id == report.id  # that it still is so is no news, and needs no second report


def test_an_incomplete_walk_takes_nothing_for_deleted_and_says_so(bench: Bench) -> None:
    bench.night()
    with bench.app.store.transaction() as unit:
        unit.connections.start_over("mine")
    bench.memory._files.pop("guide")  # it is there, but this walk does not see it
    bench.memory.incomplete = "Google says that its listing is incomplete"
    bench.night()
    report = bench.report()
    assert report.coverage.files == 6
    assert not report.coverage.complete
    assert report.coverage.because == "Google says that its listing is incomplete"
    assert report.drift == ()


def test_a_complete_walk_that_does_not_see_a_file_closes_it(bench: Bench) -> None:
    bench.night()
    with bench.app.store.transaction() as unit:
        unit.connections.start_over("mine")
    bench.memory._files.pop("guide")
    bench.night()
    assert bench.report().coverage.files == 5


def test_a_file_whose_reading_is_blocked_is_undetermined_and_named(bench: Bench) -> None:
    bench.memory.block("guide", "its owner has switched off downloading")
    bench.night()
    (unchecked,) = bench.report().unchecked
    assert unchecked.because == "its owner has switched off downloading"
    assert bench.states()[ScanState.UNDETERMINED] == 1


def test_a_renamed_file_that_no_signal_flags_is_no_candidate_any_more(bench: Bench) -> None:
    bench.night()
    bench.memory.put("guide", GUIDE, name="lunch.md", media_type="text/markdown")
    bench.night()
    assert sum(bench.states().values()) == 0


def test_jobs_that_were_lost_are_made_again_from_the_tables(bench: Bench) -> None:
    bench.app.queue.enqueue([sync_job("mine")])
    bench.work(JobKind.SYNC)
    bench.app.queue.cancel("mine")  # as if the process had died between the commit and the enqueue
    assert bench.states()[ScanState.TO_SCAN] == 1
    assert sweep(bench.app.store, bench.app.queue, now=bench.app.now()) == 1
    bench.work()
    assert bench.report().coverage.scanned == 1


def test_the_last_scan_of_a_connection_queues_what_the_sweep_left_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much was lost, a sweep queues some of it; the rest waits for no other sweep."""
    monkeypatch.setattr(scan, "REMADE", 3)
    for number in range(10):
        bench.memory.put(f"guide-{number}", GUIDE, name=f"Security Guide {number}.md", media_type="text/markdown")
    bench.app.queue.enqueue([sync_job("mine")])
    bench.work(JobKind.SYNC)
    bench.app.queue.cancel("mine")
    assert bench.states()[ScanState.TO_SCAN] == 11
    assert bench.app.sweep() == 3
    assert bench.app.sweep() == 0  # the last of them asks for the next
    bench.work()
    assert bench.report().coverage.scanned == 11
    done = [job.key for job in bench.app.queue.list(states=[JobState.DONE]) if job.kind is JobKind.SCAN]
    assert len(set(done)) == 11  # one that ends while another looks for what is left may be asked for twice


def test_scans_of_a_connection_that_cannot_be_read_ask_for_no_more(bench: Bench) -> None:
    bench.memory.put("guide-2", GUIDE, name="Security Guide 2.md", media_type="text/markdown")
    bench.app.queue.enqueue([sync_job("mine")])
    bench.work(JobKind.SYNC)
    with bench.app.store.transaction() as unit:
        unit.connections.ending("mine")
    bench.work()
    assert bench.states()[ScanState.TO_SCAN] == 2
    assert bench.app.queue.list(states=[JobState.QUEUED]) == ()


def test_a_worker_that_starts_finds_what_a_killed_one_had_not_queued(bench: Bench) -> None:
    bench.app.queue.enqueue([sync_job("mine")])
    bench.work(JobKind.SYNC)
    bench.app.queue.cancel("mine")  # as if the process had died between the commit and the enqueue
    bench.app.work(kinds=[], until_idle=True)
    (made,) = bench.app.queue.list(states=[JobState.QUEUED])
    assert made.kind is JobKind.SCAN


def waiting(bench: Bench) -> set[JobKind]:
    return {one.kind for one in bench.app.queue.list(states=[JobState.QUEUED])}


def test_an_idle_worker_finds_what_another_had_not_queued(bench: Bench) -> None:
    assert isinstance(bench.app.queue, LeasedQueue)
    bench.app.queue.limits = replace(bench.app.queue.limits, idle_seconds=0.0)
    stop = Event()
    worker = Thread(target=bench.app.work, kwargs={"kinds": [JobKind.REVIEW], "until_idle": False, "stop": stop})
    worker.start()
    bench.app.queue.enqueue([sync_job("mine")])
    bench.work(JobKind.SYNC)
    bench.app.queue.cancel("mine")
    until = time.monotonic() + 20
    while JobKind.SCAN not in waiting(bench) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    worker.join()
    assert JobKind.SCAN in waiting(bench)


def test_a_sweep_that_finds_nothing_takes_no_lock(bench: Bench) -> None:
    bench.night()
    with bench.app.database.transaction():  # whoever else wanted to write would wait, and fail after half a minute
        assert bench.app.sweep() == 0


def test_a_changed_pack_scans_again_without_asking_the_source_and_is_no_drift(bench: Bench) -> None:
    bench.night()
    bench.app.packs = tuple(replace(pack, digest="another") for pack in bench.app.packs)
    bench.app.__dict__.pop("scan", None)
    bench.night()
    report = bench.report()
    assert report.pack_digest == "another"
    assert report.drift == ()
    assert report.note.startswith("Our judging changed")


class Lost(InMemorySource):
    """A source whose person has withdrawn her consent."""

    def pages(self, since: Cursor | None) -> Iterator[Page]:  # noqa: ARG002 -- the seam's shape
        raise ConsentLost(LostBecause.REVOKED)


def test_a_withdrawn_consent_ends_the_sync_and_is_kept_with_its_reason(bench: Bench) -> None:
    bench.memory = Lost()
    bench.night()
    with bench.app.store.reading() as unit:
        known = unit.connections.get("mine")
    assert known is not None
    assert known.state is ConnectionState.CONSENT_LOST
    assert known.lost is not None
    assert known.lost.because is LostBecause.REVOKED
    assert known.state_because == LostBecause.REVOKED.words
    (failed,) = bench.app.queue.list(states=[JobState.FAILED])
    assert failed.attempts == 1


def test_the_words_of_a_document_never_rest(bench: Bench, tmp_path: Path) -> None:
    secret = b"Zebrafinken singen im Maschinenraum jeden Montag."
    bench.memory.put("guide", GUIDE + secret, name="Monitor Security Guide.md", media_type="text/markdown")
    bench.night()
    bench.app.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not any(secret in file.read_bytes() for file in files)


def test_a_report_says_whether_the_last_sync_was_complete(bench: Bench) -> None:
    bench.night()
    with bench.app.store.reading() as unit:
        known = unit.connections.get("mine")
    assert known is not None
    assert known.coverage is not None
    assert known.coverage.completeness is Completeness.COMPLETE
