"""Who gets mail about which product."""

from datetime import datetime

from sqlmodel import Session, select

from scanner.model.mail import Recipient, Rhythm, normal_address
from scanner.store.tables import ProductRow, RecipientRow


class Recipients:
    """The recipients of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def of_product(self, product_id: str) -> tuple[Recipient, ...]:
        """List a product's recipients, also those that get no mail, by address."""
        query = select(RecipientRow).where(RecipientRow.product_id == product_id)
        return tuple(_recipient(row) for row in self._session.exec(query.order_by(RecipientRow.address)))

    def get(self, product_id: str, address: str) -> Recipient | None:
        """Return the recipient of that address, however it is spelled."""
        row = self._row(product_id, address)
        return _recipient(row) if row else None

    def choose(self, product_id: str, address: str, rhythm: Rhythm) -> None:
        """Add a recipient, or let a known one hear in another rhythm; who gets no mail still gets none."""
        self._session.get(ProductRow, product_id, with_for_update=True)  # else it could come twice at once
        row = self._row(product_id, address)
        if row is None:
            row = RecipientRow(product_id=product_id, address=normal_address(address), rhythm=rhythm)
        row.rhythm = rhythm
        self._session.add(row)

    def remove(self, product_id: str, address: str) -> None:
        """Forget a recipient."""
        row = self._row(product_id, address)
        if row is not None:
            self._session.delete(row)

    def unsubscribe(self, product_id: str, address: str, *, now: datetime) -> bool:
        """Note that she wants no more mail about the product; False for one that is no recipient."""
        row = self._row(product_id, address, locked=True)
        if row is None:
            return False
        row.unsubscribed_at = row.unsubscribed_at or now
        self._session.add(row)
        return True

    def disable(self, product_id: str, address: str, *, because: str, now: datetime) -> None:
        """Note that there is no such mailbox."""
        row = self._row(product_id, address, locked=True)
        if row is not None:
            row.disabled_at, row.disabled_because = now, because
            self._session.add(row)

    def resume(self, product_id: str, address: str) -> None:
        """Let mail go to her again, whatever had ended it."""
        row = self._row(product_id, address, locked=True)
        if row is not None:
            row.unsubscribed_at, row.disabled_at, row.disabled_because = None, None, ""
            self._session.add(row)

    def _row(self, product_id: str, address: str, *, locked: bool = False) -> RecipientRow | None:
        """Find the address in its normal form, which the key makes unique: no two spellings make two people."""
        known = (product_id, normal_address(address))
        return self._session.get(RecipientRow, known, with_for_update=locked or None)


def _recipient(row: RecipientRow) -> Recipient:
    return Recipient(
        product=row.product_id,
        address=row.address,
        rhythm=Rhythm(row.rhythm),
        unsubscribed_at=row.unsubscribed_at,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
    )
