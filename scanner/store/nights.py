"""When products' nights begin, and which was the last that was queued."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select, update

from scanner.model.connection import ConnectionState
from scanner.model.night import Night, NightOf
from scanner.store.files import batches
from scanner.store.tables import ConnectionRow, ProductRow


class NightNotes:
    """The nights of all products, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def set(self, product_id: str, night: Night | None) -> None:
        """Give the product a night of its own, or the one of the settings."""
        row = self._session.get_one(ProductRow, product_id)
        row.night_hour, row.night_minute = (night.hour, night.minute) if night else (None, 0)
        row.night_zone = night.zone if night else ""
        self._session.add(row)

    def all(self) -> tuple[NightOf, ...]:
        """List the nights of all products whose connection can be read."""
        query = (
            select(ProductRow, ConnectionRow.synced_at)
            .join(ConnectionRow, col(ConnectionRow.id) == col(ProductRow.connection_id))
            .where(ConnectionRow.state == ConnectionState.ACTIVE)
            .order_by(ProductRow.id)
        )
        return tuple(
            NightOf(
                product=row.id,
                connection=row.connection_id,
                night=night_of(row),
                queued=row.night_queued,
                synced_at=synced_at,
            )
            for row, synced_at in self._session.exec(query)
        )

    def queued(self, product_ids: Iterable[str], day: date) -> int:
        """Note that a day's night was queued; return of how many it was not noted already.

        A later one that is noted gives way: it was queued while the clock was ahead.
        """
        another = col(ProductRow.night_queued).is_distinct_from(day)
        noted = update(ProductRow).where(another).values(night_queued=day)
        return sum(
            self._session.exec(noted.where(col(ProductRow.id).in_(batch))).rowcount for batch in batches(product_ids)
        )


def night_of(row: ProductRow) -> Night | None:
    """Return the product's own night, None where it has none."""
    if row.night_hour is None:
        return None
    return Night(hour=row.night_hour, minute=row.night_minute, zone=row.night_zone)
