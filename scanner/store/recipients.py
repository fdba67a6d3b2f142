"""Who gets mail about which product."""

from datetime import datetime

from sqlmodel import Session, select

from scanner.model.mail import Recipient, Rhythm
from scanner.store.tables import RecipientRow


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
        """Return the recipient of that address."""
        row = self._session.get(RecipientRow, (product_id, address))
        return _recipient(row) if row else None

    def choose(self, product_id: str, address: str, rhythm: Rhythm) -> None:
        """Add a recipient, or let a known one hear in another rhythm; who gets no mail still gets none."""
        row = self._session.get(RecipientRow, (product_id, address))
        if row is None:
            row = RecipientRow(product_id=product_id, address=address, rhythm=rhythm)
        row.rhythm = rhythm
        self._session.add(row)

    def remove(self, product_id: str, address: str) -> None:
        """Forget a recipient."""
        row = self._session.get(RecipientRow, (product_id, address))
        if row is not None:
            self._session.delete(row)

    def unsubscribe(self, product_id: str, address: str, *, now: datetime) -> bool:
        """Note that she wants no more mail about the product; False for one that is no recipient."""
        row = self._session.get(RecipientRow, (product_id, address), with_for_update=True)
        if row is None:
            return False
        row.unsubscribed_at = row.unsubscribed_at or now
        self._session.add(row)
        return True

    def disable(self, product_id: str, address: str, *, because: str, now: datetime) -> None:
        """Note that there is no such mailbox."""
        row = self._session.get(RecipientRow, (product_id, address), with_for_update=True)
        if row is not None:
            row.disabled_at, row.disabled_because = now, because
            self._session.add(row)

    def resume(self, product_id: str, address: str) -> None:
        """Let mail go to her again, whatever had ended it."""
        row = self._session.get(RecipientRow, (product_id, address), with_for_update=True)
        if row is not None:
            row.unsubscribed_at, row.disabled_at, row.disabled_because = None, None, ""
            self._session.add(row)


def _recipient(row: RecipientRow) -> Recipient:
    return Recipient(
        product=row.product_id,
        address=row.address,
        rhythm=Rhythm(row.rhythm),
        unsubscribed_at=row.unsubscribed_at,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
    )
