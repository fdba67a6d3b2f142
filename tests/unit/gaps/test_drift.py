"""What drifted between two reports, and why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scanner.gaps.report import OURS, Picture, is_news, reads_alike, report_of
from scanner.model.clause import ClausePack, Over
from scanner.model.connection import Called
from scanner.model.document import Told
from scanner.model.gap import CoverageLine, Drift, DriftCause, DriftKind, Evidence, GapReport, Unchecked
from scanner.model.verdict import Outcome
from scanner.model.waiver import Waiver, WaiverKind
from tests.builders import (
    NOON,
    a_constraint,
    a_document,
    a_facet,
    a_pack,
    a_ref,
    a_release,
    a_verdict,
    a_waiver,
    some_notes,
)

ALL = ("roles", "life-cycle", "credentials")
WHOLE = CoverageLine(complete=True, because="", files=90, candidates=20, scanned=18)
CUT = replace(WHOLE, complete=False, because="the listing of Quality broke off.")
GUIDE = a_document("Security Guide.docx", a_verdict(outcome=Outcome.SATISFIED, met=ALL))
SHORTER = a_document("Security Guide.docx", a_verdict(met=("roles", "credentials")))
OTHER = a_document("Manual.pdf", a_verdict(outcome=Outcome.MISSING, met=()))
NOTHING = a_verdict(outcome=Outcome.MISSING, met=())


def night(
    before: GapReport | None,
    *evidence: Evidence,
    pack: ClausePack | None = None,
    judge: str = "judge-1",
    **changes: Any,
) -> GapReport:
    """Review one night later than the report before."""
    fields: dict[str, Any] = {"called": Called(name="PulseView"), "unchecked": (), "coverage": WHOLE, "release": None}
    now = before.last_run + timedelta(days=1) if before else NOON
    picture = Picture(**{**fields, **changes, "evidence": evidence, "before": before})
    return report_of(pack or a_pack(), picture, id=f"report of {now:%j}", now=now, judge=judge)


def told(report: GapReport) -> list[tuple[DriftKind, DriftCause]]:
    return [(one.kind, one.cause) for one in report.drift]


FIRST = night(None, GUIDE, OTHER)


def only(report: GapReport) -> Drift:
    (found,) = report.drift
    return found


def test_a_passage_that_was_removed_is_lost_with_the_old_quote() -> None:
    found = only(night(FIRST, SHORTER, OTHER))
    assert (found.kind, found.cause) == (DriftKind.LOST, DriftCause.PASSAGE_REMOVED)
    assert (found.before, found.now) == (Outcome.SATISFIED, Outcome.PARTIAL)
    assert found.reason == "Security Guide.docx no longer says it: the life-cycle."
    assert found.old_quote == "A sentence about life-cycle."


def test_a_file_that_left_the_picture_is_named_with_the_reason() -> None:
    for why, cause in (
        ("trashed", DriftCause.TRASHED),
        ("deleted or no longer shared", DriftCause.DELETED),
        ("its shared drive was removed or left", DriftCause.DRIVE_LOST),
        ("outside of the chosen folders", DriftCause.MOVED_OUT),
        ("no longer listed", DriftCause.NOT_LISTED),
    ):
        found = only(night(FIRST, OTHER, gone={a_ref().id: why}))
        assert (found.kind, found.cause, found.now) == (DriftKind.LOST, cause, Outcome.MISSING)
        assert found.reason == f"Security Guide.docx is gone ({why}): the roles, the life-cycle, the credentials."
        assert found.old_quote == "A sentence about roles."


def test_a_document_that_counts_no_more_is_lost_though_it_still_says_it() -> None:
    archived = replace(GUIDE, file=a_ref(path="My Drive / Archive"))
    found = only(night(FIRST, archived, OTHER))
    assert (found.kind, found.cause) == (DriftKind.LOST, DriftCause.NOT_COUNTED)
    assert found.reason.startswith("Security Guide.docx is superseded, archived or about another product now")
    assert only(night(FIRST, OTHER)).reason.startswith(
        "Security Guide.docx is no longer among the documents that are read"
    )


def test_what_could_not_be_read_tonight_is_no_loss_and_is_a_loss_once_it_could() -> None:
    silent = Unchecked(file=a_ref(), because="Google did not answer")
    blind = night(FIRST, OTHER, unchecked=(silent,))
    found = only(blind)
    assert (found.kind, found.cause) == (DriftKind.UNDETERMINED_NOW, DriftCause.UNREADABLE)
    said = "Could not check: Security Guide.docx could not be checked, because Google did not answer."
    assert found.reason == said
    assert (blind.standings[0].outcome, blind.standings[0].reason) == (Outcome.UNDETERMINED, said)
    assert told(night(blind, OTHER, unchecked=(silent,))) == []
    assert told(night(blind, SHORTER, OTHER)) == [(DriftKind.LOST, DriftCause.PASSAGE_REMOVED)]
    assert told(night(blind, GUIDE, OTHER)) == [(DriftKind.WON, DriftCause.CHECKED_AGAIN)]


def test_a_document_that_was_read_only_in_part_tonight_is_no_loss() -> None:
    cut = replace(a_document("Security Guide.docx", NOTHING), unread="page 9 is damaged and was not read")
    found = only(night(FIRST, cut, OTHER))
    assert found.kind is DriftKind.UNDETERMINED_NOW
    assert found.reason.endswith(
        "Security Guide.docx was read only in part, because page 9 is damaged and was not read."
    )


def test_an_incomplete_look_never_yields_a_loss_and_a_later_whole_one_does() -> None:
    cut = night(FIRST, SHORTER, OTHER, coverage=CUT)
    assert told(cut) == [(DriftKind.UNDETERMINED_NOW, DriftCause.INCOMPLETE_LOOK)]
    assert cut.drift[0].reason == (
        "Could not check: not all of the source could be seen, because the listing of Quality broke off."
    )
    assert told(night(FIRST, OTHER, coverage=CUT, gone={a_ref().id: "trashed"})) == [
        (DriftKind.UNDETERMINED_NOW, DriftCause.INCOMPLETE_LOOK)
    ]
    still = night(cut, SHORTER, OTHER, coverage=CUT)
    assert told(still) == []
    assert told(night(still, SHORTER, OTHER)) == [(DriftKind.LOST, DriftCause.PASSAGE_REMOVED)]


def test_a_better_outcome_is_won_and_names_the_document() -> None:
    found = only(night(night(None, OTHER), OTHER, GUIDE))
    assert (found.kind, found.cause) == (DriftKind.WON, DriftCause.FOUND)
    assert found.reason == "Security Guide.docx gives it now: the roles, the life-cycle and the credentials."


def test_the_same_again_is_no_drift_and_reads_alike() -> None:
    second = night(FIRST, GUIDE, OTHER)
    assert not is_news(second)
    assert reads_alike(second, FIRST)
    assert not reads_alike(night(FIRST, GUIDE, OTHER, coverage=replace(WHOLE, files=91)), FIRST)


def test_a_file_that_still_could_not_be_checked_reads_alike() -> None:
    locked = Unchecked(file=a_ref("Locked.pdf"), because="it is encrypted")
    first, second = (replace(FIRST, unchecked=(replace(locked, still=still),)) for still in (False, True))
    assert reads_alike(second, first)
    assert not reads_alike(replace(first, unchecked=(replace(locked, because="it is empty"),)), first)


def test_a_gap_that_grows_within_partial_is_told() -> None:
    found = only(night(night(None, SHORTER), a_document("Security Guide.docx", a_verdict(met=("roles",)))))
    assert (found.kind, found.reason) == (DriftKind.LOST, "Security Guide.docx no longer says it: the credentials.")


def test_a_change_of_the_judge_or_the_pack_is_ours() -> None:
    for changes in ({"judge": "judge-2"}, {"pack": replace(a_pack(), digest="pack-2")}):
        report = night(FIRST, SHORTER, OTHER, **changes)
        assert report.drift == ()
        assert report.note == OURS
        assert [(one.kind, one.cause) for one in report.ours] == [(DriftKind.LOST, DriftCause.OURS)]


def test_what_our_judging_has_no_part_in_stays_the_customers_drift() -> None:
    report = night(FIRST, OTHER, judge="judge-2", gone={a_ref().id: "trashed"})
    assert told(report) == [(DriftKind.LOST, DriftCause.TRASHED)]
    assert report.ours == ()


def test_a_judge_that_changes_while_nothing_can_be_read_makes_no_loss_later() -> None:
    blind = night(FIRST, OTHER, unchecked=(Unchecked(file=a_ref(), because="it is locked"),))
    after = night(blind, SHORTER, OTHER, judge="judge-2")
    assert after.drift == ()
    assert night(after, SHORTER, OTHER, judge="judge-2").drift == ()


# several files

ROLES = a_document("Roles.docx", a_verdict(met=("roles",)))
CYCLE = a_document("Leavers.pdf", a_verdict(met=("life-cycle",)))
CREDENTIALS = a_document("Passwords.md", a_verdict(met=("credentials",)))
THREE = night(None, ROLES, CYCLE, CREDENTIALS)


def test_what_several_files_lost_is_told_file_by_file() -> None:
    report = night(THREE, a_document("Roles.docx", NOTHING), CREDENTIALS, gone={CYCLE.file.id: "trashed"})
    assert [(one.kind, one.cause, one.file, one.reason, one.old_quote) for one in report.drift] == [
        (
            DriftKind.LOST,
            DriftCause.PASSAGE_REMOVED,
            ROLES.file,
            "Roles.docx no longer says it: the roles.",
            "A sentence about roles.",
        ),
        (
            DriftKind.LOST,
            DriftCause.TRASHED,
            CYCLE.file,
            "Leavers.pdf is gone (trashed): the life-cycle.",
            "A sentence about life-cycle.",
        ),
    ]


def test_a_facet_that_only_an_unreadable_file_gave_is_not_among_the_lost_ones() -> None:
    locked = Unchecked(file=CYCLE.file, because="it is locked")
    blind = night(THREE, a_document("Roles.docx", NOTHING), CREDENTIALS, unchecked=(locked,))
    lost, unknown = blind.drift
    assert (lost.kind, lost.file, lost.reason) == (
        DriftKind.LOST,
        ROLES.file,
        "Roles.docx no longer says it: the roles.",
    )
    assert (lost.before, lost.now) == (Outcome.SATISFIED, Outcome.PARTIAL)
    assert (unknown.kind, unknown.cause, unknown.file) == (
        DriftKind.UNDETERMINED_NOW,
        DriftCause.UNREADABLE,
        CYCLE.file,
    )
    assert unknown.reason == "Could not check: Leavers.pdf could not be checked, because it is locked."
    assert blind.standings[0].outcome is Outcome.UNDETERMINED
    assert night(blind, a_document("Roles.docx", NOTHING), CREDENTIALS, unchecked=(locked,)).drift == ()
    read_again = night(blind, a_document("Roles.docx", NOTHING), CYCLE, CREDENTIALS)
    assert (read_again.standings[0].outcome, read_again.drift) == (Outcome.PARTIAL, ())
    emptied = night(blind, a_document("Roles.docx", NOTHING), a_document("Leavers.pdf", NOTHING), CREDENTIALS)
    assert [(one.kind, one.reason) for one in emptied.drift] == [
        (DriftKind.LOST, "Leavers.pdf no longer says it: the life-cycle.")
    ]


def test_each_file_that_could_not_be_read_is_named() -> None:
    shut = tuple(Unchecked(file=one.file, because="it is locked") for one in (ROLES, CYCLE))
    report = night(THREE, CREDENTIALS, unchecked=shut)
    assert [(one.kind, one.file) for one in report.drift] == [
        (DriftKind.UNDETERMINED_NOW, ROLES.file),
        (DriftKind.UNDETERMINED_NOW, CYCLE.file),
    ]


def test_a_change_of_the_judge_makes_no_gap_of_what_could_not_be_read() -> None:
    locked = (Unchecked(file=a_ref(), because="it is locked"),)
    blind = night(FIRST, OTHER, judge="judge-2", unchecked=locked)
    assert blind.standings[0].outcome is Outcome.UNDETERMINED
    assert [(one.kind, one.cause) for one in blind.ours] == [(DriftKind.UNDETERMINED_NOW, DriftCause.OURS)]
    still = night(blind, OTHER, judge="judge-2", unchecked=locked)
    # What the former judge saw is no measure for this one: the difference stays ours, also nights later.
    later = night(still, SHORTER, OTHER, judge="judge-2")
    assert (later.drift, [one.kind for one in later.ours]) == ((), [DriftKind.LOST])
    assert told(night(still, OTHER, judge="judge-2", gone={a_ref().id: "trashed"})) == [
        (DriftKind.LOST, DriftCause.TRASHED)
    ]


# waivers


def waived(before: GapReport, *evidence: Evidence, waiver: Waiver | None = None) -> GapReport:
    return night(before, *evidence, waivers=(waiver or a_waiver(),))


def test_a_waived_gap_is_shown_as_waived_and_never_as_satisfied() -> None:
    report = waived(night(None, SHORTER), SHORTER)
    (standing,) = report.standings
    assert (standing.outcome, standing.severity, standing.waiver) == (Outcome.PARTIAL, "high", a_waiver())
    assert (report.gaps, report.waived) == ((), (standing,))
    assert report.drift == ()
    assert report.audit_defence == ""


def test_a_satisfied_constraint_needs_no_waiver() -> None:
    assert waived(FIRST, GUIDE, OTHER).standings[0].waiver is None


def test_what_a_waived_gap_loses_is_not_told() -> None:
    first = waived(night(None, SHORTER), SHORTER)
    assert waived(first, OTHER).drift == ()


def test_a_waiver_that_ran_out_or_was_ended_is_told_once() -> None:
    first = waived(night(None, SHORTER), SHORTER, waiver=a_waiver(until=NOON.date() + timedelta(days=1)))
    for over in (
        a_waiver(until=NOON.date() + timedelta(days=1)),
        a_waiver(until=NOON.date() + timedelta(days=1), ended_at=NOON + timedelta(days=1)),
    ):
        report = waived(first, SHORTER, waiver=over)
        found = only(report)
        assert (found.kind, found.cause) == (DriftKind.WAIVER_EXPIRED, DriftCause.WAIVER)
        assert found.reason.startswith("Mara Voss waived this until 25 November 2026; that holds no longer.")
        assert report.gaps == report.standings
        assert waived(report, SHORTER, waiver=over).drift == ()


def test_a_waiver_that_ends_soon_is_told_thirty_seven_and_one_day_before() -> None:
    waiver = a_waiver(until=NOON.date() + timedelta(days=40))
    report, days = waived(night(None, SHORTER), SHORTER, waiver=waiver), []
    for _ in range(42):
        report = waived(report, SHORTER, waiver=waiver)
        days += [waiver.days_left(report.created_at.date()) for one in report.drift if one.waiver == waiver]
    assert days == [30, 7, 1, -1]  # the last one says that it is over
    late = waived(report, SHORTER, waiver=a_waiver(id=2, decided_at=report.created_at, until=date(2027, 1, 10)))
    assert late.drift == ()


def test_a_decision_that_it_does_not_apply_holds_until_a_document_speaks_of_it() -> None:
    decision = a_waiver(kind=WaiverKind.NOT_APPLICABLE, reason="The software has no log-in.")
    moot = waived(night(None, OTHER), OTHER, waiver=decision)
    (standing,) = moot.standings
    assert (standing.outcome, standing.severity, moot.drift) == (Outcome.NOT_APPLICABLE, None, ())
    assert standing.reason == (
        "Mara Voss decided until 31 December 2026 that it does not apply: The software has no log-in."
    )
    report = waived(moot, OTHER, SHORTER, waiver=decision)
    found = only(report)
    assert (found.kind, found.cause) == (DriftKind.CONTRADICTED, DriftCause.CONTRADICTION)
    assert found.file == SHORTER.file
    assert report.standings[0].is_gap
    assert "Yet Mara Voss decided that it does not apply" in report.standings[0].reason


def test_what_a_document_says_does_not_apply_is_contradicted_by_another() -> None:
    architecture = a_document("Architecture.docx", a_verdict(outcome=Outcome.NOT_APPLICABLE, met=()))
    found = only(night(night(None, architecture), architecture, SHORTER))
    assert (found.kind, found.before, found.now) == (
        DriftKind.CONTRADICTED,
        Outcome.NOT_APPLICABLE,
        Outcome.PARTIAL,
    )


# releases

EACH = a_constraint("updated-each-release", over=Over.EACH, facets=(a_facet("applies-to"),))
PACK = a_pack(a_constraint(), EACH)
FRESH = a_verdict("updated-each-release", outcome=Outcome.SATISFIED, met=("applies-to",))


def a_guide(version: str, name: str = "Security Guide.docx") -> Evidence:
    verdict = a_verdict(outcome=Outcome.SATISFIED, met=ALL)
    return a_document(name, verdict, FRESH, versions=(version,), history=(version,), history_rows=1)


def test_a_new_release_makes_each_document_stale_that_still_names_an_older_one() -> None:
    paper = a_guide("4.2.x", "White Paper.pdf")
    before = night(None, a_guide("4.2.0"), paper, some_notes("4.2.0"), pack=PACK, release=a_release("4.2.0"))
    assert before.gaps == ()
    held = (a_guide("4.3.0"), paper, some_notes())
    report = night(before, *held, pack=PACK, release=a_release(), previous=a_release("4.2.0"))
    found = only(report)
    assert (found.kind, found.cause, found.file) == (DriftKind.STALE, DriftCause.RELEASE, paper.file)
    assert found.reason == "White Paper.pdf applies to 4.2.x; the newest release is 4.3.0."
    assert night(report, *held, pack=PACK, release=a_release(), previous=a_release("4.2.0")).drift == ()
    held = (a_guide("4.3.0"), a_guide("4.3.0", "White Paper.pdf"), some_notes())
    won = night(report, *held, pack=PACK, release=a_release(), previous=a_release("4.2.0"))
    assert told(won) == [(DriftKind.WON, DriftCause.FOUND)]


def test_a_document_that_no_longer_names_the_release_is_stale_without_a_new_one() -> None:
    before = night(None, a_guide("4.3.0"), some_notes(), pack=PACK, release=a_release())
    report = night(before, a_guide("4.2.0"), some_notes(), pack=PACK, release=a_release())
    assert told(report) == [(DriftKind.STALE, DriftCause.NOT_COUNTED)]


def test_a_release_whose_notes_say_nothing_of_security_is_told_though_every_document_names_it() -> None:
    before = night(None, a_guide("4.2.0"), some_notes("4.2.0"), pack=PACK, release=a_release("4.2.0"))
    held = (a_guide("4.3.0"), some_notes(security=Told.NOT))
    found = only(night(before, *held, pack=PACK, release=a_release(), previous=a_release("4.2.0")))
    assert (found.kind, found.cause, found.file) == (DriftKind.STALE, DriftCause.RELEASE, None)
    assert found.reason.endswith("says nothing of security: no patch, weakness, setting or change.")


def test_release_notes_that_were_taken_away_are_lost() -> None:
    notes = replace(some_notes(), verdicts=(a_verdict("updated-each-release", met=("revision",)),))
    before = night(None, a_guide("4.3.0"), notes, pack=PACK, release=a_release())
    found = only(night(before, a_guide("4.3.0"), pack=PACK, release=a_release(), gone={notes.file.id: "trashed"}))
    assert (found.kind, found.cause) == (DriftKind.LOST, DriftCause.TRASHED)
    assert found.reason.startswith("Release Notes 4.3.0.md is gone (trashed)")


def test_a_new_release_in_an_incomplete_look_waits_for_a_whole_one() -> None:
    notes = some_notes("4.2.0")
    before = night(None, a_guide("4.2.0"), notes, pack=PACK, release=a_release("4.2.0"))
    held = (a_guide("4.2.0"), notes, some_notes())
    cut = night(before, *held, pack=PACK, release=a_release(), coverage=CUT)
    assert told(cut) == [(DriftKind.UNDETERMINED_NOW, DriftCause.INCOMPLETE_LOOK)]
    whole = night(cut, *held, pack=PACK, release=a_release())
    assert told(whole) == [(DriftKind.STALE, DriftCause.RELEASE)]


def test_a_document_that_newly_lags_is_told_though_others_lagged_before() -> None:
    held = (a_guide("4.2.0"), a_guide("4.3.0", "White Paper.pdf"), a_guide("4.3.0", "Manual.pdf"), some_notes())
    before = night(None, *held, pack=PACK, release=a_release())
    assert before.standings[1].outcome is Outcome.PARTIAL
    back = a_guide("4.2.0", "White Paper.pdf")
    report = night(before, held[0], back, *held[2:], pack=PACK, release=a_release())
    found = only(report)
    assert (found.kind, found.cause, found.file) == (DriftKind.STALE, DriftCause.NOT_COUNTED, back.file)
    assert (found.before, found.now) == (Outcome.PARTIAL, Outcome.PARTIAL)
    assert night(report, held[0], back, *held[2:], pack=PACK, release=a_release()).drift == ()


def test_what_lagged_before_is_not_told_again_when_something_else_gets_worse() -> None:
    notes = replace(some_notes(), verdicts=(a_verdict("updated-each-release", met=("applies-to",)),))
    held = (a_guide("4.2.0"), notes)
    before = night(None, *held, pack=PACK, release=a_release())
    assert before.standings[1].outcome is Outcome.PARTIAL
    report = night(before, held[0], pack=PACK, release=a_release(), gone={notes.file.id: "trashed"})
    assert told(report) == [(DriftKind.LOST, DriftCause.TRASHED)]


def test_a_report_that_kept_nothing_of_who_lagged_accuses_nobody_anew() -> None:
    held = (a_guide("4.2.0"), a_guide("4.3.0", "White Paper.pdf"), some_notes())
    before = night(None, *held, pack=PACK, release=a_release())
    old = replace(before, standings=tuple(replace(one, behind=None) for one in before.standings))
    assert night(old, *held, pack=PACK, release=a_release()).drift == ()
