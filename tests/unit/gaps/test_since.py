"""What is news to a person who was last told of an older report."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.gaps.report import OURS
from scanner.gaps.since import told_since
from scanner.model.gap import Drift, DriftCause, DriftKind, GapReport, Unchecked
from scanner.model.verdict import Outcome
from tests.builders import NOON, a_ref, a_report, a_standing

ACCOUNTS = "account-management"
RANK = {Outcome.MISSING: 0, Outcome.PARTIAL: 1, Outcome.SATISFIED: 2}


def a_step(before: Outcome, now: Outcome, reason: str = "because") -> Drift:
    won = RANK[now] > RANK[before]
    return Drift(
        kind=DriftKind.WON if won else DriftKind.LOST,
        cause=DriftCause.FOUND if won else DriftCause.PASSAGE_REMOVED,
        constraint=ACCOUNTS,
        before=before,
        now=now,
        reason=reason,
        file=None,
    )


def reports(*outcomes: Outcome) -> list[GapReport]:
    """One report an outcome; the first is the one that was told."""
    made = []
    for night, now in enumerate(outcomes):
        before = outcomes[night - 1] if night else now
        drift = (a_step(before, now, reason=f"night {night}"),) if before is not now else ()
        at = NOON + timedelta(days=night)
        made.append(a_report(a_standing(ACCOUNTS, now), id=f"r{night}", created_at=at, drift=drift))
    return made


def test_to_somebody_who_was_told_of_nothing_all_is_new() -> None:
    (_, newest) = reports(Outcome.SATISFIED, Outcome.MISSING)
    seen = told_since(None, [newest])
    assert (seen.drift, seen.since) == ((), None)
    with pytest.raises(ValueError, match="no report"):
        told_since(None, [])


def test_a_file_that_could_not_be_checked_is_news_to_whoever_was_not_told_of_it() -> None:
    locked, cut = (Unchecked(file=a_ref(name), because="it is encrypted", still=True) for name in ("locked", "cut"))
    told, newest = (replace(report, unchecked=(locked, cut)) for report in reports(Outcome.MISSING, Outcome.PARTIAL))
    assert [one.still for one in told_since(None, [newest]).unchecked] == [False, False]
    told = replace(told, unchecked=(locked,))
    assert [(one.file.id, one.still) for one in told_since(told, [newest]).unchecked] == [
        ("id-cut", False),
        ("id-locked", True),
    ]


def test_nothing_came_after_what_was_told() -> None:
    (_, told) = reports(Outcome.SATISFIED, Outcome.MISSING)
    seen = told_since(told, [])
    assert (seen.id, seen.drift, seen.since) == (told.id, (), told.created_at)


def test_two_steps_in_one_direction_are_told_as_one_in_the_words_of_the_last() -> None:
    told, *since = reports(Outcome.SATISFIED, Outcome.PARTIAL, Outcome.MISSING)
    (one,) = told_since(told, since).drift
    assert (one.kind, one.before, one.now, one.reason) == (
        DriftKind.LOST,
        Outcome.SATISFIED,
        Outcome.MISSING,
        "night 2",
    )


def test_a_loss_that_was_made_good_in_part_is_told_by_why_it_was_lost() -> None:
    told, *since = reports(Outcome.SATISFIED, Outcome.MISSING, Outcome.PARTIAL)
    (one,) = told_since(told, since).drift
    assert (one.kind, one.before, one.now, one.reason) == (
        DriftKind.LOST,
        Outcome.SATISFIED,
        Outcome.PARTIAL,
        "night 1",
    )


def a_night(number: int, *drift: Drift) -> GapReport:
    standing = a_standing("updated-each-release", Outcome.MISSING)
    return a_report(standing, id=f"r{number}", created_at=NOON + timedelta(days=number), drift=drift)


def of_file(drift: Drift, name: str) -> Drift:
    return replace(drift, file=a_ref(name))


STALE = Drift(
    kind=DriftKind.STALE,
    cause=DriftCause.RELEASE,
    constraint="updated-each-release",
    before=Outcome.PARTIAL,
    now=Outcome.MISSING,
    reason="It applies to 4.2.0; the newest release is 4.3.0.",
    file=None,
)
GONE = replace(a_step(Outcome.SATISFIED, Outcome.PARTIAL), cause=DriftCause.DELETED)


def test_what_is_gone_meanwhile_is_not_told_as_stale_as_well() -> None:
    stale = of_file(STALE, "Guide.md"), of_file(STALE, "Risks.md")
    told, *since = a_night(0), a_night(1, *stale), a_night(2, of_file(GONE, "Guide.md"))
    assert told_since(told, since).drift == (of_file(GONE, "Guide.md"), stale[1])


def test_what_was_gone_and_is_back_is_told_as_stale() -> None:
    stale = of_file(STALE, "Guide.md")
    back = of_file(a_step(Outcome.PARTIAL, Outcome.SATISFIED), "Guide.md")
    told, *since = a_night(0), a_night(1, stale), a_night(2, of_file(GONE, "Guide.md")), a_night(3, back)
    assert stale in told_since(told, since).drift


def test_that_a_constraint_moved_is_told_even_where_all_that_was_stale_is_gone() -> None:
    stale = of_file(STALE, "Guide.md")
    told, *since = a_night(0), a_night(1, stale), a_night(2, of_file(GONE, "Guide.md"))
    assert stale in told_since(told, since).drift


def test_what_happened_to_one_constraint_in_several_files_is_told_of_each() -> None:
    first, second = of_file(STALE, "Guide.md"), replace(of_file(STALE, "Risks.md"), before=Outcome.MISSING)
    told, *since = a_night(0), a_night(1, first), a_night(2, second)
    seen = told_since(told, since).drift
    assert [(one.file.name if one.file else "", one.before, one.now) for one in seen] == [
        ("Guide.md", Outcome.PARTIAL, Outcome.MISSING),
        ("Risks.md", Outcome.PARTIAL, Outcome.MISSING),
    ]


def test_a_file_that_gives_it_again_is_not_among_those_that_lost_it() -> None:
    lost = of_file(a_step(Outcome.SATISFIED, Outcome.PARTIAL), "Guide.md")
    more = of_file(a_step(Outcome.PARTIAL, Outcome.MISSING), "Risks.md")
    back = of_file(a_step(Outcome.MISSING, Outcome.PARTIAL), "Guide.md")
    steps = (replace(one, constraint="updated-each-release") for one in (lost, more, back))
    told, *since = a_night(0), *(a_night(number, step) for number, step in enumerate(steps, 1))
    seen = told_since(told, since).drift
    assert [one.file.name for one in seen if one.file] == ["Risks.md"]


@given(st.lists(st.sampled_from(list(RANK)), min_size=2, max_size=6))
def test_what_is_told_leads_from_what_was_told_to_what_is_so(outcomes: list[Outcome]) -> None:
    told, *since = reports(*outcomes)
    drift = told_since(told, since).drift
    if outcomes[0] is outcomes[-1]:
        assert drift == ()
    else:
        (one,) = drift
        assert (one.before, one.now) == (outcomes[0], outcomes[-1])
        assert (one.kind is DriftKind.WON) == (RANK[outcomes[-1]] > RANK[outcomes[0]])


def test_a_change_of_our_judging_is_said() -> None:
    told, newest = reports(Outcome.SATISFIED, Outcome.MISSING)
    assert told_since(told, [replace(newest, judge="judge-2")]).note == OURS
    assert told_since(told, [newest]).note == ""
