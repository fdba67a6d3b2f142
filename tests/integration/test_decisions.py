"""What people decide and say of their products, over a whole Crosswalk: decisions, objections, and how things moved."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scanner.model.job import JobKind
from scanner.model.objection import Objected, Objection
from scanner.model.verdict import Outcome
from scanner.model.waiver import WaiverKind
from scanner.pipeline.decisions import NotDecided
from scanner.store.database import Database
from tests.migration_builders import moved
from tests.pipeline_builders import GUIDE, Bench, a_rested_bench

CLAUSE = "iec-81001-5-1/5.8.2"
ACCOUNTS = "account-management"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_rested_bench(tmp_path / "home") as made:
        yield made


def product(bench: Bench) -> str:
    with bench.app.store.reading() as unit:
        (one,) = unit.products.of_connection("mine")
    return one.id


def decide(bench: Bench, constraint: str = ACCOUNTS, *, days: int = 90, **changes: str) -> WaiverKind:
    kind = WaiverKind(changes.pop("kind", "waived"))
    said = {"reason": "It comes with 4.4.", "approver": "Mara Voss", "by": "anna@maker.example"} | changes
    until = bench.clock().date() + timedelta(days=days)
    made = bench.app.people.decisions.make(product(bench), constraint, clause=CLAUSE, kind=kind, until=until, **said)
    return made.kind


def object_to(bench: Bench, claimed: Outcome, file: str = "guide", reason: str = "Page 4 says it.") -> Objection:
    return bench.app.people.objecting.object(
        product(bench), ACCOUNTS, clause=CLAUSE, claimed=claimed, reason=reason, by="anna@maker.example", file=file
    )


def listed(bench: Bench) -> tuple[Objected, ...]:
    return bench.app.people.objecting.listed(product(bench))


def outcome(bench: Bench) -> Outcome:
    return next(one.outcome for one in bench.report().standings if one.constraint == ACCOUNTS)


def test_a_decision_asks_for_a_review_and_says_who_entered_it(bench: Bench) -> None:
    decide(bench, "residual-risks")
    assert bench.app.queue.live("mine", JobKind.REVIEW) == 1
    bench.work()
    standing = next(one for one in bench.report().standings if one.constraint == "residual-risks")
    assert standing.waiver
    assert (standing.waiver.approver, standing.waiver.by) == ("Mara Voss", "anna@maker.example")


@pytest.mark.parametrize(
    ("changes", "days", "refusal"),
    [
        ({"reason": " \n"}, 9, "Say why."),
        ({"approver": ""}, 9, "Say who answers for it."),
        ({}, -1, "is past"),
        ({}, 732, "is the last day that can be named"),
        ({"kind": "not applicable", "constraint": "residual-risks"}, 9, "its gap can only be waived"),
    ],
)
def test_a_decision_that_cannot_be_says_what_to_change_and_keeps_nothing(
    bench: Bench, changes: dict[str, str], days: int, refusal: str
) -> None:
    with pytest.raises(NotDecided, match=refusal):
        decide(bench, changes.pop("constraint", ACCOUNTS), days=days, **changes)
    with bench.app.store.reading() as unit:
        assert unit.waivers.of_product(product(bench)) == ()
    assert bench.app.queue.live("mine", JobKind.REVIEW) == 0


def test_nobody_decides_on_a_product_or_a_constraint_that_is_not_there(bench: Bench) -> None:
    decisions, until = bench.app.people.decisions, bench.clock().date()
    said = {"kind": WaiverKind.WAIVED, "reason": "r", "approver": "a", "until": until}
    for product_id, constraint, clause in (("no", ACCOUNTS, CLAUSE), ("", "rubbish", CLAUSE), ("", ACCOUNTS, "no")):
        with pytest.raises(KeyError):
            decisions.make(product_id or product(bench), constraint, clause=clause, **said)  # type: ignore[arg-type]  # of many types
    with pytest.raises(KeyError):
        bench.app.people.objecting.listed("no")


def test_an_objection_keeps_the_verdict_and_stands_beside_it(bench: Bench) -> None:
    given = outcome(bench)
    assert given is not Outcome.MISSING
    made = object_to(bench, Outcome.MISSING)
    assert (made.given, made.claimed, made.file) == (given, Outcome.MISSING, "guide")
    bench.night()
    assert outcome(bench) is given
    (one,) = listed(bench)
    assert (one.objection, one.name, one.older) == (made, "Monitor Security Guide.md", "")


def test_an_objection_is_about_an_older_version_once_its_document_or_our_judging_changed(bench: Bench) -> None:
    object_to(bench, Outcome.MISSING)
    bench.memory.put("guide", GUIDE + b"\nMore.\n", name="Monitor Security Guide.md", media_type="text/markdown")
    bench.night()
    assert [one.older for one in listed(bench)] == ["what it is about has changed since"]
    object_to(bench, Outcome.MISSING)
    first, second = listed(bench)
    assert (first.objection.withdrawn_at, second.older) == (bench.clock(), "")
    bench.memory.take("guide")
    bench.night()
    assert [one.older for one in listed(bench)] == ["the document is gone"] * 2


def test_an_objection_to_where_a_constraint_stands_ages_with_what_it_rests_on(bench: Bench) -> None:
    object_to(bench, Outcome.MISSING, file="")
    bench.night()
    assert [one.older for one in listed(bench)] == [""]
    bench.memory.take("guide")
    bench.night()
    assert [one.older for one in listed(bench)] == ["what it is about has changed since"]


def test_an_objection_is_withdrawn_once(bench: Bench) -> None:
    made = object_to(bench, Outcome.MISSING)
    withdraw = bench.app.people.objecting.withdraw
    with pytest.raises(KeyError):
        withdraw("another product", made.id)
    assert withdraw(product(bench), made.id)
    assert not withdraw(product(bench), made.id)
    (one,) = listed(bench)
    assert one.objection.withdrawn_at == bench.clock()


def test_an_objection_that_cannot_be_says_why(bench: Bench) -> None:
    for claimed, file, reason, refusal in (
        (outcome(bench), "", "r", "already"),
        (Outcome.MISSING, "noise-1", "r", "was not judged as it is now"),
        (Outcome.MISSING, "nothing", "r", "no such document"),
        (Outcome.MISSING, "guide", " ", "Say in a few words why"),
    ):
        with pytest.raises(NotDecided, match=refusal):
            object_to(bench, claimed, file, reason)
    bench.memory.put("guide", GUIDE + b"\nNew.\n", name="Monitor Security Guide.md", media_type="text/markdown")
    bench.handlers().sync("mine")  # it is to be read again, and was not yet
    with pytest.raises(NotDecided, match="was not judged as it is now"):
        object_to(bench, Outcome.MISSING)
    assert listed(bench) == ()


def moves(bench: Bench) -> list[tuple[Outcome, WaiverKind | None]]:
    with bench.app.store.reading() as unit:
        found = unit.moves.of_constraint(product(bench), CLAUSE, ACCOUNTS, limit=50)
    return [(one.outcome, one.decided) for one in found]


def test_only_the_reports_in_which_a_constraint_moved_are_its_history_also_for_reports_of_before(bench: Bench) -> None:
    given = outcome(bench)
    bench.memory.put("other", b"# Network guide\n", name="Network Guide.md", media_type="text/markdown")
    bench.night()  # another report, in which nothing moves here
    bench.memory.take("guide")
    bench.night()
    with bench.app.store.reading() as unit:
        (newest,) = unit.moves.of_constraint(product(bench), CLAUSE, ACCOUNTS, limit=1)
    assert "Monitor Security Guide.md" in newest.reasons[0]
    decide(bench)
    bench.work()
    known = [(Outcome.MISSING, WaiverKind.WAIVED), (Outcome.MISSING, None), (given, None)]
    assert moves(bench) == known
    database = Database(bench.app.settings.url_of_database)
    moved(database, "0013")
    database.upgrade()
    database.dispose()
    assert moves(bench) == known
