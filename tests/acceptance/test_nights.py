"""Nights of a life, against the mails that their people expect, word for word; each went over a real mail server."""

import re
from collections.abc import Mapping
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scanner.notify.message import MAX_HTML_BYTES
from tests.acceptance.nights import OWNER, a_life, as_read, live

DATA = Path(__file__).parents[1] / "data" / "nights"
pytestmark = pytest.mark.xdist_group("nights")  # they pass once, not once a process

Nights = Mapping[str, list[EmailMessage]]


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    with a_life(tmp_path_factory.mktemp("life")) as life:
        live(life)
        return life.told


@pytest.mark.parametrize("file", sorted(DATA.glob("*.txt")), ids=lambda file: file.stem)
def test_a_night_is_told_word_for_word(nights: Nights, file: Path) -> None:
    night, who = file.stem.rsplit(" to ", 1)
    (mail,) = [one for one in nights[night] if str(one["To"]).startswith(f"{who}@")]
    assert as_read(mail) == file.read_text(encoding="utf-8")


def test_no_other_mail_went_out(nights: Nights) -> None:
    sent = {f"{night} to {str(mail['To']).split('@')[0]}" for night, mails in nights.items() for mail in mails}
    assert sent == {file.stem for file in DATA.glob("*.txt")}
    assert sum(map(len, nights.values())) == len(sent)
    assert [night for night, mails in nights.items() if not mails] == [
        "05 rename",
        "10 still down, a release told",
        "12 mailbox down",
    ]


class _Words(HTMLParser):
    """What a reader of the HTML sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside not in {"style", "title"}:
            self.words += data.split()


def test_the_html_says_what_the_text_says(nights: Nights) -> None:
    for mail in (mail for mails in nights.values() for mail in mails):
        html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
        assert html is not None
        assert plain is not None
        assert len(html.get_content().encode()) <= MAX_HTML_BYTES
        seen = _Words()
        seen.feed(html.get_content())
        text = re.sub(r"\S+://\S+|[-=]{3,}|\bIn\b", " ", plain.get_content())
        unsaid = {word.strip("().,:").lower() for word in text.split()}
        unsaid -= {word.strip("().,:").lower() for word in seen.words}
        assert unsaid <= {"everything", "with", "its", "proof", "/", ""}, unsaid


def test_every_mail_can_be_ended_by_one_click_and_stands_in_its_thread(nights: Nights) -> None:
    mails = [mail for mails in nights.values() for mail in mails]
    for mail in mails:
        assert re.fullmatch(r"<https://crosswalk\.example/unsubscribe\?by=[\w-]+>", str(mail["List-Unsubscribe"]))
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["References"] == mail["In-Reply-To"]
    assert len({str(mail["Message-ID"]) for mail in mails}) == len(mails)
    owners = [mail for mail in mails if mail["To"] == OWNER and "PulseView 4.3.0" in str(mail["Subject"])]
    assert len(owners) >= 6
    assert len({str(mail["References"]) for mail in owners}) == 1


def test_no_mail_shows_a_word_of_a_document(nights: Nights) -> None:
    said = " ".join(" ".join(as_read(mail).split()) for mails in nights.values() for mail in mails)
    for passage in (
        "Change the default password",
        "Run the relay",
        "penetration tests",
        "Open port 443",
        "locked room",
    ):
        assert passage not in said
