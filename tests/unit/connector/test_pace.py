"""The pace: never faster than allowed, half as fast after a complaint, slowly fast again."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from connector.drive.pace import BURST_SECONDS, Pace


@dataclass
class Time:
    """A clock that only sleeping turns."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@given(st.lists(st.sampled_from([5, 100, 200]), min_size=1, max_size=300))
def test_never_more_units_than_allowed_and_a_burst(calls: list[int]) -> None:
    time = Time()
    pace = Pace(6_000, clock=time.clock, sleep=time.sleep)
    begun = time.now
    for spent, units in zip((sum(calls[: end + 1]) for end in range(len(calls))), calls, strict=True):
        pace.spend(units)
        assert spent <= 100 * (time.now - begun + BURST_SECONDS) + 1e-6


def test_a_complaint_halves_the_pace_and_a_minute_of_peace_restores_it() -> None:
    time = Time()
    pace = Pace(60_000, clock=time.clock, sleep=time.sleep)
    assert pace.rate == 1000
    pace.refused()
    assert pace.rate == 500
    pace.refused()  # the other streams were refused with it
    assert pace.rate == 500
    time.now += 2
    pace.refused()
    assert 260 < pace.rate < 270
    time.now += 60
    assert pace.rate == 1000


def test_after_a_complaint_nothing_is_left_of_what_was_saved() -> None:
    time = Time()
    pace = Pace(60_000, clock=time.clock, sleep=time.sleep)
    pace.refused()
    pace.spend(200)
    assert time.slept == [0.4]


def test_complaint_after_complaint_never_stops_it() -> None:
    time = Time()
    pace = Pace(60_000, clock=time.clock, sleep=time.sleep)
    for _ in range(100):
        time.now += 1.5
        pace.refused()
    pace.spend(100)
    assert time.slept
    assert time.slept[-1] <= 10
