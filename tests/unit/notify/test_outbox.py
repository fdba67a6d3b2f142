"""The outbox: stable names, private files, whole or not at all."""

import email
import stat
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.notify.base import Message, NotifyError
from scanner.notify.outbox import Outbox, file_name
from scanner.notify.registry import CHANNELS, NotifySettings, notifier

NOW = datetime(2026, 5, 15, 3, 10, tzinfo=UTC)


def a_message(ident: str = "r-1", subject: str = "[PulseView 4.3.0] 2 lost – IEC 81001-5-1 §5.8.2") -> Message:
    """Build a message to Anna."""
    return Message(id=ident, to="anna@maker.example", subject=subject, text="Grüße\n", html="<p>Grüße</p>\n")


def an_outbox(folder: Path) -> Outbox:
    """Build an outbox with a clock that stands still."""
    return Outbox(folder, sender="crosswalk@maker.example", clock=lambda: NOW)


def test_a_mail_is_written_as_eml_and_html_that_only_its_owner_can_read(tmp_path: Path) -> None:
    """And the answer says where."""
    folder = tmp_path / "var" / "outbox"
    where = an_outbox(folder).send(a_message())
    name = "pulseview-4.3.0-2-lost-iec-81001-5-1-5.8.2-r-1"
    assert where == f"written to {folder / name}.eml and .html"
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.eml", f"{name}.html"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    mail = email.message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=default)
    assert mail["Subject"] == "[PulseView 4.3.0] 2 lost – IEC 81001-5-1 §5.8.2"
    assert mail["Message-ID"] == "<report-r-1@maker.example>"
    assert mail["Date"].datetime == NOW
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "Grüße\r\n"
    assert (folder / f"{name}.html").read_text() == "<p>Grüße</p>\n"


def test_the_same_report_writes_the_same_files_again(tmp_path: Path) -> None:
    """A repeated summarize leaves one mail, not two."""
    an_outbox(tmp_path).send(a_message())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    an_outbox(tmp_path).send(a_message())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@given(st.text(max_size=90), st.text(max_size=90))
def test_a_file_name_is_safe_whatever_product_and_id_are(subject: str, ident: str) -> None:
    """No path, no hidden file, no surprise for a shell."""
    name = file_name(a_message(ident, subject))
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert ".." not in name
    assert name[0] not in ".-"
    assert len(name) <= 130


def test_two_ids_never_share_a_file() -> None:
    """Also where an id has to be replaced by its digest."""
    assert file_name(a_message("a/b")) != file_name(a_message("a_b"))


def test_a_folder_that_cannot_be_written_is_a_lasting_failure(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "outbox").write_text("")
    with pytest.raises(NotifyError, match="cannot be written") as caught:
        an_outbox(tmp_path / "outbox").send(a_message())
    assert not caught.value.transient


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link in the outbox is replaced, its target stays."""
    target = tmp_path / "precious"
    target.write_text("mine")
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    (outbox / f"{file_name(a_message())}.html").symlink_to(target)
    an_outbox(outbox).send(a_message())
    assert target.read_text() == "mine"


def test_every_module_of_a_channel_is_registered_and_the_outbox_is_first(tmp_path: Path) -> None:
    """Whoever adds a channel adds its line."""
    assert [name for name, _ in CHANNELS] == ["outbox", "email"]
    where = notifier(NotifySettings(outbox=tmp_path), clock=lambda: NOW).send(a_message())
    assert where.startswith("written to ")
    assert len(list(tmp_path.iterdir())) == 2
