"""Suggestions: what no name gave away and the source's own search finds, until a person says yes or no."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector import Found, RemovedBecause
from connector.testing import InMemorySource
from scanner.model.connection import Product, ScanState, product_id_of
from scanner.model.suggestion import Suggestion, SuggestionState
from tests.pipeline_builders import Bench, a_bench

CLAUSE = "iec-81001-5-1/5.8.2"
NOTES = b"""# Notes of the team

The residual risk of the export is accepted. Change the default password of the service account before first use.
"""

MINE = Product(id=product_id_of("mine"), connection="mine", name="")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path / "home", walk_days=2) as made:
        made.memory.put("notes", NOTES, name="Monday.md", media_type="text/markdown")
        made.memory.put("one", b"A residual risk stays.", name="Tuesday.txt")
        made.memory.take("guide")  # nothing is to be read, which would take most of the time
        made.night()
        yield made


def listed(bench: Bench, state: SuggestionState = SuggestionState.NEW) -> tuple[Suggestion, ...]:
    with bench.app.store.reading() as unit:
        return unit.suggestions.listed("mine", CLAUSE, state, extent="", limit=50)


def names(bench: Bench, state: SuggestionState = SuggestionState.NEW) -> list[str]:
    return [one.file.name for one in listed(bench, state)]


def candidates(bench: Bench) -> dict[str, list[str]]:
    with bench.app.store.reading() as unit:
        found = unit.candidates.all("mine", CLAUSE)
    return {one.candidate.file.id: [f"{hit.signal} {hit.text}" for hit in one.candidate.hits] for one in found}


def last_search(bench: Bench) -> tuple[bool, str]:
    with bench.app.store.reading() as unit:
        at, because = unit.suggestions.last_search("mine")
    return at is not None and at == bench.clock(), because


def accept(bench: Bench, file_id: str = "notes") -> bool:
    return bench.app.people.suggesting.accept(MINE, file_id, clause=CLAUSE, by="anna@maker.example")


def test_what_speaks_of_most_comes_first_and_only_the_words_of_the_pack_are_kept(bench: Bench) -> None:
    assert [(one.file.name, one.words) for one in listed(bench)] == [
        ("Monday.md", ("default password", "residual risk")),
        ("Tuesday.txt", ("residual risk",)),
    ]
    assert candidates(bench) == {}
    assert last_search(bench) == (True, "")


def test_an_accepted_one_is_a_candidate_is_read_and_stays_one(bench: Bench) -> None:
    assert accept(bench)
    bench.work()
    assert bench.states()[ScanState.SCANNED] == 1
    bench.memory.put("notes", NOTES + b"\nMore.\n", name="Wednesday.md", media_type="text/markdown")
    for _ in range(3):  # with a look at the whole among them
        bench.night()
    assert candidates(bench) == {"notes": ["accepted anna@maker.example"]}
    assert bench.states()[ScanState.SCANNED] == 1
    assert names(bench, SuggestionState.ACCEPTED) == ["Wednesday.md"]
    assert names(bench) == ["Tuesday.txt"]


def test_an_ignored_one_does_not_come_back(bench: Bench) -> None:
    assert bench.app.people.suggesting.ignore(MINE, "one", clause=CLAUSE, by="anna@maker.example")
    for _ in range(3):
        bench.night()
    assert names(bench) == ["Monday.md"]
    assert [(one.file.name, one.decided_by) for one in listed(bench, SuggestionState.IGNORED)] == [
        ("Tuesday.txt", "anna@maker.example")
    ]
    assert candidates(bench) == {}


def test_what_was_said_is_taken_back_and_a_name_that_flags_it_still_does(bench: Bench) -> None:
    accept(bench)
    accept(bench, "one")
    bench.memory.put("one", b"A residual risk stays.", name="Residual Risk.txt")
    bench.night()
    assert candidates(bench)["one"] == ["clause-page Residual Risk", "accepted anna@maker.example"]
    for file_id in ("notes", "one"):
        assert bench.app.people.suggesting.undo(MINE, file_id, clause=CLAUSE, by="anna")
    assert candidates(bench) == {"one": ["clause-page Residual Risk"]}
    assert names(bench) == ["Monday.md"]  # the other is a candidate by its name


def test_nobody_decides_on_what_is_not_suggested_or_is_gone(bench: Bench) -> None:
    suggesting = bench.app.people.suggesting
    bench.memory.take("one", RemovedBecause.TRASHED)
    bench.night()
    assert names(bench) == ["Monday.md"]
    for connection, file_id, clause in (
        ("mine", "noise-1", CLAUSE),
        ("mine", "one", CLAUSE),
        ("another", "notes", CLAUSE),
        ("mine", "notes", "another/1"),
    ):
        product = replace(MINE, connection=connection)
        assert not suggesting.accept(product, file_id, clause=clause, by="anna")
        assert not suggesting.ignore(product, file_id, clause=clause, by="anna")
        assert not suggesting.undo(product, file_id, clause=clause, by="anna")
    assert candidates(bench) == {}


def test_a_search_that_fails_harms_no_sync_is_said_and_comes_again(tmp_path: Path) -> None:
    with a_bench(tmp_path / "home") as bench:
        bench.memory.put("notes", NOTES, name="Monday.md", media_type="text/markdown")
        bench.memory.take("guide")
        bench.memory.unsearchable = "Google could not be reached."
        bench.night()
        assert bench.connection().synced_at == bench.clock()
        assert last_search(bench) == (False, "Google could not be reached.")
        bench.memory.unsearchable, bench.memory.unsearched = "", "Google searched only a part of what can be seen"
        bench.night()
        assert last_search(bench) == (True, "Google searched only a part of what can be seen")
        assert names(bench) == ["Monday.md"]


class Counting(InMemorySource):
    """Counts what it is asked."""

    asked = 0

    def search(self, words: str, *, limit: int) -> Found:
        self.asked += 1
        return super().search(words, limit=limit)


def test_the_source_is_searched_once_a_look_at_the_whole_and_a_few_times_then(bench: Bench) -> None:
    counting = Counting()
    counting.put("notes", NOTES, name="Monday.md", media_type="text/markdown")
    bench.memory = counting
    asked = []
    for _ in range(4):
        bench.night()
        asked.append(counting.asked)
    phrases = {words for one in bench.app.packs[0].constraints for words in one.suggest}
    assert len(phrases) < 30
    assert asked == [0, len(phrases), len(phrases), 2 * len(phrases)]


def test_what_cannot_be_read_or_lies_outside_is_not_suggested_and_new_words_come_with_the_next_search(
    bench: Bench,
) -> None:
    bench.memory.put("secret", NOTES, name="Locked.md")
    bench.memory.block("secret", "its owner has switched off downloading")
    bench.memory.put("one", b"Nothing any more.", name="Tuesday.txt")
    bench.clock.later(timedelta(days=2))
    bench.night()
    assert names(bench) == ["Monday.md"]
