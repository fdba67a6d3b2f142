"""As what a person sees which product: her own connection's, and those that are shared with her."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.connection import ConnectionState
from scanner.model.person import Member, Role
from scanner.store.people_tables import MemberRow
from scanner.store.tables import ConnectionRow, ProductRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A product that a person sees."""

    product: str
    connection: str
    owner: str  # the address of whoever connected the Drive
    role: Role


class People:
    """The people of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def sees(self, subject: str, product_id: str = "") -> tuple[Seen, ...]:
        """List what a person (her subject) sees, her own first, each with her strongest role; of one product, or all.

        What belongs to an ending connection is nobody's any more.
        """
        found: dict[str, Seen] = {}
        for seen in (*self._owned(subject), *self._shared(subject)) if subject else ():
            known = found.get(seen.product)
            if known is None or seen.role.covers(known.role):
                found[seen.product] = seen
        return tuple(one for one in found.values() if product_id in {"", one.product})

    def add(self, member: Member) -> None:
        """Keep an invitation."""
        self._session.add(
            MemberRow(
                id=member.id,
                product_id=member.product,
                address=member.address,
                role=member.role,
                invited_by=member.invited_by,
                invited_at=member.invited_at,
                subject=member.subject,
                accepted_at=member.accepted_at,
            )
        )
        self._session.flush()

    def of_product(self, product_id: str) -> tuple[Member, ...]:
        """List the people with whom a product is shared and those who are invited, the first invited first."""
        query = select(MemberRow).where(MemberRow.product_id == product_id)
        return tuple(
            _member(row) for row in self._session.exec(query.order_by(col(MemberRow.invited_at), MemberRow.id))
        )

    def get(self, member_id: str) -> Member | None:
        """Return the member or invitation of that id."""
        row = self._session.get(MemberRow, member_id)
        return _member(row) if row else None

    def accept(self, member_id: str, subject: str, *, now: datetime) -> bool:
        """Give an invitation to the person who accepts it; False where it is gone, or was taken before."""
        row = self._session.get(MemberRow, member_id, with_for_update=True)
        if row is None or row.accepted_at is not None:
            return False
        row.subject, row.accepted_at = subject, now
        self._session.add(row)
        return True

    def change(self, product_id: str, member_id: str, role: Role) -> Member | None:
        """Give somebody of the product another role; None where there is nobody of that id."""
        row = self._row(product_id, member_id)
        if row is None:
            return None
        row.role = role
        self._session.add(row)
        return _member(row)

    def remove(self, product_id: str, member_id: str) -> Member | None:
        """Share the product with somebody no more, or take an invitation back; None where nobody is of that id."""
        row = self._row(product_id, member_id)
        if row is not None:
            self._session.delete(row)
        return _member(row) if row else None

    def _row(self, product_id: str, member_id: str) -> MemberRow | None:
        row = self._session.get(MemberRow, member_id, with_for_update=True)
        return row if row is not None and row.product_id == product_id else None

    def _owned(self, subject: str) -> Iterator[Seen]:
        query = select(ProductRow.id, ConnectionRow.id, ConnectionRow.email).join(ConnectionRow, _OF_CONNECTION)
        query = query.where(ConnectionRow.subject == subject, _NOT_ENDING).order_by(ProductRow.name, ProductRow.id)
        for product, connection, owner in self._session.exec(query):
            yield Seen(product=product, connection=connection, owner=owner, role=Role.OWNER)

    def _shared(self, subject: str) -> Iterator[Seen]:
        query = select(ProductRow.id, ConnectionRow.id, ConnectionRow.email, MemberRow.role)
        query = query.join(ConnectionRow, _OF_CONNECTION)
        query = query.join(MemberRow, col(MemberRow.product_id) == col(ProductRow.id))
        query = query.where(MemberRow.subject == subject, _NOT_ENDING).order_by(ProductRow.name, ProductRow.id)
        for product, connection, owner, role in self._session.exec(query):
            yield Seen(product=product, connection=connection, owner=owner, role=Role(role))


_OF_CONNECTION = col(ConnectionRow.id) == col(ProductRow.connection_id)
_NOT_ENDING = col(ConnectionRow.state) != ConnectionState.DISCONNECTED


def _member(row: MemberRow) -> Member:
    return Member(
        id=row.id,
        product=row.product_id,
        address=row.address,
        role=Role(row.role),
        invited_by=row.invited_by,
        invited_at=row.invited_at,
        subject=row.subject,
        accepted_at=row.accepted_at,
    )
