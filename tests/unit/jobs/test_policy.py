"""When a failed job is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from scanner.jobs.owner import is_dead, me
from scanner.jobs.policy import CAP_SECONDS, retry_in


class Failure(Exception):
    """A failure that says what it knows."""

    def __init__(self, *, transient: bool, retry_after: float | None = None) -> None:
        super().__init__("…")
        self.transient = transient
        self.retry_after = retry_after


@given(st.integers(1, 50), st.floats(0, 1))
def test_the_wait_is_jittered_grows_and_is_capped(attempts: int, chance: float) -> None:
    wait = retry_in(Failure(transient=True), attempts=attempts, max_attempts=99, chance=chance)
    assert wait is not None
    assert 0 <= wait <= min(CAP_SECONDS, 2.0**attempts)


@given(st.floats(0, 1), st.floats(0, 10_000))
def test_it_is_never_sooner_than_the_source_asked(chance: float, asked: float) -> None:
    wait = retry_in(Failure(transient=True, retry_after=asked), attempts=1, max_attempts=5, chance=chance)
    assert wait is not None
    assert wait >= asked


def test_a_final_failure_and_a_last_attempt_are_given_up() -> None:
    assert retry_in(Failure(transient=False), attempts=1, max_attempts=5, chance=0.5) is None
    assert retry_in(Failure(transient=True), attempts=5, max_attempts=5, chance=0.5) is None


def test_an_error_that_says_nothing_is_tried_again() -> None:
    assert retry_in(ValueError("…"), attempts=1, max_attempts=5, chance=0.5) is not None


def test_a_living_process_is_told_from_a_dead_one_and_from_a_later_one_of_the_same_number() -> None:
    owner = me()
    assert not is_dead(owner)
    host, pid, _ = owner.rsplit(":", 2)
    assert is_dead(f"{host}:{pid}:1")
    assert is_dead(f"{host}:4194303:1")
    assert not is_dead("another-host:1:1")
