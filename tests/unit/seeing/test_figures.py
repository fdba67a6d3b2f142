"""What is counted: jobs, calls, mails; and how things stand, looked at once however often it is asked."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scanner.model.job import JobKind, JobState, Waiting
from scanner.model.unchecked import Uncheckable
from scanner.seeing.figures import AtEachScrape, Figures
from scanner.seeing.meters import Meters

NOW = datetime(2026, 11, 28, 2, 15, tzinfo=UTC)


def figures(registry: CollectorRegistry, start: str = "crosswalk_") -> dict[str, float]:
    told = generate_latest(registry).decode()
    pairs = (line.rpartition(" ") for line in told.splitlines() if line.startswith(start))
    return {name: float(value) for name, _, value in pairs}


def test_a_job_is_measured_by_kind_and_by_how_it_ended() -> None:
    meters = Meters()
    with meters.job(JobKind.SCAN):
        pass
    with pytest.raises(ValueError, match="no"), meters.job(JobKind.SCAN):
        raise ValueError("no")
    told = figures(meters.registry, "crosswalk_job_seconds_count")
    assert told['crosswalk_job_seconds_count{ended="done",kind="scan"}'] == 1
    assert told['crosswalk_job_seconds_count{ended="failed",kind="scan"}'] == 1
    assert told['crosswalk_job_seconds_count{ended="failed",kind="sync"}'] == 0  # a rate needs a zero to begin at
    assert len(told) == 8


def test_a_call_is_counted_with_its_units() -> None:
    meters = Meters()
    for _ in range(2):
        meters.call(method="files.list", status="ok", units=100, seconds=0.2)
    meters.call(method="files.list", status="403", units=100, seconds=0.1)
    told = figures(meters.registry, "crosswalk_drive")
    assert told['crosswalk_drive_calls_total{method="files.list",status="ok"}'] == 2
    assert told['crosswalk_drive_quota_units_total{method="files.list",status="ok"}'] == 200
    assert told['crosswalk_drive_calls_total{method="files.list",status="403"}'] == 1
    assert told['crosswalk_drive_call_seconds_count{method="files.list"}'] == 3


def some_figures() -> Figures:
    return Figures(
        now=NOW,
        jobs=(
            Waiting(kind=JobKind.SCAN, state=JobState.QUEUED, count=5, oldest=NOW - timedelta(minutes=2)),
            Waiting(kind=JobKind.SCAN, state=JobState.RUNNING, count=2),
            Waiting(kind=JobKind.SYNC, state=JobState.QUEUED, count=1),  # due later
        ),
        unchecked={Uncheckable.PROTECTED: 3},
        connections={"active": 1},
        complete={"p-1": NOW},
    )


def test_how_things_stand_is_told_with_a_zero_for_what_is_not_there() -> None:
    registry = CollectorRegistry()
    registry.register(AtEachScrape(some_figures))
    told = figures(registry)
    assert told['crosswalk_jobs{kind="scan",state="queued"}'] == 5
    assert told['crosswalk_jobs{kind="scan",state="running"}'] == 2
    assert told['crosswalk_jobs{kind="review",state="queued"}'] == 0
    assert told['crosswalk_jobs_oldest_seconds{kind="scan"}'] == 120
    assert told['crosswalk_jobs_oldest_seconds{kind="sync"}'] == 0
    assert told['crosswalk_undetermined{reason="protected"}'] == 3
    assert {name for name in told if "undetermined" in name} == {
        f'crosswalk_undetermined{{reason="{reason.value}"}}' for reason in Uncheckable
    }
    assert told['crosswalk_last_complete_sync_timestamp_seconds{product="p-1"}'] == NOW.timestamp()
    assert told["crosswalk_database_up"] == 1


def test_many_scrapes_within_some_seconds_are_one_look() -> None:
    looks: list[int] = []

    def look() -> Figures:
        looks.append(1)
        return some_figures()

    registry = CollectorRegistry()
    registry.register(AtEachScrape(look, seconds=60))
    assert looks == []  # registering is no scrape
    figures(registry)
    figures(registry)
    assert looks == [1]


def test_a_database_that_is_away_is_told_and_costs_no_other_figure() -> None:
    def away() -> Figures:
        raise OSError("no route")

    meters = Meters()
    meters.registry.register(AtEachScrape(away))
    told = figures(meters.registry)
    assert told["crosswalk_database_up"] == 0
    assert 'crosswalk_mails_total{outcome="sent"}' in told
    assert not any(name.startswith("crosswalk_jobs{") for name in told)
