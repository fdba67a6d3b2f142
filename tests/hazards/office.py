"""Office files made to do harm: Word, Excel, PowerPoint and OpenDocument, all of them ZIP containers of XML."""

import random
import re
import struct
from collections.abc import Callable

from scanner.extract.container import BOMB, DAMAGED, DTD
from tests.extract_builders import a_docx, a_docx_with, a_zip, an_odf, without
from tests.extract_samples.compound import a_compound_file
from tests.extract_samples.every import BY_NAME
from tests.hazards.base import MEGABYTE, Hazard, packed

P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {W}><w:body>"
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
XML = '<?xml version="1.0"?>'
SLOW = r"reading it took longer than 2 seconds"
LARGE = r"reading it needed more memory than allowed|its reader crashed on it, twice"
NONSENSE = "it is damaged, or not what it claims to be: its reader could not make sense of it"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {chr(c + 1)} "{f"&{chr(c)};" * 10}">' for c in range(98, 110))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE x [<!ENTITY m "{"ha" * 50_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd">]>'


def document_xml(prolog: str, body: str) -> bytes:
    """Return a Word document whose body stands behind this prolog."""
    xml = f"{XML}{prolog}<w:document {W}><w:body>{body}</w:body></w:document>"
    return replaced(a_docx(), "word/document.xml", xml)


def replaced(sample: bytes, member: str, data: bytes | str) -> bytes:
    """Return the container with other bytes in one member."""
    return without(sample, member, put={member: data})


def with_packed(sample: bytes, member: str, raw: bytes, says: int) -> bytes:
    """Return the container with a member whose packed bytes are given, and which claims to unpack to so many."""
    data = without(sample, member)
    directory = struct.unpack("<I", data[-6:-2])[0]
    entries, tail = data[directory:-22], bytearray(data[-22:])
    named = member.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, 0, len(raw), says, len(named), 0)
    local = b"PK\3\4" + common + named + raw
    entry = b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0, directory) + named
    count = struct.unpack("<H", tail[8:10])[0] + 1
    tail[8:20] = struct.pack("<HHII", count, count, len(entries + entry), directory + len(local))
    return data[:directory] + local + entries + entry + bytes(tail)


def bomb(member: str, piece: str, megabytes: int, *, says: int, head: str = "", tail: str = "") -> bytes:
    """Return a Word document with a member that unpacks to so many megabytes, whatever it says."""
    raw = packed(piece.encode(), megabytes, raw=True, head=head.encode(), tail=tail.encode())
    return with_packed(a_docx(), member, raw, says)


def lying(sample: bytes, member: str, *, says: int) -> bytes:
    """Return the container with one member's declared size changed."""
    data = bytearray(sample)
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(member.encode()))
    data[entry + 24 : entry + 28] = struct.pack("<I", says)
    return bytes(data)


def overlapping() -> bytes:
    """Return a container whose directory names the same bytes many times."""
    data = bytearray(a_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "x" * 4000}))
    start = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    end = data.find(b"PK\x05\x06")
    entry = bytes(data[start:end])
    tail = bytearray(data[end:])
    for place in (8, 10):
        tail[place : place + 2] = struct.pack("<H", 52)
    tail[12:16] = struct.pack("<I", end - data.find(b"PK\x01\x02") + 50 * len(entry))
    return bytes(data[:end]) + entry * 50 + bytes(tail)


def many_members(count: int) -> bytes:
    """Return a container of so many empty members, its directory written by hand."""
    names = [b"[Content_Types].xml", b"word/document.xml", *(b"word/%d" % n for n in range(count - 2))]
    common = struct.pack("<HHHHHIII", 20, 0, 0, 0, 0x21, 0, 0, 0)
    local, entries = bytearray(), bytearray()
    for name in names:
        entries += b"PK\1\2\x14\0" + common + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, len(local)) + name
        local += b"PK\3\4" + common + struct.pack("<HH", len(name), 0) + name
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(entries), len(local))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(local) + len(entries), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_535, 65_535, len(entries), len(local), 0)
    return bytes(local + entries) + wide + locator + end


def nested(levels: int) -> bytes:
    """Return containers in containers."""
    data = b"deep"
    for _ in range(levels):
        data = a_zip({"inner.zip": data}, compressed=False)
    return data


def encrypted_member() -> bytes:
    """Return a Word document whose members say that they are encrypted."""
    data = bytearray(a_docx())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def styles(text: str) -> bytes:
    """Return a Word document with these styles."""
    return replaced(a_docx(), "word/styles.xml", f"<w:styles {W}>{text}</w:styles>")


def tables(levels: int) -> bytes:
    """Return a Word document with tables in tables."""
    return a_docx_with("<w:tbl><w:tr><w:tc>" * levels + P.format("deep") + "</w:tc></w:tr></w:tbl>" * levels)


def _h(title: str, make: Callable[[], bytes], *, name: str = "a.docx", **ends: object) -> Hazard:
    return Hazard(title=title, name=name, make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


def exactly(*sentences: str) -> str:
    """Return the pattern of these sentences."""
    return "|".join(map(re.escape, sentences))


HARM = "as files made to do harm do"
CONTAINERS: tuple[Hazard, ...] = (
    _h("an empty file named .docx", lambda: b"", because="the file is empty"),
    _h("half of a Word file", lambda: a_docx()[:20_000], because=NONSENSE),
    _h("a member of a gigabyte", lambda: bomb("word/x.xml", " ", 1024, says=1 << 30, head="<x>"), because=BOMB),
    _h(
        "a gigabyte that says it is 7 bytes",
        lambda: bomb("word/document.xml", " ", 1024, says=7),
        because=f"{NONSENSE}|{DAMAGED}",
    ),
    _h(
        "a gigabyte that a spreadsheet says is 7 bytes",
        lambda: with_packed(BY_NAME["mds2.xlsx"].data, "xl/x.bin", packed(b"x", 1024, raw=True), 7),
        name="a.xlsx",
        because=BOMB,
    ),
    _h("a member that says it is 4 GB", lambda: lying(a_docx(), "word/document.xml", says=0xFFFFFFF0), because=BOMB),
    _h("members that overlap", overlapping, because=f"its parts overlap, {HARM}"),
    _h("70,000 members", lambda: many_members(70_000), because="it holds 70,000 parts, more than any real document"),
    _h("ZIP containers in ZIP containers", lambda: nested(50), because=exactly(NONSENSE, DAMAGED)),
    _h(
        "names that climb",
        lambda: without(a_docx(), put={"../../etc/cron.d/x": "x"}),
        because=f"its parts have names that point outside of it, {HARM}",
    ),
    _h(
        "names from the root",
        lambda: without(a_docx(), put={"/etc/cron.d/x": "x"}),
        because=f"its parts have names that point outside of it, {HARM}",
    ),
    _h(
        "an encrypted Word file",
        lambda: a_compound_file({"EncryptedPackage": bytes(4096)}),
        because="it is protected by a password",
    ),
    _h("members that are encrypted", encrypted_member, because="it is protected by a password"),
)
XMLS: tuple[Hazard, ...] = (
    _h("a billion laughs", lambda: document_xml(LAUGHS, P.format("&m;")), because=DTD),
    _h(
        "an entity of 100,000 letters, 5,000 times",
        lambda: document_xml(QUADRATIC, P.format("&m;" * 5_000)),
        because=DTD,
    ),
    _h("an entity from a local file", lambda: document_xml(OUTSIDE, P.format("&m;")), because=DTD),
    _h(
        "a DTD in UTF-16",
        lambda: replaced(a_docx(), "word/styles.xml", f"{LAUGHS}<x>&m;</x>".encode("utf-16")),
        because=DTD,
    ),
    _h(
        "laughs in a spreadsheet",
        name="a.xlsx",
        because=DTD,
        make=lambda: replaced(BY_NAME["mds2.xlsx"].data, "xl/sharedStrings.xml", f"{XML}{LAUGHS}<sst>&m;</sst>"),
    ),
    _h(
        "laughs in the properties of a presentation",
        name="a.pptx",
        because=DTD,
        make=lambda: replaced(BY_NAME["deck.pptx"].data, "docProps/core.xml", f"{LAUGHS}<x>&m;</x>"),
    ),
    _h(
        "an entity from a local file in OpenDocument",
        name="a.odt",
        because=DTD,
        make=lambda: replaced(an_odf("text", ""), "content.xml", f"{XML}{OUTSIDE}<x>&m;</x>"),
    ),
    _h(
        "an element of 200,000 attributes",
        because=rf"{NONSENSE}|{SLOW}",
        says="deep",
        seconds=2,
        make=lambda: a_docx_with("<w:p " + " ".join(f'a{n}="x"' for n in range(200_000)) + f"/>{P.format('deep')}"),
    ),
    _h("an attribute of 30 MB", lambda: a_docx_with(f'<w:p x="{"x" * 30_000_000}"/>'), because=exactly(NONSENSE, BOMB)),
    _h(
        "200 million empty paragraphs",
        because=BOMB,
        make=lambda: bomb("word/document.xml", "<w:p/>", 1144, says=1_200_000_000, head=BODY),
    ),
    _h(
        "30 million empty paragraphs, below every ratio",
        because=rf"{LARGE}|{SLOW}",
        seconds=2,
        make=lambda: with_packed(
            replaced(a_docx(), "word/media/x.bin", random.Random(1).randbytes(700_000)),
            "word/document.xml",
            packed(b"<w:p/>", 180, raw=True, head=BODY.encode()),
            180 * MEGABYTE,
        ),
    ),
    _h("50 tables in tables", lambda: tables(50), says="deep"),
    _h("500 tables in tables", lambda: tables(500), because=NONSENSE),
    _h("50,000 tables in tables", lambda: tables(50_000), because=NONSENSE),
    _h(
        "a cell over a billion columns",
        says="wide | narrow",
        make=lambda: a_docx_with(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
            f"{P.format('wide')}</w:tc><w:tc>{P.format('narrow')}</w:tc></w:tr></w:tbl>"
        ),
    ),
    _h(
        "styles that build on each other",
        says="Disable Telnet",
        make=lambda: styles(
            '<w:style w:styleId="ListBullet"><w:name w:val="x"/><w:basedOn w:val="y"/></w:style>'
            '<w:style w:styleId="y"><w:name w:val="y"/><w:basedOn w:val="ListBullet"/></w:style>'
        ),
    ),
    _h(
        "a heading of level 10^12",
        lambda: styles('<w:style w:styleId="Heading1"><w:pPr><w:outlineLvl w:val="1000000000000"/></w:pPr></w:style>'),
        says="Accounts",
    ),
    _h("100,000 empty paragraphs", lambda: a_docx_with(P.format("deep") + "<w:p/>" * 100_000), says="deep"),
)
OFFICE = CONTAINERS + XMLS
