"""What a document says of the product's version and of its own revision."""

import pytest

from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_document, a_guide, judged, verdict_on

STEP = "\n## Network\n\nOpen 443/tcp in the firewall.\n"


@pytest.mark.parametrize(
    "said",
    [
        "**Version:** 1.0\n",
        "Product name: Lumora Server Version: 2.0 Date: 2026-02-02\n",
        "Changes since 4.1: port 104 is closed.\n",
        "This edition replaces the edition of 9 September.\n",
        "Diese Ausgabe ersetzt die Ausgabe vom 9. September.\n",
        "History of this guide: 4.1 added port 8443, 4.2 reviewed, no changes.\n",
        "## Security fixes log\n\n| Date | Issue | Fix |\n|---|---|---|\n| 2026-02-25 | Open folder | Rights set |\n",
    ],
)
def test_an_edition_or_a_change_shows_a_revision(said: str) -> None:
    assert verdict_on(a_guide(said + STEP), "updated-each-release").facets["revision"] is FacetState.MET


@pytest.mark.parametrize(
    "said",
    [
        "Allow port 443 from 10.30.0.0/16 with a role of its own.\n",
        "Minimum TLS version: 1.2\n",
        "Lowest version = 1.2\n",
        "Changes in newer versions of the database can hurt.\n",
    ],
)
def test_versions_of_something_else_show_none(said: str) -> None:
    assert verdict_on(a_guide(said + STEP), "updated-each-release").outcome is Outcome.MISSING


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("For software 6.3.\n", "6.3"),
        ("The requirements apply to the lift controller, software 2.2.\n", "2.2"),
        ("These notes are valid for VA30A_SP02.\n", "VA30A_SP02"),
        ("Versão do software: 3.1\n", "3.1"),
        ("対象ソフトウェアバージョン: 2.4\n", "2.4"),
    ],
)
def test_versions_are_written_in_many_ways(said: str, version: str) -> None:
    assert judged(a_document("# Security guide\n\n" + said + STEP)).facts.product_versions == (version,)


def test_sections_titled_by_versions_say_what_to_do_with_each() -> None:
    text = (
        "# Updating a server\n\n### 1.67.0\n\nRead the notes.\n\n"
        "### 1.73.0\n\nThe update clears the roles of all users; export them before you update.\n"
    )
    assert verdict_on(a_document(text), "updated-each-release").outcome is Outcome.SATISFIED


def test_the_number_of_a_section_is_no_version() -> None:
    text = "# Manual\n\n## 2.1 Warnings\n\nRequire a password.\n\n## 2.2 Presets\n\nOpen 443/tcp in the firewall.\n"
    assert verdict_on(a_document(text), "updated-each-release").outcome is Outcome.MISSING


@pytest.mark.parametrize(
    ("title", "bullet", "outcome"),
    [
        ("What's new in Lumora 11.4", "Enhanced encryption", Outcome.PARTIAL),
        ("Notas de versão Lumora 11.4", "Enhanced encryption", Outcome.PARTIAL),
        ("What's new in Lumora 11.4", "Faster search", Outcome.MISSING),
    ],
)
def test_release_notes_with_a_vague_word_on_security_count_in_part(title: str, bullet: str, outcome: Outcome) -> None:
    text = f"# {title}\n\n- New map of the ward\n- {bullet}\n"
    assert verdict_on(a_document(text), "updated-each-release").outcome is outcome


def test_a_day_alone_makes_no_release_notes_an_update() -> None:
    notes = (
        "# Release notes Lumora Viewer\n\n## 5.1.2 - 2026-03-18\n\n- {}\n\n"
        "## 5.1.1 - 2026-02-02\n\n- The list is sorted\n"
    )
    said = ("Restricts entities globally in the access layer", "Renew the server certificate before you update to it")
    found = [verdict_on(a_document(notes.format(line)), "updated-each-release").outcome for line in said]
    assert found == [Outcome.PARTIAL, Outcome.SATISFIED]
