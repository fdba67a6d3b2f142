"""Where a file lies, in words: built from the folders of the same listing, or asked for one by one."""

from collections.abc import Mapping
from typing import Any

from connector.drive.client import DriveClient
from connector.drive.files import FOLDER
from connector.errors import FileUnavailable

MY_DRIVE = "My Drive"
SHARED = "Shared with me"
SEPARATOR = " / "
DEEPEST = 100  # Drive itself allows fewer; a cycle ends here


class Folders:
    """The folders known so far; an unknown one is asked for once."""

    def __init__(self, client: DriveClient, drives: Mapping[str, str]) -> None:
        """Know the shared drives by id and name."""
        self._client = client
        self._drives = dict(drives)
        self._known: dict[str, tuple[str, str]] = {}  # id → name, parent's id ("" for none)
        self._root = ""

    def read(self, drive: str) -> None:
        """List all folders of a corpus, flat: "" is the person's own."""
        for raw in self._client.every_file(f"mimeType = '{FOLDER}' and trashed = false", drive=drive):
            self.learn(raw)

    def learn(self, raw: Mapping[str, Any]) -> None:
        """Take a folder as it is now."""
        self._known[str(raw["id"])] = (str(raw.get("name", "")), _parent(raw))

    def knows_drive(self, drive: str) -> bool:
        """Tell whether it is a shared drive that the person is a member of."""
        return drive in self._drives

    def path(self, raw: Mapping[str, Any]) -> str:
        """Return the folders above a file, outermost first; where they lead nowhere it was shared with the person."""
        names: list[str] = []
        current = _parent(raw)
        for _ in range(DEEPEST):
            if current in self._drives:
                return SEPARATOR.join([self._drives[current], *reversed(names)])
            if current and current == self._my_root():
                return SEPARATOR.join([MY_DRIVE, *reversed(names)])
            name, parent = self._folder(current)
            if not name:
                break
            names.append(name)
            current = parent
        return SEPARATOR.join([SHARED, *reversed(names)])

    def _folder(self, folder_id: str) -> tuple[str, str]:
        if not folder_id:
            return "", ""
        if folder_id not in self._known:
            try:
                self.learn(self._client.file(folder_id))
            except FileUnavailable:  # a parent that the person cannot see is no error
                self._known[folder_id] = ("", "")
        return self._known[folder_id]

    def _my_root(self) -> str:
        if not self._root:
            self._root = str(self._client.file("root")["id"])
        return self._root


def _parent(raw: Mapping[str, Any]) -> str:
    parents = raw.get("parents") or [""]
    return str(parents[0])
