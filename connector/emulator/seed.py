"""The seed: a folder with `manifest.json` and content files, read strictly; every error names the file and the item."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connector.emulator.values import (
    DEFAULT_CLIENT,
    FOLDER_MIME,
    NATIVES,
    ROOT_ALIAS,
    SHORTCUT_MIME,
    Client,
    Seed,
    SeedItem,
    SharedDrive,
    User,
)

_MIME = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
_REQUIRED_KEYS = ("id", "name", "kind", "parent")
_ITEM_KEYS = frozenset(
    {
        *_REQUIRED_KEYS,
        *("mime", "content", "content_base64", "modified", "trashed"),
        *("target", "can_download", "description", "abusive", "own", "resource_key"),
    }
)


class SeedError(Exception):
    """The seed cannot be used; the sentence names the file and the item."""


def load_seed(folder: Path) -> Seed:
    """Read a seed folder; raises SeedError with one sentence."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise SeedError(f"{path}: not JSON ({error}).") from error
    if not isinstance(manifest, dict):
        raise SeedError(f"{path}: must hold one object.")
    return parse_seed(manifest, folder=folder, where=str(path))


def parse_seed(manifest: Mapping[str, Any], *, folder: Path, where: str, now: datetime | None = None) -> Seed:
    """Read a manifest; `now` stands in for missing times. Raises SeedError."""
    _only_keys(manifest, {"user", "clients", "drives", "items"}, where=where)
    seed = Seed(
        user=User(**_texts(manifest.get("user"), ("email", "name", "sub"), where=f"{where}: user")),
        clients=_clients(manifest, where=where),
        drives=tuple(
            parse_drive(raw, where=f"{where}: drive {position + 1}")
            for position, raw in enumerate(_list(manifest, "drives", where=where))
        ),
        items=tuple(
            parse_item(raw, folder=folder, where=f"{where}: item {position + 1}", now=now)
            for position, raw in enumerate(_list(manifest, "items", where=where))
        ),
    )
    _check_tree(seed, where=where)
    return seed


def parse_drive(raw: object, *, where: str) -> SharedDrive:
    """Read one manifest drive; raises SeedError."""
    drive = SharedDrive(**_texts(raw, ("id", "name"), where=where))
    if not _ID.fullmatch(drive.id) or drive.id == ROOT_ALIAS:
        raise SeedError(f"{where}: needs an id of letters, digits, - and _ (not {ROOT_ALIAS!r}).")
    return drive


def parse_item(raw: object, *, folder: Path, where: str, now: datetime | None = None) -> SeedItem:
    """Read one manifest item; `now` stands in for a missing time. Raises SeedError."""
    if not isinstance(raw, dict):
        raise SeedError(f"{where}: must be an object.")
    item_id = raw.get("id")
    if not isinstance(item_id, str) or not _ID.fullmatch(item_id) or item_id == ROOT_ALIAS:
        raise SeedError(f"{where}: needs an id of letters, digits, - and _ (not {ROOT_ALIAS!r}).")
    where = f"{where} ({item_id})"
    _only_keys(raw, _ITEM_KEYS, where=where)
    kind = raw.get("kind")
    if kind not in ("folder", "file", "shortcut", *NATIVES):
        raise SeedError(f"{where}: unknown kind {kind!r}.")
    if "parent" not in raw:
        raise SeedError(f'{where}: needs a parent ("root", a drive, a folder, or null for shared with me).')
    parent = raw["parent"]
    if parent is not None and not isinstance(parent, str):
        raise SeedError(f"{where}: parent must be a text or null.")
    return SeedItem(
        id=item_id,
        name=_text(raw, "name", where=where),
        kind=kind,
        parent=parent,
        mime=_mime(raw, kind, where=where),
        content=_content(raw, kind, folder=folder, where=where),
        modified=_moment(raw, now, where=where),
        trashed=_flag(raw, "trashed", default=False, where=where),
        target=_text(raw, "target", where=where) if kind == "shortcut" else "",
        can_download=_flag(raw, "can_download", default=True, where=where),
        abusive=_flag(raw, "abusive", default=False, where=where),
        description=_text(raw, "description", where=where) if "description" in raw else "",
        own=_flag(raw, "own", default=False, where=where),
        resource_key=_text(raw, "resource_key", where=where) if "resource_key" in raw else "",
    )


def _mime(raw: Mapping[str, Any], kind: str, *, where: str) -> str:
    if kind == "file":
        mime = _text(raw, "mime", where=where)
        if not _MIME.fullmatch(mime):
            raise SeedError(f"{where}: mime {mime!r} is not a media type.")
        if mime.startswith("application/vnd.google-apps"):
            raise SeedError(f"{where}: {mime} belongs to Google; use another kind than file.")
        return mime
    if "mime" in raw:
        raise SeedError(f"{where}: only kind=file states its mime.")
    return {"folder": FOLDER_MIME, "shortcut": SHORTCUT_MIME}.get(kind) or NATIVES[kind][0]


def _content(raw: Mapping[str, Any], kind: str, *, folder: Path, where: str) -> bytes | None:
    given = [key for key in ("content", "content_base64") if key in raw]
    if kind in ("folder", "shortcut"):
        if given:
            raise SeedError(f"{where}: a {kind} has no content.")
        return None
    if len(given) != 1:
        raise SeedError(f"{where}: needs either content (a path in the seed) or content_base64.")
    value = _text(raw, given[0], where=where, empty=True)
    if given == ["content_base64"]:
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise SeedError(f"{where}: content_base64 is not base64.") from error
    path = (folder / value).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise SeedError(f"{where}: content {value!r} is not a file inside the seed.")
    return path.read_bytes()


def _moment(raw: Mapping[str, Any], now: datetime | None, *, where: str) -> datetime:
    if "modified" not in raw and now is not None:
        return now
    text = _text(raw, "modified", where=where)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SeedError(f"{where}: modified {text!r} is not an RFC 3339 time.") from error
    if moment.tzinfo is None:
        raise SeedError(f"{where}: modified {text!r} names no time zone.")
    return moment.astimezone(UTC)


def _check_tree(seed: Seed, *, where: str) -> None:
    folders = {item.id: item.parent for item in seed.items if item.kind == "folder"}
    drives = {drive.id for drive in seed.drives}
    seen: set[str] = set(drives)
    for item in seed.items:
        if item.id in seen:
            raise SeedError(f"{where}: {item.id} is used twice.")
        seen.add(item.id)
        if item.parent not in (None, ROOT_ALIAS) and item.parent not in folders and item.parent not in drives:
            raise SeedError(f"{where}: {item.id}: its parent {item.parent!r} is neither a folder nor a drive.")
        above, steps = item.parent, 0
        while above in folders:
            above, steps = folders[above], steps + 1
            if steps > len(folders):
                raise SeedError(f"{where}: {item.id}: its folders lead in a circle.")


def _clients(manifest: Mapping[str, Any], *, where: str) -> tuple[Client, ...]:
    if "clients" not in manifest:
        return (DEFAULT_CLIENT,)
    clients = []
    for position, raw in enumerate(_list(manifest, "clients", where=where)):
        here = f"{where}: client {position + 1}"
        addresses = raw.get("redirect_uris") if isinstance(raw, dict) else None
        if not isinstance(addresses, list) or not all(isinstance(address, str) for address in addresses):
            raise SeedError(f"{here}: redirect_uris must be a list of addresses.")
        texts = _texts({k: v for k, v in raw.items() if k != "redirect_uris"}, ("id", "secret"), where=here)
        clients.append(Client(**texts, redirect_uris=tuple(addresses)))
    return tuple(clients)


def _list(manifest: Mapping[str, Any], key: str, *, where: str) -> list[Any]:
    value = manifest.get(key, [])
    if not isinstance(value, list):
        raise SeedError(f"{where}: {key} must be a list.")
    return value


def _texts(raw: object, keys: tuple[str, ...], *, where: str) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise SeedError(f"{where}: must be an object with {', '.join(keys)}.")
    _only_keys(raw, set(keys), where=where)
    return {key: _text(raw, key, where=where) for key in keys}


def _text(raw: Mapping[str, Any], key: str, *, where: str, empty: bool = False) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not (value or empty):
        raise SeedError(f"{where}: {key} must be a text.")
    if not value.isprintable() and re.search("[\ud800-\udfff]", value):
        raise SeedError(f"{where}: {key} holds half a character.")
    return value


def _flag(raw: Mapping[str, Any], key: str, *, default: bool, where: str) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise SeedError(f"{where}: {key} must be true or false.")
    return value


def _only_keys(raw: Mapping[str, Any], known: set[str] | frozenset[str], *, where: str) -> None:
    unknown = sorted(str(key) for key in raw if key not in known)
    if unknown:
        raise SeedError(f"{where}: unknown key {unknown[0]!r}.")
