"""Where a file lies, in words: built from the folders of the same listing, or asked for one by one."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

from connector.drive.answers import of_no_file
from connector.drive.client import DriveClient
from connector.drive.items import Item
from connector.drive.notes import Notes
from connector.drive.slices import Slice, What
from connector.errors import CursorRejected, FileUnavailable, SourceUnavailable
from connector.source import Folder

log = logging.getLogger(__name__)

MY_DRIVE = "My Drive"
SHARED = "Shared with me"
LOOSE = "In no folder"  # of the person's own, such as what she put into a folder that was deleted
NOWHERE = "/"  # stands for the id of what is above those: no folder has it
SEPARATOR = " / "
DEEPEST = 100  # Drive itself allows fewer; a cycle ends here
LONGEST_NAME, LONGEST_PATH = 255, 1000  # characters: folders of strangers have names of any length, and lie in others
KEPT = 100_000  # paths kept in memory
MOST_ASKED = 20  # folders that are asked for one by one; a listing of all costs a call for each thousand


class Folders:
    """The folders known so far; an unknown one is asked for once."""

    def __init__(self, client: DriveClient, drives: Mapping[str, str], notes: Notes) -> None:
        """Know the shared drives by id and name."""
        self._client = client
        self._drives = dict(drives)
        self._notes = notes
        self._paths: dict[str, str] = {}  # by folder's id
        self._chains: dict[str, tuple[str, ...]] = {}  # by folder's id: itself and those above it
        self._root = ""
        self._asked: dict[str, str] = {}  # folders that no listing held but Drive knows: id → modified time
        self._news: dict[str, Folder] = {}  # what was learned and not told yet

    def learn(self, folders: Iterable[Item]) -> None:
        """Take folders as they are now."""
        found = self._learn(folders)
        self._news |= {ident: _told(ident, name, parent) for ident, name, parent, _ in found}

    def learn_drive(self, drive: str, name: str) -> None:
        """Take a shared drive as it is now."""
        self._drives[drive] = name
        self._news[drive] = Folder(id=drive, name=name)
        self._forget()

    def news(self) -> tuple[Folder, ...]:
        """Return the folders that were learned since this was last asked."""
        news, self._news = tuple(self._news.values()), {}
        return news

    def _learn(self, folders: Iterable[Item]) -> list[tuple[str, str, str, bool]]:
        found = [(item.id, item.name, _above(item), bool(item.shared_with_me_time)) for item in folders]
        if found:
            self._forget()
            self._notes.learn(found)
        return found

    def knows_drive(self, drive: str) -> bool:
        """Tell whether it is a shared drive that the person is a member of."""
        return drive in self._drives

    def path(self, item: Item) -> str:
        """Return the folders above a file, outermost first; what they lead to that is not the person's was shared."""
        parent = _above(item)
        return self._paths.get(parent) or self._path(parent)

    def above(self, item: Item) -> tuple[str, ...]:
        """Return the ids of the folders above a file, and of its shared drive, innermost first."""
        known = self._chains.get(item.parent)
        if known is None:
            known = self._chains[item.parent] = self._climbed(item.parent)
        return known

    def _climbed(self, folder: str) -> tuple[str, ...]:
        ids: list[str] = []
        current = folder
        while current and len(ids) < DEEPEST:
            ids.append(current)
            current = "" if self._top(current) else self._folder(current)[1]
        return tuple(ids)

    def expect(self, items: Sequence[Item]) -> None:
        """Before many files are placed, list the folders of a corpus at once where most would have to be asked for."""
        unknown: dict[str, set[str]] = {}
        for item in items:
            parent, drive = item.parent, item.drive_id
            if parent and not self._top(parent) and self._notes.folder(parent) is None:
                unknown.setdefault(drive if drive in self._drives else "", set()).add(parent)
        for corpus, parents in unknown.items():
            if len(parents) > MOST_ASKED:
                self._list(corpus)

    def unlisted(self, begun: str) -> int:
        """Count folders of My Drive and the shared drives that are older than the walk but in no listing of it."""
        older = [folder for folder, modified in self._asked.items() if modified < begun]
        return sum(not self._path(folder).startswith(SHARED) for folder in older)

    def tops(self) -> Iterator[tuple[str, bool]]:
        """Go through the folders outside of My Drive and the shared drives: id, whether shared with this very person.

        NOTE: a listing holds what was opened by or shared directly with the person, and of a folder that she has by
        link only what she opened (google-api-python-client#1602). So these are looked into.
        """
        for folder, direct in self._notes.tops():
            known = self._notes.folder(folder)
            if known and known[1] not in self._drives and known[1] not in {self._my_root(), NOWHERE}:
                yield folder, bool(direct)

    def _forget(self) -> None:
        self._paths.clear()
        self._chains.clear()

    def _path(self, folder: str) -> str:
        """Climb to a folder whose path is known, and note the paths of all on the way."""
        if len(self._paths) > KEPT:
            self._forget()
        passed: list[tuple[str, str]] = []
        current, path = folder, ""
        while not path:
            path = self._paths.get(current, "") or self._top(current)
            if not path:
                name, parent = self._folder(current)
                if not name or len(passed) >= DEEPEST:
                    path = SHARED
                else:
                    passed.append((current, name))
                    current = parent
        for one, name in reversed(passed):
            path = self._paths[one] = _joined(path, name)
        return path

    def _top(self, folder: str) -> str:
        """Return the name of what is above all folders, or "" where the folder is no such thing."""
        if folder == NOWHERE:
            return LOOSE
        if folder in self._drives:
            return _short(self._drives[folder]) or folder
        return MY_DRIVE if folder and folder == self._my_root() else ""

    def _folder(self, folder_id: str) -> tuple[str, str]:
        if not folder_id:
            return "", ""
        known = self._notes.folder(folder_id)
        if known is None:
            known = self._ask(folder_id)
        return known

    def _list(self, corpus: str) -> None:
        """Learn all folders of a corpus; what such a listing leaves out is asked for one by one."""
        one = Slice(corpus=corpus, what=What.FOLDERS)
        try:
            while True:
                page = self._client.files(one.query, drive=corpus, page_token=one.page)
                self._learn(item for item in page.files if self._notes.folder(item.id) is None)
                token = page.next_page_token
                if not token or one.circles(token):
                    return
                one = one.at(pages=one.pages + 1).turned(token)
        except (CursorRejected, FileUnavailable) as error:
            log.info("The folders could not be listed: %s", error, extra={"event": "drive.folders"})

    def _ask(self, folder_id: str) -> tuple[str, str]:
        try:
            item = self._client.file(folder_id)
        except FileUnavailable:  # a parent that the person cannot see is no error
            self._notes.learn([(folder_id, "", "", False)])
            return "", ""
        name, parent = item.name, _above(item)
        self._notes.learn([(folder_id, name, parent, False)])
        self._news[folder_id] = _told(folder_id, name, parent)
        if not item.trashed:
            self._asked[folder_id] = item.modified_time
        return name, parent

    def _my_root(self) -> str:
        if not self._root:
            with of_no_file():
                self._root = self._client.file("root").id
            if not self._root:
                raise SourceUnavailable("Google told nothing about My Drive.")
            self._news[self._root] = Folder(id=self._root, name=MY_DRIVE)
        return self._root


def _above(item: Item) -> str:
    """Return the id of what an item lies in: NOWHERE for the person's own in no folder, "" where it was shared."""
    return item.parent or (NOWHERE if item.owned_by_me and not item.drive_id else "")


def _told(ident: str, name: str, parent: str) -> Folder:
    return Folder(id=ident, name=name, parent="" if parent == NOWHERE else parent)


def _joined(path: str, name: str) -> str:
    """Return the path with a folder's name behind it; of a very long one its two ends."""
    whole = f"{path}{SEPARATOR}{_short(name)}"
    if len(whole) <= LONGEST_PATH:
        return whole
    return SEPARATOR.join((path.split(SEPARATOR, 1)[0], "…", _short(name)))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
