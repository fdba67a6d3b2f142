"""Candidates and verdicts as pages show them: a part at a time, and the rest counted by the database."""

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
from scanner.store.candidates import file_ref, scanned_of, verdict_of
from scanner.store.files import escaped
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
        if state is not None:
            where.append(CandidateRow.state == state)
        if words:
            like = f"%{escaped(words)}%"
            where.append(or_(col(FileRow.name).ilike(like, escape="\\"), col(FileRow.path).ilike(like, escape="\\")))
        pairs = select(CandidateRow.file_id).join(FileRow, SAME_FILE).where(*where)
        rank = case({one.value: place for place, one in enumerate(_ORDER)}, value=CandidateRow.state)
        ordered = (rank, FileRow.path, FileRow.name, FileRow.file_id)
        # The ids are put in order by themselves: whole rows would be carried through the sort.
        ids = self._session.exec(pairs.order_by(*ordered).offset(first).limit(most)).all()
        query = select(CandidateRow, FileRow).join(FileRow, SAME_FILE).where(*mine)
        rows = self._session.exec(query.where(col(CandidateRow.file_id).in_(ids)).order_by(*ordered))
        count = self._session.exec(select(func.count()).select_from(pairs.subquery())).one() if words else None
        return tuple(scanned_of(row, file) for row, file in rows), count

    def folders(self, connection: str, clause: str, *, extent: str, most: int) -> tuple[tuple[str, int], ...]:
        """Return the folders in which candidates lie, each with how many do, the fullest first."""
        query = select(FileRow.path, func.count()).join(CandidateRow, SAME_FILE)
        query = query.where(CandidateRow.connection_id == connection, CandidateRow.clause == clause)
        query = query.where(col(FileRow.gone).is_(None), *belongs(extent)).group_by(FileRow.path)
        return tuple(self._session.exec(query.order_by(func.count().desc(), FileRow.path).limit(most)).all())

    def strays(self, connection: str, clause: str, *, most: int = 0) -> tuple[int, tuple[FileRef, ...]]:
        """Count the candidates in the picture that belong to no product of the connection, and return some of them."""
        query = select(FileRow).join(CandidateRow, SAME_FILE).where(CandidateRow.clause == clause)
        mine = (FileRow.connection_id == connection, col(FileRow.gone).is_(None), *belongs_nowhere(connection))
        query = query.where(*mine)
        count = self._session.exec(select(func.count()).select_from(query.subquery())).one()
        some = query.order_by(FileRow.path, FileRow.name, FileRow.file_id).limit(most)
        return count, tuple(file_ref(file) for file in self._session.exec(some)) if most else ()

    def rulings(self, connection: str, clause: str, constraint: str, *, extent: str) -> Rulings:
        """Return how the candidates in the picture were judged on a constraint."""
        mine = (
            VerdictRow.connection_id == connection,
            VerdictRow.clause == clause,
            VerdictRow.constraint_id == constraint,
            col(FileRow.gone).is_(None),
            *belongs(extent),
        )
        proven = (*mine, col(VerdictRow.outcome).in_([one.value for one in PROVEN]))
        query = select(VerdictRow, CandidateRow, FileRow).join(CandidateRow, SAME_CANDIDATE).join(FileRow, SAME_FILE)
        rank = case({one.value: place for place, one in enumerate(Outcome)}, value=VerdictRow.outcome)
        shown = self._session.exec(
            query.where(*proven).order_by(rank, FileRow.path, FileRow.name, FileRow.file_id).limit(MOST_BEARING)
        ).all()
        bearing = tuple(ruling_of(*row) for row in shown)
        more = 0
        if len(bearing) == MOST_BEARING:
            count = select(func.count()).select_from(VerdictRow).join(FileRow, _VERDICT_FILE).where(*proven)
            more = self._session.exec(count).one() - len(bearing)
        unread = self._unread(connection, clause, extent)
        waiting = select(func.count()).select_from(CandidateRow).join(FileRow, SAME_FILE)
        waiting = waiting.where(
            CandidateRow.connection_id == connection,
            CandidateRow.clause == clause,
            CandidateRow.state == ScanState.TO_SCAN,
            col(FileRow.gone).is_(None),
            *belongs(extent),
        )
        return Rulings(
            bearing=bearing,
            more=more,
            rejected=(*unread, *self._rejected(mine)),
            waiting=self._session.exec(waiting).one(),
        )

    def _rejected(self, mine: tuple[Any, ...]) -> list[Rejected]:
        kind = col(CandidateRow.kind)
        groups = (
            select(VerdictRow.outcome, VerdictRow.reason, kind, func.count())
            .join(CandidateRow, SAME_CANDIDATE)
            .join(FileRow, SAME_FILE)
            .where(*mine, col(VerdictRow.outcome).not_in([one.value for one in PROVEN]))
            .group_by(VerdictRow.outcome, VerdictRow.reason, kind)
            .order_by(func.count().desc(), VerdictRow.reason)
            .limit(MOST_GROUPS)
        )
        found = []
        for outcome, reason, of, count in self._session.exec(groups).all():
            some = (
                select(FileRow)
                .join(VerdictRow, _VERDICT_FILE)
                .join(CandidateRow, SAME_CANDIDATE)
                .where(*mine, VerdictRow.outcome == outcome, VerdictRow.reason == reason, kind == of)
                .limit(MOST_OF_GROUP)
            )
            files = tuple(file_ref(file) for file in self._session.exec(some))
            kind_of = DocumentKind(of)
            found.append(Rejected(outcome=Outcome(outcome), reason=reason, kind=kind_of, count=count, some=files))
        return found

    def _unread(self, connection: str, clause: str, extent: str) -> list[Rejected]:
        mine = (
            CandidateRow.connection_id == connection,
            CandidateRow.clause == clause,
            CandidateRow.state == ScanState.UNDETERMINED,
            col(FileRow.gone).is_(None),
            *belongs(extent),
        )
        groups = select(CandidateRow.because, func.count()).join(FileRow, SAME_FILE).where(*mine)
        groups = groups.group_by(CandidateRow.because).order_by(func.count().desc()).limit(MOST_GROUPS)
        found = []
        for because, count in self._session.exec(groups).all():
            some = select(FileRow).join(CandidateRow, SAME_FILE).where(*mine, CandidateRow.because == because)
            files = tuple(file_ref(file) for file in self._session.exec(some.limit(MOST_OF_GROUP)))
            found.append(Rejected(outcome=Outcome.UNDETERMINED, reason=because, kind=None, count=count, some=files))
        return found


SAME_FILE: Any = (col(FileRow.connection_id) == col(CandidateRow.connection_id)) & (
    col(FileRow.file_id) == col(CandidateRow.file_id)
)
_VERDICT_FILE: Any = (col(FileRow.connection_id) == col(VerdictRow.connection_id)) & (
    col(FileRow.file_id) == col(VerdictRow.file_id)
)
SAME_CANDIDATE: Any = (
    (col(CandidateRow.connection_id) == col(VerdictRow.connection_id))
    & (col(CandidateRow.file_id) == col(VerdictRow.file_id))
    & (col(CandidateRow.clause) == col(VerdictRow.clause))
)


def ruling_of(verdict: VerdictRow, row: CandidateRow, file: FileRow) -> Ruling:
    """Return how a document was judged, from three rows."""
    newer = row.revision != row.scanned_revision
    return Ruling(
        evidence=Evidence(
            file=file_ref(file),
            facts=values.from_json(values.FACTS, row.facts),
            verdicts=(verdict_of(verdict),),
            unread=row.because,
        ),
        reading=Reading(
            revision="" if newer else revision_words(file.fingerprint),
            modified_at=file.modified_at,
            read_at=row.scanned_at,
            newer=newer,
        ),
    )
