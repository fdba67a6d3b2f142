"""Text from strangers is made safe to show."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.display import cited_link, counted, day, safe_link, shown, symbol
from scanner.model.document import Locator
from scanner.model.verdict import Outcome

DRIVE, DOC = (
    "https://drive.google.com/file/d/1/view?usp=drivesdk",
    "https://docs.google.com/document/d/1/edit?usp=drivesdk",
)
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@given(st.text(alphabet=st.characters()) | st.text(alphabet=BIDI + "\x1b\r\n\x00\x85\u2028a "))
def test_what_is_shown_is_one_line_without_controls_or_direction_marks(text: str) -> None:
    """The property that headers, terminals and pages rely on."""
    line = shown(text)
    assert len(line.splitlines()) <= 1
    assert not set(line) & set(BIDI)
    assert all(unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"} for char in line)
    assert shown(line) == line
    line.encode()


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("Report\u202efdp.exe", "Report\ufffdfdp.exe"),
        ("a\r\nBcc: everyone@example.org", "a Bcc: everyone@example.org"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("half\udce9", "half\ufffd"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Sicherheitshandbuch für Ärzte – v2 (中文)", "Sicherheitshandbuch für Ärzte – v2 (中文)"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_deceiving_name_looks_odd_and_an_honest_one_stays(hostile: str, harmless: str) -> None:
    """What a reader sees, written out."""
    assert shown(hostile) == harmless


def test_a_long_text_ends_in_an_ellipsis() -> None:
    """The limit counts the ellipsis."""
    assert shown("abcdefgh", 5) == "abcd…"
    assert shown("abcde", 5) == "abcde"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "//evil.example",
        "https://a.example/\nx",
        "https://[::1",
        "https://a.example/\u202e",
        "https://a.example/two words",
        "https://a.example/\u00a0",
        "https://a.example/\u00ad",
        "file:///etc/passwd",
        "https://a.example/" + "x" * 700,
        "",
    ],
)
def test_only_a_web_address_becomes_a_link(link: str) -> None:
    """Everything else is shown without one."""
    assert safe_link(link) == ""


def test_a_drive_link_stays_a_link() -> None:
    """As the source gave it."""
    assert safe_link("https://docs.google.com/document/d/1/edit?usp=x#h") == (
        "https://docs.google.com/document/d/1/edit?usp=x#h"
    )


@pytest.mark.parametrize(
    ("link", "at", "opens"),
    [
        (DRIVE, Locator(page=4), f"{DRIVE}#page=4"),
        (DRIVE, Locator(page=1, part="footer"), f"{DRIVE}#page=1"),
        (DRIVE, Locator(page=4, part="attachment guide.pdf"), DRIVE),  # a page of another file
        (DRIVE, Locator(heading=("Accounts",)), DRIVE),
        (DRIVE, Locator(anchor="h.gjdgxs"), DRIVE),  # a Google Doc that was uploaded as a Word file
        (DOC, Locator(anchor="h.gjdgxs"), f"{DOC}#heading=h.gjdgxs"),
        (f"{DOC}#here", Locator(anchor="h.gjdgxs"), f"{DOC}#here"),
        ("javascript:alert(1)", Locator(page=4), ""),
    ],
)
def test_a_citation_opens_where_it_stands_if_the_viewer_can(link: str, at: Locator, opens: str) -> None:
    """At the page of a PDF, at the heading of a Google Doc."""
    assert cited_link(link, at) == opens


def test_days_and_counts_are_said_in_words() -> None:
    """Days without a leading zero, and nouns that agree."""
    assert day(date(2026, 5, 4)) == "4 May 2026"
    assert day(datetime(2026, 12, 31, 23, tzinfo=UTC)) == "31 December 2026"
    assert [counted(0, "gap"), counted(1, "gap"), counted(1200, "gap")] == ["0 gaps", "1 gap", "1,200 gaps"]


def test_each_outcome_has_a_symbol_of_its_own() -> None:
    """So that a table can be read without colour."""
    assert len({symbol(outcome) for outcome in Outcome}) == len(Outcome)
