"""What an honest review of the invented company must find on both nights, as a careful auditor would label it.

The reasons, for a reader who wants to argue: on the first night nobody has mapped Annex E, and nothing says how data
are removed when a Gateway is retired (the notice on recycling speaks of batteries). Before the second night the guide
loses its chapter on accounts to a manual that points back at the guide, the risk report is deleted, an index with the
Annex E map appears, and release 4.3.0 leaves every older document behind. What is left of accounts stands in the MDS2
form; what is left of residual risks are the weaknesses that release notes say were fixed; what is left of data
protection is the white paper, which says where data lie and how they are protected, but not what remains at risk.
"""

from dataclasses import dataclass

from scanner.model.gap import DriftKind
from scanner.model.verdict import Outcome

GUIDE = "PulseView Security Guide"
WHITE_PAPER = "PulseView Security White Paper.pdf"
ADMIN_MANUAL = "PulseView Gateway Administrator Manual.docx"
RISK_REPORT = "Residual Security Risk Report PulseView 4.2.docx"
CONFORMANCE = "Conformance Statement PulseView 4.2.docx"
MDS2 = "MDS2 PulseView.xlsx"
NETWORK = "Network Requirements PulseView"
IFU = "IFU PulseView EN.pdf"
QUICK_CARD = "PulseView Gateway Security Manual quick card.pdf"
NOTES_420 = "Release Notes PulseView 4.2.0"
NOTES_430 = "Release Notes PulseView 4.3.0"
INDEX = "Accompanying Documentation Index PulseView 4.3.docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A sentence or cell that stands in a file that night; a review may cite it or another of the same file."""

    file: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where one constraint stands over the whole Drive."""

    constraint: str
    outcome: Outcome
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDrift:
    """How one constraint moves between the two nights, and which file did it."""

    kind: DriftKind
    constraint: str
    before: Outcome
    now: Outcome
    file: str
    old_quote: str = ""  # what stood there before: one of several sentences that went


_OPERATION = Expected(
    constraint="secure-operation",
    outcome=Outcome.SATISFIED,
    proofs=(
        Proof(file=GUIDE, quote="Install an update within 30 days of its announcement"),
        Proof(file=GUIDE, quote="Restore a copy on the spare server and open three readings from it."),
        Proof(file=GUIDE, quote="Unplug the network cable of the affected terminal."),
        Proof(file=GUIDE, quote="Keep real-time protection on, let definitions update every day"),
    ),
)
_CONFORMITY = Expected(
    constraint="process-conformance",
    outcome=Outcome.SATISFIED,
    proofs=(
        Proof(file=CONFORMANCE, quote="in conformity with IEC 81001-5-1:2021, Clauses 4 to 9"),
        Proof(file=CONFORMANCE, quote="done by an outside laboratory for each minor release, not for each patch"),
    ),
)
_CONFIGURATION = Expected(
    constraint="secure-configuration",
    outcome=Outcome.SATISFIED,
    proofs=(
        Proof(file=GUIDE, quote="8883/tcp"),
        Proof(file=GUIDE, quote="5 minutes, never more than 10"),
        Proof(file=GUIDE, quote="Set Gateway > TLS > Lowest version to TLS 1.2"),
    ),
)
_RETENTION = Expected(
    constraint="retention-disposal",
    outcome=Outcome.PARTIAL,
    proofs=(Proof(file=ADMIN_MANUAL, quote="the Gateway keeps readings for 30 days"),),
)

FIRST_NIGHT: tuple[Expected, ...] = (
    _OPERATION,
    _CONFORMITY,
    Expected(constraint="annex-e-coverage", outcome=Outcome.MISSING),
    Expected(
        constraint="account-management",
        outcome=Outcome.SATISFIED,
        proofs=(
            Proof(file=GUIDE, quote="disable the account and unpair the badge on the last working day"),
            Proof(file=GUIDE, quote="everything a nurse may, and pair badges"),
            Proof(file=GUIDE, quote="Five failed attempts lock the account for 15 minutes."),
        ),
    ),
    Expected(
        constraint="residual-risks",
        outcome=Outcome.SATISFIED,
        proofs=(Proof(file=RISK_REPORT, quote="The following risks remain in PulseView 4.2.0."),),
    ),
    _CONFIGURATION,
    Expected(
        constraint="risk-specificity",
        outcome=Outcome.SATISFIED,
        proofs=(
            Proof(file=RISK_REPORT, quote="Information disclosure"),
            Proof(file=RISK_REPORT, quote="Put the interface engine in the same VLAN as the Gateway"),
        ),
    ),
    Expected(
        constraint="data-protection-risks",
        outcome=Outcome.SATISFIED,
        proofs=(
            Proof(file=RISK_REPORT, quote="The exported file is not encrypted"),
            Proof(file=RISK_REPORT, quote="Have initials blacked out before a log is mailed to Tessbrook."),
        ),
    ),
    _RETENTION,
    Expected(
        constraint="updated-each-release",
        outcome=Outcome.SATISFIED,
        proofs=(Proof(file=GUIDE, quote="Port 8883 replaces 1883; lowest TLS version raised to 1.2"),),
    ),
)

SECOND_NIGHT: tuple[Expected, ...] = (
    _OPERATION,
    _CONFORMITY,
    Expected(
        constraint="annex-e-coverage",
        outcome=Outcome.SATISFIED,
        proofs=(
            Proof(file=INDEX, quote="PV-SEC-001 Security Guide, section 3.1"),
            Proof(file=INDEX, quote="because that edition receives no updates in the field"),
        ),
    ),
    Expected(
        constraint="account-management",
        outcome=Outcome.PARTIAL,
        proofs=(Proof(file=MDS2, quote="After five attempts, for 15 minutes."),),
    ),
    Expected(
        constraint="residual-risks",
        outcome=Outcome.PARTIAL,
        proofs=(Proof(file=NOTES_430, quote="kept a session open after the browser was closed"),),
    ),
    _CONFIGURATION,
    Expected(constraint="risk-specificity", outcome=Outcome.MISSING),
    Expected(
        constraint="data-protection-risks",
        outcome=Outcome.PARTIAL,
        proofs=(Proof(file=WHITE_PAPER, quote="readings, alarms and observations with name"),),
    ),
    _RETENTION,
    Expected(
        constraint="updated-each-release",
        outcome=Outcome.PARTIAL,
        proofs=(Proof(file=INDEX, quote="PulseView 4.3.0"),),
    ),
)

# Everything that drifts but staleness, which is told once a document (see MAY_BE_STALE).
DRIFT: tuple[ExpectedDrift, ...] = (
    ExpectedDrift(
        kind=DriftKind.LOST,
        constraint="account-management",
        before=Outcome.SATISFIED,
        now=Outcome.PARTIAL,
        file=GUIDE,
        old_quote="disable the account and unpair the badge on the last working day",
    ),
    ExpectedDrift(
        kind=DriftKind.LOST,
        constraint="residual-risks",
        before=Outcome.SATISFIED,
        now=Outcome.PARTIAL,
        file=RISK_REPORT,
        old_quote="The following risks remain in PulseView 4.2.0.",
    ),
    ExpectedDrift(
        kind=DriftKind.LOST,
        constraint="risk-specificity",
        before=Outcome.SATISFIED,
        now=Outcome.MISSING,
        file=RISK_REPORT,
        old_quote="Put the interface engine in the same VLAN as the Gateway",
    ),
    ExpectedDrift(
        kind=DriftKind.LOST,
        constraint="data-protection-risks",
        before=Outcome.SATISFIED,
        now=Outcome.PARTIAL,
        file=RISK_REPORT,
        old_quote="The exported file is not encrypted",
    ),
    ExpectedDrift(
        kind=DriftKind.WON,
        constraint="annex-e-coverage",
        before=Outcome.MISSING,
        now=Outcome.SATISFIED,
        file=INDEX,
    ),
)

STALE = ExpectedDrift(
    kind=DriftKind.STALE,
    constraint="updated-each-release",
    before=Outcome.SATISFIED,
    now=Outcome.PARTIAL,
    file=GUIDE,
)
# Every document of 4.2 that the clause rests on lags behind 4.3.0; the guide must be named, no other file may be.
MAY_BE_STALE: frozenset[str] = frozenset(
    {GUIDE, WHITE_PAPER, ADMIN_MANUAL, CONFORMANCE, MDS2, NETWORK, IFU, QUICK_CARD}
)

# Candidates by name that cannot be read, and a word that the reason must hold; `undetermined`, never `missing`.
UNCHECKED: dict[str, str] = {
    "Security Manual scanned.pdf": "text layer",
    "PulseView Security Guide Northfen copy.pdf": "password",
    "Residual Risk acceptance 4.2.docx": "empty",
    "Sensor Box SB-7 Security White Paper.pdf": "download",
}

# A Word file that was renamed to .pdf: reading it for what it is and refusing it are both honest.
MISLABELLED = QUICK_CARD

# No citation may come from these, whatever their names promise.
NEVER_EVIDENCE: frozenset[str] = frozenset(
    {
        "TEMPLATE Security Guide.docx",
        "PulseView Home Security Manual",
        "PulseView Security Guide 3.4.pdf",
        "SOP-017 Security Release Documentation (incl. Security Guide).docx",
        "Threat model Gateway.xlsx",
        "PulseView Security White Paper one-pager.pdf",
        "Notes on Accompanying Documentation (IEC 81001-5-1).docx",
        "Reporting a vulnerability.html",
        "Residual Risk Evaluation ISO 14971.docx",
        "Building Security Manual.docx",
        "Minutes Security Guide review",
        "Checklist Accompanying Documentation 4.2.xlsx",
        "Accompanying Documentation 4.3 kick-off",
        "RE Where is the Security Manual.eml",
        "AldermoorCare Security White Paper.pdf",
        "Decommissioning and Recycling Notice.pdf",
        "../../etc/Security Guide.docx",
        "<img src=x onerror=alert(1)> Security Manual.html",
        "Security Guide OLD draft.docx",
    }
)
HOSTILE_NAMES: tuple[str, ...] = (
    "../../etc/Security Guide.docx",
    "<img src=x onerror=alert(1)> Security Manual.html",
)
FIRST_RELEASE, SECOND_RELEASE = "4.2.0", "4.3.0"
