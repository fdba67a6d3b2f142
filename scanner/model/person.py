"""People, and as what they see a product: its owner connected the Drive, the others were invited by her."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """As what a person sees a product, the weakest first."""

    VIEWER = "viewer"  # looks
    MEMBER = "member"  # acts: asks for a sync, decides, answers for releases, chooses who gets mail
    OWNER = "owner"  # connected the Drive: she alone invites, disconnects and purges

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role may do what another one may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


INVITED = (Role.MEMBER, Role.VIEWER)  # what a person can be invited as


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signed in, as the identity provider vouches for her."""

    subject: str  # her stable id there
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with whom a product is shared, or an invitation that waits for her."""

    id: str
    product: str  # the product's id
    address: str  # the invited one
    role: Role
    invited_by: str  # the address of whoever did
    invited_at: datetime  # an older link than the last one opens nothing
    subject: str = ""  # whose it is, "" until she accepts
    accepted_at: datetime | None = None
