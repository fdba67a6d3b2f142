"""Words, stems and the small language of cues."""

import pytest

from scanner.checks.cues import Lexicon
from scanner.checks.words import stem, words_of


@pytest.mark.parametrize(
    "forms",
    [
        ("update", "updates", "updated", "updating"),
        ("disable", "disables", "disabled", "disabling"),
        ("policy", "policies"),
        ("log", "logs", "logging"),
        ("address", "addresses", "addressed"),
    ],
)
def test_the_plain_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_settings_and_numbers_are_cut_into_words() -> None:
    assert words_of("maxRetryCount=5, tls.min_version: 1.2 on 443/tcp").raw == (
        "max",
        "retry",
        "count",
        "5",
        "tls",
        "min",
        "version",
        "1.2",
        "on",
        "443",
        "tcp",
    )


def test_the_address_of_a_link_holds_no_words() -> None:
    assert words_of("[guide](https://example.org/backup) at https://example.org/tls", links=False).raw == (
        "guide",
        "at",
    )


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("back up", "Back up the database.", True),
        ("back up", "Go back and look up.", False),
        ("restor* .. copy|copies", "Restoring last week's nightly copies", True),
        ("restor* . copy", "Restoring one of the last nightly copy", False),
        ("tls* .. #", "TLSv 1.2", True),
        ("tls* .. #", "TLS without a number", False),
        ("role* .. may", "The role reader. He may read.", False),
        ("role* .. may", "| role | may read |", False),
        ("update", "updating", True),
        ("update*", "Updateservice", True),
        ("passwört*", "Passwörter", True),
        ("is a", "This", False),
        ("remov* & account*", "Accounts of leavers are removed.", True),
        ("remov* & account*", "Remove stale accounts.", True),
        ("remov* & account*", "Remove " + "x " * 13 + "accounts", False),
        ("port & #", "104 is the port", True),
        ("port & #", "ports only", False),
        ("wrong & #", "after five wrong tries", True),
        ("set & port", "set a\nport b", False),
        ("delet* & editor", "| Editor | delete images |", True),
        ("not encrypt*", "Note: encrypted", False),
        ("cors", "core database", False),
    ],
)
def test_a_cue_stands_in_a_text_or_not(phrase: str, text: str, stands: bool) -> None:  # noqa: FBT001 - a table of cases
    assert ("k" in Lexicon([("k", phrase)]).find(words_of(text))) is stands


def test_only_phrases_all_of_whose_words_stand_there_are_looked_at() -> None:
    found = Lexicon([("a", "back up"), ("b", "back .. door & key"), ("c", "up & back")]).find(words_of("Back up now"))
    assert {key: (one.first, one.last) for key, one in found.items()} == {"a": (0, 1), "c": (0, 1)}


def test_a_gap_is_bounded() -> None:
    lexicon = Lexicon([("k", "first .. last")])
    assert lexicon.find(words_of("first " + "x " * 6 + "last"))
    assert not lexicon.find(words_of("first " + "x " * 7 + "last"))
