"""How much may be asked in a day, and when a failing model is left alone."""

from dataclasses import dataclass

from scanner.ask.allowance import DAY, Allowance


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_calls_end_with_the_allowance_and_come_back_the_next_day() -> None:
    clock = Clock()
    allowance = Allowance(calls=2, tokens=1_000, clock=clock)
    assert [allowance.refused() for _ in range(3)] == ["", "", "the allowance of 2 calls a day is used up"]
    clock.now += DAY
    assert allowance.refused() == ""


def test_tokens_end_with_the_allowance() -> None:
    allowance = Allowance(calls=10, tokens=1_000, clock=Clock())
    assert allowance.refused() == ""
    allowance.spent(-5_000)
    allowance.spent(1_000)
    assert allowance.refused() == "the allowance of 1000 tokens a day is used up"


def test_three_failures_in_a_row_give_it_a_rest() -> None:
    clock = Clock()
    allowance = Allowance(calls=10, tokens=1_000, clock=clock)
    allowance.failed()
    allowance.failed()
    allowance.spent(1)  # an answer ends the row
    allowance.failed()
    allowance.failed()
    assert allowance.refused() == ""
    allowance.failed()
    assert "left alone" in allowance.refused()
    clock.now += 301
    assert allowance.refused() == ""
