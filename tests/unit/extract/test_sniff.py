"""A file is what its bytes are; its name decides between kinds of text only."""

import io

import pytest

from scanner.extract.formats import Format
from scanner.extract.sniff import sniff
from tests.extract_builders import a_docx, a_zip
from tests.extract_samples.compound import a_compound_file
from tests.extract_samples.every import BY_NAME


@pytest.mark.parametrize(
    "name", ["guide.pdf", "guide.docx", "mds2.xlsx", "deck.pptx", "guide.odt", "guide.rtf", "mail.eml"]
)
@pytest.mark.parametrize("other", ["x.pdf", "x.docx", "x.txt", "x.md", "x", "", "x.exe"])
def test_a_name_does_not_hide_what_a_file_is(name: str, other: str) -> None:
    data = BY_NAME[name].data
    assert sniff(io.BytesIO(data), name=other) is sniff(io.BytesIO(data), name=name)


@pytest.mark.parametrize(
    ("data", "name", "real"),
    [
        (b"# Title", "a.md", Format.MARKDOWN),
        (b"# Title", "a.MD", Format.MARKDOWN),
        (b"# Title", "README", Format.TEXT),
        (b"# Title\n\nA text.\n\n## Roles\n\n", "a.tmpl", Format.MARKDOWN),
        (b"# a comment\nkey: value\n# another\n", "a.yaml", Format.TEXT),
        (b"{{ name }}", "a.tmpl", Format.TEXT),
        (b"[section]", "a.conf", Format.TEXT),
        (b"a plain text", "a.docx", Format.TEXT),
        (b"a;b", "a.csv", Format.CSV),
        (b"= Title", "a.adoc", Format.ASCIIDOC),
        (b"<p align=center>A picture</p>\n\n# Title", "README.md", Format.MARKDOWN),
        (b"<!DOCTYPE html><p>x", "a.txt", Format.HTML),
        (b"  <HTML><body>x", "a", Format.HTML),
        (b"<p>a piece</p>", "a.html", Format.HTML),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a.txt", Format.HTML),
        (b"\xef\xbb\xbfa text with a mark", "a.txt", Format.TEXT),
        ("Ein Text, größer".encode("latin-1"), "a.txt", Format.TEXT),
        ("plain".encode("utf-16"), "a.txt", Format.TEXT),
        (b"From: a@b\nTo: c@d\nSubject: x\n\nbody", "a.txt", Format.EML),
        (b"To: the reader\n\nThis is a letter.", "a.txt", Format.TEXT),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "a.eml", Format.EML),
        (b"", "a.pdf", Format.EMPTY),
        (b"\0" * 5_000, "a.pdf", Format.EMPTY),
        (b"MZ\x90\0", "a.txt", Format.BINARY),
        (bytes(range(256)) * 4, "a.txt", Format.BINARY),
        (b"GIF89a....", "a.pdf", Format.IMAGE),
    ],
)
def test_text_is_told_from_what_is_none(data: bytes, name: str, real: Format) -> None:
    assert sniff(io.BytesIO(data), name=name) is real


@pytest.mark.parametrize(
    ("stream", "real"),
    [
        ("WordDocument", Format.DOC),
        ("Workbook", Format.XLS),
        ("Book", Format.XLS),
        ("PowerPoint Document", Format.PPT),
        ("EncryptedPackage", Format.PROTECTED),
        ("__properties_version1.0", Format.MSG),
        ("ObjectPool/_1/WordDocument", Format.LEGACY),  # what is only embedded does not tell what the file is
    ],
)
def test_an_old_office_file_is_known_by_its_main_stream(stream: str, real: Format) -> None:
    data = a_compound_file({"\5SummaryInformation": b"x", stream: bytes(5_000)})
    assert sniff(io.BytesIO(data), name="a.docx") is real
    assert sniff(io.BytesIO(data[:700]), name="a.docx") is Format.LEGACY  # cut short, its directory is gone


@pytest.mark.parametrize(
    ("head", "name", "real"),
    [
        ("Snapshot-Content-Location: x\nMIME-Version: 1.0\nDate: x\nSubject: y", "a.txt", Format.MHTML),
        ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b", "a.doc", Format.TEXT),
        ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b", "a.mht", Format.MHTML),
        ("From: a\nTo: b\nSubject: y\nContent-Type: multipart/related; boundary=b", "a.mht", Format.EML),
    ],
)
def test_a_saved_page_is_told_from_an_email(head: str, name: str, real: Format) -> None:
    assert sniff(io.BytesIO(f"{head}\n\n--b\n\nbody\n--b--\n".encode()), name=name) is real


def test_a_container_of_anything_else_is_an_archive() -> None:
    assert sniff(io.BytesIO(a_zip({"word.txt": "x"})), name="a.docx") is Format.ZIP


def test_the_stream_is_at_its_start_again() -> None:
    stream = io.BytesIO(a_docx())
    stream.seek(99)
    sniff(stream, name="a")
    assert stream.tell() == 0
