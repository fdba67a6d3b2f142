"""The shelf list of the company's Drive: which item is where, and what its content is made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

import yaml

_HERE = files("scanner.demo.company")
_NATIVE = {"google-doc": ".docx", "google-sheet": ".xlsx", "google-slides": ".pptx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the shelf list."""

    id: str
    name: str
    kind: str  # folder, file, google-doc, google-sheet, google-slides, shortcut
    parent: str | None  # None: shared with me
    days: int = 30  # modified so many days ago
    text: str = ""  # a source file in texts/
    body: str = ""  # or the source itself, for what is too short for a file
    made: str = ""  # or a special content: scan, photo, empty
    form: str = ""  # suffix of the format it is written in, where its name does not say it
    password: str = ""
    target: str = ""
    trashed: bool = False
    can_download: bool = True
    description: str = ""

    @property
    def suffix(self) -> str:
        """The format in which its content is written."""
        return self.form or _NATIVE.get(self.kind) or PurePosixPath(self.name).suffix.lower()

    @property
    def is_file(self) -> bool:
        """Whether it has content."""
        return self.kind not in {"folder", "shortcut"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The whole Drive before it is written."""

    user: Mapping[str, str]
    drives: tuple[Mapping[str, str], ...]
    items: tuple[Item, ...]


def first_night() -> Shelf:
    """Read the shelf list of the first night."""
    read = _read("drive.yaml")
    return Shelf(user=read["user"], drives=tuple(read["drives"]), items=(*_items(read), *_items(_read("noise.yaml"))))


def changes() -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Read what happens before the second night: items that appear or change, and ids that are deleted."""
    read = _read("second-night.yaml")
    return tuple(_items(read)), tuple(read["deleted"])


def source_of(item: Item) -> str:
    """Return the source of an item's text, "" for one without."""
    return (_HERE / "texts" / item.text).read_text(encoding="utf-8") if item.text else item.body


def _read(name: str) -> Any:
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


def _items(read: Mapping[str, Any]) -> Iterator[Item]:
    for folder in read["folders"]:
        yield Item(kind="folder", **folder)
    for item in read["items"]:
        yield Item(**{"kind": "file", **item})
