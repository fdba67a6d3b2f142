"""Write the invented company's Drive as a seed for the emulator, and say what happens in it before the second night."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from scanner.demo.company.days import Days
from scanner.demo.company.render import media_type, render
from scanner.demo.company.shelf import Item, Shelf, changes, first_night

COMPANY = "Tessbrook Medical"
PRODUCT = "PulseView"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A seed folder as written."""

    folder: Path
    manifest: Path
    email: str  # of the person whose Drive it is
    files: int  # items with content, the trashed one included


@dataclass(frozen=True, slots=True, kw_only=True)
class PutItem:
    """An item that appears, or that gets other content under the id that it has."""

    id: str
    name: str
    item: Mapping[str, object]  # as in the manifest, without "content"
    content: bytes | None  # None for a folder
    suffix: str  # of the format of the content, ".docx"; "" for a folder
    new: bool

    @property
    def wire(self) -> dict[str, object]:
        """The manifest item with its content inside, as JSON can carry it."""
        content = {} if self.content is None else {"content_base64": base64.b64encode(self.content).decode()}
        return {**self.item, **content}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteItem:
    """An item that is deleted for good."""

    id: str
    name: str


Change = PutItem | DeleteItem


def build_seed(folder: Path, *, today: date) -> Seed:
    """Write `manifest.json` and the content files into the folder, made where it is not there; return what was written.

    The same day gives the same bytes. Raises OSError where the folder cannot be written.
    """
    shelf, days = first_night(), Days(today=today)
    (folder / "content").mkdir(parents=True, exist_ok=True)
    for item in shelf.items:
        if item.is_file:
            (folder / _content(item)).write_bytes(_render(item, days, night="first"))
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(_manifest(shelf, days), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    count = sum(item.is_file for item in shelf.items)
    return Seed(folder=folder, manifest=manifest, email=shelf.user["email"], files=count)


def second_night(today: date) -> tuple[Change, ...]:
    """Return what happens in the Drive before the second night, in order."""
    days, known = Days(today=today), {item.id: item for item in first_night().items}
    put, deleted = changes()
    return (
        *(_put(item, days, new=item.id not in known) for item in put),
        *(DeleteItem(id=gone, name=known[gone].name) for gone in deleted),
    )


def _put(item: Item, days: Days, *, new: bool) -> PutItem:
    return PutItem(
        id=item.id,
        name=item.name,
        item=_entry(item, days, place=0),
        content=_render(item, days, night="second") if item.is_file else None,
        suffix=item.suffix if item.is_file else "",
        new=new,
    )


def _render(item: Item, days: Days, *, night: str) -> bytes:
    moment = datetime.combine(days.today - timedelta(days=item.days), time(8), tzinfo=UTC)
    return render(item, days, night=night, moment=moment)


def _manifest(shelf: Shelf, days: Days) -> dict[str, object]:
    items = [_entry(item, days, place=place) for place, item in enumerate(shelf.items)]
    for item, entry in zip(shelf.items, items, strict=True):
        if item.is_file:
            entry["content"] = _content(item)
    return {"user": dict(shelf.user), "drives": [dict(drive) for drive in shelf.drives], "items": items}


def _entry(item: Item, days: Days, *, place: int) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": item.id,
        "name": item.name,
        "kind": item.kind,
        "parent": item.parent,
        "modified": days.stamp(item.days, minute=place),
    }
    if item.kind == "file":
        entry["mime"] = media_type(item.name)
    if item.target:
        entry["target"] = item.target
    if item.trashed:
        entry["trashed"] = True
    if not item.can_download:
        entry["can_download"] = False
    if item.description:
        entry["description"] = item.description
    return entry


def _content(item: Item) -> str:
    """Name the content by the item's id: an item's own name may be hostile."""
    return f"content/{item.id}{item.suffix}"
