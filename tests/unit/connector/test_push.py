"""A hint is believed for the token that was sealed for its channel, and for nothing else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connector.channel import Hint
from connector.push import MOST_TOKEN, heard, token_of
from connector.seal import Keys, to_text
from connector.settings import ConnectorSettings

OURS, THEIRS = Keys([os.urandom(32)]), Keys([os.urandom(32)])
CONNECTION, CHANNEL = "c" + 20 * "f", 32 * "a"
TOKEN = token_of(OURS, connection_id=CONNECTION, channel_id=CHANNEL)


def headers(token: str = TOKEN, channel: str = CHANNEL, state: str = "change") -> dict[str, str]:
    return {"x-goog-channel-token": token, "x-goog-channel-id": channel, "x-goog-resource-state": state}


def test_a_hint_with_its_token_says_which_connection_and_channel_it_is_of() -> None:
    assert heard(OURS, headers()) == Hint(connection_id=CONNECTION, channel_id=CHANNEL, changed=True)


def test_the_first_notification_only_says_that_the_channel_is_open() -> None:
    hint = heard(OURS, headers(state="sync"))
    assert hint is not None
    assert not hint.changed


def test_a_token_fits_what_google_takes_and_shows_neither_connection_nor_channel() -> None:
    assert len(TOKEN) == 116
    assert len(TOKEN) <= MOST_TOKEN
    assert CONNECTION not in TOKEN
    assert CHANNEL not in TOKEN


def test_a_token_that_was_sealed_for_another_channel_purpose_or_installation_is_not_believed() -> None:
    plain = f"{CONNECTION}\0{CHANNEL}".encode()
    assert heard(OURS, headers(channel="b" * 32)) is None
    assert heard(OURS, headers(token=to_text(OURS.seal("pending-consent", plain)))) is None
    assert heard(THEIRS, headers()) is None
    assert heard(OURS, {}) is None
    assert heard(OURS, {"x-goog-channel-token": TOKEN}) is None


@given(st.text(max_size=400) | st.binary(max_size=200).map(to_text))
def test_no_other_text_is_believed_and_none_breaks_anything(text: str) -> None:
    assert heard(OURS, headers(token=text)) is None


@given(st.integers(0, len(TOKEN) - 2), st.sampled_from("ABCxyz019-_"))
def test_a_token_with_one_other_letter_is_not_believed(place: int, letter: str) -> None:
    spoilt = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assert spoilt == TOKEN or heard(OURS, headers(token=spoilt)) is None


def test_a_token_longer_than_googles_is_not_even_opened() -> None:
    long = token_of(OURS, connection_id=CONNECTION, channel_id="a" * 200)
    assert len(long) > MOST_TOKEN
    assert heard(OURS, headers(token=long, channel="a" * 200)) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", ""), ("https://x.example/", "https://x.example"), ("http://127.0.0.1:8765", "http://127.0.0.1:8765")],
)
def test_hints_come_over_https_or_within_this_machine(given: str, kept: str) -> None:
    assert ConnectorSettings(push_url=given).push_url == kept


@pytest.mark.parametrize(
    "given", ["http://x.example", "ftp://x.example", "x.example", "https://", "https://x.example/?a=b"]
)
def test_an_address_that_hints_cannot_safely_come_to_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        ConnectorSettings(push_url=given)
