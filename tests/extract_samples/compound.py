"""Writes the container of old Office files and Outlook's emails ([MS-CFB], version 3), and what lies in it."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
_END, _FREE, _FAT_SECTOR, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    kids: list["_Entry"] = field(default_factory=list)
    number: int = 0
    right: int = _NONE
    child: int = _NONE
    start: int = _END


def a_compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a container with these streams; a name with "/" in it stands in a storage."""
    root = _Entry("Root Entry", _ROOT)
    for path, data in streams.items():
        *above, name = path.split("/")
        place = root
        for step in above:
            known = next((kid for kid in place.kids if kid.name == step), None)
            if known is None:
                known = _Entry(step, _STORAGE)
                place.kids.append(known)
            place = known
        place.kids.append(_Entry(name, _STREAM, data))
    return _laid_out(root)


def _laid_out(root: _Entry) -> bytes:
    entries = _numbered(root)
    mini, mini_fat = bytearray(), list[int]()
    sectors, fat = list[bytes](), list[int]()
    for entry in entries:
        if entry.kind == _STREAM and len(entry.data) >= CUTOFF:
            entry.start = _chained(entry.data, SECTOR, sectors, fat)
        elif entry.data:
            pieces = list[bytes]()
            entry.start = _chained(entry.data, MINI, pieces, mini_fat)
            mini += b"".join(pieces)
    root.data = bytes(mini)
    root.start = _chained(root.data, SECTOR, sectors, fat) if mini else _END
    first_mini = _chained(struct.pack(f"<{len(mini_fat)}I", *mini_fat), SECTOR, sectors, fat) if mini_fat else _END
    first_entry = _chained(b"".join(_written(entry) for entry in entries), SECTOR, sectors, fat)
    fat_sectors = -(-(len(fat) + 8) // (SECTOR // 4))
    places = list(range(len(fat), len(fat) + fat_sectors))
    fat += [_FAT_SECTOR] * fat_sectors
    fat += [_FREE] * (fat_sectors * SECTOR // 4 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0,
        fat_sectors, first_entry, 0, CUTOFF, first_mini, -(-len(mini_fat) * 4 // SECTOR), _END, 0, 0,
    )[:76]  # fmt: skip
    header += struct.pack("<109I", *places, *[_FREE] * (109 - fat_sectors))
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _numbered(root: _Entry) -> list[_Entry]:
    """Number the entries and link those of one storage in a row, in the order that the format wants."""
    entries, waiting = list[_Entry](), [root]
    while waiting:
        entry = waiting.pop(0)
        entry.number = len(entries)
        entries.append(entry)
        entry.kids.sort(key=lambda one: (len(one.name), one.name.upper()))
        waiting += entry.kids
    for entry in entries:
        if entry.kids:
            entry.child = entry.kids[0].number
        for one, after in zip(entry.kids, entry.kids[1:], strict=False):
            one.right = after.number
    return entries


def _chained(data: bytes, size: int, sectors: list[bytes], table: list[int]) -> int:
    """Append the data in sectors, each of which points to the next in the table; return the first."""
    first = len(table)
    count = -(-len(data) // size)
    for place in range(count):
        sectors.append(data[place * size : (place + 1) * size].ljust(size, b"\0"))
        table.append(len(table) + 1 if place + 1 < count else _END)
    return first


def _written(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name), entry.kind, 1, _NONE, entry.right, entry.child, b"", 0, 0, 0,
        entry.start, len(entry.data),
    )  # fmt: skip
