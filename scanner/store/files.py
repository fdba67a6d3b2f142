"""Source files as last seen."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select, update

from connector import Coverage, SourceFile
from scanner.store.tables import FileRow

BATCH = 500  # rows a statement: SQLite takes 32,766 parameters at most
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}  # the same words, two classes
SEPARATOR: Any = literal_column("' / '")  # of the folders in a path; the first one names the corpus
CORPUS: dict[str, Callable[[Any], Any]] = {
    "sqlite": lambda path: func.substr(path, 1, func.instr(path.concat(SEPARATOR), SEPARATOR) - 1),
    "postgresql": lambda path: func.split_part(path, SEPARATOR, 1),
}
T = TypeVar("T")
_KEY = ("connection_id", "file_id")


class Files:
    """The files of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def saw(self, connection: str, files: Iterable[SourceFile], *, sync_id: str) -> None:
        """Add the files or bring their metadata up to date; seeing a lost one brings it back."""
        rows = [_row(connection, file, sync_id) for file in files]
        if not rows:
            return
        statement = INSERTS[self._session.get_bind().dialect.name](FileRow)
        new = {column: statement.excluded[column] for column in rows[0] if column not in _KEY}
        self._session.connection().execute(statement.on_conflict_do_update(index_elements=_KEY, set_=new), rows)

    def lost(self, connection: str, file_ids: Iterable[str], *, because: str) -> int:
        """Mark files as gone and return how many were there before; unknown ids are fine."""
        return sum(self._mark_gone(connection, col(FileRow.file_id).in_(batch), because) for batch in batches(file_ids))

    def lost_drive(self, connection: str, drive: str, *, because: str) -> int:
        """Mark every file of a shared drive as gone."""
        return self._mark_gone(connection, col(FileRow.drive) == drive, because)

    def lost_unless_seen(self, connection: str, *, sync_id: str, because: str) -> int:
        """Mark every file as gone that this sync did not see; only after a complete full sync."""
        return self._mark_gone(connection, col(FileRow.sync_id) != sync_id, because)

    def unseen(self, connection: str, *, sync_id: str) -> int:
        """Count the files in the picture that this sync did not see."""
        query = select(func.count()).select_from(FileRow).where(FileRow.connection_id == connection)
        return self._session.exec(query.where(col(FileRow.gone).is_(None), FileRow.sync_id != sync_id)).one()

    def recounted(self, connection: str, coverage: Coverage) -> Coverage:
        """Return the coverage of a whole look with its counts taken from what is kept of it.

        A source that goes on with a look in another process does not remember which files it counted before.
        """
        mine = (FileRow.connection_id == connection, FileRow.sync_id == coverage.sync_id, col(FileRow.gone).is_(None))
        corpus = CORPUS[self._session.get_bind().dialect.name](col(FileRow.path))
        listed = self._session.exec(select(corpus, func.count()).where(*mine).group_by(corpus).order_by(corpus))
        blocked = select(FileRow.blocked, func.count()).where(*mine, col(FileRow.blocked).is_not(None))
        unreadable = self._session.exec(blocked.group_by(FileRow.blocked).order_by(FileRow.blocked))
        return replace(
            coverage,
            listed=dict(listed.all()),
            unreadable={because: count for because, count in unreadable if because},
        )

    def get(self, connection: str, file_id: str) -> tuple[SourceFile, str | None] | None:
        """Return the file and why it is gone (None while it is there)."""
        row = self._session.get(FileRow, (connection, file_id))
        return (source_file(row), row.gone) if row else None

    def some(self, connection: str, file_ids: Iterable[str]) -> dict[str, SourceFile]:
        """Return those of these files that are in the picture, by id."""
        query = select(FileRow).where(FileRow.connection_id == connection, col(FileRow.gone).is_(None))
        return {
            row.file_id: source_file(row)
            for batch in batches(file_ids)
            for row in self._session.exec(query.where(col(FileRow.file_id).in_(batch)))
        }

    def names(self, connection: str, file_ids: Iterable[str]) -> dict[str, str]:
        """Return the names of these files, as far as they are known."""
        query = select(FileRow.file_id, FileRow.name).where(FileRow.connection_id == connection)
        return {
            ident: name
            for batch in batches(file_ids)
            for ident, name in self._session.exec(query.where(col(FileRow.file_id).in_(batch)))
        }

    def present(self, connection: str, *, after: str = "", limit: int = BATCH) -> tuple[SourceFile, ...]:
        """Return the next files that are in the picture, by id, behind the one of this id."""
        query = select(FileRow).where(FileRow.connection_id == connection, col(FileRow.gone).is_(None))
        query = query.where(FileRow.file_id > after).order_by(FileRow.file_id).limit(limit)
        return tuple(source_file(row) for row in self._session.exec(query))

    def count(self, connection: str) -> int:
        """Count the files that are in the picture."""
        query = select(func.count()).select_from(FileRow)
        return self._session.exec(query.where(FileRow.connection_id == connection, col(FileRow.gone).is_(None))).one()

    def _mark_gone(self, connection: str, which: object, because: str) -> int:
        statement = (
            update(FileRow)
            .where(col(FileRow.connection_id) == connection, col(FileRow.gone).is_(None), which)  # type: ignore[arg-type]  # a column expression
            .values(gone=because)
        )
        return self._session.exec(statement).rowcount


def batches(ids: Iterable[T]) -> Iterator[list[T]]:
    """Cut ids, or whatever goes into one statement, into lists that fit it."""
    everything = list(ids)
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]


def escaped(words: str) -> str:
    """Return words as LIKE takes them to the letter, with a backslash before what would stand for anything."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(connection: str, file: SourceFile, sync_id: str) -> dict[str, Any]:
    return {
        "connection_id": connection,
        "file_id": file.id,
        "name": file.name,
        "path": file.path,
        "media_type": file.media_type,
        "fingerprint": file.fingerprint,
        "modified_at": file.modified_at,
        "link": file.link,
        "size": file.size,
        "blocked": file.blocked,
        "drive": file.drive,
        "owner": file.owner,
        "folder": file.folder,
        "sync_id": sync_id,
        "gone": None,
    }


def source_file(row: FileRow) -> SourceFile:
    """Return the row as the source reported it."""
    return SourceFile(
        id=row.file_id,
        name=row.name,
        path=row.path,
        media_type=row.media_type,
        fingerprint=row.fingerprint,
        modified_at=row.modified_at,
        link=row.link,
        size=row.size,
        blocked=row.blocked,
        drive=row.drive,
        owner=row.owner,
        folder=row.folder,
    )
