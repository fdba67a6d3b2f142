"""Verdicts of many documents come together to one standing a constraint."""

from dataclasses import replace
from datetime import date

from scanner.gaps.assess import assess
from scanner.gaps.defence import audit_defence
from scanner.model.clause import Over
from scanner.model.connection import Called
from scanner.model.document import DocumentKind, DocumentStatus
from scanner.model.gap import Unchecked
from scanner.model.verdict import FacetState, Outcome
from tests.builders import a_constraint, a_document, a_facet, a_pack, a_ref, a_release, a_report, a_standing, a_verdict

PACK = a_pack()


def test_facets_of_several_documents_add_up_over_the_set() -> None:
    (found,) = assess(
        PACK,
        evidence=[
            a_document("Guide.docx", a_verdict(met=("roles", "credentials"))),
            a_document("Manual.pdf", a_verdict(met=("life-cycle",))),
        ],
        unchecked=(),
        release=None,
    )
    assert found.outcome is Outcome.SATISFIED
    assert not found.is_gap
    assert {citation.file.name for citation in found.citations} == {"Guide.docx", "Manual.pdf"}
    assert found.reason == "Found in 2 documents: the roles, the life-cycle and the credentials."


def test_what_is_not_found_is_said() -> None:
    (found,) = assess(PACK, evidence=[a_document("Guide.docx", a_verdict())], unchecked=(), release=None)
    assert (found.outcome, found.severity) == (Outcome.PARTIAL, "high")
    assert found.reason == "Found in Guide.docx: the roles; not found: the life-cycle and the credentials."


def test_within_one_document_facets_of_another_do_not_count() -> None:
    pack = a_pack(a_constraint(over=Over.DOCUMENT))
    (found,) = assess(
        pack,
        evidence=[
            a_document("Guide.docx", a_verdict(met=("roles", "credentials"))),
            a_document("Manual.pdf", a_verdict(met=("life-cycle",))),
        ],
        unchecked=(),
        release=None,
    )
    assert found.outcome is Outcome.PARTIAL
    assert dict(found.facets)["life-cycle"] is FacetState.ABSENT


def test_an_internal_document_or_a_draft_never_satisfies() -> None:
    everything = ("roles", "life-cycle", "credentials")
    internal = a_document("Plan.docx", a_verdict(met=everything), kind=DocumentKind.INTERNAL)
    draft = a_document("Draft.docx", a_verdict(outcome=Outcome.SATISFIED, met=everything), status=DocumentStatus.DRAFT)
    for document in (internal, draft):
        (found,) = assess(PACK, evidence=[document], unchecked=(), release=None)
        assert found.outcome is Outcome.PARTIAL


def test_superseded_documents_and_archive_folders_give_nothing() -> None:
    met = a_verdict(met=("roles", "life-cycle", "credentials"))
    old = a_document("Guide 3.docx", met, status=DocumentStatus.SUPERSEDED)
    filed = a_document("Guide 2.docx", met, path="My Drive / Archive / 2019")
    (found,) = assess(PACK, evidence=[old, filed], unchecked=(), release=None)
    assert found.outcome is Outcome.MISSING
    assert found.citations == ()


def test_a_document_about_another_product_gives_nothing() -> None:
    met = a_verdict(met=("roles", "life-cycle", "credentials"))
    theirs = a_document("White Paper.pdf", met, product="CareMonitor")
    ours = a_document("Gateway Manual.pdf", met, product="PulseView Gateway")
    for document, outcome in ((theirs, Outcome.MISSING), (ours, Outcome.SATISFIED)):
        (found,) = assess(PACK, evidence=[document], unchecked=(), release=None, called=Called(name="PulseView"))
        assert found.outcome is outcome


def test_nothing_read_is_undetermined_and_not_missing() -> None:
    scan = Unchecked(file=a_ref("scan.pdf"), because="it is a scan without a text layer")
    (blind,) = assess(PACK, evidence=[], unchecked=[scan], release=None)
    assert blind.outcome is Outcome.UNDETERMINED
    assert blind.reason == "Could not check, because none of the 1 document found could be read."
    other = a_document("Guide.docx", a_verdict(outcome=Outcome.MISSING, met=()))
    (missing,) = assess(PACK, evidence=[other], unchecked=[scan], release=None)
    assert missing.outcome is Outcome.MISSING
    assert missing.reason == "The only document read does not give it; 1 document could not be checked."


def test_what_is_not_needed_is_no_part_of_a_gap() -> None:
    optional = a_constraint(facets=(*a_constraint().facets, a_facet("review")))
    (found,) = assess(a_pack(optional), evidence=[a_document("Guide.docx", a_verdict())], unchecked=(), release=None)
    assert found.reason == "Found in Guide.docx: the roles; not found: the life-cycle and the credentials."
    assert dict(found.facets)["review"] is FacetState.ABSENT


def test_what_no_document_read_whole_could_give_is_undetermined_and_not_missing() -> None:
    unknown = a_verdict(outcome=Outcome.UNDETERMINED, met=())
    cut = replace(a_document("Long.txt", unknown), unread="the rest of it was not read")
    (blind,) = assess(PACK, evidence=[cut], unchecked=(), release=None)
    assert blind.outcome is Outcome.UNDETERMINED
    assert blind.reason == (
        "Could not check: nothing was found in what was read, but no document could be read in whole."
    )
    whole = a_document("Guide.docx", a_verdict(outcome=Outcome.MISSING, met=()))
    (missing,) = assess(PACK, evidence=[cut, whole], unchecked=(), release=None)
    assert missing.outcome is Outcome.MISSING
    assert missing.reason == "None of the 2 documents read gives it; 1 of them read only in part."
    found = a_document("Manual.pdf", a_verdict(met=("roles", "life-cycle", "credentials")))
    (satisfied,) = assess(PACK, evidence=[cut, found], unchecked=(), release=None)
    assert satisfied.outcome is Outcome.SATISFIED


def test_an_absence_counts_every_document_that_was_read_and_says_which_do_not_count() -> None:
    nothing = a_verdict(outcome=Outcome.MISSING, met=())
    old = a_document("Guide 3.docx", a_verdict(), status=DocumentStatus.SUPERSEDED)
    (found,) = assess(PACK, evidence=[a_document("Guide.docx", nothing), old], unchecked=(), release=None)
    assert found.reason == (
        "None of the 2 documents read gives it; 1 of them left aside as superseded, archived or about another product."
    )


def test_not_applicable_holds_until_another_document_contradicts() -> None:
    moot = a_document("Architecture.docx", a_verdict(outcome=Outcome.NOT_APPLICABLE, met=()))
    (found,) = assess(PACK, evidence=[moot], unchecked=(), release=None)
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.citations[0].quote == "The software has no log-in."
    (contradicted,) = assess(PACK, evidence=[moot, a_document("Manual.pdf", a_verdict())], unchecked=(), release=None)
    assert contradicted.outcome is Outcome.PARTIAL
    assert contradicted.reason.endswith("Architecture.docx says that it does not apply.")


EACH = a_constraint(
    "updated-each-release", over=Over.EACH, facets=(a_facet("applies-to"), a_facet("revision")), severity="moderate"
)


def test_every_document_that_the_clause_rests_on_must_speak_of_the_newest_release() -> None:
    fresh = a_verdict("updated-each-release", met=("applies-to", "revision"))
    documents = [
        a_document("Guide.docx", a_verdict(), fresh, versions=("4.3.0",)),
        a_document("White Paper.pdf", a_verdict(), fresh, versions=("4.2.x",)),
        a_document("Canteen.docx", a_verdict(outcome=Outcome.MISSING, met=()), versions=("1.0",)),
    ]
    _, found = assess(
        a_pack(a_constraint(), EACH), evidence=documents, unchecked=(), release=a_release("4.3.0", date(2026, 11, 20))
    )
    assert found.outcome is Outcome.PARTIAL
    assert found.reason == "1 of 2 documents speak of 4.3.0. Behind: White Paper.pdf applies to 4.2.x."
    assert {citation.file.name for citation in found.citations} == {"Guide.docx"}


def test_an_open_range_written_before_the_release_is_no_update() -> None:
    fresh = a_verdict("updated-each-release", met=("applies-to", "revision"))
    old = a_document("Guide.docx", a_verdict(), fresh, versions=("4.2 and later",), dated=date(2026, 6, 1))
    release = a_release("4.3.0", date(2026, 11, 20))
    _, found = assess(a_pack(a_constraint(), EACH), evidence=[old], unchecked=(), release=release)
    assert found.outcome is Outcome.MISSING


def test_the_audit_defence_is_given_exactly_when_the_clause_is_met() -> None:
    guide = a_document("Security Guide.docx", a_verdict(), document_id="PV-SEC-001")
    met = a_report(a_standing(met=("roles",)))
    assert audit_defence(PACK, met, [guide]) == "The guide of PulseView (Doc ID: PV-SEC-001) gives it."
    gap = a_report(a_standing(outcome=Outcome.PARTIAL, met=("roles",)))
    assert audit_defence(PACK, gap, [guide]) == ""
    nameless = a_document("Security Guide.docx", a_verdict())
    assert audit_defence(PACK, met, [nameless]) == ""
