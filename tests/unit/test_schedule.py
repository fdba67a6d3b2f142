"""When nights begin, and how a missed one is caught up."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from scanner.schedule import Scheduler, last_due, missed

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24T02:30:00+01:00", "2026-11-24T02:15:00+01:00"),
        ("2026-11-24T02:10:00+01:00", "2026-11-23T02:15:00+01:00"),
        ("2026-03-29T12:00:00+02:00", "2026-03-29T03:15:00+02:00"),  # 02:15 does not exist: clocks jump to 03:00
        ("2026-10-25T12:00:00+01:00", "2026-10-25T02:15:00+02:00"),  # 02:15 comes twice: the first counts
    ],
)
def test_the_night_begins_by_the_clock_on_the_wall(now: str, due: str) -> None:
    assert last_due(datetime.fromisoformat(now), 2, 15, BERLIN).astimezone(UTC) == datetime.fromisoformat(due)


def test_a_night_is_missed_when_no_sync_ended_after_it_began() -> None:
    due = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
    assert missed(None, due)
    assert missed(due - timedelta(minutes=1), due)
    assert not missed(due + timedelta(minutes=1), due)


def a_scheduler(asked: list[tuple[str, timedelta]], last: datetime | None = None) -> Scheduler:
    return Scheduler(
        enqueue=lambda connection, after: asked.append((connection, after)),
        connections=lambda: ("mine", "theirs"),
        last_sync=lambda connection: last if connection == "mine" else datetime.now(UTC),
        sweep=lambda: 0,
        hour=2,
        minute=15,
        timezone="Europe/Berlin",
        jitter_seconds=900,
        random=Random(1),
    )


def test_a_night_spreads_its_starts() -> None:
    asked: list[tuple[str, timedelta]] = []
    a_scheduler(asked).tonight()
    assert [connection for connection, _ in asked] == ["mine", "theirs"]
    assert all(timedelta(0) <= after <= timedelta(seconds=900) for _, after in asked)
    assert asked[0][1] != asked[1][1]


def test_a_night_that_nobody_was_there_for_is_caught_up_at_once() -> None:
    asked: list[tuple[str, timedelta]] = []
    a_scheduler(asked, last=datetime.now(UTC) - timedelta(days=3)).look()
    assert asked == [("mine", timedelta(0))]
