"""Which statements tell a remaining weakness, and when they make a list."""

from scanner.model.verdict import Outcome
from tests.checks_builders import a_guide, verdict_on

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
