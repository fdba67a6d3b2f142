"""Old Office files and an Outlook email, written record by record: nothing that we may install writes them."""

import struct
from collections.abc import Mapping, Sequence

from tests.extract_samples.compound import a_compound_file


def an_xls(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return an Excel 97 workbook ([MS-XLS]) with these sheets of texts."""
    bodies = [_record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + _cells(rows) + _record(0x0A, b"")
              for rows in sheets.values()]  # fmt: skip
    begin = _record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
    bound = [name.encode("utf-16-le") for name in sheets]
    at = len(begin) + sum(12 + len(name) for name in bound) + 4
    globals_ = begin
    for name, body in zip(bound, bodies, strict=True):
        globals_ += _record(0x85, struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1) + name)
        at += len(body)
    return a_compound_file({"Workbook": (globals_ + _record(0x0A, b"") + b"".join(bodies)).ljust(4096, b"\0")})


def _cells(rows: Sequence[Sequence[str]]) -> bytes:
    out = b""
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            said = text.encode("utf-16-le")
            if text:
                out += _record(0x204, struct.pack("<HHHHB", number, column, 0, len(said) // 2, 1) + said)
    return out


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def a_msg(
    *, subject: str, body: str = "", sender: str = "", page: bytes = b"", attachments: Mapping[str, bytes] | None = None
) -> bytes:
    """Return an Outlook email ([MS-OXMSG]) sent on 2026-11-24 at 08:30."""
    sent = 134_399_826_000_000_000  # tenths of microseconds since 1601
    streams = {"__properties_version1.0": bytes(32) + struct.pack("<IIQ", 0x00390040, 6, sent)}
    for what, said in ((0x0037, subject), (0x1000, body), (0x0C1A, sender)):
        if said:
            streams[f"__substg1.0_{what:04X}001F"] = said.encode("utf-16-le")
    if page:
        streams["__substg1.0_10130102"] = page
    for number, (name, data) in enumerate((attachments or {}).items()):
        storage = f"__attach_version1.0_#{number:08X}"
        streams[f"{storage}/__properties_version1.0"] = bytes(8)
        streams[f"{storage}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{storage}/__substg1.0_37010102"] = data
        if name.endswith(".png"):
            streams[f"{storage}/__substg1.0_3712001F"] = "<a@b>".encode("utf-16-le")
    return a_compound_file(streams)
