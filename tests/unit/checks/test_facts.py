"""What a document says about itself: ids, versions, dates, history, status, kind."""

from datetime import date

import pytest

from scanner.model.document import DocumentFacts, DocumentKind, DocumentStatus, Named, NamedAt, SaidOf
from scanner.versions.dates import dates_in
from tests.checks_builders import a_document, judged

CONTROLLED = """# Lumora Viewer Security Guide

| Field | Value |
|---|---|
| Document ID | LV-SEC-001 |
| Document version | 2.3 |
| Applies to | Lumora Viewer 5.1.x |
| Date | 2 April 2026 |
| Status | {status} |

Install security updates within 14 days of their announcement and restart the server afterwards.

## Revision history

| Version | Date | Product version | Changes |
|---|---|---|---|
| 2.2 | 2025-11-03 | 5.0.2 | First edition for hospitals |
| 2.3 | 2026-04-02 | 5.1.0 | Port 11112 replaces 104 |
"""


def facts_of(text: str, name: str = "document.md") -> DocumentFacts:
    return judged(a_document(text, name)).facts


def test_a_controlled_document_says_everything_about_itself() -> None:
    assert facts_of(CONTROLLED.format(status="Released")) == DocumentFacts(
        kind=DocumentKind.OPERATOR_GUIDE,
        title="Lumora Viewer Security Guide",
        document_id="LV-SEC-001",
        document_version="2.3",
        product="Lumora Viewer",
        product_versions=("5.1.x",),
        dated=date(2026, 4, 2),
        revision_history=("5.0.2", "5.1.0"),
        status=DocumentStatus.FINAL,
        words=73,
        history_rows=2,
        named=(Named(at=NamedAt.CONTROL, version="5.1.x"),),
        marks=("port 11112",),
        sameness=facts_of(CONTROLLED.format(status="Released")).sameness,
        said=facts_of(CONTROLLED.format(status="Released")).said,
    )
    said = [(one.of, one.quote) for one in facts_of(CONTROLLED.format(status="Draft")).said]
    assert said == [
        (SaidOf.VERSION, "Applies to | Lumora Viewer 5.1.x"),
        (SaidOf.DATE, "Date | 2 April 2026"),
        (SaidOf.STATUS, "Status | Draft"),
        (SaidOf.HISTORY, "2.2 | 2025-11-03 | 5.0.2 | First edition for hospitals"),
        (SaidOf.HISTORY, "2.3 | 2026-04-02 | 5.1.0 | Port 11112 replaces 104"),
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Draft", DocumentStatus.DRAFT),
        ("Entwurf", DocumentStatus.DRAFT),
        ("Superseded", DocumentStatus.SUPERSEDED),
        ("obsolete", DocumentStatus.SUPERSEDED),
        ("Approved", DocumentStatus.FINAL),
    ],
)
def test_its_status_is_what_the_control_table_says(said: str, status: DocumentStatus) -> None:
    assert facts_of(CONTROLLED.format(status=said)).status is status


def test_release_notes_name_the_release_that_they_are_about() -> None:
    facts = facts_of("# Release notes Lumora Viewer 5.1.2\n\nRelease date: 2026-04-02\n\n- The list opens faster.\n")
    assert (facts.kind, facts.product_versions) == (DocumentKind.RELEASE_NOTES, ("5.1.2",))
    assert (facts.product, facts.dated) == ("Lumora Viewer", date(2026, 4, 2))


def test_a_form_is_known_by_its_questions_and_answers() -> None:
    rows = "".join(f"| Q-{n} | Can the owner set rule {n}? | Yes | |\n" for n in range(6))
    assert facts_of("# MDS2\n\n| ID | Question | Answer | Note |\n|---|---|---|---|\n" + rows).kind is DocumentKind.FORM


def test_a_german_handbook_names_its_version() -> None:
    facts = facts_of(
        "# Handbuch\n\n| Feld | Wert |\n|---|---|\n| Software-Version | ab 4.2 |\n| Datum | 07.01.2026 |\n"
    )
    assert facts.product_versions == ("ab 4.2",)
    assert facts.dated == date(2026, 1, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-02", date(2026, 4, 2)),
        ("2 April 2026", date(2026, 4, 2)),
        ("02.04.2026", date(2026, 4, 2)),
        ("April 2, 2026", date(2026, 4, 2)),
        ("2. April 2026", date(2026, 4, 2)),
        ("April 2026", date(2026, 4, 1)),
        ("7. März 2026", date(2026, 3, 7)),
        ("2 de abril de 2026", date(2026, 4, 2)),
        ("2 avril 2026", date(2026, 4, 2)),
        ("2026年4月2日", date(2026, 4, 2)),
    ],
)
def test_unambiguous_dates_are_read(text: str, day: date) -> None:
    assert dates_in(f"Issued {text}.") == [day]


@pytest.mark.parametrize("text", ["31.02.2026", "04/05/26", "version 5.1.2026x", "no date"])
def test_others_are_not(text: str) -> None:
    assert dates_in(text) == []
