"""What is said once and in passing: no evidence in a longer document, unless the document dwells on it."""

import re

import pytest

from scanner.checks.folding import Folded
from scanner.model.verdict import Outcome
from tests.checks_builders import a_document, verdict_on

FILLER = "\n".join(f"- The figures of month {month} are drawn in a colour of their own." for month in range(1, 15))
REMARK = "Restore the newest backup if the list of clinics stays empty."


def _with(heading: str, sentence: str, filler: str = FILLER) -> str:
    return f"# Reports of Whimbrel Statistics\n\n## {heading}\n\n{sentence}\n\n## Colours\n\n{filler}\n"


def test_one_remark_in_a_long_document_is_no_evidence_and_the_reason_says_so() -> None:
    verdict = verdict_on(a_document(_with("Troubles with drawing", REMARK)), "retention-disposal")
    assert verdict.outcome is Outcome.MISSING
    assert verdict.reason == (
        "Only one remark in passing was found, on secure retention of active data; no section is about it."
    )
    assert not verdict.citations


@pytest.mark.parametrize("heading", ["Backup", "Security"])
def test_under_a_heading_of_its_own_one_sentence_counts(heading: str) -> None:
    assert verdict_on(a_document(_with(heading, REMARK)), "retention-disposal").outcome is Outcome.PARTIAL


def test_in_a_document_of_a_few_sentences_each_of_them_counts() -> None:
    text = _with("Troubles with drawing", REMARK, "- Green is kept for rising figures.")
    assert verdict_on(a_document(text), "retention-disposal").outcome is Outcome.PARTIAL


def test_an_exact_port_counts_wherever_it_stands() -> None:
    text = _with("Troubles with drawing", "Open port 8443/tcp on the firewall between the floor and the server.")
    assert verdict_on(a_document(text), "secure-configuration").outcome is Outcome.PARTIAL


def test_a_weakness_counts_wherever_it_stands() -> None:
    text = _with("Troubles with drawing", "The link between the printer and the server is not encrypted.")
    assert verdict_on(a_document(text), "residual-risks").outcome is Outcome.PARTIAL


def test_a_name_with_a_score_explains_no_risk() -> None:
    rows = "| Stored data unencrypted | critical |\n| Open database | high |\n"
    text = f"# Open points\n\n| Risk | Severity |\n|---|---|\n{rows}"
    assert verdict_on(a_document(text), "risk-specificity").outcome is Outcome.MISSING


def test_one_weakness_in_passing_explains_nothing_unless_something_is_done_about_it() -> None:
    weakness = "The link between the printer and the server is not encrypted."
    outcomes = [
        verdict_on(a_document(_with("Troubles with drawing", said)), "risk-specificity").outcome
        for said in (weakness, f"{weakness} Keep both in one room.", f"{weakness} A correction is planned.")
    ]
    assert outcomes == [Outcome.MISSING, Outcome.PARTIAL, Outcome.PARTIAL]


@pytest.mark.parametrize(
    "said",
    [
        "Passwords in plain text are never stored by the printer.",
        "The printer has no hard-coded passwords and no service key.",
        "No user account or login is required for the printer.",
    ],
)
def test_a_protection_that_is_told_by_a_no_is_no_weakness(said: str) -> None:
    assert verdict_on(a_document(_with("Security", said)), "residual-risks").outcome is Outcome.MISSING


def test_three_things_in_one_sentence_are_named_and_not_told() -> None:
    listed = "Install antivirus software, apply security updates monthly and keep the printer in a locked room."
    verdict = verdict_on(a_document(_with("Security", listed)), "secure-operation")
    assert verdict.outcome is Outcome.PARTIAL
    assert verdict.reason.endswith("; but in fewer than 3 sentences, so that some of this is only named.")


def test_what_should_not_be_stored_is_no_fact_about_what_is() -> None:
    said = "# Knot Phrasebook\n\nKnot Phrasebook should not be used to store patient data.\n"
    assert verdict_on(a_document(said), "retention-disposal").outcome is Outcome.MISSING


@pytest.mark.parametrize("text", ["TBD here", "see the CVE list", "Größe ÄNDERN", "nothing"])
def test_a_folded_pattern_finds_what_one_that_ignores_case_finds(text: str) -> None:

    pattern = r"\bTB[DC]\b|\bcve\b|ändern\W*$|\AX"
    assert bool(Folded(pattern).search(text)) == bool(re.search(pattern, text, re.IGNORECASE))
