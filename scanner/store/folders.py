"""Folders and shared drives as last seen: what lies in what."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, delete, or_, select

from connector import Folder
from scanner.store.files import INSERTS, batches, escaped
from scanner.store.product_tables import FolderRow

_KEY = ("connection_id", "folder_id")
# Columns and no rows as objects: a walk asks for each folder of a Drive.
_COLUMNS = select(FolderRow.folder_id, FolderRow.name, FolderRow.parent_id, FolderRow.sync_id)
DEEPEST = 100  # folders above one another; Drive itself allows fewer, and a circle ends here


class Folders:
    """The folders of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def saw(self, connection: str, folders: Iterable[Folder], *, sync_id: str) -> bool:
        """Add the folders or bring them up to date; True where one is new or lies elsewhere."""
        given = {one.id: one for one in folders}
        known = {ident: (name, parent, seen) for ident, name, parent, seen in self._rows(connection, given)}
        moved = any(one not in known or known[one][1] != folder.parent for one, folder in given.items())
        rows: list[dict[str, Any]] = [
            {
                "connection_id": connection,
                "folder_id": one,
                "name": folder.name,
                "parent_id": folder.parent,
                "sync_id": sync_id,
            }
            for one, folder in given.items()
            if known.get(one) != (folder.name, folder.parent, sync_id)
        ]
        if rows:
            statement = INSERTS[self._session.get_bind().dialect.name](FolderRow)
            new = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
            self._session.connection().execute(statement.on_conflict_do_update(index_elements=_KEY, set_=new), rows)
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
        return {row[0]: _folder(*row) for row in self._rows(connection, folder_ids)}

    def inside(self, connection: str, folder_id: str, *, limit: int) -> tuple[Folder, ...]:
        """List the folders that lie directly in one, by name; with "" those that lie in none that is known."""
        query = _COLUMNS.where(FolderRow.connection_id == connection)
        if folder_id:
            query = query.where(FolderRow.parent_id == folder_id)
        else:
            known = select(FolderRow.folder_id).where(FolderRow.connection_id == connection)
            query = query.where(col(FolderRow.parent_id).not_in(known))
        rows = self._session.exec(query.order_by(FolderRow.name, FolderRow.folder_id).limit(limit))
        return tuple(_folder(*row) for row in rows)

    def found(self, connection: str, words: str, *, limit: int) -> tuple[Folder, ...]:
        """List the folders that have the words in their names, or whose id stands in them as in an address."""
        named = col(FolderRow.name).ilike(f"%{escaped(words)}%", escape="\\")
        query = _COLUMNS.where(FolderRow.connection_id == connection)
        query = query.where(or_(named, col(FolderRow.folder_id).in_(_tokens(words))))
        rows = self._session.exec(query.order_by(FolderRow.name, FolderRow.folder_id).limit(limit))
        return tuple(_folder(*row) for row in rows)

    def named(self, connection: str, words: str) -> tuple[Folder, ...]:
        """List the folders whose id stands in an address, or that are called just so."""
        by_id = self._rows(connection, _tokens(words))
        mine = _COLUMNS.where(FolderRow.connection_id == connection, FolderRow.name == words)
        return tuple(_folder(*row) for row in by_id or self._session.exec(mine.limit(2)))

    def above(self, connection: str, folder_id: str) -> tuple[Folder, ...]:
        """Return the folder and those above it, outermost first, as far as they are known."""
        found: list[Folder] = []
        current = folder_id
        while current and len(found) < DEEPEST:
            here = self.some(connection, [current]).get(current)
            if here is None:
                break
            found.append(here)
            current = here.parent
        return tuple(reversed(found))

    def _rows(self, connection: str, folder_ids: Iterable[str]) -> Sequence[tuple[str, str, str, str]]:
        query = _COLUMNS.where(FolderRow.connection_id == connection)
        return [
            row
            for batch in batches(folder_ids)
            for row in self._session.exec(query.where(col(FolderRow.folder_id).in_(batch)))
        ]


def _tokens(words: str) -> list[str]:
    """Return the pieces of an address that could be an id."""
    return "".join(one if one.isalnum() or one in "_-" else " " for one in words).split()[:20]


def _folder(ident: str, name: str, parent: str, _: str) -> Folder:
    return Folder(id=ident, name=name, parent=parent)
