"""What drifted between two reports, and why."""

from datetime import date

from scanner.gaps.drift import drift
from scanner.gaps.freshness import ages
from scanner.model.clause import ClausePack, Over
from scanner.model.gap import Drift, DriftKind, GapReport, Standing, Unchecked
from scanner.model.verdict import Outcome
from tests.builders import a_constraint, a_document, a_facet, a_pack, a_ref, a_release, a_report, a_standing, a_verdict

ALL = ("roles", "life-cycle", "credentials")
BEFORE = a_report(a_standing(met=ALL))


def between(
    before: GapReport,
    *now: Standing,
    gone: dict[str, str] | None = None,
    unchecked: Unchecked | None = None,
    pack: ClausePack | None = None,
) -> tuple[Drift, ...]:
    blind = {unchecked.file.id: unchecked} if unchecked else {}
    return drift(pack or a_pack(), before=before, now=now, gone=gone or {}, unchecked=blind, ages=(), release=None)


def test_an_edited_document_that_no_longer_says_it_is_lost_with_the_old_quote() -> None:
    (found,) = between(BEFORE, a_standing(outcome=Outcome.PARTIAL, met=("roles", "credentials")))
    assert (found.kind, found.before, found.now) == (DriftKind.LOST, Outcome.SATISFIED, Outcome.PARTIAL)
    assert found.reason == "Security Guide.docx no longer says it: the life-cycle."
    assert found.old_quote == "A sentence about life-cycle."


def test_a_deleted_document_is_named_with_the_reason() -> None:
    guide = a_ref()
    (found,) = between(BEFORE, a_standing(outcome=Outcome.MISSING), gone={guide.id: "trashed"})
    assert found.kind is DriftKind.LOST
    assert found.reason == "Security Guide.docx is gone (trashed): the roles, the life-cycle, the credentials."


def test_a_document_that_could_not_be_read_tonight_is_no_loss() -> None:
    silent = Unchecked(file=a_ref(), because="Google did not answer")
    (found,) = between(BEFORE, a_standing(outcome=Outcome.MISSING), unchecked=silent)
    assert found.kind is DriftKind.UNDETERMINED_NOW
    assert found.reason == "Security Guide.docx could not be checked, because Google did not answer."


def test_a_document_that_was_read_only_in_part_tonight_is_no_loss() -> None:
    cut = Unchecked(file=a_ref(), because="page 9 is damaged and was not read", in_part=True)
    (found,) = between(BEFORE, a_standing(outcome=Outcome.MISSING), unchecked=cut)
    assert found.kind is DriftKind.UNDETERMINED_NOW
    assert found.reason == "Security Guide.docx was read only in part, because page 9 is damaged and was not read."


def test_a_better_outcome_is_won_and_names_the_document() -> None:
    before = a_report(a_standing(outcome=Outcome.MISSING))
    (found,) = between(before, a_standing(met=ALL, file=a_ref("Accounts.md")))
    assert found.kind is DriftKind.WON
    assert found.reason.startswith("Accounts.md gives it now.")


def test_the_same_standing_is_no_drift() -> None:
    assert between(BEFORE, a_standing(met=ALL)) == ()


def test_a_gap_that_grows_within_partial_is_told() -> None:
    before = a_report(a_standing(outcome=Outcome.PARTIAL, met=("roles", "credentials")))
    (found,) = between(before, a_standing(outcome=Outcome.PARTIAL, met=("roles",)))
    assert found.kind is DriftKind.LOST
    assert found.reason == "Security Guide.docx no longer says it: the credentials."


EACH = a_constraint("updated-each-release", over=Over.EACH, facets=(a_facet("applies-to"),))


def test_a_new_release_makes_each_document_stale_that_still_names_an_older_one() -> None:
    release = a_release("4.3.0", date(2026, 11, 20))
    document = a_document("White Paper.pdf", a_verdict(), versions=("4.2.x",))
    before = a_report(a_standing("updated-each-release"), release=a_release("4.2.0"))
    now = a_standing("updated-each-release", outcome=Outcome.MISSING)
    (found,) = drift(
        a_pack(EACH),
        before=before,
        now=[now],
        gone={},
        unchecked={},
        ages=ages(EACH, [document], release),
        release=release,
    )
    assert found.kind is DriftKind.STALE
    assert found.reason == "White Paper.pdf applies to 4.2.x; the newest release is 4.3.0."


def test_the_same_release_is_not_told_twice() -> None:
    release = a_release("4.3.0")
    document = a_document("White Paper.pdf", a_verdict(), versions=("4.2.x",))
    standing = a_standing("updated-each-release", outcome=Outcome.MISSING)
    before = a_report(standing, release=release)
    told = drift(
        a_pack(EACH),
        before=before,
        now=[standing],
        gone={},
        unchecked={},
        ages=ages(EACH, [document], release),
        release=release,
    )
    assert told == ()
