"""When the whole source is looked at again, and when such a look is believed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector import Completeness, SyncKind
from tests.pipeline_builders import Bench, a_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path) as one:
        yield one


def kind(bench: Bench) -> SyncKind:
    coverage = bench.connection().coverage
    assert coverage is not None
    return coverage.kind


def hide(bench: Bench, *ids: str) -> dict[str, object]:
    """Take files out of the source without a word in its feed, as unsharing was seen to do."""
    return {one: bench.memory._files.pop(one) for one in ids}


def test_the_whole_is_looked_at_once_a_week_and_only_changes_between(bench: Bench) -> None:
    kinds = []
    for _ in range(9):
        bench.night()
        kinds.append(kind(bench))
    full = [night for night, one in enumerate(kinds) if one is SyncKind.FULL]
    assert full == [0, 7]


def test_a_file_that_vanished_without_a_word_is_noticed_within_the_week(bench: Bench) -> None:
    bench.night()
    hide(bench, "noise-1")
    bench.night()
    assert "noise-1" in bench.files()
    bench.clock.later(timedelta(days=6))
    bench.night()
    assert "noise-1" not in bench.files()


def test_after_an_incomplete_look_the_next_night_looks_at_everything_again(bench: Bench) -> None:
    bench.memory.incomplete = "Google's listing of My Drive is incomplete"
    bench.night()
    bench.memory.incomplete = ""
    assert not bench.report().coverage.complete
    bench.night()
    assert kind(bench) is SyncKind.FULL
    assert bench.report().coverage.complete
    bench.night()
    assert kind(bench) is SyncKind.INCREMENTAL


def test_many_files_missing_at_once_are_not_believed_until_a_second_look_says_the_same(bench: Bench) -> None:
    for number in range(60):
        bench.memory.put(f"plan-{number}", b"plan")
    bench.night()
    hide(bench, "guide", *(f"plan-{number}" for number in range(30)))
    bench.clock.later(timedelta(days=7))
    bench.night()
    assert len(bench.files()) == 66
    report = bench.report()
    assert report.drift == ()
    assert not report.coverage.complete
    assert report.coverage.because == (
        "31 of 66 known files were not listed any more, and nothing says why: too many to believe at once, "
        "so none is taken as gone until the next look says the same"
    )
    bench.night()
    assert len(bench.files()) == 35
    assert bench.report().coverage.complete
    assert any("Monitor Security Guide.md is gone (no longer listed)" in one.reason for one in bench.report().drift)


def test_a_listing_that_was_wrong_once_costs_nothing(bench: Bench) -> None:
    for number in range(60):
        bench.memory.put(f"plan-{number}", b"plan")
    bench.night()
    hidden = hide(bench, *(f"plan-{number}" for number in range(30)))
    bench.clock.later(timedelta(days=7))
    bench.night()
    bench.memory._files.update(hidden)  # type: ignore[arg-type]  # as they were
    bench.night()
    assert len(bench.files()) == 66
    assert bench.connection().doubted == 0


def test_what_the_feed_explains_is_never_suspect(bench: Bench) -> None:
    for number in range(60):
        bench.memory.put(f"plan-{number}", b"plan")
    bench.night()
    for number in range(50):
        bench.memory.take(f"plan-{number}")
    bench.clock.later(timedelta(days=7))
    bench.night()
    coverage = bench.connection().walk
    assert coverage is not None
    assert coverage.completeness is Completeness.COMPLETE
    assert len(bench.files()) == 16


def test_a_night_after_a_change_of_limits_looks_at_everything(bench: Bench) -> None:
    bench.night()
    with bench.app.store.transaction() as unit:
        unit.connections.limit("mine", ["folder-1"])
    assert bench.connection().within == ("folder-1",)
    bench.night()
    assert kind(bench) is SyncKind.FULL


def test_the_report_sets_the_last_whole_look_beside_the_one_before_it(bench: Bench) -> None:
    bench.night()
    whole = bench.report().coverage.whole
    assert whole is not None
    assert [(one.name, one.files, one.before) for one in whole.corpora] == [("In memory", 6, None)]
    bench.memory.put("another", b"text", name="Another Security Guide.txt")
    bench.clock.later(timedelta(days=6))
    bench.night()
    whole = bench.report().coverage.whole
    assert whole is not None
    assert whole.at == bench.clock()
    assert [(one.name, one.files, one.before) for one in whole.corpora] == [("In memory", 7, 6)]
