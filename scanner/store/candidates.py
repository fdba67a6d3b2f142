"""Candidates, and the verdicts that their scans gave."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, func, select

from scanner.model.candidate import Candidate, Scanned, SignalHit
from scanner.model.connection import ScanState
from scanner.model.document import DocumentFacts, Earlier
from scanner.model.gap import Evidence, FileRef, Unchecked
from scanner.model.verdict import FacetState, Judgement, Outcome, Verdict
from scanner.store import values
from scanner.store.belonging import belongs
from scanner.store.files import batches, source_file
from scanner.store.joins import CANDIDATE_FILE, VERDICT_FILE
from scanner.store.tables import CandidateRow, FileRow, VerdictRow

MAX_EARLIER = 20  # former revisions that are remembered of a document


class Candidates:
    """The candidates of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def flag(self, connection: str, candidate: Candidate, *, revision: str) -> bool:
        """Add the candidate or bring it up to date; True when this revision of it is still to be scanned."""
        row = self._row(connection, candidate.file.id, candidate.clause)
        hits = [{"signal": hit.signal, "field": hit.field, "text": hit.text} for hit in candidate.hits]
        if row is None:
            row = CandidateRow(
                connection_id=connection,
                file_id=candidate.file.id,
                clause=candidate.clause,
                state=ScanState.TO_SCAN,
                revision=revision,
            )
        row.hits, row.revision = hits, revision
        row.state = row.state if row.scanned_revision == revision else ScanState.TO_SCAN
        self._session.add(row)
        return row.state == ScanState.TO_SCAN

    def among(self, connection: str, file_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return which of the files are candidates, as (file id, clause)."""
        query = select(CandidateRow.file_id, CandidateRow.clause).where(CandidateRow.connection_id == connection)
        return {
            (file_id, clause)
            for batch in batches(file_ids)
            for file_id, clause in self._session.exec(query.where(col(CandidateRow.file_id).in_(batch)))
        }

    def unflag(self, connection: str, file_id: str, clause: str) -> None:
        """Forget the file as a candidate: no signal of the clause flags it any more."""
        row = self._row(connection, file_id, clause)
        if row is not None:
            self._session.delete(row)

    def unflag_as(self, connection: str, file_id: str, clause: str, *, signal: str) -> None:
        """Take one signal back; a candidate that has no other is none any more."""
        row = self._row(connection, file_id, clause)
        if row is not None:
            row.hits = [hit for hit in row.hits if hit["signal"] != signal]
            self._session.add(row) if row.hits else self._session.delete(row)

    def scanned(
        self,
        connection: str,
        file_id: str,
        clause: str,
        *,
        revision: str,
        judgement: Judgement,
        seconds: float,
        now: datetime,
    ) -> bool:
        """Keep what a scan gave; False, and nothing kept, when the candidate is not of that revision any more."""
        row = self._close(connection, file_id, clause, revision=revision, state=ScanState.SCANNED, now=now)
        if row is None:
            return False
        row.earlier, row.kind = _with_former(row, judgement.facts, now=now), judgement.facts.kind
        row.facts, row.seconds, row.because = values.to_json(values.FACTS, judgement.facts), seconds, judgement.unread
        self._session.add_all(_verdict_row(row, place, verdict) for place, verdict in enumerate(judgement.verdicts))
        return True

    def could_not_check(
        self, connection: str, file_id: str, clause: str, *, revision: str, because: str, now: datetime
    ) -> bool:
        """Keep why the candidate could not be checked; False when it is not of that revision any more."""
        row = self._close(connection, file_id, clause, revision=revision, state=ScanState.UNDETERMINED, now=now)
        if row is None:
            return False
        row.earlier = _with_former(row, None, now=now)
        row.because, row.facts, row.kind = because, {}, ""
        return True

    def judged(self, connection: str, file_id: str, clause: str, constraint: str, *, revision: str) -> Outcome | None:
        """Return a document's outcome on a constraint; None where it was not scanned, or not in that revision."""
        row = self._row(connection, file_id, clause)
        if row is None or row.state != ScanState.SCANNED or row.scanned_revision != revision:
            return None
        verdict = self._session.get(VerdictRow, (connection, file_id, clause, constraint))
        return Outcome(verdict.outcome) if verdict else None

    def revision(self, connection: str, file_id: str, clause: str) -> str | None:
        """Return the revision that the candidate is of now."""
        row = self._row(connection, file_id, clause)
        return row.revision if row else None

    def to_scan(self, connection: str, *, limit: int | None = None) -> tuple[tuple[str, str, str], ...]:
        """List what is to be scanned as (file id, clause, revision): files in the picture only."""
        query = (
            select(CandidateRow.file_id, CandidateRow.clause, CandidateRow.revision)
            .join(FileRow, CANDIDATE_FILE)
            .where(CandidateRow.connection_id == connection, CandidateRow.state == ScanState.TO_SCAN)
            .where(col(FileRow.gone).is_(None))
            .order_by(CandidateRow.file_id, CandidateRow.clause)
        )
        return tuple(self._session.exec(query.limit(limit) if limit else query).all())

    def counts(self, connection: str, clause: str = "", *, extent: str = "") -> dict[ScanState, int]:
        """Count the candidates in the picture by state: those of one clause or of all, of a product or of all."""
        query = (
            select(CandidateRow.state, func.count())
            .where(CandidateRow.connection_id == connection)
            .where(in_picture(col(CandidateRow.file_id), connection, extent))
            .group_by(CandidateRow.state)
        )
        if clause:
            query = query.where(CandidateRow.clause == clause)
        found = {ScanState(state): count for state, count in self._session.exec(query).all()}
        return {state: found.get(state, 0) for state in ScanState}

    def last_scan(self, connection: str) -> datetime | None:
        """Return when a candidate of the connection was last scanned."""
        query = select(CandidateRow.scanned_at).where(CandidateRow.connection_id == connection)
        query = query.where(col(CandidateRow.scanned_at).is_not(None))
        return self._session.exec(query.order_by(col(CandidateRow.scanned_at).desc()).limit(1)).first()

    def all(self, connection: str, clause: str) -> tuple[Scanned, ...]:
        """List the candidates in the picture, by path and name."""
        return tuple(scanned_of(row, file) for row, file in self._rows(connection, clause, ""))

    def evidence(
        self, connection: str, clause: str, *, extent: str = ""
    ) -> tuple[tuple[Evidence, ...], tuple[Unchecked, ...]]:
        """Return what was scanned with its verdicts, and what could not be checked: of a product, or of all."""
        verdicts: dict[str, list[VerdictRow]] = {}
        query = select(VerdictRow).where(VerdictRow.connection_id == connection, VerdictRow.clause == clause)
        if extent:
            query = query.join(FileRow, VERDICT_FILE).where(*belongs(extent))
        for verdict in self._session.exec(query.order_by(col(VerdictRow.file_id), col(VerdictRow.place))):
            verdicts.setdefault(verdict.file_id, []).append(verdict)
        rows = self._rows(connection, clause, extent)
        read = tuple(
            _evidence(row, file, verdicts.get(row.file_id, ())) for row, file in rows if row.state == ScanState.SCANNED
        )
        unread = tuple(
            Unchecked(file=file_ref(file), because=row.because)
            for row, file in rows
            if row.state == ScanState.UNDETERMINED
        )
        return read, unread

    def _rows(self, connection: str, clause: str, extent: str) -> Sequence[tuple[CandidateRow, FileRow]]:
        query = (
            select(CandidateRow, FileRow)
            .join(FileRow, CANDIDATE_FILE)
            .where(CandidateRow.connection_id == connection, CandidateRow.clause == clause)
            .where(col(FileRow.gone).is_(None), *belongs(extent))
            .order_by(FileRow.path, FileRow.name, FileRow.file_id)
        )
        return self._session.exec(query).all()

    def _row(self, connection: str, file_id: str, clause: str) -> CandidateRow | None:
        return self._session.get(CandidateRow, (connection, file_id, clause))

    def _close(
        self, connection: str, file_id: str, clause: str, *, revision: str, state: ScanState, now: datetime
    ) -> CandidateRow | None:
        row = self._row(connection, file_id, clause)
        if row is None or row.revision != revision:
            return None
        row.state, row.scanned_revision, row.because, row.scanned_at = state, revision, "", now
        self._session.add(row)
        self._session.exec(
            delete(VerdictRow).where(
                col(VerdictRow.connection_id) == connection,
                col(VerdictRow.file_id) == file_id,
                col(VerdictRow.clause) == clause,
            )
        )
        return row


def file_ref(file: FileRow) -> FileRef:
    """Name the file as reports do."""
    return FileRef(id=file.file_id, name=file.name, path=file.path, link=file.link, owner=file.owner)


def in_picture(file_id: Any, connection: str, extent: str) -> Any:
    """Return what is true of a file of a product (see `belongs`) while it is in the picture.

    What has left is little, so that it is left out by an index of its own and no file is looked at.
    """
    mine = select(FileRow.file_id).where(FileRow.connection_id == connection)
    if not extent:
        return file_id.not_in(mine.where(col(FileRow.gone).is_not(None)))
    return file_id.in_(mine.where(col(FileRow.gone).is_(None), *belongs(extent)))


def _verdict_row(row: CandidateRow, place: int, verdict: Verdict) -> VerdictRow:
    return VerdictRow(
        connection_id=row.connection_id,
        file_id=row.file_id,
        clause=row.clause,
        constraint_id=verdict.constraint,
        place=place,
        outcome=verdict.outcome,
        reason=verdict.reason,
        alike=_alike(row.kind, verdict.reason),
        facets=dict(verdict.facets),
        citations=values.to_json(values.CITATIONS, verdict.citations),
    )


def _alike(kind: str, reason: str) -> str:
    """Return the same few characters for the same kind of document and the same reason: an index can hold them."""
    return hashlib.sha256(f"{kind}\0{reason}".encode()).hexdigest()[:16]


def verdict_of(row: VerdictRow) -> Verdict:
    """Return the verdict that a row holds."""
    return Verdict(
        constraint=row.constraint_id,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        facets={facet: FacetState(state) for facet, state in row.facets.items()},
        citations=values.from_json(values.CITATIONS, row.citations),
    )


def _with_former(row: CandidateRow, fresh: DocumentFacts | None, *, now: datetime) -> list[dict[str, Any]]:
    """Return the former revisions with the last one, where the fresh one says anything else of itself."""
    if not row.facts:
        return row.earlier
    last = values.from_json(values.FACTS, row.facts)
    if not last.sameness or (fresh is not None and _former(last) == _former(fresh)):
        return row.earlier
    known = (*values.from_json(values.EARLIER, row.earlier), replace(_former(last), until=now))
    kept: list[dict[str, Any]] = values.to_json(values.EARLIER, known[-MAX_EARLIER:])
    return kept


def _former(facts: DocumentFacts) -> Earlier:
    return Earlier(
        product_versions=facts.product_versions, dated=facts.dated, marks=facts.marks, sameness=facts.sameness
    )


def _evidence(row: CandidateRow, file: FileRow, verdicts: Sequence[VerdictRow]) -> Evidence:
    return Evidence(
        file=file_ref(file),
        facts=values.from_json(values.FACTS, row.facts),
        verdicts=tuple(verdict_of(verdict) for verdict in verdicts),
        unread=row.because,
        earlier=values.from_json(values.EARLIER, row.earlier),
    )


def scanned_of(row: CandidateRow, file: FileRow) -> Scanned:
    """Return the candidate that two rows hold."""
    hits = tuple(SignalHit(signal=hit["signal"], field=hit["field"], text=hit["text"]) for hit in row.hits)
    return Scanned(
        candidate=Candidate(file=source_file(file), clause=row.clause, hits=hits),
        state=ScanState(row.state),
        because=row.because,
        facts=values.from_json(values.FACTS, row.facts) if row.facts else None,
        seconds=row.seconds,
    )
