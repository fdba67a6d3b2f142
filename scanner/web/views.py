"""What the pages show, as values: built from a report and a few counts, without any query."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.gaps.assess import relied_on
from scanner.model.candidate import Scanned
from scanner.model.clause import ClausePack, Constraint
from scanner.model.connection import Connection, ConnectionState, ScanState
from scanner.model.display import counted, shown
from scanner.model.document import DocumentFacts
from scanner.model.gap import Evidence, FileRef, GapReport, SetCitation, Standing
from scanner.model.hook import Hook
from scanner.model.job import Job, JobKind, JobState
from scanner.model.release import Release
from scanner.model.verdict import PROVEN, FacetState, Outcome, Verdict
from scanner.notify.letter import Caps, Letter, Part, letter

_EVERYTHING = Caps(drift=200, gaps=200, unchecked=200, standings=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is being done for a connection right now."""

    live: bool  # whether a job is queued or running
    doing: tuple[str, ...]  # a sentence for each verb at work
    scanned: int  # candidates that are done
    candidates: int
    failed: tuple[str, ...]  # why jobs failed, newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The product: where its clause stands, and what is being done."""

    connection: Connection
    pack: ClausePack
    letter: Letter | None  # None before the first review
    progress: Progress
    can_read: bool  # False once the consent was lost


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A candidate: what flagged it, what it is, and how far its scan is."""

    file: FileRef
    flagged: tuple[str, ...]  # "file-name: “Security Guide” in its name"
    state: ScanState
    because: str
    facts: DocumentFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsPage:
    """All candidates of a connection."""

    rows: tuple[DocumentRow, ...]  # what could not be checked first
    said: str  # how many, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesPage:
    """The releases of a product, and the hooks that tell of them."""

    waiting: tuple[Release, ...]  # for the person's word
    known: tuple[Release, ...]  # all, the newest first
    hooks: tuple[Hook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """One part of a constraint and how far the set of documents bears it."""

    label: str
    counts: str
    state: FacetState | None  # None before the first review
    needed: bool  # the constraint cannot be satisfied without it


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdict:
    """One document's verdict on the constraint that the page is about."""

    file: FileRef
    facts: DocumentFacts
    verdict: Verdict
    unread: str  # why it was read only in part, "" where all of it was
    relied_on: bool  # False where it is superseded, archived or about another product


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Documents that give nothing on a constraint, grouped by why."""

    said: str  # how many, of which kinds
    why: tuple[tuple[str, tuple[DocumentVerdict, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintPage:
    """One constraint with all that is known about it."""

    pack: ClausePack
    constraint: Constraint
    standing: Standing | None
    proofs: tuple[SetCitation, ...]  # of the parts that are given
    mentions: tuple[SetCitation, ...]  # of the parts that are only touched on
    facets: tuple[FacetRow, ...]
    documents: tuple[DocumentVerdict, ...]  # those that give something, most first
    silent: tuple[Silent, ...]


def overview_page(
    *, connection: Connection, pack: ClausePack, report: GapReport | None, progress: Progress
) -> OverviewPage:
    """Put the overview together."""
    return OverviewPage(
        connection=connection,
        pack=pack,
        letter=letter(Part(report=report, pack=pack, quotes=True), caps=_EVERYTHING) if report else None,
        progress=progress,
        can_read=connection.state is ConnectionState.ACTIVE,
    )


def progress_of(jobs: Sequence[Job], *, counts: Mapping[ScanState, int], connection: Connection) -> Progress:
    """Say what a connection's jobs are doing; jobs of others are left out here once more.

    A failed scan is told by its document, and a failure that a later sync has healed is told no more.
    """
    own = [job for job in jobs if job.connection == connection.id]
    live = [job for job in own if job.state in {JobState.QUEUED, JobState.RUNNING}]
    total = sum(counts.values())
    scanned = total - counts.get(ScanState.TO_SCAN, 0)
    doing = tuple(_doing(kind, live, connection, scanned, total) for kind in JobKind if _at_work(kind, live))
    failed = [job for job in own if job.state is JobState.FAILED and job.kind is not JobKind.SCAN]
    fresh = [job for job in failed if connection.synced_at is None or job.run_at > connection.synced_at]
    told = dict.fromkeys(f"{job.kind.value}: {job.error or 'no reason was given'}" for job in fresh)
    return Progress(live=bool(live), doing=doing, scanned=scanned, candidates=total, failed=tuple(told)[:3])


def documents_page(candidates: Sequence[Scanned], *, pack: ClausePack) -> DocumentsPage:
    """List the candidates, what could not be checked first."""
    order = (ScanState.UNDETERMINED, ScanState.TO_SCAN, ScanState.SCANNED)
    rows = sorted((_document(candidate, pack) for candidate in candidates), key=lambda row: order.index(row.state))
    unread = sum(row.state is ScanState.UNDETERMINED for row in rows)
    waiting = sum(row.state is ScanState.TO_SCAN for row in rows)
    said = [counted(len(rows), "candidate")]
    said += [f"{unread} could not be checked"] if unread else []
    said += [f"{waiting} waiting to be read"] if waiting else []
    return DocumentsPage(rows=tuple(rows), said=", ".join(said))


def constraint_page(
    constraint: Constraint, *, pack: ClausePack, report: GapReport | None, evidence: Sequence[Evidence]
) -> ConstraintPage:
    """Put together what is known about a constraint."""
    standings = report.standings if report else ()
    standing = next((each for each in standings if each.constraint == constraint.id), None)
    states = dict(standing.facets) if standing else {}
    facets = tuple(
        FacetRow(
            label=facet.label,
            counts=facet.counts,
            state=states.get(facet.id),
            needed=facet.id in constraint.satisfied.all_of,
        )
        for facet in constraint.facets
    )
    order = list(Outcome)
    current = {each.file.id for each in relied_on(evidence, report.product if report else "")}
    documents = [
        DocumentVerdict(
            file=each.file, facts=each.facts, verdict=verdict, unread=each.unread, relied_on=each.file.id in current
        )
        for each in evidence
        for verdict in each.verdicts
        if verdict.constraint == constraint.id
    ]
    documents.sort(key=lambda each: (not each.relied_on, order.index(each.verdict.outcome)))
    cited = standing.citations if standing else ()
    proofs = tuple(one for one in cited if states.get(one.facet) is not FacetState.TOUCHED)
    return ConstraintPage(
        pack=pack,
        constraint=constraint,
        standing=standing,
        proofs=proofs,
        mentions=tuple(one for one in cited if one not in proofs),
        facets=facets,
        documents=tuple(each for each in documents if each.verdict.outcome in PROVEN),
        silent=_silent(documents),
    )


def _silent(documents: Sequence[DocumentVerdict]) -> tuple[Silent, ...]:
    """Collapse the documents that give nothing; those that were read only in part stand apart."""
    found = []
    for outcome, how in (
        (Outcome.UNDETERMINED, "could be read only in part"),
        (Outcome.MISSING, "read without a word that gives it"),
    ):
        rows = [each for each in documents if each.verdict.outcome is outcome]
        kinds = Counter(each.facts.kind for each in rows)
        said = ", ".join(counted(count, kind.noun) for kind, count in kinds.most_common())
        reasons = tuple(
            (reason, tuple(each for each in rows if each.verdict.reason == reason))
            for reason in dict.fromkeys(each.verdict.reason for each in rows)
        )
        if rows:
            found.append(Silent(said=f"{counted(len(rows), 'document')} {how}: {said}", why=reasons))
    return tuple(found)


def _document(scanned: Scanned, pack: ClausePack) -> DocumentRow:
    """Turn a candidate into a row."""
    file = scanned.candidate.file
    known = {signal.id: signal.kind.value for signal in pack.signals}
    flagged = tuple(
        f"{known.get(hit.signal, hit.signal)}: “{shown(hit.text, 80)}” in its {hit.field}"
        for hit in scanned.candidate.hits
    )
    return DocumentRow(
        file=FileRef(id=file.id, name=file.name, path=file.path, link=file.link),
        flagged=flagged,
        state=scanned.state,
        because=scanned.because,
        facts=scanned.facts,
    )


def _at_work(kind: JobKind, live: Sequence[Job]) -> bool:
    """Tell whether a verb is at work."""
    return any(job.kind is kind for job in live)


def _doing(kind: JobKind, live: Sequence[Job], connection: Connection, scanned: int, total: int) -> str:
    """Say what one verb is doing, and what the failure was that it tries to get over."""
    retried = next((job.error for job in live if job.kind is kind and job.error), "")
    match kind:
        case JobKind.SYNC:
            seen = sum(connection.coverage.listed.values()) if connection.coverage else 0
            said = f"Looking through your Drive: {counted(seen, 'file')} seen"
        case JobKind.SCAN:
            said = f"Reading documents: {scanned} of {total}"
        case JobKind.REVIEW:
            said = "Judging the documents as a set"
        case JobKind.SUMMARIZE:
            said = "Writing the email"
    return f"{said}. Trying again after: {shown(retried, 160)}" if retried else f"{said}."
