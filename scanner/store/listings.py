"""Candidates and verdicts as pages show them: a part at a time, and the rest counted by the database."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, case, col, func, or_, select

from scanner.model.candidate import Scanned
from scanner.model.connection import ScanState
from scanner.model.display import revision_words
from scanner.model.document import DocumentKind
from scanner.model.gap import Evidence, FileRef
from scanner.model.ruling import Reading, Rejected, Ruling, Rulings
from scanner.model.verdict import PROVEN, Outcome
from scanner.store import values
from scanner.store.belonging import belongs, belongs_nowhere
from scanner.store.candidates import file_ref, in_picture, scanned_of, verdict_of
from scanner.store.files import escaped
from scanner.store.joins import CANDIDATE_FILE, VERDICT_CANDIDATE, VERDICT_FILE
from scanner.store.tables import CandidateRow, FileRow, VerdictRow

MOST_BEARING = 60  # documents that stand on a page in whole
MOST_GROUPS, MOST_OF_GROUP = 24, 8
_ORDER = (ScanState.UNDETERMINED, ScanState.TO_SCAN, ScanState.SCANNED)


class Listings:
    """What pages show of the candidates of one clause, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def candidates(
        self,
        connection: str,
        clause: str,
        *,
        extent: str,
        state: ScanState | None,
        words: str,
        first: int,
        most: int,
    ) -> tuple[tuple[Scanned, ...], int | None]:
        """Return a part of the candidates in the picture, what could not be checked first, and how many have the words.

        The words are to stand in the name or the folders, in this order and without regard to case. Without words the
        number is None: how many there are of each state is counted elsewhere.
        """
        mine = (CandidateRow.connection_id == connection, CandidateRow.clause == clause)
        where: list[Any] = [*mine, col(FileRow.gone).is_(None), *belongs(extent)]
        if words:
            like = f"%{escaped(words)}%"
            where.append(or_(col(FileRow.name).ilike(like, escape="\\"), col(FileRow.path).ilike(like, escape="\\")))
        pairs = select(CandidateRow.file_id).join(FileRow, CANDIDATE_FILE).where(*where)
        wanted = [state] if state is not None else list(_ORDER)
        ids = self._ids(pairs, wanted, first=first, most=most)
        rank = case({one.value: place for place, one in enumerate(_ORDER)}, value=CandidateRow.state)
        query = (
            select(CandidateRow, FileRow).join(FileRow, CANDIDATE_FILE).where(*mine, col(CandidateRow.file_id).in_(ids))
        )
        rows = self._session.exec(query.order_by(rank, *_BY_PLACE))
        if not words:
            return tuple(scanned_of(row, file) for row, file in rows), None
        of_states = pairs.where(col(CandidateRow.state).in_(wanted)).subquery()
        count = self._session.exec(select(func.count()).select_from(of_states)).one()
        return tuple(scanned_of(row, file) for row, file in rows), count

    def _ids(self, pairs: Any, states: Sequence[ScanState], *, first: int, most: int) -> list[str]:
        """Return the ids of a part, state by state: only those of the states that it reaches into are put in order.

        They are put in order by themselves: whole rows would be carried through the sort.
        """
        ids: list[str] = []
        for state in states:
            of_state = pairs.where(CandidateRow.state == state)
            some = self._session.exec(of_state.order_by(*_BY_PLACE).offset(first).limit(most - len(ids))).all()
            ids += some
            if len(ids) == most:
                break
            if some or not first:
                first = 0
            else:
                first -= self._session.exec(select(func.count()).select_from(of_state.subquery())).one()
        return ids

    def folders(self, connection: str, clause: str, *, extent: str, most: int) -> tuple[tuple[str, int], ...]:
        """Return the folders in which candidates lie, each with how many do, the fullest first."""
        query = select(FileRow.path, func.count()).join(CandidateRow, CANDIDATE_FILE)
        query = query.where(CandidateRow.connection_id == connection, CandidateRow.clause == clause)
        query = query.where(col(FileRow.gone).is_(None), *belongs(extent)).group_by(FileRow.path)
        return tuple(self._session.exec(query.order_by(func.count().desc(), FileRow.path).limit(most)).all())

    def strays(self, connection: str, clause: str, *, most: int = 0) -> tuple[int, tuple[FileRef, ...]]:
        """Count the candidates in the picture that belong to no product of the connection, and return some of them."""
        query = select(FileRow).join(CandidateRow, CANDIDATE_FILE).where(CandidateRow.clause == clause)
        mine = (FileRow.connection_id == connection, col(FileRow.gone).is_(None), *belongs_nowhere(connection))
        query = query.where(*mine)
        count = self._session.exec(select(func.count()).select_from(query.subquery())).one()
        some = query.order_by(FileRow.path, FileRow.name, FileRow.file_id).limit(most)
        return count, tuple(file_ref(file) for file in self._session.exec(some)) if most else ()

    def rulings(self, connection: str, clause: str, constraint: str, *, extent: str) -> Rulings:
        """Return how the candidates in the picture were judged on a constraint."""
        verdicts = (
            VerdictRow.connection_id == connection,
            VerdictRow.clause == clause,
            VerdictRow.constraint_id == constraint,
            in_picture(col(VerdictRow.file_id), connection, extent),
        )
        candidates = (
            CandidateRow.connection_id == connection,
            CandidateRow.clause == clause,
            in_picture(col(CandidateRow.file_id), connection, extent),
        )
        proven = (*verdicts, col(VerdictRow.outcome).in_([one.value for one in PROVEN]))
        bearing, more = self._bearing(proven), 0
        if len(bearing) == MOST_BEARING:
            more = self._count(VerdictRow, proven) - len(bearing)
        rejected = [*self._alike(verdicts), *self._unlike(verdicts)]
        rejected.sort(key=lambda one: (-one.count, one.reason))
        return Rulings(
            bearing=bearing,
            more=more,
            rejected=(*self._unread(candidates), *rejected[:MOST_GROUPS]),
            waiting=self._count(CandidateRow, (*candidates, CandidateRow.state == ScanState.TO_SCAN)),
        )

    def _count(self, table: type[VerdictRow | CandidateRow], where: tuple[Any, ...]) -> int:
        return self._session.exec(select(func.count()).select_from(table).where(*where)).one()

    def _bearing(self, proven: tuple[Any, ...]) -> tuple[Ruling, ...]:
        """Return the first documents that give something; they are put in order by their ids alone, as above."""
        rank = case({one.value: place for place, one in enumerate(Outcome)}, value=VerdictRow.outcome)
        ordered = (rank, *_BY_PLACE)
        names = select(VerdictRow.file_id).join(FileRow, VERDICT_FILE).where(*proven)
        ids = self._session.exec(names.order_by(*ordered).limit(MOST_BEARING)).all()
        rows = self._session.exec(RULED.where(*proven, col(VerdictRow.file_id).in_(ids)).order_by(*ordered))
        return tuple(ruling_of(row) for row in rows)

    def _alike(self, verdicts: tuple[Any, ...]) -> list[Rejected]:
        """Group what gives nothing by what was noted when it was judged: an index holds all of it."""
        noted = (col(VerdictRow.alike),)
        return self._silent(
            select(VerdictRow.outcome, *noted, func.count()), (*verdicts, VerdictRow.alike != ""), noted
        )

    def _unlike(self, verdicts: tuple[Any, ...]) -> list[Rejected]:
        """Group what was judged before that was noted, or by an older process beside this one."""
        told = (col(VerdictRow.reason), col(CandidateRow.kind))
        query = select(VerdictRow.outcome, *told, func.count()).join(CandidateRow, VERDICT_CANDIDATE)
        return self._silent(query, (*verdicts, VerdictRow.alike == ""), told)

    def _silent(self, query: Any, verdicts: tuple[Any, ...], by: tuple[Any, ...]) -> list[Rejected]:
        """Count and group the verdicts that give nothing by these columns, the largest groups."""
        groups = query.where(*verdicts, *_SILENT).group_by(VerdictRow.outcome, *by)
        found = []
        for outcome, *told, count in self._session.exec(groups.order_by(func.count().desc()).limit(MOST_GROUPS)).all():
            alike = (column == value for column, value in zip(by, told, strict=True))
            some = _REJECTED.where(*verdicts, VerdictRow.outcome == outcome, *alike)
            rows = self._session.exec(some.limit(MOST_OF_GROUP)).all()
            found += [_rejected(rows, count)] if rows else []  # between the two looks they may have been judged anew
        return found

    def _unread(self, candidates: tuple[Any, ...]) -> list[Rejected]:
        mine = (*candidates, CandidateRow.state == ScanState.UNDETERMINED)
        groups = select(CandidateRow.because, func.count()).where(*mine)
        groups = groups.group_by(CandidateRow.because).order_by(func.count().desc()).limit(MOST_GROUPS)
        found = []
        for because, count in self._session.exec(groups).all():
            some = select(FileRow).join(CandidateRow, CANDIDATE_FILE).where(*mine, CandidateRow.because == because)
            files = tuple(file_ref(file) for file in self._session.exec(some.limit(MOST_OF_GROUP)))
            found.append(Rejected(outcome=Outcome.UNDETERMINED, reason=because, kind=None, count=count, some=files))
        return found


def _judged(*columns: Any) -> Any:
    """Ask for these columns of verdicts, their candidates and files."""
    query: Any = select(*columns)
    return query.select_from(VerdictRow).join(CandidateRow, VERDICT_CANDIDATE).join(FileRow, CANDIDATE_FILE)


_BY_PLACE: Any = (FileRow.path, FileRow.name, FileRow.file_id)
_SILENT = (col(VerdictRow.outcome).in_([one.value for one in Outcome if one not in PROVEN]),)
_FILE: Any = (FileRow.file_id, FileRow.name, FileRow.path, FileRow.link, FileRow.owner)
_REJECTED: Any = _judged(VerdictRow.outcome, VerdictRow.reason, CandidateRow.kind, *_FILE)
# What a ruling is made of and no more: rows as objects, with all that hangs on them, take twice as long.
RULED: Any = _judged(
    *(VerdictRow.constraint_id, VerdictRow.outcome, VerdictRow.reason, VerdictRow.facets, VerdictRow.citations),
    *(CandidateRow.facts, CandidateRow.because, CandidateRow.revision, CandidateRow.scanned_revision),
    *(CandidateRow.scanned_at, FileRow.fingerprint, FileRow.modified_at, *_FILE),
)


def _rejected(rows: Sequence[Any], count: int) -> Rejected:
    """Return a group from some of its documents, which are alike."""
    first = rows[0]
    return Rejected(
        outcome=Outcome(first.outcome),
        reason=first.reason,
        kind=DocumentKind(first.kind),
        count=count,
        some=tuple(file_ref(row) for row in rows),
    )


def ruling_of(row: Any) -> Ruling:
    """Return how a document was judged, from a row of RULED."""
    newer = row.revision != row.scanned_revision
    return Ruling(
        evidence=Evidence(
            file=file_ref(row),
            facts=values.from_json(values.FACTS, row.facts),
            verdicts=(verdict_of(row),),
            unread=row.because,
        ),
        reading=Reading(
            revision="" if newer else revision_words(row.fingerprint),
            modified_at=row.modified_at,
            read_at=row.scanned_at,
            newer=newer,
        ),
    )
