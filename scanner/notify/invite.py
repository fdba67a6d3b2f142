"""Writes the mail that asks a person to look at a product with its owner."""

from datetime import datetime

from scanner.model.display import day, shown
from scanner.model.person import Member, Role
from scanner.notify.base import Message
from scanner.notify.message import Envelope, message, render

ROLES = {  # said of a person: "a viewer, who …"
    Role.OWNER: "may do everything",
    Role.MEMBER: "sees where its documents stand, and acts: asks for looks, decides, answers for releases",
    Role.VIEWER: "sees where its documents stand, and changes nothing",
}


def write_invitation(member: Member, product: str, envelope: Envelope, *, link: str, until: datetime) -> Message:
    """Write the invitation; the same invitation always gives the same words."""
    named = shown(product, 60) or "her product"
    title = f"{shown(member.invited_by, 120)} shares {named} with you"
    values = {
        "member": member,
        "named": named,
        "as_what": f"a {member.role.value}, who {ROLES[member.role]}",
        "until": day(until),
        "link": link,
        "title": title,
    }
    text, html = render("invitation", envelope, **values)
    return message(envelope, subject=f"[Crosswalk] {title}", text=text, html=html)
