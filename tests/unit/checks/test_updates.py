"""What is kept of a document so that a later release can be held against it."""

from datetime import date

import pytest

from scanner.checks.bounds import allowance, said_within
from scanner.checks.marks import marks_of, sameness_of
from scanner.model.document import (
    DocumentFacts,
    DocumentKind,
    Listed,
    Locator,
    Named,
    NamedAt,
    PassageKind,
    Said,
    SaidOf,
    Told,
)
from tests.checks_builders import a_document, a_guide, judged

STEP = "\n## Network\n\nOpen 443/tcp in the firewall.\n"


def facts_of(text: str, name: str = "document.md") -> DocumentFacts:
    return judged(a_document(text, name)).facts


@pytest.mark.parametrize(
    ("text", "name", "releases"),
    [
        (
            "# Release notes Lumora 5.1.2\n\nRelease date: 2026-04-02\n\n- Faster.\n",
            "n.md",
            [("5.1.2", date(2026, 4, 2))],
        ),
        (
            "# Freigabemitteilung Lumora 5.1.2\n\nStand: 02.04.2026\n\n- Schneller.\n",
            "n.md",
            [("5.1.2", date(2026, 4, 2))],
        ),
        ("# Notas de versão Lumora 5.1.2\n\n- 2 de abril de 2026\n- Mais rápido.\n", "n.md", [("5.1.2", None)]),
        (
            "# Lumora release notes\n\n## 5.1.2 (2026-04-02)\n\n- Faster.\n\n## 5.1.1 (2026-01-15)\n\n- Slower.\n",
            "n.md",
            [("5.1.2", date(2026, 4, 2)), ("5.1.1", date(2026, 1, 15))],
        ),
        (
            "# Lumora release notes\n\n- The list opens faster than it did.\n",
            "Release_Notes_v5.1.2.md",
            [("v5.1.2", None)],
        ),
        ("# Release notes Lumora 5.2.0-rc1\n\n- Faster.\n", "n.md", []),
        ("# Release notes Lumora 5.x\n\n- Faster.\n", "n.md", []),
    ],
)
def test_release_notes_tell_of_their_releases(text: str, name: str, releases: list[tuple[str, date | None]]) -> None:
    facts = facts_of(text, name)
    assert facts.kind is DocumentKind.RELEASE_NOTES
    assert [(one.version, one.dated) for one in facts.releases] == releases


NOTES = "# Lumora release notes\n\n{control}- Faster.\n\n## Revision history\n\n| {heads} |\n{rule}\n{rows}"


def notes(heads: str, *rows: str, control: str = "") -> str:
    rule = "|" + "---|" * len(heads.split("|"))
    return NOTES.format(control=control, heads=heads, rule=rule, rows="".join(f"| {row} |\n" for row in rows))


@pytest.mark.parametrize(
    ("text", "releases"),
    [
        (
            notes("Version | Date | Changes", "5.1.1 | 2026-01-15 | Slower", "5.1.2 | 02.04.2026 | Faster"),
            [("5.1.1", date(2026, 1, 15)), ("5.1.2", date(2026, 4, 2))],
        ),
        (
            notes("Rev | Product version | Date | Changes", "2 | Rel. 12 | 2026-04-02 | Faster"),
            [("Rel. 12", date(2026, 4, 2))],
        ),
        (  # what the notes give as their own edition is no release
            notes(
                "Version | Date | Changes",
                "2.0 | 2026-04-02 | Typing errors",
                control="| Field | Value |\n|---|---|\n| Document version | 2.0 |\n\n",
            ),
            [],
        ),
        (  # a title page
            "Lumora\n\nRelease notes\n\nVersion 5.1.2\n\n2 April 2026\n\n- The list opens faster than it did.\n",
            [("5.1.2", date(2026, 4, 2))],
        ),
        (
            "# Release notes\n\nLumora 5.1.2 (02.04.2026)\n\n- The list opens faster than it did.\n",
            [("5.1.2", date(2026, 4, 2))],
        ),
    ],
)
def test_release_notes_are_dated_and_numbered_by_their_first_page_or_their_history(
    text: str, releases: list[tuple[str, date | None]]
) -> None:
    assert [(one.version, one.dated) for one in facts_of(text, "Release notes.md").releases] == releases


@pytest.mark.parametrize(
    ("title", "said", "kind"),
    [
        ("Release notes Lumora 5.1.2", "", DocumentKind.RELEASE_NOTES),
        ("Release notes Lumora 5.1.2", "Prepared by: J. Doe, document owner", DocumentKind.RELEASE_NOTES),
        ("Release notes Lumora 5.1.2", "Internal links were mended.", DocumentKind.RELEASE_NOTES),
        ("Release notes Lumora 5.1.2 (internal)", "", DocumentKind.INTERNAL),
        ("Internal release notes Lumora 5.1.2", "", DocumentKind.INTERNAL),
        ("Interne Freigabemitteilung Lumora 5.1.2", "", DocumentKind.INTERNAL),
        ("Release notes Lumora 5.1.2", "For internal use only.", DocumentKind.INTERNAL),
        ("Versionshinweise Lumora 5.1.2", "Nur für den internen Gebrauch.", DocumentKind.INTERNAL),
        ("SOP: how release notes are written", "", DocumentKind.INTERNAL),
    ],
)
def test_release_notes_that_stay_inside_tell_of_no_release(title: str, said: str, kind: DocumentKind) -> None:
    facts = facts_of(f"# {title}\n\n{said}\n\n- The list of patients opens faster than before.\n")
    assert facts.kind is kind
    assert bool(facts.releases) is (kind is DocumentKind.RELEASE_NOTES)


RECORD = """| {product} | {version} | {day} | {state} |
|---|---|---|---|
| Lumora | 5.1.1 | 15.01.2026 | out |
| Lumora | 5.1.2 | 20260402 | out |
| Lumora | 5.2.0 | 2026-09-01 | geplant |
| Lumora | 5.2.0-rc1 | 2026-08-01 | out |
| Lumora | later | 2026-08-01 | out |
| Lumora | 5.3.0 | soon | out |
"""


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("Release record", ("Product", "Version", "Released on", "State")),
        ("Versionsübersicht", ("Produkt", "Version", "Freigabedatum", "Status")),
        ("Registro de versões", ("Produto", "Versão", "Data", "Estado")),
        ("リリース一覧", ("製品", "バージョン", "リリース日", "状態")),
    ],
)
def test_a_release_record_lists_what_is_out(title: str, heads: tuple[str, ...]) -> None:
    table = RECORD.format(**dict(zip(("product", "version", "day", "state"), heads, strict=True)))
    facts = facts_of(f"# {title}\n\n{table}", "x.md")
    assert facts.record
    assert facts.releases == (
        Listed(version="5.1.1", dated=date(2026, 1, 15), product="Lumora"),
        Listed(version="5.1.2", dated=date(2026, 4, 2), product="Lumora"),
    )


def test_the_revision_history_of_a_guide_is_no_release_record() -> None:
    history = "## Revision history\n\n| Version | Date | Changes |\n|---|---|---|\n| 2.2 | 2025-11-03 | First |\n"
    facts = judged(a_guide(history + STEP)).facts
    assert (facts.record, facts.releases) == (False, ())


@pytest.mark.parametrize(
    ("bullets", "told", "quote"),
    [
        ("- CVE-2026-1234 in the importer is fixed.\n", Told.PLAINLY, "CVE-2026-1234 in the importer is fixed."),
        (
            "- Port 8443 replaces port 8080; open it in the firewall.\n",
            Told.PLAINLY,
            "Port 8443 replaces port 8080; open it in the firewall.",
        ),
        (
            "- Set a password of at least 12 characters for each user.\n",
            Told.PLAINLY,
            "Set a password of at least 12 characters for each user.",
        ),
        ("- No security changes in this release.\n", Told.PLAINLY, "No security changes in this release."),
        ("- Keine sicherheitsrelevanten Änderungen.\n", Told.PLAINLY, "Keine sicherheitsrelevanten Änderungen."),
        ("- Enhanced encryption\n", Told.VAGUELY, "Enhanced encryption"),
        ("- Security improvements\n", Told.VAGUELY, "Security improvements"),
        ("- New map of the ward\n", Told.NOT, ""),
    ],
)
def test_release_notes_speak_of_security_plainly_vaguely_or_not(bullets: str, told: Told, quote: str) -> None:
    facts = facts_of(f"# Release notes Lumora 5.1.2\n\n- The list opens faster.\n{bullets}")
    assert facts.security is told
    assert [one.quote for one in facts.said if one.of is SaidOf.SECURITY] == ([quote] if quote else [])


def test_what_an_older_version_changed_is_not_told_of_the_newest() -> None:
    text = (
        "# Lumora release notes\n\n## 5.1.2\n\n- The list opens faster than before.\n\n"
        "## 5.1.1\n\n- CVE-2026-1234 in the importer is fixed.\n"
    )
    assert facts_of(text).security is Told.NOT


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("R-07 and RSK-12 remain; see SOP-R-9 and PV-RSK-004.", ("R-07", "RSK-12")),
        ("cve-2026-1 is none, CVE-2026-12345 is.", ("CVE-2026-12345",)),
        ("Open 443/tcp and ports 11112; port 8443 too.", ("port 11112", "port 443", "port 8443")),
        ("Set `hl7.tls = true` and min_protocol=1.2", ("hl7.tls", "min_protocol")),
        ("LUMORA_DB_URL names the database.", ("LUMORA_DB_URL",)),
        ("See guide.pdf and www.lumora.example for more.", ()),
        ("The password is hunter2.", ()),
    ],
)
def test_short_ids_are_kept_and_nothing_else(text: str, marks: tuple[str, ...]) -> None:
    assert marks_of([text]) == marks


OLD = (
    "# Guide to Lumora 5.1.1\n\nEdition of 2026-01-15. © 2025 Lumora\n\nSessions end after 10 minutes; use 10.0.0.1.\n"
)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (("5.1.1", "5.1.2"), True),
        (("2026-01-15", "2 April 2026"), True),
        (("© 2025", "© 2026"), True),
        (("10 minutes", "15 minutes"), False),
        (("10.0.0.1", "10.0.0.2"), False),
        (("use", "never use"), False),
    ],
)
def test_a_new_version_date_or_year_alone_changes_nothing(change: tuple[str, str], same: bool) -> None:  # noqa: FBT001 -- a column of the table
    before, now = sameness_of(a_document(OLD)), sameness_of(a_document(OLD.replace(*change)))
    assert (before == now) is same


@pytest.mark.parametrize(
    ("rows", "history"),
    [
        (
            "| Version | Date | Product version | Changes |\n|---|---|---|---|\n| 3 | 2026-04-02 | 5.1.2 | Ports |\n",
            ("5.1.2",),
        ),
        ("| Rev | Date | Changes |\n|---|---|---|\n| C | 2026-04-02 | Reviewed for 5.1.2, no change |\n", ("5.1.2",)),
        ("| Rev | Datum | Änderung |\n|---|---|---|\n| C | 02.04.2026 | Angepasst an 5.1.2 |\n", ("5.1.2",)),
        ("| Version | Date | Changes |\n|---|---|---|\n| 2.1 | 2026-04-02 | TLS 1.2 is the lowest |\n", ()),
        ("| Version | Date | Changes |\n|---|---|---|\n| 5.1.2 | 2026-04-02 | Ports |\n", ()),
    ],
)
def test_a_history_names_the_products_versions_and_not_the_documents(rows: str, history: tuple[str, ...]) -> None:
    facts = judged(a_guide(f"## Revision history\n\n{rows}{STEP}")).facts
    assert (facts.revision_history, facts.history_rows) == (history, 1)


def test_a_document_without_a_table_says_that_it_was_reviewed() -> None:
    facts = judged(a_guide(f"This guide was reviewed for Lumora 5.1.2; nothing had to change.\n{STEP}")).facts
    assert facts.revision_history == ("5.1.2",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("# Lumora Viewer 5.1.2 Security Guide\n", [(NamedAt.CONTROL, "5.1.2"), (NamedAt.TITLE, "5.1.2")]),
        ("# Security Guide 5.1.2\n", [(NamedAt.TITLE, "5.1.2")]),
        ("# Security Guide 2.3\n\n| Field | Value |\n|---|---|\n| Document version | 2.3 |\n", []),
        ("# Security Guide for TLS 1.2\n", []),
        ("# Security Guide\n\nThe database is PostgreSQL 14.9, the clinic's is DHIS2 2.40.\n", []),
    ],
)
def test_the_products_version_is_known_from_its_places(text: str, named: list[tuple[NamedAt, str]]) -> None:
    found = facts_of(f"{text}\nAdministrators change the default password before first use.\n{STEP}").named
    assert found == tuple(Named(at=at, version=version) for at, version in named)


def test_what_a_document_says_of_itself_is_quoted_from_it_and_within_its_bounds() -> None:
    document = a_guide("Applies to Lumora Viewer 5.1.2.\n" + STEP)
    texts = [passage.text for passage in document.passages if passage.kind is not PassageKind.TOC]
    said = judged(document).facts.said
    assert said
    assert all(any(one.quote in text for text in texts) for one in said)
    rows = tuple(Said(of=SaidOf.HISTORY, quote=str(n) * 30, locator=Locator(page=1)) for n in range(6))
    date_row = Said(of=SaidOf.DATE, quote="d" * 30, locator=Locator(page=1))
    assert said_within(allowance(400), (*rows, date_row)) == (*rows[:2], date_row)
