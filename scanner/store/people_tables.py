"""Tables about people: who signed in where, with whom products are shared, and who did what."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from scanner.store.columns import UtcDateTime


class SignInRow(SQLModel, table=True):
    """A person at one browser; the secret that her cookie holds is kept as a digest."""

    __tablename__ = "sign_in"
    digest: str = Field(primary_key=True)
    subject: str = Field(index=True)  # the person's stable id at the identity provider
    email: str
    begun_at: datetime = Field(sa_type=UtcDateTime)


class MemberRow(SQLModel, table=True):
    """A person with whom a product is shared, or an invitation that waits for her."""

    __tablename__ = "member"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    product_id: str = Field(index=True)
    address: str
    role: str  # Role
    invited_by: str
    invited_at: datetime = Field(sa_type=UtcDateTime)
    subject: str = Field(default="", index=True)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeedRow(SQLModel, table=True):
    """What somebody did; rows are only ever added, and dropped when they are old or their connection ends."""

    __tablename__ = "deed"
    __table_args__ = (
        ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        Index("ix_deed_connection", "connection_id", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    connection_id: str
    product_id: str  # "" for what was done to the connection
    by_whom: str
    act: str  # Act
    about: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class ApiTokenRow(SQLModel, table=True):
    """A personal token of the API; its secret is kept as a digest."""

    __tablename__ = "api_token"
    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    subject: str = Field(index=True)  # the person's stable id at the identity provider
    email: str
    name: str
    scope: str  # TokenScope
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
