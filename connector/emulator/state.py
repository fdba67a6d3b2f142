"""The pretended Drive itself: items, shared drives and the log of what changed, kept in memory."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from connector.emulator.indexed import indexed
from connector.emulator.values import ROOT_ALIAS, Seed, SeedItem, SharedDrive, User

_FIRST_CHANGE = 1001  # real feeds never start at 1 either, and a client must not count on it


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item as it stands now; every change makes a new one."""

    seed: SeedItem
    parent: str | None  # a folder's or drive's id, the id of My Drive, or None for shared with me
    created: datetime
    version: int
    revision: int  # of the bytes; grows only when they are replaced
    trashed_at: datetime | None = None

    @property
    def id(self) -> str:
        """The item's id, which is not guessable from its name."""
        return self.seed.id

    @cached_property
    def md5(self) -> str:
        """Checksum of the bytes, as Drive reports it."""
        return hashlib.md5(self.seed.content or b"", usedforsecurity=False).hexdigest()

    @cached_property
    def sha1(self) -> str:
        """Checksum of the bytes, as Drive reports it."""
        return hashlib.sha1(self.seed.content or b"", usedforsecurity=False).hexdigest()

    @cached_property
    def indexed(self) -> str:
        """The text that searches look at."""
        return indexed(self.seed.content or b"")

    @cached_property
    def sha256(self) -> str:
        """Checksum of the bytes, as Drive reports it."""
        return hashlib.sha256(self.seed.content or b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log: a file's, or a whole shared drive's."""

    number: int
    time: datetime
    file_id: str = ""
    drive_id: str = ""  # the shared drive it lives in, or the drive itself when file_id is empty
    removed: bool = False


class World:
    """All items and drives that the one person can see, and the log of their changes."""

    def __init__(self, seed: Seed, now: Callable[[], datetime]) -> None:
        """Take over the seed; `now` is the clock."""
        self.user: User = seed.user
        self.root_id = f"root-{hashlib.sha256(seed.user.sub.encode()).hexdigest()[:16]}"
        self.now = now
        self.drives: dict[str, SharedDrive] = {drive.id: drive for drive in seed.drives}
        self.items: dict[str, Item] = {}
        self.changes: list[Change] = []
        self.listeners: list[Callable[[Change], None]] = []  # told of each change
        self.viewer = ""  # where files open, "" for where Google's do
        self.feeds_apart = False  # whether what happens inside of a shared drive stands in the drive's feed alone
        for item in seed.items:
            self._put(item)

    @property
    def next_change(self) -> int:
        """The number that the next change will carry."""
        return _FIRST_CHANGE + len(self.changes)

    def path_to_top(self, item_id: str) -> Iterator[Item]:
        """Yield the item and each folder above it, nearest first."""
        item = self.items.get(item_id)
        while item is not None:
            yield item
            item = self.items.get(item.parent or "")

    def top_of(self, item: Item) -> str | None:
        """Return the id of My Drive or of the shared drive that holds the item, None for shared with me."""
        *_, last = self.path_to_top(item.id)
        return last.parent

    def drive_of(self, item: Item) -> str:
        """Return the id of the item's shared drive, "" for none."""
        top = self.top_of(item)
        return "" if top in (None, self.root_id) else str(top)

    def is_trashed(self, item: Item) -> bool:
        """Say whether the item or any folder above it was put into the trash."""
        return any(above.seed.trashed for above in self.path_to_top(item.id))

    def children(self, parent: str) -> list[Item]:
        """Return what lies directly inside a folder or drive."""
        return [item for item in self.items.values() if item.parent == parent]

    def family(self, item_id: str) -> list[Item]:
        """Return the item and everything below it."""
        found = [self.items[item_id]]
        for item in found:  # the list grows while it is read: a walk without recursion
            if item.seed.kind == "folder":
                found.extend(self.children(item.id))
        return found

    def upsert(self, seed: SeedItem) -> Item:
        """Create an item, or replace the one with its id; raises ValueError when it fits neither place nor kind."""
        before = self.items.get(seed.id)
        if seed.id in self.drives or (before is not None and before.seed.kind != seed.kind):
            raise ValueError(f"{seed.id} is something else already")
        self._check_parent(seed.id, self._place(seed.parent))
        old_drive = self.drive_of(before) if before else None
        item = self._put(seed)
        self._log_after_move(item, old_drive)
        return item

    def set_trashed(self, item_id: str, *, trashed: bool) -> None:
        """Put an item into the trash or take it out; everything below it changes with it."""
        item = self.items[item_id]
        moment = self.now() if trashed else None
        self.items[item_id] = replace(item, seed=replace(item.seed, trashed=trashed), trashed_at=moment)
        self._touch(self.family(item_id))

    def move(self, item_id: str, parent: str | None) -> None:
        """Move an item; its modified time stays. Across drives, everything below it changes too."""
        place = self._place(parent)
        self._check_parent(item_id, place)
        before = self.items[item_id]
        old_drive = self.drive_of(before)
        self.items[item_id] = replace(before, parent=place, version=before.version + 1)
        self._log_after_move(self.items[item_id], old_drive)

    def rename(self, item_id: str, name: str) -> None:
        """Rename an item; what lies below it does not appear in the log, although its path changed."""
        item = self.items[item_id]
        self.items[item_id] = replace(item, seed=replace(item.seed, name=name, modified=self.now()))
        self._touch([self.items[item_id]])

    def touch(self, item_id: str) -> None:
        """Change an item in a way that nobody sees: only its version grows."""
        self._touch([self.items[item_id]])

    def vanish(self, item_id: str) -> None:
        """Take an item out of sight without a change: how unsharing was seen to behave."""
        for item in self.family(item_id):
            del self.items[item.id]

    def delete(self, item_id: str) -> None:
        """Delete an item and everything below it for good."""
        family = self.family(item_id)
        drive = self.drive_of(family[0])
        for item in family:
            del self.items[item.id]
            self._append(file_id=item.id, drive_id=drive, removed=True)

    def put_drive(self, drive: SharedDrive) -> None:
        """Let the person into a shared drive, or rename one; raises ValueError when the id is an item's."""
        if drive.id in self.items:
            raise ValueError(f"{drive.id} is an item")
        self.drives[drive.id] = drive
        self._append(drive_id=drive.id)

    def lose_drive(self, drive_id: str) -> None:
        """Take the person out of a shared drive: one change for the drive, none for its files."""
        lost = [item.id for item in self.items.values() if self.drive_of(item) == drive_id]
        del self.drives[drive_id]
        for item_id in lost:
            del self.items[item_id]
        self._append(drive_id=drive_id, removed=True)

    def _place(self, parent: str | None) -> str | None:
        return self.root_id if parent == ROOT_ALIAS else parent

    def _check_parent(self, item_id: str, place: str | None) -> None:
        if place is None or place == self.root_id or place in self.drives:
            return
        folder = self.items.get(place)
        if folder is None or folder.seed.kind != "folder":
            raise ValueError(f"{place} is neither a folder nor a drive")
        if any(above.id == item_id for above in self.path_to_top(place)):
            raise ValueError(f"{item_id} cannot lie inside itself")

    def _put(self, seed: SeedItem) -> Item:
        before = self.items.get(seed.id)
        same_bytes = before is not None and before.seed.content == seed.content
        item = Item(
            seed=seed,
            parent=self._place(seed.parent),
            created=before.created if before else seed.modified,
            version=before.version + 1 if before else 1,
            revision=(before.revision + (0 if same_bytes else 1)) if before else 1,
            trashed_at=self.now() if seed.trashed else None,
        )
        self.items[seed.id] = item
        return item

    def _touch(self, items: list[Item]) -> None:
        for item in items:
            self.items[item.id] = replace(item, version=item.version + 1)
            self._append(file_id=item.id, drive_id=self.drive_of(item))

    def _log_after_move(self, item: Item, old_drive: str | None) -> None:
        """Log one change, or, across drives, a removal in the old feed and a change in the new one for each inside."""
        drive = self.drive_of(item)
        if old_drive in (None, drive):
            self._append(file_id=item.id, drive_id=drive)
            return
        for each in self.family(item.id):
            self._append(file_id=each.id, drive_id=str(old_drive), removed=True)
            self._append(file_id=each.id, drive_id=drive)

    def _append(self, *, file_id: str = "", drive_id: str = "", removed: bool = False) -> None:
        change = Change(number=self.next_change, time=self.now(), file_id=file_id, drive_id=drive_id, removed=removed)
        self.changes.append(change)
        for listener in tuple(self.listeners):
            listener(change)
