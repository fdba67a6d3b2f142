"""Where a file lies, in words: built from the folders of the same listing, or asked for one by one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector.drive.client import DriveClient
from connector.drive.notes import Notes
from connector.errors import FileUnavailable

MY_DRIVE = "My Drive"
SHARED = "Shared with me"
SEPARATOR = " / "
DEEPEST = 100  # Drive itself allows fewer; a cycle ends here
KEPT = 20_000  # places kept in memory


class Folders:
    """The folders known so far; an unknown one is asked for once."""

    def __init__(self, client: DriveClient, drives: Mapping[str, str], notes: Notes) -> None:
        """Know the shared drives by id and name."""
        self._client = client
        self._drives = dict(drives)
        self._notes = notes
        self._places: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}  # folder's id → names, ids
        self._root = ""
        self._asked: dict[str, str] = {}  # folders that no listing held but Drive knows: id → modified time

    def learn(self, raws: Iterable[Mapping[str, Any]]) -> None:
        """Take folders as they are now."""
        self._places.clear()
        self._notes.learn(
            (str(raw["id"]), str(raw.get("name", "")), _parent(raw), "sharedWithMeTime" in raw) for raw in raws
        )

    def knows_drive(self, drive: str) -> bool:
        """Tell whether it is a shared drive that the person is a member of."""
        return drive in self._drives

    def path(self, raw: Mapping[str, Any]) -> str:
        """Return the folders above a file, outermost first; where they lead nowhere it was shared with the person."""
        return SEPARATOR.join(self._place(_parent(raw))[0])

    def above(self, raw: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of the folders above a file, and of its shared drive."""
        return self._place(_parent(raw))[1]

    def unlisted(self, begun: str) -> int:
        """Count folders of My Drive and the shared drives that are older than the walk but in no listing of it."""
        return sum(
            modified < begun and self._place(folder)[0][0] != SHARED for folder, modified in sorted(self._asked.items())
        )

    def tops(self) -> Iterator[tuple[str, bool]]:
        """Go through the folders outside of My Drive and the shared drives: id, whether shared with this very person.

        NOTE: a listing holds what was opened by or shared directly with the person, and of a folder that she has by
        link only what she opened (google-api-python-client#1602). So these are looked into.
        """
        for folder, direct in self._notes.tops():
            known = self._notes.folder(folder)
            if known and known[1] not in self._drives and known[1] != self._my_root():
                yield folder, bool(direct)

    def _place(self, folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if folder not in self._places:
            if len(self._places) >= KEPT:
                self._places.clear()
            self._places[folder] = self._climb(folder)
        return self._places[folder]

    def _climb(self, current: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        names: list[str] = []
        ids: list[str] = []
        for _ in range(DEEPEST):
            if current in self._drives:
                return (self._drives[current], *reversed(names)), (current, *reversed(ids))
            if current and current == self._my_root():
                return (MY_DRIVE, *reversed(names)), (current, *reversed(ids))
            name, parent = self._folder(current)
            if not name:
                break
            names.append(name)
            ids.append(current)
            current = parent
        return (SHARED, *reversed(names)), tuple(reversed(ids))

    def _folder(self, folder_id: str) -> tuple[str, str]:
        if not folder_id:
            return "", ""
        known = self._notes.folder(folder_id)
        if known is None:
            known = self._ask(folder_id)
        return known

    def _ask(self, folder_id: str) -> tuple[str, str]:
        try:
            raw = self._client.file(folder_id)
        except FileUnavailable:  # a parent that the person cannot see is no error
            self._notes.learn([(folder_id, "", "", False)])
            return "", ""
        name, parent = str(raw.get("name", "")), _parent(raw)
        self._notes.learn([(folder_id, name, parent, False)])
        if not raw.get("trashed"):
            self._asked[folder_id] = str(raw.get("modifiedTime", ""))
        return name, parent

    def _my_root(self) -> str:
        if not self._root:
            self._root = str(self._client.file("root")["id"])
        return self._root


def _parent(raw: Mapping[str, Any]) -> str:
    parents = raw.get("parents") or [""]
    return str(parents[0])
