"""Products and their releases."""

from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.connection import Product
from scanner.model.release import Release
from scanner.store.tables import ProductRow, ReleaseRow


class Products:
    """The products of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, product: Product) -> None:
        """Add the product unless it is known; a known one keeps its name and its address."""
        if self._session.get(ProductRow, product.id) is None:
            self._session.add(
                ProductRow(id=product.id, connection_id=product.connection, name=product.name, notify=product.notify)
            )
            self._session.flush()

    def get(self, product_id: str) -> Product | None:
        """Return the product of that id."""
        row = self._session.get(ProductRow, product_id)
        return _product(row) if row else None

    def of_connection(self, connection: str) -> tuple[Product, ...]:
        """List a connection's products."""
        rows = self._session.exec(select(ProductRow).where(ProductRow.connection_id == connection))
        return tuple(_product(row) for row in rows)

    def name(self, product_id: str, name: str) -> None:
        """Give the product its name."""
        row = self._session.get(ProductRow, product_id)
        if row is None:
            raise KeyError(product_id)
        row.name = name
        self._session.add(row)

    def released(self, product_id: str, release: Release, *, now: datetime) -> bool:
        """Add the release unless its version is known; True when it was new."""
        query = select(ReleaseRow).where(ReleaseRow.product_id == product_id, ReleaseRow.version == release.version)
        if self._session.exec(query).first() is not None:
            return False
        self._session.add(
            ReleaseRow(
                product_id=product_id,
                product=release.product,
                version=release.version,
                released_on=release.released_on,
                source=release.source,
                seen_at=now,
            )
        )
        self._session.flush()
        return True

    def releases(self, product_id: str) -> tuple[Release, ...]:
        """List the product's releases in the order in which we came to know of them."""
        rows = self._session.exec(
            select(ReleaseRow).where(ReleaseRow.product_id == product_id).order_by(col(ReleaseRow.id))
        )
        return tuple(
            Release(product=row.product, version=row.version, released_on=row.released_on, source=row.source)
            for row in rows
        )


def _product(row: ProductRow) -> Product:
    return Product(id=row.id, connection=row.connection_id, name=row.name, notify=row.notify)
