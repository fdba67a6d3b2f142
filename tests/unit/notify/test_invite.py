"""The invitation as it is written."""

from datetime import timedelta

from scanner.model.person import Role
from scanner.notify.invite import write_invitation
from scanner.notify.message import Envelope
from tests.builders import NOON, a_member

LINK = "https://crosswalk.example/invitations?by=x"


def test_an_invitation_says_who_shares_what_as_what_and_until_when() -> None:
    message = write_invitation(
        a_member(role=Role.VIEWER), "PulseView", Envelope(id="i", to="ben@maker.example"), link=LINK, until=NOON
    )
    assert message.subject == "[Crosswalk] anna@maker.example shares PulseView with you"
    text = " ".join(message.text.split())
    for said in (
        "You are invited as a viewer, who sees where its documents stand, and changes nothing.",
        "Sign in with the Google account of ben@maker.example.",
        "The link works once, until 24 November 2026.",
        f"Open the invitation: {LINK}",
        "If you do not know anna@maker.example, leave this mail alone",
    ):
        assert said in text
    assert LINK in message.html
    assert message.unsubscribe == ""


def test_what_strangers_wrote_is_shown_as_text_and_on_one_line() -> None:
    hostile = "<img src=x onerror=alert(1)>\r\nBcc: x@evil.example"
    member = a_member(address=hostile, invited_by=hostile)
    envelope = Envelope(id="i", to="ben@maker.example")
    message = write_invitation(member, hostile, envelope, link="javascript:alert(1)", until=NOON + timedelta(days=7))
    assert "<img" not in message.html
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "javascript:" not in message.html + message.text
    assert not [line for line in message.text.splitlines() if line.startswith("Bcc:")]
