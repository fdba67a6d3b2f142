"""Whatever an owner does while her Drive is looked at: after the next look our picture is her Drive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector import Completeness, Cursor, Page
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import DRIVE_SCOPE, running_emulator, write_seed

DRIVES = ("quality", "regulatory")
FOLDERS = tuple(f"folder-{n}" for n in range(6))
FILES = tuple(f"file-{n:02}" for n in range(16))
PLACES = ("root", *DRIVES, *FOLDERS)

Script = tuple[tuple[int, tuple[str, str, str | None]], ...]  # after so many pages, what the owner does

folders = st.tuples(*(st.sampled_from(("root", *DRIVES, *FOLDERS[:n])) for n in range(len(FOLDERS))))
files = st.tuples(*(st.sampled_from((None, *PLACES)) for _ in FILES))
acts = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(FILES), st.sampled_from(PLACES)),
    st.tuples(st.just("move"), st.sampled_from(FOLDERS), st.sampled_from(("root", *DRIVES))),
    st.tuples(st.sampled_from(("trash", "untrash", "touch", "delete")), st.sampled_from(FILES), st.none()),
    st.tuples(st.sampled_from(("trash", "untrash")), st.sampled_from(FOLDERS), st.none()),
    st.tuples(st.just("rename"), st.sampled_from((*FILES, *FOLDERS)), st.none()),
)
scripts = st.lists(st.tuples(st.integers(0, 12), acts), max_size=8).map(tuple)


@dataclass(frozen=True)
class Life:
    """A Drive, what its owner does in it, and how it is looked at."""

    folders: tuple[str, ...]  # where each lies
    files: tuple[str | None, ...]
    first: Script
    second: Script
    page_size: int
    streams: int
    kills: tuple[int, ...]  # a process that looks dies after so many pages, the last one does not


lives = st.builds(
    Life,
    folders=folders,
    files=files,
    first=scripts,
    second=scripts,
    page_size=st.integers(1, 8),
    streams=st.integers(1, 8),
    kills=st.lists(st.integers(1, 10), max_size=3).map(tuple),
)


@dataclass
class Owner:
    """Somebody whose Drive it is, and who goes on working in it."""

    root: str
    http: httpx.Client  # one for all that is done and asked: a new one costs more than what it is for
    refresh_token: str

    def lay_out(self, folder_places: tuple[str, ...], file_places: tuple[str | None, ...]) -> None:
        """Put everything where an example wants it, whatever the one before did."""
        for folder in FOLDERS:  # first flat, so that no folder comes to lie inside of itself
            self._put({"id": folder, "kind": "folder", "parent": "root"})
        for folder, above in zip(FOLDERS, folder_places, strict=True):
            self._put({"id": folder, "kind": "folder", "parent": above})
        for file, place in zip(FILES, file_places, strict=True):
            self._put({"id": file, "kind": "file", "mime": "text/plain", "parent": place, "content_base64": "eA=="})

    def act(self, what: str, item: str, to: str | None) -> None:
        """Do one thing; what is impossible (moving a deleted file) does nothing."""
        if what == "delete":
            self.http.delete(f"/_emulator/items/{item}")
        else:
            self.http.post(f"/_emulator/items/{item}/{what}", json={"parent": to, "name": f"{item} again"})

    def truth(self) -> dict[str, tuple[str, str]]:
        """Return the files that she sees, by id: name, and the folders above it in words."""
        given = self.http.post("/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()
        item = cache(partial(_item, self.http, {"Authorization": f"Bearer {given['access_token']}"}))
        found = {file: raw for file in FILES if (raw := item(file)) and not raw["trashed"]}
        return {file: (raw["name"], _above(item, raw)) for file, raw in found.items()}

    def source(self, *, page_size: int, streams: int) -> tuple[DriveSource, DriveClient]:
        client = a_client(
            self.root,
            refresh_token=self.refresh_token,
            sleep=lambda _: None,
            page_size=page_size,
            streams=streams,
        )
        return DriveSource(client, limits=Limits(max_file_mb=1)), client

    def _put(self, item: dict[str, Any]) -> None:
        self.http.post("/_emulator/items", json={"name": item["id"], **item}).raise_for_status()


def _item(google: httpx.Client, consent: dict[str, str], item_id: str) -> dict[str, Any] | None:
    asked = {"supportsAllDrives": "true", "fields": "id,name,trashed,parents"}
    answer = google.get(f"/drive/v3/files/{item_id}", params=asked, headers=consent)
    found: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
    return found


def _above(find: Callable[[str], dict[str, Any] | None], item: dict[str, Any]) -> str:
    names: list[str] = []
    while item.get("parents"):
        (parent,) = item["parents"]
        if parent in DRIVES:
            return " / ".join([parent, *names])
        item = find(parent) or {}
        if item and not item.get("parents"):
            return " / ".join(["My Drive", *names])
        names.insert(0, str(item.get("name")))
    return "Shared with me"


@dataclass
class Picture:
    """What a reader knows of the Drive: the files by id, with their names and paths."""

    files: dict[str, tuple[str, str]]
    cursor: Cursor | None = None
    ended: Completeness | None = None

    def take(self, page: Page) -> None:
        self.files |= {file.id: (file.name, file.path) for file in page.files}
        for gone in page.removed:
            self.files.pop(gone.id, None)
        self.cursor, self.ended = page.cursor, page.coverage.completeness


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    drives = [{"id": drive, "name": drive} for drive in DRIVES]
    seed = write_seed(tmp_path_factory.mktemp("google") / "seed", drives=drives)
    with running_emulator(seed) as root, httpx.Client(base_url=root) as http:
        http.post("/_emulator/feeds", json={"apart": True}).raise_for_status()
        tokens = http.post("/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()
        yield Owner(root, http, tokens["refresh_token"])


@given(life=lives)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_the_next_look_the_picture_is_the_drive(owner: Owner, life: Life) -> None:
    owner.lay_out(life.folders, life.files)
    picture = Picture({})
    for script in (life.first, life.second, ()):  # a whole look and a night while she works, then a night in peace
        look(owner, picture, script, life)
        for _, act in script:  # what came too late for the look, or has to be done after all
            owner.act(*act)
    assert picture.ended is Completeness.COMPLETE
    assert picture.files == owner.truth()


def look(owner: Owner, picture: Picture, script: Script, life: Life) -> None:
    """Look once, in as many processes as it takes, while the owner works to her script."""
    number = 0
    for limit in (*life.kills, 10_000):
        source, client = owner.source(page_size=life.page_size, streams=life.streams)
        pages = source.pages(picture.cursor)
        try:
            for here, page in enumerate(pages, start=1):
                picture.take(page)
                number += 1
                for _, act in (one for one in script if one[0] == number):
                    owner.act(*act)
                if here >= limit or picture.ended is not Completeness.RUNNING:
                    break
        finally:
            pages.close()  # type: ignore[attr-defined]  # a generator
            client.close()
        if picture.ended is not Completeness.RUNNING:
            return
