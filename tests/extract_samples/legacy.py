"""Old and binary Office files and an Outlook email, written by records: nothing that we may install writes them."""

import io
import struct
import zipfile
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


def an_xlsb(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return a binary Excel workbook ([MS-XLSB]) with these sheets of texts."""
    bound, related, out = b"", "", io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            bound += _brt(0x9C, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name))
            related += f'<Relationship Id="rId{number}" Type="worksheet" Target="worksheets/sheet{number}.bin"/>'
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _binary_sheet(rows))
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", _brt(0x83) + bound + _brt(0x90) + _brt(0x84))
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{related}</Relationships>")
    return out.getvalue()


def _binary_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    out = _brt(0x81) + _brt(0x94, size) + _brt(0x91)
    for number, row in enumerate(rows):
        out += _brt(0, struct.pack("<I13x", number))
        out += b"".join(_brt(6, struct.pack("<II", column, 0) + _wide(text)) for column, text in enumerate(row) if text)
    return out + _brt(0x92) + _brt(0x82)


def _brt(kind: int, data: bytes = b"") -> bytes:
    """Return a record: its kind and its size in groups of seven bits (MS-XLSB 2.1.4), then its data."""
    return b"".join(_sevens(number) for number in (kind, len(data))) + data


def _sevens(number: int) -> bytes:
    out = bytearray([number & 0x7F])
    while number := number >> 7:
        out[-1] |= 0x80
        out.append(number & 0x7F)
    return bytes(out)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


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
