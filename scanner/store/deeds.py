"""The trail of who did what when: written in the transaction of the act itself, and never changed."""

from datetime import datetime

from sqlmodel import Session, col, delete, or_, select, tuple_

from scanner.model.deed import Act, Deed
from scanner.model.display import shown
from scanner.store.people_tables import DeedRow

MOST = 200  # characters of what it was done to


class Deeds:
    """The deeds of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, connection: str, deed: Deed) -> None:
        """Keep what somebody did to the connection or one of its products."""
        self._session.add(
            DeedRow(
                connection_id=connection,
                product_id=deed.product,
                by_whom=deed.by,
                act=deed.act,
                about=shown(deed.about, MOST),
                at=deed.at,
            )
        )
        self._session.flush()

    def of_product(
        self,
        connection: str,
        product: str,
        *,
        removed: bool = False,
        before: tuple[datetime, int] | None = None,
        limit: int = 100,
    ) -> tuple[Deed, ...]:
        """List what was done to a product and to its connection, the newest first: before one, by its moment and id.

        With `removed`, for who owns them all, it tells too that other products of the connection were removed.
        """
        here = col(DeedRow.product_id).in_(("", product))
        mine = or_(here, col(DeedRow.act) == Act.PRODUCT_REMOVED) if removed else here
        query = select(DeedRow).where(DeedRow.connection_id == connection, mine)
        if before is not None:
            query = query.where(tuple_(col(DeedRow.at), col(DeedRow.id)) < before)
        rows = self._session.exec(query.order_by(col(DeedRow.at).desc(), col(DeedRow.id).desc()).limit(limit))
        return tuple(_deed(row) for row in rows)

    def older(self, than: datetime) -> bool:
        """Tell whether anything was done before that."""
        return self._session.exec(select(DeedRow.id).where(col(DeedRow.at) < than).limit(1)).first() is not None

    def prune(self, *, before: datetime) -> None:
        """Forget what was done before that."""
        self._session.exec(delete(DeedRow).where(col(DeedRow.at) < before))


def _deed(row: DeedRow) -> Deed:
    assert row.id is not None  # noqa: S101 -- narrows the type: it was read
    return Deed(id=row.id, by=row.by_whom, act=row.act, about=row.about, at=row.at, product=row.product_id)
