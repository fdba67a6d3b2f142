"""Whom a section speaks to: reporters of weaknesses are asked for things, users of the product are told things."""

import pytest

from scanner.checks.addressed import for_users
from scanner.checks.facts import facts_of
from scanner.checks.statements import statements_of
from scanner.model.document import DocumentKind
from scanner.model.verdict import Outcome
from tests.checks_builders import a_document, judged, verdict_on

REPORTING = """## Reporting a vulnerability

Please report a vulnerability to our security team and do not disclose it in public issues.
We acknowledge reports within five business days. Include a proof of concept and the steps to reproduce the problem.
"""
LIMITS = """## Known limitations

- The link between the cuff and the tablet is not encrypted. Use the cuff only in a room that visitors cannot enter.
- The tablet keeps the last reading without a lock. Wipe the tablet before you hand it on.
"""


def kept(text: str) -> list[str]:
    document = a_document(text)
    statements = statements_of(document)
    return [one.text for one in for_users(statements, facts_of(document, statements))]


def test_what_is_asked_of_a_reporter_is_left_out_and_what_is_told_to_users_is_kept() -> None:
    told = kept(f"# Security policy\n\n{REPORTING}\n{LIMITS}")
    assert [text.split()[0] for text in told] == ["The", "Use", "The", "Wipe"]


@pytest.mark.parametrize("title", ["Reporting a vulnerability", "Responsible disclosure statement"])
def test_a_page_that_is_titled_so_speaks_to_reporters_alone(title: str) -> None:
    assert kept(f"# {title}\n\n## Please\n\nTell us which address is affected. Make no changes to the system.\n") == []


def test_a_section_without_a_telling_title_on_such_a_page_speaks_to_reporters_where_it_mostly_asks() -> None:
    asks = "If you believe that you found a vulnerability, report it as described. Thank you for your help."
    assert kept(f"# Security\n\n## Security\n\n{asks}\n\n{REPORTING}") == []


def test_a_guide_may_ask_for_a_report_beside_what_it_tells() -> None:
    duty = "If you discover a security problem with the pump, unplug its network cable and report it to the clinic."
    rest = "Lock the screen when you leave. Charge the pump at night."
    assert kept(f"# Guide for ward staff\n\n## Every day\n\n{duty} {rest}\n")[0] == duty


def test_weaknesses_told_on_a_reporting_page_count_as_anywhere() -> None:
    page = a_document(f"# Security policy\n\n{REPORTING}\n{LIMITS}")
    assert judged(page).facts.kind is DocumentKind.DISCLOSURE
    assert verdict_on(page, "residual-risks").outcome is Outcome.SATISFIED
    assert verdict_on(page, "account-management").outcome is Outcome.MISSING


def test_a_page_that_only_asks_for_reports_gives_nothing() -> None:
    page = a_document(f"# Security policy\n\n{REPORTING}")
    assert {one.outcome for one in judged(page).verdicts} == {Outcome.MISSING}


def test_a_makers_disclosure_form_asks_nobody_for_reports() -> None:
    form = "# Manufacturer Disclosure Statement\n\n| Question | Answer | Note |\n|---|---|---|\n"
    row = "| Can the device create backups? | Yes | Copy the archive each night. |"
    assert kept(f"{form}{row}\n")
