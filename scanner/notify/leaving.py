"""The link in each mail by which its reader ends such mails: sealed, so that nobody can make one for somebody else."""

import json
from dataclasses import dataclass
from typing import Protocol

PURPOSE = "unsubscribe"
PATH = "/unsubscribe"


class Sealer(Protocol):
    """Whoever seals small values so that nobody else can read, change or make them."""

    def seal(self, purpose: str, value: bytes) -> str:
        """Return the sealed value, fit for an address."""
        ...

    def unseal(self, purpose: str, sealed: str) -> bytes | None:
        """Return the value, or None for anything that was not sealed here for this purpose."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Who wants no more mail, and about which products (ids)."""

    address: str
    products: tuple[str, ...]


def leaving_link(sealer: Sealer, base_url: str, leave: Leave) -> str:
    """Return the address at which this person ends mails about these products."""
    value = json.dumps([leave.address, *leave.products], separators=(",", ":")).encode()
    return f"{base_url}{PATH}?by={sealer.seal(PURPOSE, value)}"


def leaving(sealer: Sealer, sealed: str) -> Leave | None:
    """Return who wants what by a link's sealed part, None for one that was not made here."""
    opened = sealer.unseal(PURPOSE, sealed)
    if opened is None:
        return None
    address, *products = json.loads(opened)
    return Leave(address=address, products=tuple(products))
