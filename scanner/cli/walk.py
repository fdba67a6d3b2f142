"""Which local files are scanned, and why some that lie there are not."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

NOWHERE = "it is a link that leads nowhere"
TO_FOLDER = "it is a link to a folder; name that folder to have it read"
TO_FILE = "it is a link to a file outside of what is scanned; name that file to have it read"
NO_FILE = "it is no regular file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that lies at the paths that a person named."""

    path: Path
    unread: str = ""  # completes "could not check, because …"; "" for a regular file


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """All that lies there."""

    found: tuple[Found, ...]
    linked: int  # links beside them to files and folders that are read by their own names


def walk(paths: Iterable[Path]) -> Walk:
    """Go through the files named and those in folders named, sorted; hidden ones are left out.

    A link that a person names is followed. One in a folder is not: its file is read by its own name where it lies there
    too, and where not it is told, for a folder from a stranger may link to anything. Raises FileNotFoundError.
    """
    found: list[Found] = []
    links: list[Path] = []
    for path in paths:
        for each in _below(path) if path.is_dir() else [Found(path=path, unread=_unread(path.stat().st_mode))]:
            if each.path.is_symlink() and each.path != path:
                links.append(each.path)
            else:
                found.append(each)
    read = {each.path.resolve() for each in found if not each.unread}
    inside = tuple(path.resolve() for path in paths)
    told = [Found(path=link, unread=why) for link in links if (why := _because(link, read, inside))]
    return Walk(found=(*found, *told), linked=len(links) - len(told))


def opened(path: Path) -> IO[bytes]:
    """Open a regular file; a pipe that took its place is not waited for. Raises OSError."""
    stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if _unread(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(0, NO_FILE)
    return stream


def _below(top: Path) -> Iterator[Found]:
    closed: list[OSError] = []
    for here, folders, names in os.walk(top, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(here) / name).is_symlink()]  # os.walk does not go into them
        for name in sorted([*links, *(name for name in names if not name.startswith("."))]):
            path = Path(here) / name
            yield Found(path=path, unread=_unread(path.lstat().st_mode))
    for error in closed:
        yield Found(path=Path(error.filename), unread=f"this folder cannot be opened ({error.strerror})")


def _unread(mode: int) -> str:
    return "" if stat.S_ISREG(mode) else NO_FILE


def _because(link: Path, read: set[Path], inside: tuple[Path, ...]) -> str:
    """Say why what a link leads to is not read; "" when it is, by its own name."""
    try:
        target = link.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):  # also a circle of links
        return NOWHERE
    if stat.S_ISDIR(mode):
        return "" if any(target.is_relative_to(each) for each in inside) else TO_FOLDER
    return "" if target in read else _unread(mode) or TO_FILE
