"""A product's night begins once a day by its own clock, whatever the clocks of its zone do."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.night import Night, NightOf, due, jitter, known_zone

# Jumps of an hour by day and at midnight, of half an hour, at unlike times of year, a day that was left out, and none.
ZONES = (
    "Europe/Berlin",
    "America/Chicago",
    "America/Asuncion",
    "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)
JUMPS = tuple(
    datetime.fromisoformat(moment)
    for moment in (
        "2026-03-29T01:00+00:00",  # Berlin, forward
        "2026-10-25T01:00+00:00",  # Berlin, back
        "2026-11-01T07:00+00:00",  # Chicago, back
        "2024-03-24T03:00+00:00",  # Asunción, back at midnight
        "2026-03-08T05:00+00:00",  # Havana, forward at midnight
        "2026-04-04T15:00+00:00",  # Lord Howe, back by half an hour
        "2011-12-30T10:00+00:00",  # Apia, over a whole day
    )
)
nights = st.builds(Night, hour=st.integers(0, 23), minute=st.integers(0, 59), zone=st.sampled_from(ZONES))
moments = st.one_of(
    st.sampled_from(JUMPS), st.integers(0, 20 * 365 * 24).map(lambda hours: JUMPS[-1] + timedelta(hours=hours - 9000))
)


@pytest.mark.parametrize(
    ("now", "begun"),
    [
        ("2026-11-24T02:30:00+01:00", "2026-11-24T02:15:00+01:00"),
        ("2026-11-24T02:10:00+01:00", "2026-11-23T02:15:00+01:00"),
        ("2026-03-29T12:00:00+02:00", "2026-03-29T03:15:00+02:00"),  # 02:15 does not exist: clocks jump to 03:00
        ("2026-10-25T12:00:00+01:00", "2026-10-25T02:15:00+02:00"),  # 02:15 comes twice: the first counts
    ],
)
def test_the_night_begins_by_the_clock_on_the_wall(now: str, begun: str) -> None:
    night = Night(hour=2, minute=15, zone="Europe/Berlin")
    day, moment = night.last(datetime.fromisoformat(now))
    assert moment == datetime.fromisoformat(begun)
    assert day == datetime.fromisoformat(begun).date()


@settings(max_examples=60, deadline=None)
@given(night=nights, around=moments, steps=st.integers(1, 2000), seed=st.integers(0, 99))
def test_each_day_has_exactly_one_night_however_often_it_is_looked(
    night: Night, around: datetime, steps: int, seed: int
) -> None:
    """Six days around a jump are looked at now and then; each night is queued once, and not before its time."""
    random, known = Random(seed), NightOf(product="p", connection="c", night=None, queued=None, synced_at=None)
    now, end, zone = around - timedelta(days=3), around + timedelta(days=3), ZoneInfo(night.zone)
    known = replace(known, queued=night.last(now)[0], synced_at=now)
    queued: Counter[date] = Counter()
    first = now
    while now < end:
        day, begun = night.last(now)
        if due(known, day=day, begun=begun, now=now, jitter_seconds=900):
            queued[day] += 1
            assert now >= begun + jitter("p", day, at_most=900)
            known = replace(known, queued=day)
        now += timedelta(minutes=random.randint(1, 1 + steps % 60))
    days = {night.begins(first.astimezone(zone).date() + timedelta(days=n)) for n in range(-1, 9)}
    expected = {moment.astimezone(zone).date() for moment in days if first < moment < now - timedelta(hours=2)}
    assert set(queued.values()) <= {1}
    assert expected <= set(queued)


@given(night=nights, now=moments)
def test_the_last_night_is_the_last(night: Night, now: datetime) -> None:
    day, begun = night.last(now)
    assert begun <= now < begun + timedelta(hours=50)  # a day was left out once
    assert begun == night.begins(day)
    assert night.begins(day + timedelta(days=1)) > now or night.begins(day + timedelta(days=1)) == begun


@given(night=nights, now=moments)
def test_the_next_night_comes_after_the_last(night: Night, now: datetime) -> None:
    assert night.last(now)[1] <= now < night.next(now)
    assert night.last(night.next(now))[1] == night.next(now)


def test_nights_that_were_missed_are_one_the_last() -> None:
    night = Night(hour=2, minute=0, zone="UTC")
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    day, begun = night.last(now)
    gone = NightOf(
        product="p", connection="c", night=None, queued=date(2026, 11, 20), synced_at=now - timedelta(days=4)
    )
    assert due(gone, day=day, begun=begun, now=now, jitter_seconds=900)
    assert not due(replace(gone, queued=day), day=day, begun=begun, now=now, jitter_seconds=900)


def test_a_sync_that_ended_since_the_night_began_has_done_its_work() -> None:
    night = Night(hour=2, minute=0, zone="UTC")
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    day, begun = night.last(now)
    known = NightOf(product="p", connection="c", night=None, queued=None, synced_at=begun + timedelta(minutes=1))
    assert not due(known, day=day, begun=begun, now=now, jitter_seconds=0)
    assert due(replace(known, synced_at=begun - timedelta(minutes=1)), day=day, begun=begun, now=now, jitter_seconds=0)


def test_what_is_noted_of_a_time_that_has_not_come_holds_no_night_up() -> None:
    """A night ran while the clock was ahead; what lies within a day may be another zone's, or a person's new hour."""
    night = Night(hour=2, minute=0, zone="UTC")
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    day, begun = night.last(now)
    ahead = NightOf(
        product="p", connection="c", night=None, queued=date(2027, 12, 29), synced_at=now + timedelta(days=400)
    )
    assert due(ahead, day=day, begun=begun, now=now, jitter_seconds=0)
    assert not due(replace(ahead, queued=day), day=day, begun=begun, now=now, jitter_seconds=0)
    assert not due(replace(ahead, queued=date(2026, 11, 25)), day=day, begun=begun, now=now, jitter_seconds=0)
    assert not due(replace(ahead, synced_at=now + timedelta(hours=3)), day=day, begun=begun, now=now, jitter_seconds=0)


def test_jitter_is_known_ahead_spreads_products_and_changes_from_night_to_night() -> None:
    day = date(2026, 11, 24)
    spread = [jitter(f"p{number}", day, at_most=900) for number in range(300)]
    assert spread == [jitter(f"p{number}", day, at_most=900) for number in range(300)]
    assert all(timedelta(0) <= one <= timedelta(seconds=900) for one in spread)
    assert len(set(spread)) > 200
    assert jitter("p", day, at_most=900) != jitter("p", day + timedelta(days=1), at_most=900)
    assert jitter("p", day, at_most=0) == timedelta(0)


def test_a_zone_is_known_or_not() -> None:
    assert known_zone("Europe/Berlin")
    assert not any(map(known_zone, ("", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime")))
