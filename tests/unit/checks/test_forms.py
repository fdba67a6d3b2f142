"""Filled forms: a Yes with its note may bear a facet, a No is a limit that remains."""

from scanner.checks.forms import Answer, Answered, answered
from scanner.model.document import DocumentKind, Locator, Passage, PassageKind
from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_document, judged, verdict_on

HEAD = "# MDS2 Lumora Viewer\n\n| ID | Question | Answer | Note |\n|---|---|---|---|\n"
YES = """| PAUT-1 | Are accounts locked after failed attempts? | Yes | After five attempts, for 15 minutes. |
| PAUT-2 | Can a directory of the hospital be used? | Yes | Active Directory over LDAPS, port 636. |
| CONN-1 | Does the device have wired network connections? | Yes | Port 11112/tcp in, port 443/tcp out. |
| PAUT-3 | Can password rules be enforced? | Yes | At least 12 characters. |
| AUDT-1 | Does the device write an audit log? | Yes | Sign-in and sign-out. |
"""
NO = "| STCF-1 | Is stored information encrypted? | No | Encrypt the disk of the host. |\n"
BARE_NO = "| DIDT-1 | Can the device remove identifying information from data? | No | |\n"


def a_row(*values: str) -> Passage:
    cells = tuple(zip(("ID", "Question", "Answer", "Note"), values, strict=False))
    return Passage(text=" | ".join(values), kind=PassageKind.TABLE_ROW, locator=Locator(), cells=cells)


def test_a_row_is_read_as_question_answer_and_note() -> None:
    assert answered(a_row("A-1", "Is it locked?", "Yes", "After 5 minutes.")) == Answered(
        question="Is it locked?", answer=Answer.YES, note="After 5 minutes."
    )
    assert answered(a_row("A-1", "Ist es gesperrt?", "Nein", "")) == Answered(
        question="Ist es gesperrt?", answer=Answer.NO, note=""
    )
    assert answered(a_row("A-1", "No question", "Yes", "")) is None
    assert answered(a_row("A-1", "Is it locked?", "perhaps", "")) is None


def test_a_yes_with_its_note_bears_facets() -> None:
    document = a_document(HEAD + YES)
    assert judged(document).facts.kind is DocumentKind.FORM
    accounts = verdict_on(document, "account-management")
    assert accounts.outcome is Outcome.PARTIAL
    assert accounts.facets["credentials"] is FacetState.MET
    assert any("After five attempts, for 15 minutes." in citation.quote for citation in accounts.citations)
    assert verdict_on(document, "secure-configuration").facets["network"] is FacetState.MET


def test_a_no_is_a_limit_that_remains_and_no_capability() -> None:
    document = a_document(HEAD + YES + NO)
    assert verdict_on(document, "residual-risks").outcome is Outcome.PARTIAL
    assert verdict_on(document, "data-protection-risks").facets["protection"] is FacetState.ABSENT


def test_a_bare_no_explains_nothing() -> None:
    document = a_document(HEAD + YES + BARE_NO)
    assert verdict_on(document, "residual-risks").outcome is Outcome.PARTIAL
    assert verdict_on(document, "risk-specificity").outcome is Outcome.MISSING


def test_a_directory_that_cannot_be_used_is_none() -> None:
    text = HEAD + YES.replace("directory of the hospital be used? | Yes | Active", "directory be used? | No | Active")
    assert verdict_on(a_document(text), "account-management").facets["directory"] is FacetState.ABSENT
