"""How much a document must say: little where it is brief, more where it is long; hints and titles count half."""

from scanner.model.verdict import FacetState
from tests.checks_builders import a_guide, verdict_on

UPDATE = "## Care\n\nInstall security updates within 14 days.\n"
LONG = "\n## Reports\n\n" + "".join(f"Report {number} shows the studies of its day.\n" for number in range(60))


def updates(body: str) -> FacetState:
    return verdict_on(a_guide(body), "secure-operation").facets["updates"]


def test_one_statement_is_enough_in_a_brief_document_and_a_remark_in_passing_in_a_long_one() -> None:
    assert updates(UPDATE) is FacetState.MET
    assert updates(UPDATE + LONG) is FacetState.ABSENT
    assert updates(UPDATE + "Check the signature of each update before you install it.\n" + LONG) is FacetState.MET


def test_two_hints_count_as_one_statement() -> None:
    hint = "Restrict access to the console.\n"
    hardening = [
        verdict_on(a_guide("## Care\n\n" + body), "secure-operation").facets["hardening"]
        for body in (hint, hint + "Enforce HTTPS for the console.\n")
    ]
    assert hardening == [FacetState.ABSENT, FacetState.MET]


def test_a_paragraphs_first_words_can_be_its_title() -> None:
    body = "8.3 Backup. Copy the readings to another machine. Keep it in another building.\n"
    assert verdict_on(a_guide(body), "secure-operation").facets["backup"] is FacetState.MET


def test_a_number_below_port_is_a_port() -> None:
    body = "## Links\n\n| Service | Port |\n|---|---|\n| DICOM | 104 |\n| Web | 443 |\n"
    assert verdict_on(a_guide(body), "secure-configuration").facets["network"] is FacetState.MET
