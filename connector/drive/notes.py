"""What a walk notes while it goes on: the folders and which items were listed; on disk where memory would not do."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

CACHE_KIB = 49_152  # a million ids and their folders take about as much


class Notes:
    """A private database without a name, gone with the walk; a million ids cost memory of its cache only."""

    def __init__(self) -> None:
        """Begin empty; "" is SQLite's word for a temporary file that nobody else can open."""
        self._page = 0
        self._sql = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._sql.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._sql.execute("PRAGMA synchronous = OFF")
        self._sql.execute("PRAGMA journal_mode = OFF")
        self._sql.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, page INT) WITHOUT ROWID")
        self._sql.execute("CREATE TABLE folder (id TEXT PRIMARY KEY, name TEXT, parent TEXT, direct INT) WITHOUT ROWID")
        # NOTE: one transaction for ever. Each end of one looks through all pages that wait in the cache to be written,
        # and nobody else is to see what is noted.
        self._sql.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._sql.close()

    def unseen(self, ids: Sequence[str]) -> set[str]:
        """Return which of the ids no page held before, and note them all."""
        self._page += 1
        words = json.dumps(ids)
        noted = self._sql.execute(
            "INSERT OR IGNORE INTO seen SELECT value, ? FROM json_each(?) ORDER BY value", (self._page, words)
        ).rowcount
        if noted == len(ids):  # so it is for nearly all pages, and asking for each would take as long again
            return set(ids)
        fresh = self._sql.execute(
            "SELECT value FROM json_each(?) JOIN seen ON seen.id = value WHERE page = ?", (words, self._page)
        )
        return {row[0] for row in fresh}

    def learn(self, folders: Iterable[tuple[str, str, str, bool]]) -> None:
        """Note folders as (id, name, parent's id, whether it was shared with this very person)."""
        self._sql.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?)", folders)

    def folder(self, folder_id: str) -> tuple[str, str] | None:
        """Return a folder's name and its parent's id."""
        found = self._sql.execute("SELECT name, parent FROM folder WHERE id = ?", (folder_id,)).fetchone()
        return (found[0], found[1]) if found else None

    def tops(self) -> Iterator[tuple[str, bool]]:
        """Go through the folders that lie in no known folder: id, and whether it was shared with this very person."""
        yield from self._sql.execute(
            "SELECT id, direct FROM folder AS one WHERE name != '' AND "
            "NOT EXISTS (SELECT 1 FROM folder WHERE id = one.parent AND name != '') ORDER BY id"
        ).fetchall()
