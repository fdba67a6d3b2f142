"""Reports and scans as plain objects with stable keys: other programs read what is made of them."""

from collections.abc import Iterable, Mapping
from datetime import date

from scanner.model.clause import ClausePack
from scanner.model.document import Locator
from scanner.model.gap import Drift, FileRef, GapReport, Overtaken, SetCitation, Standing, Unchecked
from scanner.model.release import Release
from scanner.model.verdict import Verdict
from scanner.model.waiver import Waiver
from scanner.report.base import ScannedFile

Plain = Mapping[str, object]


def scan_line(scanned: ScannedFile) -> Plain:
    """Turn a scanned file into its line; the keys and the outcomes' words are a contract."""
    return {
        "file": scanned.file,
        "media_type": scanned.media_type,
        "status": scanned.status.value,
        "reason": scanned.reason,
        "words": scanned.words,
        "seconds": round(scanned.seconds, 3),
        "verdicts": [verdict_object(verdict) for verdict in scanned.verdicts],
    }


def report_head(report: GapReport, *, pack: ClausePack) -> Plain:
    """Turn what a report says as a whole into an object."""
    return {
        "id": report.id,
        "product": report.product,
        "release": release_object(report.release) if report.release else None,
        "waiting": [release_object(release) for release in report.waiting],
        "standard": pack.standard,
        "clause": report.clause,
        "created_at": report.created_at.isoformat(),
        "last_run": report.last_run.isoformat(),
        "since": report.since.isoformat() if report.since else None,
        "gaps": len(report.gaps),
        "coverage": {
            "complete": report.coverage.complete,
            "because": report.coverage.because,
            "files": report.coverage.files,
            "candidates": report.coverage.candidates,
            "scanned": report.coverage.scanned,
        },
        "pack_digest": report.pack_digest,
        "judge": report.judge,
        "audit_defence": report.audit_defence,
        "note": report.note,
    }


def report_object(report: GapReport, *, pack: ClausePack) -> Plain:
    """Turn a whole report into an object."""
    return {
        **report_head(report, pack=pack),
        "standings": [standing_object(standing) for standing in report.standings],
        "drift": [drift_object(drift) for drift in report.drift],
        "ours": [drift_object(drift) for drift in report.ours],
        "unchecked": [unchecked_object(unchecked) for unchecked in report.unchecked],
        "overtaken": [overtaken_object(overtaken) for overtaken in report.overtaken],
    }


def standing_object(standing: Standing) -> Plain:
    """Turn a standing into an object."""
    return {
        "constraint": standing.constraint,
        "outcome": standing.outcome.value,
        "reason": standing.reason,
        "severity": standing.severity,
        "facets": {facet: state.value for facet, state in standing.facets},
        "citations": _citations(standing.citations),
        "waiver": waiver_object(standing.waiver) if standing.waiver else None,
        "checks": [
            {
                "check": check.id.value,
                "outcome": check.outcome.value,
                "reason": check.reason,
                "citations": _citations(check.citations),
            }
            for check in standing.checks
        ],
        "last_known": standing.last_known.outcome.value if standing.last_known else None,
    }


def drift_object(drift: Drift) -> Plain:
    """Turn a difference into an object."""
    return {
        "drift": drift.kind.value,
        "cause": drift.cause.value,
        "constraint": drift.constraint,
        "before": drift.before.value,
        "now": drift.now.value,
        "reason": drift.reason,
        "file": file_object(drift.file) if drift.file else None,
        "old_quote": drift.old_quote,
    }


def unchecked_object(unchecked: Unchecked) -> Plain:
    """Turn a file that could not be checked into an object."""
    return {
        "file": file_object(unchecked.file),
        "because": unchecked.because,
        "in_part": unchecked.in_part,
        "still": unchecked.still,
    }


def overtaken_object(overtaken: Overtaken) -> Plain:
    """Turn an older edition or a copy into an object."""
    return {"file": overtaken.file, "because": overtaken.because}


def locator_object(locator: Locator) -> Plain:
    """Turn a locator into an object that holds only the parts that its format has."""
    parts: dict[str, object] = {
        "page": locator.page,
        "heading": list(locator.heading) or None,
        "paragraph": locator.paragraph,
        "sheet": locator.sheet,
        "cell": locator.cell,
        "slide": locator.slide,
        "part": locator.part,
        "anchor": locator.anchor,
    }
    return {name: value for name, value in parts.items() if value is not None}


def verdict_object(verdict: Verdict) -> Plain:
    """Turn a verdict into an object."""
    return {
        "constraint": verdict.constraint,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "facets": {facet: state.value for facet, state in verdict.facets.items()},
        "citations": [
            {"quote": citation.quote, "locator": locator_object(citation.locator), "facet": citation.facet}
            for citation in verdict.citations
        ],
    }


def release_object(release: Release) -> Plain:
    """Turn a release into an object."""
    dated: date | None = release.released_on
    return {"version": release.version, "released_on": dated.isoformat() if dated else None, "source": release.source}


def _citations(citations: Iterable[SetCitation]) -> list[Plain]:
    """Turn citations of a set into objects."""
    return [
        {
            "quote": citation.quote,
            "locator": locator_object(citation.locator),
            "facet": citation.facet,
            "file": file_object(citation.file),
        }
        for citation in citations
    ]


def waiver_object(waiver: Waiver) -> Plain:
    """Turn a decision into an object."""
    return {
        "id": waiver.id,
        "kind": waiver.kind.value,
        "reason": waiver.reason,
        "approver": waiver.approver,
        "until": waiver.until.isoformat(),
    }


def file_object(file: FileRef) -> Plain:
    """Turn a file's reference into an object."""
    return {"id": file.id, "name": file.name, "path": file.path, "link": file.link}
