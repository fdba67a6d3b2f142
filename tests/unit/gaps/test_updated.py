"""The seven questions behind "updated with each release": each with its own answer, sentence and citation."""

from datetime import date
from typing import Any

import pytest

from scanner.gaps.assess import assess
from scanner.model.clause import Over
from scanner.model.connection import Called
from scanner.model.document import DocumentStatus, Earlier, Locator, Named, NamedAt, Said, SaidOf, Told
from scanner.model.gap import Evidence, Standing, UpdateCheck, UpdateCheckId
from scanner.model.verdict import Outcome
from tests.builders import a_constraint, a_document, a_facet, a_pack, a_release, a_verdict, some_notes

YES, PART, NO = Outcome.SATISFIED, Outcome.PARTIAL, Outcome.MISSING
UNKNOWN, MOOT = Outcome.UNDETERMINED, Outcome.NOT_APPLICABLE
EACH = a_constraint("updated-each-release", over=Over.EACH, facets=(a_facet("applies-to"),))
PACK = a_pack(a_constraint(), EACH)
FRESH = a_verdict("updated-each-release", outcome=Outcome.SATISFIED, met=("applies-to",))
NEW, OLD = a_release("4.3.0", date(2026, 11, 20)), a_release("4.2.0", date(2026, 3, 1))


def a_guide(name: str = "Guide.docx", **facts: Any) -> Evidence:
    said = tuple(
        Said(of=of, quote=f"{of.value} as it stands in {name}", locator=Locator(page=1))
        for of in (SaidOf.VERSION, SaidOf.DATE, SaidOf.HISTORY, SaidOf.STATUS)
    )
    fields: dict[str, Any] = {"versions": ("4.3.0",), "history": ("4.3.0",), "dated": date(2026, 11, 18), "said": said}
    return a_document(name, a_verdict(), FRESH, **{**fields, **facts})


def standing(*evidence: Evidence, release: Any = NEW, previous: Any = OLD) -> Standing:
    called = Called(name="PulseView")
    return assess(PACK, evidence=evidence, unchecked=(), release=release, previous=previous, called=called)[1]


def check(wanted: UpdateCheckId, *evidence: Evidence, **releases: Any) -> UpdateCheck:
    return next(one for one in standing(*evidence, **releases).checks if one.id is wanted)


def test_each_question_is_answered_once_in_order() -> None:
    checks = standing(a_guide(), some_notes()).checks
    assert [one.id for one in checks] == list(UpdateCheckId)
    assert all(one.reason.endswith(".") for one in checks)


APPLIES_TO: list[tuple[tuple[str, ...], Outcome, str]] = [
    (("4.3.0",), YES, "Documents that name 4.3.0: 1 of 1."),
    (("v4.3",), YES, "Documents that name 4.3.0: 1 of 1."),
    (("4.3.x",), YES, "Documents that name 4.3.0: 1 of 1."),
    (("4.1 – 4.3",), YES, "Documents that name 4.3.0: 1 of 1."),
    (("4",), PART, "Documents that name 4.3.0: 0 of 1. Guide.docx names only the line 4."),
    (("4.4.0",), PART, "Documents that name 4.3.0: 0 of 1. Guide.docx is ahead, for 4.4.0."),
    (("4.2.0",), NO, "Documents that name 4.3.0: 0 of 1. Guide.docx names 4.2.0."),
    ((), NO, "Documents that name 4.3.0: 0 of 1. Guide.docx names no version."),
    (("R2024b",), NO, "Documents that name 4.3.0: 0 of 1. Guide.docx names R2024b, which cannot be compared."),
]


@pytest.mark.parametrize(("written", "outcome", "reason"), APPLIES_TO)
def test_the_version_that_it_applies_to(written: tuple[str, ...], outcome: Outcome, reason: str) -> None:
    found = check(UpdateCheckId.APPLIES_TO, a_guide(versions=written, history=()))
    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.citations[0].quote == "version as it stands in Guide.docx"


def test_an_earlier_patch_counts_in_part_and_still_lags() -> None:
    release = a_release("4.3.1", date(2026, 11, 20))
    found = standing(a_guide(versions=("4.3.0",), history=()), release=release, previous=NEW)
    assert found.checks[0].outcome is PART
    assert found.reason == "0 of 1 documents speak of 4.3.1. Behind: Guide.docx applies to 4.3.0."


def test_some_documents_of_several() -> None:
    found = check(UpdateCheckId.APPLIES_TO, a_guide(), a_guide("Paper.pdf", versions=("4.2.0",), history=()))
    assert (found.outcome, found.reason) == (PART, "Documents that name 4.3.0: 1 of 2. Paper.pdf names 4.2.0.")
    assert [one.file.name for one in found.citations] == ["Guide.docx"]


@pytest.mark.parametrize(
    ("dated", "history", "outcome"),
    [
        (date(2026, 11, 20), (), YES),
        (date(2026, 10, 1), (), YES),  # written ahead of the release
        (date(2027, 1, 10), (), YES),
        (date(2026, 6, 1), (), PART),  # since the last release, but long before this one
        (date(2027, 4, 1), (), PART),  # long after it
        (date(2026, 2, 1), (), NO),  # not touched since the last release
        (date(2026, 2, 1), ("4.3.0",), YES),  # reviewed, no change
        (None, (), UNKNOWN),
    ],
)
def test_its_date(dated: date | None, history: tuple[str, ...], outcome: Outcome) -> None:
    assert check(UpdateCheckId.DATE, a_guide(dated=dated, history=history)).outcome is outcome


def test_a_release_without_a_day_has_no_date_to_compare_with() -> None:
    found = check(UpdateCheckId.DATE, a_guide(), release=a_release())
    assert (found.outcome, found.reason) == (UNKNOWN, "The day on which 4.3.0 was released is not known.")


def test_that_a_file_was_touched_or_dated_is_no_update() -> None:
    found = standing(a_guide(versions=(), history=(), dated=date(2026, 11, 20)), some_notes())
    assert (found.outcome, found.reason) == (
        NO,
        "0 of 1 documents speak of 4.3.0. Behind: Guide.docx does not say which version of the product it applies to.",
    )


@pytest.mark.parametrize(
    ("history", "rows", "previous", "outcome"),
    [
        (("4.3.0", "4.2.0"), 2, OLD, YES),
        (("v4.3",), 1, OLD, YES),
        (("4.2.0",), 1, OLD, PART),
        ((), 3, OLD, PART),  # rows that name no version of the product
        ((), 0, OLD, NO),
        ((), 0, None, MOOT),  # of the first release there is nothing to tell
    ],
)
def test_its_revision_history(history: tuple[str, ...], rows: int, previous: Any, outcome: Outcome) -> None:
    found = check(UpdateCheckId.HISTORY, a_guide(history=history, history_rows=rows), previous=previous)
    assert found.outcome is outcome


def was(*marks: str, sameness: str = "old") -> tuple[Earlier, ...]:
    return (Earlier(product_versions=("4.2.0",), dated=None, marks=marks, sameness=sameness),)


@pytest.mark.parametrize(
    ("guide", "notes", "outcome", "reason"),
    [
        (
            {"marks": ("R-14", "port 8443")},
            {"marks": ("CVE-2026-1234", "R-14", "port 8443")},
            YES,
            "The documents name all that the release notes do: R-14, port 8443.",
        ),
        (
            {"marks": ("R-14",)},
            {"marks": ("R-14", "port 8443")},
            PART,
            "The release notes name port 8443, which no other document does.",
        ),
        (
            {"marks": ("R-03",)},
            {"marks": ("hl7.tls", "port 8443")},
            NO,
            "The release notes name hl7.tls, port 8443, which no other document does.",
        ),
        (
            {"marks": ("R-03", "R-14"), "sameness": "new", "earlier": was("R-03", "R-09")},
            {},
            YES,
            "Since the release before: Guide.docx now names R-14, no longer R-09.",
        ),
        (
            {"sameness": "new", "earlier": was()},
            {},
            YES,
            "Since the release before: Guide.docx was rewritten in part.",
        ),
        (
            {"sameness": "old", "earlier": was()},
            {},
            PART,
            "The documents are unchanged but for versions and dates, although the release notes speak of security.",
        ),
        (
            {"sameness": "old", "earlier": was()},
            {"security": Told.NOT},
            YES,
            "The documents are unchanged but for versions and dates, and the release notes tell of nothing to take up.",
        ),
        (
            {},
            {},
            UNKNOWN,
            "No former revision of the documents was read, so there is nothing to compare with.",
        ),
        ({}, None, UNKNOWN, "Whether 4.3.0 changed anything is not known without release notes."),
    ],
)
def test_whether_it_took_up_what_changed(
    guide: dict[str, Any], notes: dict[str, Any] | None, outcome: Outcome, reason: str
) -> None:
    known = (some_notes(**notes),) if notes is not None else ()
    found = check(UpdateCheckId.DELTA, a_guide(**guide), *known)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_the_first_release_has_nothing_to_take_up() -> None:
    assert check(UpdateCheckId.DELTA, a_guide(), some_notes(), previous=None).outcome is MOOT


@pytest.mark.parametrize(
    ("told", "outcome", "reason"),
    [
        (Told.PLAINLY, YES, "Release Notes 4.3.0.md tells what is new for security."),
        (Told.VAGUELY, PART, "Release Notes 4.3.0.md speaks of security, but gives nothing to act on."),
        (
            Told.NOT,
            NO,
            "Release Notes 4.3.0.md says nothing of security: no patch, weakness, setting or change.",
        ),
    ],
)
def test_the_security_section_of_the_release_notes(told: Told, outcome: Outcome, reason: str) -> None:
    quote = Said(of=SaidOf.SECURITY, quote="CVE-2026-1234 is fixed.", locator=Locator(page=2))
    found = check(UpdateCheckId.NOTES, a_guide(), some_notes(security=told, said=(quote,)))
    assert (found.outcome, found.reason) == (outcome, reason)
    assert [one.quote for one in found.citations] == ["CVE-2026-1234 is fixed."]


def test_release_notes_of_another_release_are_none() -> None:
    found = check(UpdateCheckId.NOTES, a_guide(), some_notes("4.2.0"))
    assert (found.outcome, found.reason) == (NO, "No release notes of 4.3.0 were found.")


def test_release_notes_without_security_are_the_common_gap_and_as_severe_as_that() -> None:
    found = standing(a_guide(), some_notes(security=Told.NOT))
    assert (found.outcome, found.severity) == (PART, "moderate")
    assert found.reason.endswith("says nothing of security: no patch, weakness, setting or change.")
    behind = standing(a_guide(versions=("4.2.0",), history=()), some_notes(security=Told.NOT))
    assert behind.severity == EACH.severity == "high"


def named(*places: tuple[NamedAt, str]) -> tuple[Named, ...]:
    return tuple(Named(at=at, version=version) for at, version in places)


@pytest.mark.parametrize(
    ("name", "places", "outcome", "reason"),
    [
        (
            "Guide 4.3.0.docx",
            named((NamedAt.TITLE, "4.3.0"), (NamedAt.MARGIN, "4.3")),
            YES,
            "All that names a version names 4.3.0.",
        ),
        (
            "Guide.docx",
            named((NamedAt.TITLE, "4.3.0"), (NamedAt.MARGIN, "4.2.0")),
            PART,
            "4.3.0 is the release, but the header or footer of Guide.docx says 4.2.0.",
        ),
        (
            "Guide 4.2.0.docx",
            named((NamedAt.CONTROL, "4.3.0")),
            PART,
            "4.3.0 is the release, but the file name of Guide 4.2.0.docx says 4.2.0.",
        ),
        (
            "Guide 4.2.0.docx",
            named((NamedAt.CONTROL, "4.3.0"), (NamedAt.TITLE, "4.1.0")),
            NO,
            (
                "4.3.0 is the release, but the title of Guide 4.2.0.docx says 4.1.0; "
                "the file name of Guide 4.2.0.docx says 4.2.0."
            ),
        ),
        ("Guide.docx", (), UNKNOWN, "No document names a version, so there is nothing to compare."),
    ],
)
def test_whether_the_set_agrees(name: str, places: tuple[Named, ...], outcome: Outcome, reason: str) -> None:
    found = check(UpdateCheckId.CONSISTENCY, a_guide(name, named=places))
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_renamed_file_is_no_update() -> None:
    found = standing(a_guide("Guide 4.3.0.docx", versions=("4.2.0",), history=()), some_notes())
    assert found.outcome is NO
    assert "Behind: Guide 4.3.0.docx applies to 4.2.0." in found.reason


def test_a_new_version_of_the_document_itself_is_no_update() -> None:
    found = standing(a_guide(versions=(), history=(), document_version="4.3.0"), some_notes())
    assert "does not say which version of the product it applies to" in found.reason


@pytest.mark.parametrize(
    ("evidence", "outcome", "reason"),
    [
        ((a_guide(),), YES, "Documents that are final: 1 of 1."),
        (
            (a_guide(), a_guide("Paper.pdf", status=DocumentStatus.DRAFT)),
            PART,
            "Documents that are final: 1 of 2. Paper.pdf is a draft.",
        ),
        ((a_guide(status=DocumentStatus.DRAFT),), NO, "Documents that are final: 0 of 1. Guide.docx is a draft."),
        (
            (
                a_guide("Paper.pdf", versions=("4.2.0",), history=()),
                a_guide(path="My Drive / Archive"),
            ),
            NO,
            "Only what is superseded, archived or of another product names 4.3.0: Guide.docx.",
        ),
    ],
)
def test_its_status(evidence: tuple[Evidence, ...], outcome: Outcome, reason: str) -> None:
    found = check(UpdateCheckId.STATUS, *evidence)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_the_constraint_is_satisfied_where_no_question_is_answered_with_no() -> None:
    found = standing(a_guide(), some_notes(marks=()))
    assert (found.outcome, found.severity) == (YES, None)
    without = standing(a_guide(history=()), some_notes())
    assert without.outcome is PART
    assert without.reason.endswith(
        "Documents that have a line for 4.3.0 in their history: 0 of 1. Guide.docx has no revision history."
    )
