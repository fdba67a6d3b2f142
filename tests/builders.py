"""Short ways to build values in tests; every `a_*` can be changed by keyword."""

from datetime import UTC, date, datetime
from typing import Any

from connector import Channel, SourceFile
from scanner.model.clause import ClausePack, CommonGap, Constraint, Facet, Over, Rule
from scanner.model.document import DocumentFacts, DocumentKind, DocumentStatus, Earlier, Listed, Locator, Told
from scanner.model.feed import Feed
from scanner.model.gap import CoverageLine, Evidence, FileRef, GapReport, SetCitation, Standing
from scanner.model.objection import Judged, Objection
from scanner.model.person import Member, Role
from scanner.model.release import Release
from scanner.model.verdict import Citation, FacetState, Outcome, Verdict
from scanner.model.waiver import Waiver, WaiverKind

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_file(name: str = "Security Guide.docx", **changes: object) -> SourceFile:
    fields: dict[str, object] = {
        "id": f"id-{name}",
        "name": name,
        "path": "My Drive / Security",
        "media_type": "application/pdf",
        "fingerprint": f"sha256:{name}",
        "modified_at": NOON,
        "link": "https://drive.google.com/file/d/1",
    }
    return SourceFile(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def a_ref(name: str = "Security Guide.docx", path: str = "My Drive / Security") -> FileRef:
    return FileRef(id=f"id-{name}", name=name, path=path, link="https://drive.google.com/file/d/1")


def a_facet(facet: str) -> Facet:
    return Facet(id=facet, label=f"the {facet}", counts="…", does_not_count="…", cues=(facet,), detect={})


def a_constraint(name: str = "account-management", **changes: object) -> Constraint:
    fields: dict[str, object] = {
        "id": name,
        "text": "Account management guidelines must be provided where applicable.",
        "short": name.replace("-", " "),
        "provenance": "clause",
        "source": "§5.8.2 c)",
        "check": "facets",
        "facets": (a_facet("roles"), a_facet("life-cycle"), a_facet("credentials")),
        "satisfied": Rule(all_of=("roles", "life-cycle", "credentials")),
        "partial": Rule(at_least=1),
        "over": Over.SET,
        "severity": "high",
        "may_not_apply": True,
    }
    return Constraint(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def a_pack(*constraints: Constraint) -> ClausePack:
    return ClausePack(
        id="test/1",
        standard="TEST",
        edition="2026",
        clause="1",
        title="Test clause",
        requirement="…",
        background="…",
        signals=(),
        constraints=constraints or (a_constraint(),),
        common_gap=CommonGap(title="…", severity="moderate", text="…"),
        audit_defence="The guide of {product} (Doc ID: {document_id}) gives it.",
        digest="pack-1",
    )


def a_citation(quote: str = "Each nurse has an account of her own.", facet: str = "roles") -> Citation:
    return Citation(quote=quote, locator=Locator(page=4, heading=("Accounts",)), facet=facet)


def a_verdict(
    constraint: str = "account-management",
    outcome: Outcome = Outcome.PARTIAL,
    *,
    met: tuple[str, ...] = ("roles",),
    touched: tuple[str, ...] = (),
) -> Verdict:
    facets = dict.fromkeys(met, FacetState.MET) | dict.fromkeys(touched, FacetState.TOUCHED)
    citations = tuple(a_citation(f"A sentence about {facet}.", facet) for facet in facets)
    if outcome is Outcome.NOT_APPLICABLE:
        citations = (a_citation("The software has no log-in.", "roles"),)
    return Verdict(constraint=constraint, outcome=outcome, reason="Because of it.", facets=facets, citations=citations)


def a_document(
    name: str = "Security Guide.docx",
    *verdicts: Verdict,
    kind: DocumentKind = DocumentKind.OPERATOR_GUIDE,
    versions: tuple[str, ...] = (),
    dated: date | None = None,
    status: DocumentStatus = DocumentStatus.FINAL,
    history: tuple[str, ...] = (),
    path: str = "My Drive / Security",
    product: str = "",
    document_id: str = "",
    releases: tuple[Listed, ...] = (),
    earlier: tuple[Earlier, ...] = (),
    **facts_too: Any,
) -> Evidence:
    facts = DocumentFacts(
        kind=kind,
        product=product,
        product_versions=versions,
        dated=dated,
        status=status,
        revision_history=history,
        document_id=document_id,
        releases=releases or tuple(Listed(version=one, dated=dated) for one in _noted(kind, versions)),
        **facts_too,
    )
    return Evidence(file=a_ref(name, path), facts=facts, verdicts=verdicts, earlier=earlier)


def _noted(kind: DocumentKind, versions: tuple[str, ...]) -> tuple[str, ...]:
    return versions if kind is DocumentKind.RELEASE_NOTES else ()


def some_notes(version: str = "4.3.0", **changes: Any) -> Evidence:
    """Build release notes that tell plainly what is new for security."""
    fields = {"kind": DocumentKind.RELEASE_NOTES, "versions": (version,), "security": Told.PLAINLY}
    return a_document(f"Release Notes {version}.md", **{**fields, **changes})


def a_waiver(**changes: object) -> Waiver:
    fields: dict[str, object] = {
        "id": 1,
        "product": "p",
        "clause": "test/1",
        "constraint": "account-management",
        "kind": WaiverKind.WAIVED,
        "reason": "The log-in comes with 4.4.",
        "approver": "Mara Voss",
        "decided_at": NOON,
        "until": date(2026, 12, 31),
    }
    return Waiver(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def an_objection(**changes: object) -> Objection:
    fields: dict[str, object] = {
        "id": 0,
        "product": "p",
        "clause": "test/1",
        "constraint": "account-management",
        "file": "id-Security Guide.docx",
        "judged": Judged(revision="sha256:1", pack_digest="pack-1", judge="judge-1"),
        "given": Outcome.MISSING,
        "claimed": Outcome.SATISFIED,
        "reason": "Page 4 says it.",
        "by": "anna@maker.example",
        "made_at": NOON,
    }
    return Objection(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def a_member(**changes: object) -> Member:
    fields: dict[str, object] = {
        "id": "m-ben",
        "product": "p",
        "address": "ben@maker.example",
        "role": Role.MEMBER,
        "invited_by": "anna@maker.example",
        "invited_at": NOON,
    }
    return Member(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def a_release(version: str = "4.3.0", released_on: date | None = None) -> Release:
    return Release(product="PulseView", version=version, released_on=released_on, source="added by hand")


def a_standing(
    constraint: str = "account-management",
    outcome: Outcome = Outcome.SATISFIED,
    *,
    met: tuple[str, ...] = (),
    file: FileRef | None = None,
) -> Standing:
    where = file or a_ref()
    return Standing(
        constraint=constraint,
        outcome=outcome,
        reason="Because of it.",
        facets=tuple((facet, FacetState.MET) for facet in met),
        citations=tuple(
            SetCitation(file=where, quote=f"A sentence about {facet}.", locator=Locator(page=4), facet=facet)
            for facet in met
        ),
        severity=None if outcome is Outcome.SATISFIED else "high",
    )


def a_report(*standings: Standing, release: Release | None = None, **changes: object) -> GapReport:
    fields: dict[str, object] = {
        "id": "report-1",
        "product": "PulseView",
        "clause": "test/1",
        "created_at": NOON,
        "release": release,
        "standings": standings,
        "unchecked": (),
        "drift": (),
        "since": None,
        "coverage": CoverageLine(complete=True, because="", files=90, candidates=20, scanned=18),
        "pack_digest": "pack-1",
        "judge": "judge-1",
        "audit_defence": "",
    }
    return GapReport(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


def a_channel(ident: str = "channel-1", **changes: object) -> Channel:
    """Build a channel for the hints of the person's own feed."""
    values: dict[str, object] = {
        "id": ident,
        "resource_id": "resource-1",
        "feed": "",
        "address": "https://crosswalk.example/connections/changed",
        "ends_at": datetime(2026, 6, 1, tzinfo=UTC),
    }
    return Channel(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_feed(product: str = "p", **changes: object) -> Feed:
    """Build a feed that was never looked at; nothing is asked at its address, which is nobody's but this machine's."""
    values: dict[str, object] = {
        "id": f"feed-of-{product}",
        "product": product,
        "address": "https://127.0.0.1/maker/pulseview/tags.atom",
        "set_at": NOON,
    }
    return Feed(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name
