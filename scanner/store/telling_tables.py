"""The tables of what tells of releases: hooks, and feeds that are read."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Text
from sqlmodel import Field, SQLModel

from scanner.store.columns import UtcDateTime


class HookRow(SQLModel, table=True):
    """A way in for other programs to tell of releases: what they prove themselves with, sealed."""

    __tablename__ = "hook"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    product_id: str = Field(index=True)
    kind: str  # HookKind
    sealed: str = Field(sa_type=Text)  # a key that signatures are checked with, by the vault
    digest: str = ""  # older versions keep a token's here
    made_at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when it last proved itself


class FeedRow(SQLModel, table=True):
    """The public feed of a product's releases, and how the last look at it ended."""

    __tablename__ = "feed"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    product_id: str = Field(primary_key=True)
    id: str  # a new one with each address
    address: str = Field(sa_type=Text)
    set_at: datetime = Field(sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when it last could be read
    because: str = Field(default="", sa_type=Text)  # why the last look could not
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the mails about that were made
    wait_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the server asked not to come before
    etag: str = ""
    modified: str = ""
    seen: str = Field(default="", sa_type=Text)  # short digests of the tags that were there, one a line
