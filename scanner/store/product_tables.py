"""Tables of what belongs to a product: the folders of a source, those that were chosen, and all that lie below them."""

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel


class FolderRow(SQLModel, table=True):
    """A folder or shared drive as last seen; a file knows the one that it lies in, and these lead further up."""

    __tablename__ = "source_folder"
    __table_args__ = (
        ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        Index("ix_source_folder_parent", "connection_id", "parent_id"),
    )
    connection_id: str = Field(primary_key=True)
    folder_id: str = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    parent_id: str  # need not be among the rows: what is above may be nobody's to see
    sync_id: str  # the last sync that told of it


class ProductFolderRow(SQLModel, table=True):
    """A folder or shared drive that was chosen for a product; a product of which there is none takes everything."""

    __tablename__ = "product_folder"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    product_id: str = Field(primary_key=True)
    folder_id: str = Field(primary_key=True)
    name: str = Field(sa_type=Text)  # when it was chosen: one that is gone is still called something


class BelongingRow(SQLModel, table=True):
    """A folder that belongs to a product, for it was chosen or lies below one that was: reckoned from the other two."""

    __tablename__ = "belonging"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    product_id: str = Field(primary_key=True)
    folder_id: str = Field(primary_key=True)
