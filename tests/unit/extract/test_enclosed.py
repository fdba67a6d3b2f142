"""Files inside of files: what an email or an archive holds is read one level deep, and says where it stands."""

import io
import zipfile
from email.message import EmailMessage

import pytest

from scanner.extract import archive
from scanner.extract.direct import read
from scanner.extract.enclosed import NESTED
from scanner.model.document import Document
from tests.extract_builders import a_docx, a_zip, an_eml
from tests.extract_samples.legacy import a_msg


def parts(document: Document) -> dict[str, str]:
    return {one.text: str(one.locator) for one in document.passages}


def read_zip(members: dict[str, bytes | str]) -> Document:
    return read(io.BytesIO(a_zip(members)), name="a.zip")


def test_a_file_in_an_archive_is_read_and_named_in_the_locator() -> None:
    said = parts(read_zip({"manual/guide.docx": a_docx(), "notes.txt": "Ports are listed."}))
    assert said["Nurse | read only"] == "file manual/guide.docx, Accounts › Roles"
    assert said["Ports are listed."] == "file notes.txt"


def test_a_file_whose_name_is_blank_or_holds_controls_is_named_nevertheless() -> None:
    said = parts(read_zip({"\x0b": "Ports are listed.", "open\x1b[2Jports.txt": "Telnet is off."}))
    assert said == {
        "Ports are listed.": "file without a name",
        "Telnet is off.": "file open[2Jports.txt",
    }


def test_a_file_without_a_name_keeps_no_other_from_being_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ports.txt", "Ports are listed.")
        archive.writestr(zipfile.ZipInfo(""), "Telnet is off.")
    said = parts(read(out, name="a.zip"))
    assert said == {"Telnet is off.": "file without a name", "Ports are listed.": "file ports.txt"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_both_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ports.txt", "Ports are listed.")
        archive.writestr("ports.txt", "Telnet is off.")
    document = read(out, name="a.zip")
    assert [one.text for one in document.passages] == ["Ports are listed.", "Telnet is off."]


def test_what_an_archive_holds_two_levels_deep_is_noted_and_not_read() -> None:
    document = read_zip({"mail.eml": an_eml(), "more.zip": a_zip({"a.txt": "Hidden."})})
    assert "Hidden." not in parts(document)
    assert document.notes == (
        f"file mail.eml: attachment guide.docx was not read: {NESTED}",
        f"file mail.eml: attachment logo.png was not read: {NESTED}",
        f"file more.zip was not read: {NESTED}",
    )


def test_a_program_in_an_archive_is_noted_and_litter_is_not() -> None:
    document = read_zip({"a.txt": "A text.", "a.exe": b"MZ\x90\0", "__MACOSX/._a.txt": b"\0\5", "b/.DS_Store": b"\0"})
    assert document.notes == ("file a.exe was not read: its type (program or data file) is not one that can be read",)


def test_an_archive_is_read_up_to_a_number_and_a_size_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 2_000_000)
    document = read_zip({"a.txt": "A text.", "b.txt": "x" * 2_000_001, "c.txt": "Not reached."})
    assert list(parts(document)) == ["A text."]
    assert document.notes == (
        "file b.txt was not read: it is larger than 2 MB",
        "it holds more than 2 files, the first 2 of them were read",
    )


def test_names_in_an_archive_are_read_whatever_wrote_them() -> None:
    said = a_zip({"grosse.txt": "A text."}).replace(b"grosse.txt", "größ.txt".encode())  # UTF-8 that does not say so
    assert parts(read(io.BytesIO(said), name="a.zip")) == {"A text.": "file größ.txt"}


def test_an_archive_of_feeds_is_no_office_file_and_may_hold_document_types() -> None:
    page = '<!DOCTYPE html PUBLIC "x"><html><body><p>A text.</p></body></html>'
    assert parts(read_zip({"page.xml": page}))["A text."] == "file page.xml"


def test_an_outlook_email_gives_its_text_fields_and_attachments() -> None:
    document = read(
        io.BytesIO(
            a_msg(subject="Kennwörter 4.2", body="Siehe Anhang.", sender="Ann", attachments={"g.docx": a_docx()})
        ),
        name="mail.msg",
    )
    assert dict(document.properties) == {"Subject": "Kennwörter 4.2", "From": "Ann", "Date": "2026-11-24 08:30"}
    said = parts(document)
    assert said["Siehe Anhang."] == "paragraph 3"
    assert said["Roles"] == "attachment g.docx, Accounts"


def test_an_outlook_email_without_plain_text_gives_its_page() -> None:
    page = "<html><meta charset=windows-1252><body><h1>Konten</h1><p>Ändern.</p></body></html>".encode("cp1252")
    document = read(io.BytesIO(a_msg(subject="x", page=page)), name="mail.msg")
    assert parts(document)["Ändern."] == "Konten"


def test_an_email_that_another_one_carries_is_read_one_level_deep() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Release 4.2"
    inner.set_content("Telnet is off.")
    outer = EmailMessage()
    outer["Subject"], outer["From"], outer["To"] = "Fwd", "a@example.org", "b@example.org"
    outer.set_content("See below.")
    outer.add_attachment(inner)
    said = parts(read(io.BytesIO(outer.as_bytes()), name="mail.eml"))
    assert said["Telnet is off."] == "attachment message.eml"
    assert said["Subject: Release 4.2"] == "attachment message.eml"


@pytest.mark.parametrize(("content_id", "noted"), [("<logo@example.org>", 0), ("", 1)])
def test_a_picture_that_an_email_shows_leaves_nothing_unread_and_an_attached_one_does(
    content_id: str, noted: int
) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Release 4.2", "a@example.org", "b@example.org"
    mail.set_content("Telnet is off.")
    mail.add_attachment(b"\x89PNG....", maintype="image", subtype="png", filename="logo.png")
    for part in mail.iter_attachments() if content_id else ():
        part["Content-ID"] = content_id
    assert len(read(io.BytesIO(mail.as_bytes()), name="mail.eml").notes) == noted


def test_a_picture_that_an_outlook_email_shows_leaves_nothing_unread() -> None:
    mail = a_msg(subject="Release 4.2", body="Telnet is off.", attachments={"logo.png": b"\x89PNG...."})
    assert read(io.BytesIO(mail), name="mail.msg").notes == ()


def test_a_japanese_email_is_read_in_its_own_charset() -> None:
    said = "初期パスワードを変更してください。"
    head = "Subject: =?ISO-2022-JP?B?GyRCOjlKZxsoQg==?=\nFrom: a@example.org\nTo: b@example.org\n"
    text = f"{head}Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit\n\n{said}\n"
    document = read(io.BytesIO(text.encode("iso2022_jp")), name="mail.eml")
    assert parts(document)[said] == "paragraph 2"
