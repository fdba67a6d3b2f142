"""What the API says beside reports, as plain objects, in the words of scanner/report/plain.py."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from scanner.model.candidate import Scanned
from scanner.model.clause import ClausePack, Constraint
from scanner.model.connection import Called, Connection, Product, ScanState
from scanner.model.coverage import looked_through
from scanner.model.display import shown
from scanner.model.feed import Feed
from scanner.model.gap import FileRef, GapReport, Move
from scanner.model.job import Job
from scanner.model.person import Role
from scanner.model.release import Release
from scanner.model.ruling import Ruling
from scanner.model.waiver import Waiver
from scanner.report.plain import Plain, file_object, release_object, verdict_object, waiver_object
from scanner.web.constraint import aside_of


def clause_object(pack: ClausePack) -> Plain:
    """Turn a clause into an object."""
    return {
        "id": pack.id,
        "standard": pack.standard,
        "clause": pack.clause,
        "title": pack.title,
        "requirement": pack.requirement,
        "pack_digest": pack.digest,
        "constraints": [constraint_object(one) for one in pack.constraints],
    }


def constraint_object(constraint: Constraint) -> Plain:
    """Turn a constraint into an object."""
    return {
        "id": constraint.id,
        "text": constraint.text,
        "short": constraint.short,
        "provenance": constraint.provenance,
        "source": constraint.source,
        "severity": constraint.severity,
        "may_not_apply": constraint.may_not_apply,
        "facets": [
            {
                "id": facet.id,
                "label": facet.label,
                "counts": facet.counts,
                "needed": facet.id in constraint.satisfied.all_of,
            }
            for facet in constraint.facets
        ],
    }


def product_object(product: Product, role: Role, connection: Connection, counts: dict[ScanState, int]) -> Plain:
    """Turn a product into an object."""
    return {
        "id": product.id,
        "name": product.name,
        "also_called": list(product.also_called),
        "naming": list(product.naming),
        "folders": [{"id": one, "name": name} for one, name in product.folders.items()],
        "role": role.value,
        "drive": {
            "account": connection.email,
            "state": connection.state.value,
            "because": connection.state_because,
            "connected_at": connection.connected_at.isoformat(),
            "consented_at": moment(connection.consented_at),
            "looked_through_at": moment(connection.synced_at),
            "looked_through": looked_through(connection.coverage) if connection.coverage else "",
        },
        "candidates": {state.value.replace(" ", "_"): counts.get(state, 0) for state in ScanState},
    }


def release_line(release: Release) -> Plain:
    """Turn a release into an object, with what became of it."""
    return {**release_object(release), "origin": release.origin.value, "state": release.state.value}


def feed_object(feed: Feed) -> Plain:
    """Turn a feed into an object."""
    return {
        "address": feed.address,
        "set_at": feed.set_at.isoformat(),
        "looked_at": moment(feed.looked_at),
        "answered_at": moment(feed.answered_at),
        "because": shown(feed.because, 300),
        "failing_since": moment(feed.failing_since),
        "wait_until": moment(feed.wait_until),
    }


def waiver_line(waiver: Waiver, today: date) -> Plain:
    """Turn a decision into an object, with what it is about and whether it holds."""
    return {
        **waiver_object(waiver),
        "clause": waiver.clause,
        "constraint": waiver.constraint,
        "by": waiver.by,
        "decided_at": waiver.decided_at.isoformat(),
        "ended_at": moment(waiver.ended_at),
        "in_force": waiver.holds(today),
    }


def candidate_object(scanned: Scanned) -> Plain:
    """Turn a candidate into an object."""
    file, facts = scanned.candidate.file, scanned.facts
    return {
        "file": file_object(FileRef(id=file.id, name=file.name, path=file.path, link=file.link)),
        "media_type": file.media_type,
        "modified_at": moment(file.modified_at),
        "flagged": [{"signal": one.signal, "field": one.field, "text": one.text} for one in scanned.candidate.hits],
        "state": scanned.state.value,
        "because": scanned.because,
        "facts": None
        if facts is None
        else {
            "kind": facts.kind.value,
            "document_id": facts.document_id,
            "product": facts.product,
            "product_versions": list(facts.product_versions),
            "dated": facts.dated.isoformat() if facts.dated else None,
            "status": facts.status.value,
            "words": facts.words,
        },
    }


def job_object(job: Job, *, names: Mapping[str, str], unhealed: Collection[str]) -> Plain:
    """Turn a job into an object; its file is told where it may be named."""
    file = job.args.get("file", "")
    return {
        "id": job.id,
        "kind": job.kind.value,
        "state": job.state.value,
        "attempts": job.attempts,
        "may_run_at": job.run_at.isoformat(),
        "because": shown(job.error, 300),
        "progress": shown(job.progress, 120),
        "file": file if file in names else None,
        "file_name": names.get(file, ""),
        "can_retry": job.id in unhealed,
    }


def ruling_object(ruling: Ruling, report: GapReport | None, called: Called) -> Plain:
    """Turn what a document gives on a constraint into an object."""
    evidence, reading = ruling.evidence, ruling.reading
    return {
        "file": file_object(evidence.file),
        "kind": evidence.facts.kind.value,
        "reading": {
            "revision": reading.revision,
            "modified_at": moment(reading.modified_at),
            "read_at": moment(reading.read_at),
            "newer": reading.newer,
        },
        "aside": aside_of(ruling, report, called),
        "unread": evidence.unread,
        **verdict_object(evidence.verdicts[0]),
    }


def move_object(move: Move) -> Plain:
    """Turn a move into an object."""
    return {
        "report": move.report,
        "at": move.at.isoformat(),
        "outcome": move.outcome.value,
        "decided": move.decided.value if move.decided else None,
        "reasons": list(move.reasons),
    }


def moment(when: datetime | None) -> str | None:
    """Return a moment as ISO 8601 has it, None for none."""
    return when.isoformat() if when else None
