"""Which files belong to a product: those that lie in its folders, as deep as these go; all where it has none."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, literal
from sqlmodel import Session, col, delete, exists, func, select

from scanner.store.files import batches
from scanner.store.product_tables import BelongingRow, FolderRow, ProductFolderRow
from scanner.store.tables import FileRow, ProductRow

_HERE = col(BelongingRow.folder_id).in_([col(FileRow.folder), col(FileRow.drive)])


def belongs(extent: str) -> tuple[Any, ...]:
    """Return what is true of a file of this product (see `Product.extent`); with "" it is asked of none."""
    if not extent:
        return ()
    return (exists(select(1).where(BelongingRow.product_id == extent, _HERE).correlate(FileRow)),)


def belongs_nowhere(connection: str) -> tuple[Any, ...]:
    """Return what is true of a file that belongs to no product of its connection."""
    products = select(ProductRow.id).where(ProductRow.connection_id == connection)
    limited = select(ProductFolderRow.product_id)
    takes_all = exists(products.where(col(ProductRow.id).not_in(limited)))
    somewhere = exists(select(1).where(col(BelongingRow.product_id).in_(products), _HERE).correlate(FileRow))
    return (~takes_all, ~somewhere)


class Belonging:
    """The folders of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def choose(self, product_id: str, folders: Mapping[str, str]) -> None:
        """Give the product these folders (names by id) in place of those that it had; none for everything."""
        self._session.exec(delete(ProductFolderRow).where(col(ProductFolderRow.product_id) == product_id))
        self._session.add_all(
            ProductFolderRow(product_id=product_id, folder_id=one, name=name) for one, name in folders.items()
        )
        self._session.flush()

    def reckon(self, connection: str) -> None:
        """Reckon anew which folders belong to the products of the connection: after a choice, and after a move."""
        products = select(ProductRow.id).where(ProductRow.connection_id == connection)
        for product_id in self._session.exec(products).all():
            chosen = select(col(ProductFolderRow.folder_id)).where(ProductFolderRow.product_id == product_id)
            below = chosen.cte("below", recursive=True)
            inner = select(col(FolderRow.folder_id)).where(FolderRow.connection_id == connection)
            below = below.union(inner.join(below, col(FolderRow.parent_id) == below.c.folder_id))  # no circle goes on
            self._session.exec(delete(BelongingRow).where(col(BelongingRow.product_id) == product_id))
            every = select(literal(product_id), below.c.folder_id)
            self._session.execute(insert(BelongingRow).from_select(["product_id", "folder_id"], every))

    def count(self, connection: str, extent: str) -> int:
        """Count the files in the picture that belong to a product."""
        mine = (FileRow.connection_id == connection, col(FileRow.gone).is_(None), *belongs(extent))
        return self._session.exec(select(func.count()).select_from(FileRow).where(*mine)).one()

    def inside(self, connection: str, extent: str, file_ids: Iterable[str]) -> set[str]:
        """Return which of these files are in the picture and belong to the product."""
        query = select(FileRow.file_id).where(FileRow.connection_id == connection, col(FileRow.gone).is_(None))
        query = query.where(*belongs(extent))
        some = (query.where(col(FileRow.file_id).in_(batch)) for batch in batches(file_ids))
        return {one for batch in some for one in self._session.exec(batch)}

    def of_folders(self, connection: str, folder_ids: Iterable[str]) -> dict[str, set[str]]:
        """Return the products of the connection that each of the folders belongs to, by its id."""
        query = select(BelongingRow.folder_id, BelongingRow.product_id)
        mine = select(ProductRow.id).where(ProductRow.connection_id == connection)
        query = query.where(col(BelongingRow.product_id).in_(mine))
        found: dict[str, set[str]] = {}
        for batch in batches(folder_ids):
            for folder, product in self._session.exec(query.where(col(BelongingRow.folder_id).in_(batch))):
                found.setdefault(folder, set()).add(product)
        return found
