"""Which statements tell a remaining weakness, and when they make a list."""

import pytest

from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_document, a_guide, verdict_on

REMAINING = """
## Known security limitations

- The chart that is printed in the morning lies in the tray and shows all names.
- The old message format has a checksum of its maker's own.
- Visitors who stand close see the initials on the ward screen.
"""


def test_what_stands_in_a_section_of_weaknesses_needs_no_word_of_its_own() -> None:
    verdict = verdict_on(a_guide(REMAINING), "residual-risks")
    assert verdict.outcome is Outcome.SATISFIED
    assert "The old message format has a checksum of its maker's own." in [one.quote for one in verdict.citations]


def test_a_short_first_sentence_can_say_that_a_section_lists_weaknesses() -> None:
    body = REMAINING.replace("## Known security limitations", "## Good to know\n\nThese security weaknesses remain.")
    assert verdict_on(a_guide(body), "residual-risks").outcome is Outcome.SATISFIED


def test_a_sentence_on_what_is_not_protected_makes_no_list_of_its_section() -> None:
    body = (
        "## Sign-in\n\nThe server asks for a password before it answers a query from outside its own machine.\n"
        "The password is sent unencrypted and does not protect against somebody who listens.\n"
        "Queries are answered in the order in which they came in.\n"
    )
    assert verdict_on(a_guide(body), "residual-risks").outcome is Outcome.PARTIAL


def test_a_list_of_lacks_is_a_list_of_weaknesses_whatever_its_title() -> None:
    body = (
        "## Please read\n\n- No encryption of the data at rest\n- No audit logging of who opened a record\n"
        "- No agreement with the makers of the browser\n"
    )
    assert verdict_on(a_guide(body), "residual-risks").outcome is Outcome.SATISFIED


def test_a_single_hint_tells_no_weakness() -> None:
    body = "## Status\n\nThe data module is not yet recommended for production.\n"
    assert verdict_on(a_guide(body), "residual-risks").outcome is Outcome.MISSING


def test_the_action_for_a_weakness_may_stand_before_it() -> None:
    body = (
        "## Passwords\n\nChange all passwords after the migration. The old way of keeping them was insecure.\n\n"
        "## Links\n\nBlock port 8080 at the switch. The status page on that port is unauthenticated.\n"
    )
    assert verdict_on(a_guide(body), "risk-specificity").outcome is Outcome.SATISFIED


@pytest.mark.parametrize(
    "sentence",
    [
        "Accounts that nobody uses (no sign-in for 90 days) are automatically disabled.",
        "The recorder does not upload images to the cloud.",
        "The portal is not accessible to the public.",
        "Patient data are never shared with third parties.",
    ],
)
def test_a_protection_that_is_told_by_a_no_is_no_weakness(sentence: str) -> None:
    assert verdict_on(a_guide(f"## Privacy\n\n{sentence}\n"), "residual-risks").outcome is Outcome.MISSING


FOUR = """
## Verbleibende Risiken

Die folgenden Risiken bestehen fort:

| Nr. | Was verbleibt | Was Sie tun sollten |
|---|---|---|
| V-1 | Die serielle Leitung zum Drucker ist nicht verschlüsselt. | Drucker im Nebenraum aufstellen. |
| V-2 | Geräte weisen sich nur durch ihre Nummer aus. | Nummern nach dem Tausch vergleichen. |
"""
MORE = """| V-3 | Wer am Schirm steht, liest Namen mit. | |
| V-4 | Der Zwischenspeicher ist nicht verschlüsselt. | |
| V-5 | Ausdrucke bleiben im Speicher des Druckers. | |
"""


def test_most_risks_need_an_action_before_they_are_specific() -> None:
    assert verdict_on(a_guide(FOUR), "risk-specificity").outcome is Outcome.SATISFIED
    assert verdict_on(a_guide(FOUR + MORE), "risk-specificity").outcome is Outcome.PARTIAL


@pytest.mark.parametrize(
    "line",
    [
        "- Update dependencies with known vulnerabilities",
        "- Removed hard-coded names from the installer",
        "### Security fixes\n\n- The export was open to every reader of the ward",
    ],
)
def test_what_release_notes_fix_tells_what_older_versions_carry(line: str) -> None:
    notes = f"# Release notes Lumora Viewer\n\n## 5.1.2\n\n- The list opens faster than before\n\n{line}\n"
    verdict = verdict_on(a_document(notes), "residual-risks")
    assert (verdict.outcome, verdict.facets["fixed"]) == (Outcome.PARTIAL, FacetState.MET)


def test_release_notes_without_a_word_of_holes_tell_none() -> None:
    notes = "# Release notes Lumora Viewer\n\n## 5.1.2\n\n- The session list opens faster than before\n"
    assert verdict_on(a_document(notes), "residual-risks").outcome is Outcome.MISSING
