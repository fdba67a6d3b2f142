"""Whole sentences of documents, and which of the product's versions they name."""

import pytest

from scanner.model.document import DocumentFacts
from scanner.versions.ranges import fit
from scanner.versions.span import Fit
from tests.checks_builders import a_document, judged

STEP = "\n## Network\n\nOpen 443/tcp in the firewall.\n"

# a sentence, what is kept of it as written, and how that fits the release 4.3.0 (or the one named)
SENTENCES = [
    ("Applies to Lumora 4.3.0.", ("4.3.0",), Fit.CURRENT),
    ("Applies to Rel. 12.", ("Rel. 12",), Fit.NEWER),
    ("This guide applies to Lumora Rel. 12 and is read by administrators.", ("Rel. 12",), Fit.NEWER),
    ("This manual is for Lumora Version 7.", ("Version 7",), Fit.NEWER),
    ("These notes are valid for release 4.", ("release 4",), Fit.LINE),
    ("Applies to Lumora v7 only.", ("v7",), Fit.NEWER),
    ("Applicable to 2025 R2.", ("2025 R2",), Fit.UNKNOWN),
    ("This guide describes the hardening of Lumora R2024b.", ("R2024b",), Fit.UNKNOWN),
    ("Valid for Lumora 4.2 SP1.", ("4.2 SP1",), Fit.OLDER),
    ("Valid for Lumora 4.2.0 Service Pack 2 (Build 881).", ("4.2.0 Service Pack 2 (Build 881)",), Fit.OLDER),
    ("Applies to software version 4.2.x.", ("4.2.x",), Fit.OLDER),
    ("Applies to Lumora >= 4.2 < 5.", (">= 4.2 < 5",), Fit.CURRENT),
    ("Applies to Lumora ≥ 4.2, < 4.3.", ("≥ 4.2, < 4.3",), Fit.OLDER),
    ("Applies to all versions from 4.2.", ("from 4.2",), Fit.CURRENT),
    ("This guide applies to all versions of the viewer from 4.4 on.", ("from 4.4",), Fit.NEWER),
    ("This guide applies to all versions of Lumora.", ("all versions",), Fit.CURRENT),
    ("Applies to Lumora 4.1, 4.2 and 4.3.", ("4.1", "4.2", "4.3"), Fit.CURRENT),
    ("Applies to Lumora 4.1 to 4.3 in hospitals.", ("4.1 to 4.3",), Fit.CURRENT),
    ("This guide applies to Lumora 4.2 and later.", ("4.2 and later",), Fit.CURRENT),
    ("This edition covers everything in Lumora up to and including 4.2.", ("up to and including 4.2",), Fit.OLDER),
    ("Valid from build 20260302.1.", ("from build 20260302.1",), Fit.UNKNOWN),
    ("The requirements apply to the gateway, software 2.2.", ("2.2",), Fit.OLDER),
    # German
    ("Gültig ab Version 4.2.", ("ab Version 4.2",), Fit.CURRENT),
    ("Dieses Handbuch gilt für Lumora 4.1 bis 4.2.", ("4.1 bis 4.2",), Fit.OLDER),
    ("Diese Anleitung gilt für alle Versionen.", ("alle Versionen",), Fit.CURRENT),
    ("Gilt ab Rel. 4.", ("ab Rel. 4",), Fit.CURRENT),
    ("Software-Version ab 4.2", ("ab 4.2",), Fit.CURRENT),
    ("Gültig bis einschließlich Version 4.2.", ("bis einschließlich Version 4.2",), Fit.OLDER),
    # Portuguese, Spanish, French, Italian
    ("Aplica-se à versão 4.3.0.", ("4.3.0",), Fit.CURRENT),
    ("Este manual aplica-se às versões 4.1 a 4.2.", ("4.1 a 4.2",), Fit.OLDER),
    ("Válido a partir da versão 4.2.", ("a partir da versão 4.2",), Fit.CURRENT),
    ("Se aplica a la versión 4.2.", ("4.2",), Fit.OLDER),
    ("Válido para la versión 4.3 o posterior.", ("4.3 o posterior",), Fit.CURRENT),
    ("Ce guide s'applique à la version 4.3.0.", ("4.3.0",), Fit.CURRENT),
    ("Valable à partir de la version 4.4.", ("à partir de la version 4.4",), Fit.NEWER),
    ("Si applica alla versione 4.3.", ("4.3",), Fit.CURRENT),
    # Japanese
    ("対象バージョン：4.3.0", ("4.3.0",), Fit.CURRENT),
    ("本書はバージョン4.2以降に適用されます。", ("4.2以降",), Fit.CURRENT),
    ("対象ソフトウェアバージョン: 4.1～4.2", ("4.1～4.2",), Fit.OLDER),
    # what follows is no version that it applies to
    ("This guide applies to Lumora 4.3.0, which replaces 4.2.0.", ("4.3.0",), Fit.CURRENT),
    ("Applies to Lumora 4.2.0; the update to 4.3.0 is planned.", ("4.2.0",), Fit.OLDER),
    ("Applies to Lumora 4.3.0 on PostgreSQL 14.9 and Windows 11.", ("4.3.0",), Fit.CURRENT),
    ("Applies to Lumora on PostgreSQL version 14.9, software 4.3.0.", ("4.3.0",), Fit.CURRENT),
    ("Valid for version 4.3.0 of 02.04.2026.", ("4.3.0",), Fit.CURRENT),
]
NONE = [
    "This guide is for 3 administrators of each clinic.",
    "This manual applies to Lumora MX 800 monitors.",
    "This certificate is valid until 31.12.2026.",
    "Applies to systems with TLS 1.2 or 1.3.",
    "This guide describes the set-up for PostgreSQL version 14.9.",
    "This guide is for administrators who run version 12 of Windows.",
    "Dieses Handbuch gilt für Geräte der Klasse 2.",
    "This guide describes what section 2.1 asks for in clause 5.8.",
    "This manual is for rooms of 4.5 m and more.",
    "Dieser Leitfaden ist für IEC 81001-5-1 geschrieben.",
    "Valid for all versions of Windows.",
]


def facts_of(text: str, name: str = "document.md") -> DocumentFacts:
    return judged(a_document(text, name)).facts


@pytest.mark.parametrize(("sentence", "kept", "stands"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_a_sentence_names_the_versions_that_its_document_applies_to(
    sentence: str, kept: tuple[str, ...], stands: Fit
) -> None:
    found = facts_of(f"# Security guide\n\n{sentence}\n{STEP}").product_versions
    assert found == kept
    assert fit(found, "4.3.0") is stands


@pytest.mark.parametrize("sentence", NONE)
def test_a_number_that_is_none_of_the_products_versions_is_not_taken(sentence: str) -> None:
    assert facts_of(f"# Security guide\n\n{sentence}\n{STEP}").product_versions == ()


@pytest.mark.parametrize(
    ("label", "value", "kept", "stands"),
    [
        ("Applies to", "Lumora >= 4.2 < 5", (">= 4.2 < 5",), Fit.CURRENT),
        ("Applies to", "Rel. 12", ("Rel. 12",), Fit.NEWER),
        ("Applies to", "all versions from 4.2", ("from 4.2",), Fit.CURRENT),
        ("Product version", "4.2 SP1", ("4.2 SP1",), Fit.OLDER),
        ("Software version", "2025 R2", ("2025 R2",), Fit.UNKNOWN),
        ("SW-Version", "12", ("12",), Fit.NEWER),
        ("Gültig für", "Version 4.1 bis 4.3", ("4.1 bis 4.3",), Fit.CURRENT),
        ("Gültig ab", "Version 4.2", ("ab Version 4.2",), Fit.CURRENT),
        ("Aplica-se a", "versão 4.3.0", ("4.3.0",), Fit.CURRENT),
        ("Versão do software", "4.3.0", ("4.3.0",), Fit.CURRENT),
        ("対象バージョン", "4.2以降", ("4.2以降",), Fit.CURRENT),
    ],
)
def test_a_control_table_is_read_as_sentences_are(label: str, value: str, kept: tuple[str, ...], stands: Fit) -> None:
    table = f"| Field | Value |\n|---|---|\n| Owner | QA |\n| {label} | {value} |\n"
    found = facts_of(f"# Security guide\n\n{table}{STEP}").product_versions
    assert found == kept
    assert fit(found, "4.3.0") is stands


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Lumora Viewer 5.1.2 Security Guide", ("5.1.2",)),
        ("Lumora Viewer Rel. 12 Security Guide", ("Rel. 12",)),
        ("Lumora Viewer Version 7: Security Guide", ("Version 7",)),
        ("Lumora Viewer 2025 R2 Security Guide", ("2025 R2",)),
        ("Lumora Viewer 4.2 SP1 Security Guide", ("4.2 SP1",)),
        ("Lumora Viewer 4.2 and later: Security Guide", ("4.2 and later",)),
        ("Lumora MX 800 Security Guide", ()),
        ("Security Guide 2.3", ()),
        ("Hardening Windows 11", ()),
    ],
)
def test_a_title_is_read_as_sentences_are(title: str, kept: tuple[str, ...]) -> None:
    assert facts_of(f"# {title}\n{STEP}").product_versions == kept


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("# Lumora Release Notes Rel. 12\n\n- Faster.\n", ["Rel. 12"]),
        ("# Release notes Lumora 4.2 SP1\n\n- Faster.\n", ["4.2 SP1"]),
        ("# What's new in Lumora 2025 R2\n\n- Faster.\n", ["2025 R2"]),
        (
            "# Lumora release notes\n\n## Version 7 (2026-04-02)\n\n- Faster.\n\n## Version 6\n\n- Slower.\n",
            ["Version 7", "Version 6"],
        ),
        ("# Lumora release notes\n\n| Field | Value |\n|---|---|\n| Version | Rel. 12 |\n\n- Faster.\n", ["Rel. 12"]),
        (
            "# Lumora release notes\n\n## 4.3.0 of 02.04.2026\n\n- Faster.\n\n### 1.1 Known issues\n\n- Slow start.\n",
            ["4.3.0"],
        ),
    ],
)
def test_release_notes_are_about_a_version_in_any_form(text: str, versions: list[str]) -> None:
    assert [one.version for one in facts_of(text).releases] == versions
