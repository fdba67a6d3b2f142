"""The link in an invitation: sealed, so that it names one invitation and nobody can make it up."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanner.notify.leaving import Sealer

PURPOSE = "invitation"
PATH = "/invitations"
HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Which invitation a link opens, and of which moment: one that was renewed has another link."""

    member: str  # the member's id
    at: datetime


def inviting_link(sealer: Sealer, base_url: str, invitation: Invitation) -> str:
    """Return the address at which the invited person accepts."""
    value = json.dumps([invitation.member, invitation.at.isoformat()], separators=(",", ":")).encode()
    return f"{base_url}{PATH}?by={sealer.seal(PURPOSE, value)}"


def invitation_of(sealer: Sealer, sealed: str) -> Invitation | None:
    """Return what a link's sealed part opens, None for one that was not made here."""
    opened = sealer.unseal(PURPOSE, sealed)
    if opened is None:
        return None
    member, at = json.loads(opened)
    return Invitation(member=member, at=datetime.fromisoformat(at))
