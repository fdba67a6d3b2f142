"""Sharing a product: its owner invites people by mail, changes what they may do, and shares it with them no more."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanner.jobs.base import JobQueue
from scanner.model.connection import ConnectionState, Product
from scanner.model.deed import Act, Deed
from scanner.model.job import Priority
from scanner.model.mail import Mail, MailKind
from scanner.model.person import INVITED, Member, Person, Role
from scanner.notify.base import NotifyError
from scanner.notify.inviting import HOLDS, Invitation
from scanner.notify.mime import address_of
from scanner.pipeline.orders import summarize_job
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

MOST = 50  # people of one product, and invitations that a connection mails in a day
A_DAY = timedelta(days=1)


class NotShared(Exception):
    """What cannot be done about who sees a product; its text says why."""


class WrongPerson(Exception):
    """The invitation went to another address than the person has who is signed in."""

    def __init__(self, address: str) -> None:
        """Keep where it went."""
        super().__init__("the invitation is somebody else's")
        self.address = address


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Lets people in and out. Each method raises KeyError for no such product."""

    store: Store
    queue: JobQueue
    now: Callable[[], datetime]

    def invite(self, product_id: str, address: str, role: Role, *, by: Person) -> Member:
        """Keep an invitation and ask for its mail; a later one to the same address takes its place.

        Raises NotShared.
        """
        address = address.strip()
        try:
            address_of(address)
        except NotifyError as error:
            raise NotShared(f"{error}.") from error
        _may_be(role)
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            self._room_for(unit, product, address, by)
            made = Member(
                id=secrets.token_urlsafe(12),
                product=product.id,
                address=address,
                role=role,
                invited_by=by.email,
                invited_at=self.now(),
            )
            unit.people.add(made)
            unit.mails.add(_mail(product.connection, made))
            self._note(unit, product, Act.INVITED, made, by=by)
        self.queue.enqueue([summarize_job(product.connection, priority=Priority.PERSON)])
        log.info("Somebody was invited.", extra={"event": "sharing.invited", "product": product.id})
        return made

    def change(self, product_id: str, member_id: str, role: Role, *, by: Person) -> bool:
        """Let somebody do more or less from her next request on; False where nobody is of that id. Raises NotShared."""
        _may_be(role)
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            changed = unit.people.change(product_id, member_id, role)
            if changed is not None:
                self._note(unit, product, Act.ROLE_CHANGED, changed, by=by)
        return changed is not None

    def remove(self, product_id: str, member_id: str, *, by: Person) -> bool:
        """Share it with somebody no more, or take an invitation back; False where nobody is of that id."""
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            gone = unit.people.remove(product_id, member_id)
            if gone is not None:
                self._note(unit, product, Act.REMOVED if gone.accepted_at else Act.INVITATION_ENDED, gone, by=by)
        return gone is not None

    def invited(self, invitation: Invitation, person: Person) -> Member:
        """Return the invitation as it can be accepted by this person, or was by her. Raises NotShared, WrongPerson."""
        with self.store.reading() as unit:
            return self._invited(unit, invitation, person)

    def accept(self, invitation: Invitation, person: Person) -> Member:
        """Let the invited person in. Raises NotShared, WrongPerson."""
        with self.store.transaction() as unit:
            member = self._invited(unit, invitation, person)
            product = unit.products.known(member.product)
            if unit.people.accept(member.id, person.subject, now=self.now()):
                self._note(unit, product, Act.ACCEPTED, member, by=person)
        return member

    def _invited(self, unit: Unit, invitation: Invitation, person: Person) -> Member:
        member = unit.people.get(invitation.member)
        if member is None or member.invited_at != invitation.at or not _stands(unit, member):
            raise NotShared("It was taken back, or a newer one took its place.")
        if member.address.casefold() != person.email.casefold():
            raise WrongPerson(member.address)
        if member.accepted_at is not None and member.subject != person.subject:
            raise NotShared("It was accepted already; each works once.")
        if member.accepted_at is None and self.now() > member.invited_at + HOLDS:
            raise NotShared(f"It is older than {HOLDS.days} days. Ask {member.invited_by} for another one.")
        return member

    def _room_for(self, unit: Unit, product: Product, address: str, by: Person) -> None:
        """Let a waiting invitation to the address go. Raises NotShared where it cannot be invited."""
        known = unit.people.of_product(product.id)
        same = [one for one in known if one.address.casefold() == address.casefold()]
        if address.casefold() == by.email.casefold():
            raise NotShared("That is your own address.")
        if any(one.accepted_at for one in same):
            raise NotShared(f"It is shared with {address} already; the role can be changed in the list.")
        if len(known) - len(same) >= MOST:
            raise NotShared(f"{MOST} people are the most that a product can be shared with.")
        if unit.mails.made(product.connection, MailKind.INVITATION, since=self.now() - A_DAY) >= MOST:
            raise NotShared(f"{MOST} invitations are the most that are mailed in a day.")
        for one in same:
            unit.people.remove(product.id, one.id)

    def _note(self, unit: Unit, product: Product, act: Act, member: Member, *, by: Person) -> None:
        with_role = {Act.INVITED, Act.ROLE_CHANGED, Act.ACCEPTED}
        about = f"{member.address} ({member.role.value})" if act in with_role else member.address
        unit.deeds.add(product.connection, Deed(by=by.email, act=act, about=about, at=self.now(), product=product.id))


def _may_be(role: Role) -> None:
    if role not in INVITED:
        raise NotShared("Somebody can be invited as a member or as a viewer.")


def _stands(unit: Unit, member: Member) -> bool:
    """Tell whether the product is there and its connection is not ending."""
    product = unit.products.get(member.product)
    connection = unit.connections.get(product.connection) if product else None
    return connection is not None and connection.state is not ConnectionState.DISCONNECTED


def _mail(connection: str, member: Member) -> Mail:
    return Mail(
        id=f"invitation-{member.id}",
        connection=connection,
        kind=MailKind.INVITATION,
        address=member.address,
        about=member.id,
        made_at=member.invited_at,
    )
