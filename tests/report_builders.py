"""Hand-made packs, standings and gap reports for tests of what people read."""

from dataclasses import replace
from datetime import UTC, date, datetime

from scanner.model.clause import ClausePack, CommonGap, Constraint, Facet, Over, Rule, Signal, SignalKind
from scanner.model.document import Locator
from scanner.model.gap import (
    CoverageLine,
    Drift,
    DriftCause,
    DriftKind,
    FileRef,
    GapReport,
    SetCitation,
    Standing,
    Unchecked,
    UpdateCheck,
    UpdateCheckId,
)
from scanner.model.release import Release
from scanner.model.verdict import FacetState, Outcome
from scanner.model.waiver import Waiver, WaiverKind

CONSTRAINTS = (
    ("secure-operation", "Secure operation", "Accompanying documentation must include secure operation guidelines."),
    ("process-conformance", "Process conformance", "Documentation must include process rigor and conformance."),
    ("annex-e-coverage", "Annex E coverage", "Documentation must include coverage information per Annex E."),
    ("account-management", "Account management", "Account management guidelines must be provided where applicable."),
    ("residual-risks", "Residual risks", "Information about relevant residual security risks must be included."),
    ("secure-configuration", "Secure configuration", "Guidelines must address configuration requirements."),
    ("risk-specificity", "Specific risks", "Disclosures must identify specific unmitigated or accepted risks."),
    ("data-protection-risks", "Data protection risks", "Disclosures must address data retention and protection."),
    ("retention-disposal", "Retention and disposal", "Guidance on secure retention and secure disposal of data."),
    ("updated-each-release", "Updated each release", "Documentation must be updated with each software release."),
)
GUIDE = FileRef(
    id="f1",
    name="PulseView Security Guide",
    path="My Drive / Security",
    link="https://docs.google.com/document/d/f1/edit",
)
NOTES = FileRef(
    id="f2",
    name="Release Notes 4.3.0.docx",
    path="My Drive / Releases",
    link="https://drive.google.com/file/d/f2/view",
)
SCAN = FileRef(
    id="f3",
    name="Residual Risk signed.pdf",
    path="Regulatory / Scans",
    link="https://drive.google.com/file/d/f3/view",
)

CAUSES = {
    DriftKind.LOST: DriftCause.PASSAGE_REMOVED,
    DriftKind.STALE: DriftCause.RELEASE,
    DriftKind.WON: DriftCause.FOUND,
    DriftKind.UNDETERMINED_NOW: DriftCause.UNREADABLE,
    DriftKind.CONTRADICTED: DriftCause.CONTRADICTION,
}


def a_pack() -> ClausePack:
    """Build a small pack with the ten constraints and one facet each."""
    return ClausePack(
        id="iec-81001-5-1/5.8.2",
        standard="IEC 81001-5-1",
        edition="2021",
        clause="5.8.2",
        title="Security Release Documentation",
        requirement="The manufacturer shall establish requirements for accompanying documentation.",
        background="The first standalone cybersecurity standard for health software.",
        signals=(
            Signal(id="file-name", kind=SignalKind.FILE_EXISTS, text="Security.*Guide", source="clause page"),
            Signal(id="content", kind=SignalKind.CONTENT_MATCH, text="Does this document …?", source="clause page"),
        ),
        constraints=tuple(_constraint(*row) for row in CONSTRAINTS),
        common_gap=CommonGap(title="Release notes lack it", severity="moderate", text="Release notes say nothing."),
        audit_defence="The Security Guide released with {product} (Doc ID: {document_id}) provides it.",
        digest="9f2c" * 16,
    )


def a_citation(file: FileRef = GUIDE, quote: str = "Change the default administrator password.") -> SetCitation:
    """Build a citation in a guide."""
    return SetCitation(file=file, quote=quote, locator=Locator(page=4, heading=("Accounts", "Roles")), facet="main")


def a_standing(constraint: str, outcome: Outcome, **changes: object) -> Standing:
    """Build a standing with a believable reason; a gap where the outcome is one."""
    proven = outcome in {Outcome.SATISFIED, Outcome.PARTIAL, Outcome.NOT_APPLICABLE}
    values: dict[str, object] = {
        "constraint": constraint,
        "outcome": outcome,
        "reason": f"The set of documents is {outcome.words} here.",
        "facets": (("main", FacetState.MET if proven else FacetState.ABSENT),),
        "citations": (a_citation(),) if proven else (),
        "severity": "high" if outcome in {Outcome.PARTIAL, Outcome.MISSING} else None,
    }
    return Standing(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_report(*outcomes: Outcome, **changes: object) -> GapReport:
    """Build a first report: the outcomes given in the pack's order, the rest satisfied."""
    given = dict(zip((row[0] for row in CONSTRAINTS), outcomes, strict=False))
    values: dict[str, object] = {
        "id": "r-2026-0001",
        "product": "PulseView",
        "clause": "iec-81001-5-1/5.8.2",
        "created_at": datetime(2026, 5, 15, 3, 10, tzinfo=UTC),
        "release": Release(
            product="PulseView",
            version="4.3.0",
            released_on=date(2026, 5, 14),
            source="release notes: Release Notes 4.3.0.docx",
        ),
        "standings": tuple(a_standing(row[0], given.get(row[0], Outcome.SATISFIED)) for row in CONSTRAINTS),
        "unchecked": (),
        "drift": (),
        "since": None,
        "coverage": CoverageLine(complete=True, because="", files=92, candidates=14, scanned=13),
        "pack_digest": "9f2c" * 16,
        "judge": "facets-1",
        "audit_defence": "",
    }
    return GapReport(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_drift(kind: DriftKind, constraint: str = "account-management", **changes: object) -> Drift:
    """Build a difference that an edited guide caused."""
    values: dict[str, object] = {
        "kind": kind,
        "cause": CAUSES.get(kind, DriftCause.WAIVER),
        "constraint": constraint,
        "before": Outcome.SATISFIED,
        "now": Outcome.MISSING,
        "reason": "PulseView Security Guide was edited: the account life cycle is no longer described.",
        "file": GUIDE,
        "old_quote": "Disable an account as soon as its owner leaves.",
    }
    return Drift(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_second_report(**changes: object) -> GapReport:
    """Build the report of a night in which two constraints were lost, one went stale and one was won."""
    values: dict[str, object] = {
        "id": "r-2026-0002",
        "since": datetime(2026, 5, 14, 3, 10, tzinfo=UTC),
        "drift": (
            a_drift(
                DriftKind.WON,
                "residual-risks",
                before=Outcome.MISSING,
                now=Outcome.SATISFIED,
                reason="Release Notes 4.3.0.docx now lists the residual risks.",
                file=NOTES,
                old_quote="",
            ),
            a_drift(DriftKind.LOST),
            a_drift(
                DriftKind.LOST,
                "secure-configuration",
                now=Outcome.PARTIAL,
                reason="Hardening Guide.pdf was deleted; ports are named, settings are not.",
                file=None,
                old_quote="",
            ),
            a_drift(
                DriftKind.STALE,
                "updated-each-release",
                before=Outcome.SATISFIED,
                now=Outcome.PARTIAL,
                reason="PulseView Security Guide speaks of 4.2.0; the newest release is 4.3.0.",
                old_quote="",
            ),
        ),
        "unchecked": (Unchecked(file=SCAN, because="its 12 pages are pictures without text"),),
    }
    return a_report(
        Outcome.SATISFIED,
        Outcome.MISSING,
        Outcome.UNDETERMINED,
        Outcome.MISSING,
        Outcome.SATISFIED,
        Outcome.PARTIAL,
        Outcome.SATISFIED,
        Outcome.NOT_APPLICABLE,
        Outcome.SATISFIED,
        Outcome.PARTIAL,
        **(values | changes),
    )


def _constraint(ident: str, short: str, text: str) -> Constraint:
    """Build a constraint with one facet."""
    return Constraint(
        id=ident,
        text=text,
        short=short,
        provenance="clause",
        source="IEC 81001-5-1 §5.8.2",
        check="facets",
        facets=(
            Facet(
                id="main", label="what it asks", counts="an action", does_not_count="a topic", cues=("must",), detect={}
            ),
        ),
        satisfied=Rule(all_of=("main",)),
        partial=Rule(at_least=1),
        over=Over.SET,
        severity="high",
        may_not_apply=False,
    )


def a_check(check: UpdateCheckId = UpdateCheckId.NOTES, outcome: Outcome = Outcome.MISSING) -> UpdateCheck:
    """Build the answer to one of the seven questions."""
    return UpdateCheck(
        id=check,
        outcome=outcome,
        reason="Release Notes 4.3.0.docx says nothing of security.",
        citations=(a_citation(NOTES, "The list opens faster."),),
    )


def a_waiver(**changes: object) -> Waiver:
    """Build a decision that is in force."""
    values: dict[str, object] = {
        "id": 7,
        "product": "p",
        "clause": "iec-81001-5-1/5.8.2",
        "constraint": "residual-risks",
        "kind": WaiverKind.WAIVED,
        "reason": "The report comes with 4.4.",
        "approver": "Mara Voss",
        "decided_at": datetime(2026, 5, 1, tzinfo=UTC),
        "until": date(2026, 8, 31),
    }
    return Waiver(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_decided_report() -> GapReport:
    """Build a report with a waived gap, an answered question, a release that waits, and differences of our making."""
    report = a_report(Outcome.SATISFIED, note="Our judging changed.", ours=(a_drift(DriftKind.LOST),))
    waiting = Release(product="PulseView", version="4.4.0", released_on=None, source="GitHub: maker/pulseview")
    standings = list(report.standings)
    standings[4] = a_standing("residual-risks", Outcome.MISSING, waiver=a_waiver())
    standings[9] = a_standing("updated-each-release", Outcome.PARTIAL, severity="moderate", checks=(a_check(),))
    return replace(report, standings=tuple(standings), waiting=(waiting,))
