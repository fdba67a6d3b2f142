"""Folders and shared drives as last seen: what lies in what."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, delete, or_, select

from connector import Folder
from scanner.store.files import INSERTS, batches, escaped
from scanner.store.product_tables import FolderRow

_KEY = ("connection_id", "folder_id")
DEEPEST = 100  # folders above one another; Drive itself allows fewer, and a circle ends here


class Folders:
    """The folders of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def saw(self, connection: str, folders: Iterable[Folder], *, sync_id: str) -> bool:
        """Add the folders or bring them up to date; True where one is new or lies elsewhere."""
        given = {one.id: one for one in folders}
        known = {row.folder_id: row for row in self._rows(connection, given)}
        moved = any(one not in known or known[one].parent_id != folder.parent for one, folder in given.items())
        rows: list[dict[str, Any]] = [
            {
                "connection_id": connection,
                "folder_id": one,
                "name": folder.name,
                "parent_id": folder.parent,
                "sync_id": sync_id,
            }
            for one, folder in given.items()
            if one not in known
            or (known[one].name, known[one].parent_id, known[one].sync_id) != (folder.name, folder.parent, sync_id)
        ]
        if rows:
            statement = INSERTS[self._session.get_bind().dialect.name](FolderRow)
            new = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
            self._session.connection().execute(statement.on_conflict_do_update(index_elements=_KEY, set_=new), rows)
            self._session.expire_all()
        return moved

    def lost(self, connection: str, folder_ids: Iterable[str]) -> None:
        """Forget folders that are gone, and what lies in them; ids of files among them are fine."""
        mine, here = FolderRow.connection_id == connection, col(FolderRow.folder_id)
        for batch in batches(folder_ids):
            gone = select(here).where(mine, here.in_(batch)).cte("gone", recursive=True)
            gone = gone.union(select(here).where(mine).join(gone, col(FolderRow.parent_id) == gone.c.folder_id))
            below = select(gone.c.folder_id)
            self._session.exec(delete(FolderRow).where(col(FolderRow.connection_id) == connection, here.in_(below)))

    def lost_unless_seen(self, connection: str, *, sync_id: str) -> None:
        """Forget every folder that this sync did not tell of; only after a complete full sync."""
        here = (col(FolderRow.connection_id) == connection, col(FolderRow.sync_id) != sync_id)
        self._session.exec(delete(FolderRow).where(*here))

    def some(self, connection: str, folder_ids: Iterable[str]) -> dict[str, Folder]:
        """Return those of these folders that are known, by id."""
        return {row.folder_id: _folder(row) for row in self._rows(connection, folder_ids)}

    def inside(self, connection: str, folder_id: str, *, limit: int) -> tuple[Folder, ...]:
        """List the folders that lie directly in one, by name; with "" those that lie in none that is known."""
        query = select(FolderRow).where(FolderRow.connection_id == connection)
        if folder_id:
            query = query.where(FolderRow.parent_id == folder_id)
        else:
            known = select(FolderRow.folder_id).where(FolderRow.connection_id == connection)
            query = query.where(col(FolderRow.parent_id).not_in(known))
        rows = self._session.exec(query.order_by(FolderRow.name, FolderRow.folder_id).limit(limit))
        return tuple(_folder(row) for row in rows)

    def found(self, connection: str, words: str, *, limit: int) -> tuple[Folder, ...]:
        """List the folders that have the words in their names, or whose id stands in them as in an address."""
        named = col(FolderRow.name).ilike(f"%{escaped(words)}%", escape="\\")
        query = select(FolderRow).where(FolderRow.connection_id == connection)
        query = query.where(or_(named, col(FolderRow.folder_id).in_(_tokens(words))))
        rows = self._session.exec(query.order_by(FolderRow.name, FolderRow.folder_id).limit(limit))
        return tuple(_folder(row) for row in rows)

    def named(self, connection: str, words: str) -> tuple[Folder, ...]:
        """List the folders whose id stands in an address, or that are called just so."""
        by_id = self._rows(connection, _tokens(words))
        mine = select(FolderRow).where(FolderRow.connection_id == connection, FolderRow.name == words)
        return tuple(_folder(row) for row in by_id or self._session.exec(mine.limit(2)))

    def above(self, connection: str, folder_id: str) -> tuple[Folder, ...]:
        """Return the folder and those above it, outermost first, as far as they are known."""
        found: list[Folder] = []
        current = folder_id
        while current and len(found) < DEEPEST:
            row = self._session.get(FolderRow, (connection, current))
            if row is None:
                break
            found.append(_folder(row))
            current = row.parent_id
        return tuple(reversed(found))

    def _rows(self, connection: str, folder_ids: Iterable[str]) -> Sequence[FolderRow]:
        query = select(FolderRow).where(FolderRow.connection_id == connection)
        return [
            row
            for batch in batches(folder_ids)
            for row in self._session.exec(query.where(col(FolderRow.folder_id).in_(batch)))
        ]


def _tokens(words: str) -> list[str]:
    """Return the pieces of an address that could be an id."""
    return "".join(one if one.isalnum() or one in "_-" else " " for one in words).split()[:20]


def _folder(row: FolderRow) -> Folder:
    return Folder(id=row.folder_id, name=row.name, parent=row.parent_id)
