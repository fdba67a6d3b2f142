"""Files made to do harm: each ends within its limits, as text or as a reason that a quality manager understands."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.container import BOMB, DTD
from scanner.extract.isolation import ExtractPool, Limits
from scanner.model.document import Document
from tests.extract_builders import a_docx, a_docx_with, a_pdf, a_zip, an_odf, without
from tests.extract_samples.compound import a_compound_file
from tests.extract_samples.every import BY_NAME

P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {chr(c + 1)} "{f"&{chr(c)};" * 10}">' for c in range(98, 110))
    + "]>"
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=1, limits=Limits(seconds=8, memory_mb=400)) as pool:
        yield pool


def document_xml(prolog: str, body: str) -> bytes:
    xml = (
        f'<?xml version="1.0"?>{prolog}<w:document '
        f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    return without(a_docx(), "word/document.xml", put={"word/document.xml": xml})


def a_bare_pdf(content: bytes, *, filters: str = "", kids: str = "3 0 R", count: str = "1") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        + f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n".encode()
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        + b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        + f"4 0 obj<</Length {len(content)}{filters}>>stream\n".encode()
        + content
        + b"\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
    )


def deflated(piece: bytes, megabytes: int, *, twice: bool = False) -> bytes:
    engine = zlib.compressobj(9)
    block = piece * (1_048_576 // len(piece))
    data = b"".join(engine.compress(block) for _ in range(megabytes)) + engine.flush()
    return zlib.compress(data, 9) if twice else data


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


def many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"word/{number}", b"")
        archive.writestr("word/document.xml", b"<x/>")
    return out.getvalue()


def ole(stream: str) -> bytes:
    return a_compound_file({stream: bytes(4096)})


def a_pdf_for_its_owner() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("", ownerPassword="boss"))
    canvas.drawString(70, 700, "Change the default password")
    canvas.save()
    return out.getvalue()


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zero bytes": ("a.docx", lambda: b"", "the file is empty"),
    "blanks only": ("a.txt", lambda: b" \n\0" * 100, "the file is empty"),
    "a picture": ("scan.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "it is a picture without a text layer"),
    "a program named .pdf": (
        "a.pdf",
        lambda: b"\x7fELF" + b"\0" * 99,
        "its type (program or data file) is not one that can be read",
    ),
    "an archive of pictures": (
        "a.zip",
        lambda: a_zip({"a.png": b"\x89PNG"}),
        "no text was found in it: none of its files could be read",
    ),
    "an old Word file": (
        "a.doc",
        lambda: ole("WordDocument"),
        "it is in the legacy format of old Word: save it as DOCX",
    ),
    "an encrypted Word file": ("a.docx", lambda: ole("EncryptedPackage"), "it is protected by a password"),
    "an encrypted PDF": ("a.pdf", lambda: a_pdf(encrypt="secret"), "it is protected by a password"),
    "a scan": ("a.pdf", lambda: a_bare_pdf(b"0 0 600 800 re f"), "it is a scan without a text layer"),
    "a truncated Word file": (
        "a.docx",
        lambda: a_docx()[:20_000],
        "it is damaged, or not what it claims to be: its reader could not make sense of it",
    ),
    "a header and nothing": (
        "a.pdf",
        lambda: b"%PDF-1.7\n" + b"\xff\xfe\1" * 999,
        "it is damaged: no reader can open it as a PDF",
    ),
    "a zip bomb": ("a.docx", lambda: without(a_docx(), put={"word/x.xml": b"<x>" + b" " * 60_000_000}), BOMB),
    "a member of lying size": (
        "a.xlsx",
        lambda: lying(
            without(BY_NAME["mds2.xlsx"].data, put={"xl/x.bin": b"x" * 9_999}),
            "xl/x.bin",
            says=7,
        ),
        BOMB,
    ),
    "sizes of petabytes": ("a.docx", lambda: lying(a_docx(), "word/document.xml", says=0xFFFFFFF0), BOMB),
    "overlapping members": ("a.docx", overlapping, "its parts overlap, as files made to do harm do"),
    "12,000 members": ("a.docx", many_members, "it holds 12,001 parts, more than any real document"),
    "names that climb": (
        "a.docx",
        lambda: without(a_docx(), put={"../../etc/cron.d/x": "x"}),
        "its parts have names that point outside of it, as files made to do harm do",
    ),
    "a billion laughs": ("a.docx", lambda: document_xml(LAUGHS, P.format("&m;")), DTD),
    "laughs in a spreadsheet": (
        "a.xlsx",
        lambda: without(
            BY_NAME["mds2.xlsx"].data,
            "xl/sharedStrings.xml",
            put={"xl/sharedStrings.xml": f"<?xml version='1.0'?>{LAUGHS}<sst>&m;</sst>"},
        ),
        DTD,
    ),
    "laughs in the properties": (
        "a.pptx",
        lambda: without(
            BY_NAME["deck.pptx"].data, "docProps/core.xml", put={"docProps/core.xml": f"{LAUGHS}<x>&m;</x>"}
        ),
        DTD,
    ),
    "an outside entity": (
        "a.odt",
        lambda: without(
            an_odf("text", ""),
            "content.xml",
            put={
                "content.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
            },
        ),
        DTD,
    ),
    "a DTD in UTF-16": (
        "a.docx",
        lambda: without(a_docx(), "word/styles.xml", put={"word/styles.xml": f"{LAUGHS}<x>&m;</x>".encode("utf-16")}),
        DTD,
    ),
}


@pytest.mark.parametrize("hazard", REFUSED)
def test_it_is_refused_with_its_reason(pool: ExtractPool, hazard: str) -> None:
    name, make, because = REFUSED[hazard]
    with pytest.raises(Unreadable) as why:
        pool.extract(io.BytesIO(make()), name=name)
    assert str(why.value) == because


READ: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an owner's password only": ("a.pdf", a_pdf_for_its_owner, "Change the default password"),
    "junk before the header": ("a.pdf", lambda: b"junk\n" * 20 + a_pdf(), "Change the default password"),
    "a count of pages that lies": (
        "a.pdf",
        lambda: a_bare_pdf(b"BT /F 12 Tf 9 700 Td (Hello) Tj ET", count="9999999"),
        "Hello",
    ),
    "a PDF named .docx": ("a.docx", a_pdf, "Change the default password"),
    "tables in tables": (
        "a.docx",
        lambda: a_docx_with("<w:tbl><w:tr><w:tc>" * 50 + P.format("deep") + "</w:tc></w:tr></w:tbl>" * 50),
        "deep",
    ),
    "a cell over a billion columns": (
        "a.docx",
        lambda: a_docx_with(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
            + P.format("wide")
            + "</w:tc><w:tc>"
            + P.format("narrow")
            + "</w:tc></w:tr></w:tbl>"
        ),
        "wide | narrow",
    ),
    "styles that build on each other": (
        "a.docx",
        lambda: without(
            a_docx(),
            "word/styles.xml",
            put={
                "word/styles.xml": '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                '<w:style w:styleId="ListBullet"><w:name w:val="x"/><w:basedOn w:val="y"/></w:style>'
                '<w:style w:styleId="y"><w:name w:val="y"/><w:basedOn w:val="ListBullet"/></w:style></w:styles>'
            },
        ),
        "Disable Telnet",
    ),
    "a cell repeated a billion times": (
        "a.odt",
        lambda: an_odf(
            "text",
            '<office:text><table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell '
            'table:number-columns-repeated="999999999"><text:p>again</text:p></table:table-cell></table:table-row>'
            '</table:table><text:p>a<text:s text:c="2000000000"/>b</text:p></office:text>',
        ),
        "a b",
    ),
    "nested divs": ("a.html", lambda: b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000, "deep"),
    "nested quotes": ("a.md", lambda: b"> " * 5_000 + b"deep", "deep"),
    "nested lists": ("a.md", lambda: b"- " * 5_000 + b"deep", "deep"),
    "a flood of brackets": ("a.md", lambda: b"[" * 200_000 + b" deep", "deep"),
    "a flood of emphasis": ("a.md", lambda: b"**a *b " * 50_000 + b" deep", "deep"),
    "a flood of tags in Markdown": ("a.md", lambda: b"<a " * 50_000 + b"\n\ndeep", "deep"),
    "nested bullets": ("a.rst", lambda: b"".join(b"  " * n + b"* x\n\n" for n in range(300)) + b"\ndeep\n", "deep"),
    "nested directives": (
        "a.rst",
        lambda: b"".join(b"   " * n + b".. note::\n\n" for n in range(200)) + b"   " * 200 + b"deep",
        "deep",
    ),
    "a table of no columns": ("a.adoc", lambda: b'[cols=""]\n|===\n| deep | two\n|===\n', "deep"),
    "groups in groups": ("a.rtf", lambda: b"{\\rtf1 " + b"{" * 200_000 + b"deep" + b"}" * 200_001, "deep"),
    "binary data without end": ("a.rtf", lambda: b"{\\rtf1 before\\par\\bin2147483647 after\\par}", "before"),
    "one endless line": ("a.txt", lambda: b"word" * 4_000_000, "word"),
    "dots without end": ("a.txt", lambda: b"deep " + b"." * 300_000 + b"!!", "deep"),
    "NUL bytes": ("a.txt", lambda: b"an\0swer " * 50, "answer"),
    "UTF-16 without a mark": ("a.txt", lambda: "A plain answer.".encode("utf-16-le"), "A plain answer."),
    "another code page": (
        "a.txt",
        lambda: "Passwörter müssen geändert werden, größer als zwölf.".encode("cp1252"),
        "Passwörter müssen",
    ),
    "a mail of many headers": (
        "a.eml",
        lambda: b"Subject: " + b"=?utf-8?q?" + b"=41" * 50_000 + b"?=\nFrom: a@b\nTo: c@d\n\ndeep",
        "deep",
    ),
    "rows without end": ("a.csv", lambda: b"deep,b\n" * 50 + b'"open quote\n' * 1_000, "deep"),
    "a row of 100,000 cells": ("a.csv", lambda: b"deep," * 100_000, "deep"),
}


@pytest.mark.parametrize("hazard", READ)
def test_it_is_read_all_the_same(pool: ExtractPool, hazard: str) -> None:
    name, make, proof = READ[hazard]
    document = pool.extract(io.BytesIO(make()), name=name)
    assert [passage for passage in document.passages if proof in passage.text]


ENDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a page of 150 MB": ("a.pdf", lambda: a_bare_pdf(deflated(b" ", 150), filters="/Filter/FlateDecode")),
    "a page of 150 MB, twice packed": (
        "a.pdf",
        lambda: a_bare_pdf(deflated(b"BT (a) Tj ET ", 100, twice=True), filters="/Filter[/FlateDecode/FlateDecode]"),
    ),
    "a page tree that bites its tail": ("a.pdf", lambda: a_bare_pdf(b"", kids="2 0 R", count="5")),
    "100,000 times the same page": ("a.pdf", lambda: a_bare_pdf(b"", kids="3 0 R " * 100_000, count="100000")),
    "nested arrays": ("a.pdf", lambda: a_bare_pdf(b"[" * 200_000)),
    "500 tables in tables": (
        "a.docx",
        lambda: a_docx_with("<w:tbl><w:tr><w:tc>" * 500 + "</w:tc></w:tr></w:tbl>" * 500),
    ),
    "400,000 empty paragraphs": ("a.docx", lambda: a_docx_with(P.format("x") + "<w:p/>" * 400_000)),
    "3,000 mails in mails": (
        "a.eml",
        lambda: b"From: a@b\nTo: c@d\nSubject: x\nContent-Type: message/rfc822\n\n" * 3_000 + b"\ndeep",
    ),
    "a far corner cell": (
        "a.xlsx",
        lambda: without(
            BY_NAME["mds2.xlsx"].data,
            put={
                "xl/worksheets/sheet1.xml": "<worksheet "
                'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
                '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
                "</sheetData></worksheet>"
            },
        ),
    ),
    "a sheet of repeated cells": (
        "a.ods",
        lambda: an_odf(
            "spreadsheet",
            '<office:spreadsheet><table:table table:name="x"><table:table-row table:number-rows-repeated="1000000">'
            '<table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row></table:table></office:spreadsheet>",
        ),
    ),
}


@pytest.mark.parametrize("hazard", ENDS)
def test_it_ends_and_the_next_file_is_read(pool: ExtractPool, hazard: str) -> None:
    name, make = ENDS[hazard]
    ended: Document | str
    try:
        ended = pool.extract(io.BytesIO(make()), name=name)
    except Unreadable as why:
        ended = str(why)
    assert ended
    assert pool.extract(io.BytesIO(b"A plain answer."), name="a.txt").words == 3


def test_a_wrong_ending_is_read_as_what_it_is_and_said(pool: ExtractPool) -> None:
    for sample, name, note in (
        (a_docx(), "guide.pdf", "named .pdf, but it is a Word document"),
        (a_pdf(), "guide.docx", "named .docx, but it is a PDF"),
        (BY_NAME["guide.html"].data, "guide.docx", "named .docx, but it is a web page"),
        (BY_NAME["guide.rtf"].data, "guide.doc", "named .doc, but it is an RTF document"),
    ):
        document = pool.extract(io.BytesIO(sample), name=name)
        assert (document.mislabelled, document.notes) == (note, ())  # all of it was read
