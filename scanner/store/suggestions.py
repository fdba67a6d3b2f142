"""Files that the source's own search suggests, and what people said to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select

from scanner.model.suggestion import Suggestion, SuggestionState
from scanner.store.belonging import belongs
from scanner.store.decided_tables import SearchRow, SuggestionRow
from scanner.store.files import batches, source_file
from scanner.store.tables import CandidateRow, FileRow


class Suggestions:
    """The suggestions of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def found(self, connection: str, clause: str, words: Mapping[str, Sequence[str]], *, now: datetime) -> None:
        """Take what a search found, words by file id, for what was new until then; what people decided is kept."""
        mine = (col(SuggestionRow.connection_id) == connection, col(SuggestionRow.clause) == clause)
        self._session.exec(delete(SuggestionRow).where(*mine, col(SuggestionRow.state) == SuggestionState.NEW))
        decided = set(self._session.exec(select(SuggestionRow.file_id).where(*mine)))
        self._session.add_all(
            SuggestionRow(
                connection_id=connection,
                file_id=file_id,
                clause=clause,
                words=list(found),
                count=len(found),
                state=SuggestionState.NEW,
                found_at=now,
            )
            for file_id, found in words.items()
            if file_id not in decided
        )
        self._session.flush()

    def get(self, connection: str, file_id: str, clause: str, *, extent: str) -> Suggestion | None:
        """Return the suggestion of a product's file that is in the picture."""
        query = self._with_file(connection, clause).where(SuggestionRow.file_id == file_id, *belongs(extent))
        pair = self._session.exec(query).first()
        return _suggestion(*pair) if pair else None

    def decide(
        self, connection: str, file_id: str, clause: str, state: SuggestionState, *, by: str, now: datetime
    ) -> None:
        """Keep what a person said; back to new, nobody did."""
        row = self._session.get_one(SuggestionRow, (connection, file_id, clause))
        said = state is not SuggestionState.NEW
        row.state, row.decided_by, row.decided_at = state, by if said else "", now if said else None
        self._session.add(row)
        self._session.flush()

    def accepted(self, connection: str, file_ids: Sequence[str]) -> dict[tuple[str, str], str]:
        """Return by whom those of the files were accepted that were, by (file id, clause)."""
        query = select(SuggestionRow.file_id, SuggestionRow.clause, SuggestionRow.decided_by).where(
            SuggestionRow.connection_id == connection, SuggestionRow.state == SuggestionState.ACCEPTED
        )
        return {
            (file_id, clause): by
            for batch in batches(file_ids)
            for file_id, clause, by in self._session.exec(query.where(col(SuggestionRow.file_id).in_(batch)))
        }

    def listed(
        self, connection: str, clause: str, state: SuggestionState, *, extent: str, limit: int
    ) -> tuple[Suggestion, ...]:
        """List the suggestions of a product's files in the picture, those first that speak of most.

        A new one that has become a candidate meanwhile, by its name, is left out.
        """
        mine = (self._of_state(connection, clause, state), *belongs(extent))
        query = self._with_file(connection, clause).where(*mine)
        ordered = query.order_by(col(SuggestionRow.count).desc(), FileRow.path, FileRow.name, FileRow.file_id)
        return tuple(_suggestion(row, file) for row, file in self._session.exec(ordered.limit(limit)))

    def some(
        self,
        connection: str,
        clause: str,
        *,
        extent: str,
        states: Sequence[SuggestionState] = (),
        after: str = "",
        limit: int,
    ) -> tuple[Suggestion, ...]:
        """List the same by their files' ids, those behind one; of all states where none is named."""
        wanted = or_(*(self._of_state(connection, clause, state) for state in states or SuggestionState))
        query = self._with_file(connection, clause).where(wanted, col(SuggestionRow.file_id) > after, *belongs(extent))
        rows = self._session.exec(query.order_by(SuggestionRow.file_id).limit(limit))
        return tuple(_suggestion(row, file) for row, file in rows)

    def searched(self, connection: str, *, because: str, at: datetime | None) -> None:
        """Note how a search went: when it came to its end (None for one that did not), and what it may lack."""
        row = self._session.get(SearchRow, connection) or SearchRow(connection_id=connection)
        row.searched_at, row.because = at or row.searched_at, because
        self._session.add(row)
        self._session.flush()

    def last_search(self, connection: str) -> tuple[datetime | None, str]:
        """Return when the last search came to its end, and why something may be missing."""
        row = self._session.get(SearchRow, connection)
        return (row.searched_at, row.because) if row else (None, "")

    def _of_state(self, connection: str, clause: str, state: SuggestionState) -> ColumnElement[bool]:
        if state is not SuggestionState.NEW:
            return col(SuggestionRow.state) == state
        flagged = select(CandidateRow.file_id).where(
            CandidateRow.connection_id == connection, CandidateRow.clause == clause
        )
        return and_(col(SuggestionRow.state) == state, col(SuggestionRow.file_id).not_in(flagged))

    def _with_file(self, connection: str, clause: str):  # type: ignore[no-untyped-def]  # sqlmodel has no name for it
        same = (col(FileRow.connection_id) == col(SuggestionRow.connection_id)) & (
            col(FileRow.file_id) == col(SuggestionRow.file_id)
        )
        query = select(SuggestionRow, FileRow).join(FileRow, same)
        return query.where(
            SuggestionRow.connection_id == connection, SuggestionRow.clause == clause, col(FileRow.gone).is_(None)
        )


def _suggestion(row: SuggestionRow, file: FileRow) -> Suggestion:
    return Suggestion(
        file=source_file(file),
        clause=row.clause,
        words=tuple(row.words),
        state=SuggestionState(row.state),
        found_at=row.found_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
