"""Products and their releases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from scanner.model.connection import Called, Product
from scanner.model.mail import Rhythm, normal_address
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from scanner.store.nights import night_of
from scanner.store.product_tables import ProductFolderRow
from scanner.store.tables import ProductRow, RecipientRow, ReleaseRow
from scanner.versions.version import same

FROM_DOCUMENTS = (ReleaseOrigin.NOTES.value, ReleaseOrigin.RECORD.value)


class Products:
    """The products of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, product: Product, *, notify: str) -> None:
        """Add the product, with its first recipient, unless it is known; a known one keeps its name and recipients."""
        if self._session.get(ProductRow, product.id) is None:
            row = ProductRow(id=product.id, connection_id=product.connection, name=product.name)
            row.also_called, row.naming = list(product.also_called), list(product.naming)
            self._session.add(row)
            self._session.flush()
            self._session.add(
                RecipientRow(product_id=product.id, address=normal_address(notify), rhythm=Rhythm.ON_CHANGE)
            )
            self._session.flush()

    def get(self, product_id: str) -> Product | None:
        """Return the product of that id."""
        row = self._session.get(ProductRow, product_id)
        return self._products([row])[0] if row else None

    def known(self, product_id: str) -> Product:
        """Return the product of that id. Raises KeyError for none."""
        product = self.get(product_id)
        if product is None:
            raise KeyError(product_id)
        return product

    def of_connection(self, connection: str) -> tuple[Product, ...]:
        """List a connection's products, by name."""
        query = select(ProductRow).where(ProductRow.connection_id == connection)
        rows = self._session.exec(query.order_by(ProductRow.name, ProductRow.id)).all()
        return self._products(rows)

    def called(self, product: Product) -> Called:
        """Return what the product is called, and what the others of its connection are."""
        others = (one for one in self.of_connection(product.connection) if one.id != product.id)
        names = tuple(name for one in others for name in (one.name, *one.also_called) if name)
        return Called(name=product.name, also=product.also_called, others=names)

    def name(self, product_id: str, name: str) -> None:
        """Give the product its name. Raises KeyError."""
        row = self._row(product_id)
        row.name = name
        self._session.add(row)

    def describe(self, product_id: str, *, also_called: Sequence[str], naming: Sequence[str]) -> None:
        """Give the product its other names, and say how its documents are called. Raises KeyError."""
        row = self._row(product_id)
        row.also_called, row.naming = list(also_called), list(naming)
        self._session.add(row)

    def remove(self, product_id: str) -> None:
        """Forget the product and all that hangs on it: its reports, decisions, releases and people."""
        self._session.exec(delete(ProductRow).where(col(ProductRow.id) == product_id))

    def show_quotes(self, product_id: str, *, shown: bool) -> None:
        """Let the product's mails show what stands in its documents, or not."""
        self._session.exec(update(ProductRow).where(col(ProductRow.id) == product_id).values(quotes=shown))

    def released(self, product_id: str, release: Release, *, now: datetime) -> ReleaseState | None:
        """Take word of a release; return its state where that is news, None where it was known or refused before.

        A person is believed at once; of any other source the first release waits until a person confirms it.
        """
        row = self._release(product_id, release.version)
        by_hand = release.origin is ReleaseOrigin.BY_HAND
        trusted = by_hand or self._is_trusted(product_id, release)
        if row is not None and (
            row.state == ReleaseState.CONFIRMED or not trusted or _is_refused(row, by_hand=by_hand)
        ):
            if row.state == ReleaseState.CONFIRMED and row.released_on is None:
                row.released_on = release.released_on
            return None
        row = row or ReleaseRow(product_id=product_id, version=release.version, seen_at=now)
        row.product, row.released_on = release.product, release.released_on or row.released_on
        row.source, row.origin, row.via = release.source, release.origin, release.via
        row.state = ReleaseState.CONFIRMED if trusted else ReleaseState.WAITING
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:  # another process took word of it at the same moment
            return None
        return ReleaseState(row.state)

    def confirm(self, product_id: str, version: str) -> bool:
        """Confirm a release that waits, and all that wait of the same source; False where none of the version does."""
        row = self._release(product_id, version)
        if row is None or row.state != ReleaseState.WAITING:
            return False
        for other in self._releases(product_id):
            if (other.origin, other.via, other.state) == (row.origin, row.via, ReleaseState.WAITING):
                other.state = ReleaseState.CONFIRMED
                self._session.add(other)
        return True

    def refuse(self, product_id: str, version: str) -> bool:
        """Refuse a release; False where none of the version is known, or it was refused before."""
        row = self._release(product_id, version)
        if row is None or row.state == ReleaseState.REFUSED:
            return False
        row.state = ReleaseState.REFUSED
        self._session.add(row)
        return True

    def forget_waiting(self, connection: str) -> None:
        """Forget the releases that wait and came from documents: which of them are a product's is asked anew."""
        mine = select(ProductRow.id).where(ProductRow.connection_id == connection)
        found = (col(ReleaseRow.state) == ReleaseState.WAITING, col(ReleaseRow.origin).in_(FROM_DOCUMENTS))
        self._session.exec(delete(ReleaseRow).where(col(ReleaseRow.product_id).in_(mine), *found))

    def releases(self, product_id: str) -> tuple[Release, ...]:
        """List the product's releases in the order in which we came to know of them, whatever their state."""
        return tuple(
            Release(
                product=row.product,
                version=row.version,
                released_on=row.released_on,
                source=row.source,
                origin=ReleaseOrigin(row.origin),
                via=row.via,
                state=ReleaseState(row.state),
            )
            for row in self._releases(product_id)
        )

    def release(self, product_id: str, version: str) -> Release | None:
        """Return the product's release of that version, however it is written."""
        return next((one for one in self.releases(product_id) if same(one.version, version)), None)

    def _row(self, product_id: str) -> ProductRow:
        row = self._session.get(ProductRow, product_id)
        if row is None:
            raise KeyError(product_id)
        return row

    def _products(self, rows: Sequence[ProductRow]) -> tuple[Product, ...]:
        query = select(ProductFolderRow).where(col(ProductFolderRow.product_id).in_([row.id for row in rows]))
        folders: dict[str, dict[str, str]] = {row.id: {} for row in rows}
        for one in self._session.exec(query.order_by(ProductFolderRow.name, ProductFolderRow.folder_id)):
            folders[one.product_id][one.folder_id] = one.name
        return tuple(
            Product(
                id=row.id,
                connection=row.connection_id,
                name=row.name,
                also_called=tuple(row.also_called),
                naming=tuple(row.naming),
                folders=folders[row.id],
                quotes=row.quotes,
                night=night_of(row),
            )
            for row in rows
        )

    def _releases(self, product_id: str) -> Sequence[ReleaseRow]:
        query = select(ReleaseRow).where(ReleaseRow.product_id == product_id)
        return self._session.exec(query.order_by(col(ReleaseRow.id))).all()

    def _release(self, product_id: str, version: str) -> ReleaseRow | None:
        return next((row for row in self._releases(product_id) if same(row.version, version)), None)

    def _is_trusted(self, product_id: str, release: Release) -> bool:
        wanted = (release.origin.value, release.via, ReleaseState.CONFIRMED.value)
        return any((row.origin, row.via, row.state) == wanted for row in self._releases(product_id))


def _is_refused(row: ReleaseRow, *, by_hand: bool) -> bool:
    return row.state == ReleaseState.REFUSED and not by_hand
