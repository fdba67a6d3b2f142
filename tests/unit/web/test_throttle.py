"""How often somebody may ask."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.web.throttle import MINUTE, Taken, Throttle, network_of


class Clock:
    """Seconds that go by when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def take(throttle: Throttle, key: str = "anna") -> Taken:
    taken = throttle.take(key)
    assert taken is not None
    return taken


def test_an_allowance_is_used_up_and_fills_up_again_little_by_little() -> None:
    clock = Clock()
    throttle = Throttle(3, clock=clock)
    assert [take(throttle).left for _ in range(3)] == [2, 1, 0]
    refused = take(throttle)
    assert (refused.allowed, refused.left) == (False, 0)
    assert refused.retry_in == pytest.approx(20)
    assert refused.headers == {
        "RateLimit-Policy": '"default";q=3;w=60',
        "RateLimit": '"default";r=0;t=60',
        "Retry-After": "20",
    }
    clock.now += refused.retry_in
    again = take(throttle)
    assert (again.allowed, again.left) == (True, 0)
    assert "Retry-After" not in again.headers
    clock.now += MINUTE
    assert take(throttle).left == 2


def test_each_key_has_an_allowance_of_its_own_and_nought_limits_nothing() -> None:
    throttle = Throttle(1, clock=Clock())
    assert take(throttle).allowed
    assert not take(throttle).allowed
    assert take(throttle, "bert").allowed
    assert Throttle(0).take("anna") is None


@given(
    most=st.integers(1, 50),
    steps=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=300),
)
def test_in_no_minute_more_come_than_twice_the_allowance_and_an_obedient_one_is_never_refused(
    most: int, steps: list[float]
) -> None:
    """Twice: what was saved up, and what filled up meanwhile; who waits as long as she was told always gets on."""
    clock = Clock()
    throttle = Throttle(most, clock=clock)
    came = []
    for step in steps:
        clock.now += step
        if take(throttle).allowed:
            came.append(clock.now)
    for moment in came:
        assert sum(moment <= one <= moment + MINUTE for one in came) <= 2 * most + 1
    waited = take(throttle)
    while waited.allowed:
        waited = take(throttle)
    clock.now += waited.retry_in
    assert take(throttle).allowed


def test_who_has_all_again_is_forgotten_and_of_too_many_the_most_silent_one() -> None:
    clock = Clock()
    throttle = Throttle(2, clock=clock, keys=100)
    for number in range(1000):
        take(throttle, f"key-{number}")
    assert len(throttle._full_at) == 100
    clock.now += MINUTE
    take(throttle, "late")
    assert list(throttle._full_at) == ["late"]


def test_many_threads_get_what_is_allowed_and_no_more() -> None:
    throttle = Throttle(100, clock=Clock())
    allowed: list[bool] = []

    def ask() -> None:
        allowed.extend(take(throttle).allowed for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(allowed), sum(allowed)) == (400, 100)


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_counts_for_its_network(address: str, whose: str) -> None:
    assert network_of(address) == whose
