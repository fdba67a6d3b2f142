"""No more bytes are in flight than allowed, nobody waits for ever, and who waits is told."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.drive.budget import Budget
from connector.errors import SourceUnavailable

SOON = 0.05  # long enough to see that somebody waits
LATE = 10.0  # nobody waits that long


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as one:
        yield one


def waits(future: "Future[Any]") -> bool:
    return not wait([future], timeout=SOON).done


def begun(pool: ThreadPoolExecutor, call: Callable[[], Any]) -> "Future[Any]":
    future = pool.submit(call)
    assert waits(future)
    return future


def test_who_finds_no_room_waits_until_another_gives_back_and_that_is_logged(
    pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    budget = Budget(100, patience=LATE)
    first = budget.reserve(70)
    second = begun(pool, lambda: budget.reserve(40))
    assert caplog.messages == ["A download of 40 bytes waits: 70 of at most 100 are in flight."]
    first.release()
    second.result(LATE)
    assert budget.in_flight == 40


def test_a_file_that_is_larger_than_the_whole_budget_goes_alone(pool: ThreadPoolExecutor) -> None:
    budget = Budget(100, patience=LATE)
    small = budget.reserve(1)
    huge = begun(pool, lambda: budget.reserve(1000))
    small.release()
    alone = huge.result(LATE)
    assert budget.in_flight == 1000
    after = begun(pool, lambda: budget.reserve(1))
    alone.release()
    after.result(LATE)


def test_a_large_file_is_not_overtaken_for_ever_by_small_ones(pool: ThreadPoolExecutor) -> None:
    budget = Budget(100, patience=LATE)
    first = budget.reserve(60)
    large = begun(pool, lambda: budget.reserve(90))
    small = begun(pool, lambda: budget.reserve(10))
    first.release()
    large.result(LATE)
    small.result(LATE)
    assert budget.in_flight == 100


def test_downloads_that_all_wait_for_each_other_go_on_one_after_the_other(pool: ThreadPoolExecutor) -> None:
    budget = Budget(100, patience=LATE)
    one, other = budget.reserve(50), budget.reserve(50)
    growing = begun(pool, lambda: one.grow(80))
    also = pool.submit(lambda: other.grow(80))
    growing.result(LATE)
    assert waits(also)
    one.release()
    also.result(LATE)
    assert budget.in_flight == 80


def test_giving_back_a_part_lets_others_go_on_and_giving_back_twice_does_no_harm(pool: ThreadPoolExecutor) -> None:
    budget = Budget(100, patience=LATE)
    one = budget.reserve(100)
    other = begun(pool, lambda: budget.reserve(30))
    one.shrink(70)
    other.result(LATE)
    one.release()
    one.release()
    assert budget.in_flight == 30


def test_nobody_waits_for_ever_and_who_gave_up_holds_nothing() -> None:
    budget = Budget(100, patience=SOON)
    first = budget.reserve(100)
    with pytest.raises(SourceUnavailable, match="Too many large files"):
        budget.reserve(1)
    first.release()
    assert budget.in_flight == 0
    budget.reserve(100)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 150), min_size=1, max_size=4), min_size=1, max_size=8))
def test_however_downloads_grow_all_end_and_at_most_one_goes_above_the_limit(downloads: list[list[int]]) -> None:
    budget = Budget(100, patience=LATE)
    largest, seen = max(max(sizes) for sizes in downloads), threading.Lock()
    most = [0]

    def run(sizes: list[int]) -> None:
        reservation = budget.reserve(sizes[0])
        for size in sizes[1:]:
            reservation.grow(size)
            with seen:
                most[0] = max(most[0], budget.in_flight)
        reservation.release()

    with ThreadPoolExecutor(len(downloads)) as pool:
        for done in [pool.submit(run, sizes) for sizes in downloads]:
            done.result(LATE)
    assert budget.in_flight == 0
    assert most[0] <= 100 + largest
