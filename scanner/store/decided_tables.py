"""What people decide about verdicts and files, and how constraints moved: tables beside those of the verbs."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, Text, false
from sqlmodel import Field, SQLModel

from scanner.store.columns import UtcDateTime


class WaiverRow(SQLModel, table=True):
    """A person's decision on one constraint of a product."""

    __tablename__ = "waiver"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    id: int | None = Field(default=None, primary_key=True)
    product_id: str = Field(index=True)
    clause: str
    constraint_id: str
    kind: str  # WaiverKind
    reason: str = Field(sa_type=Text)
    approver: str = Field(sa_type=Text)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    until: date
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    entered_by: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class ObjectionRow(SQLModel, table=True):
    """A person's word that a verdict is wrong; what the verdict was about is named by digests."""

    __tablename__ = "objection"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    id: int | None = Field(default=None, primary_key=True)
    product_id: str = Field(index=True)
    clause: str
    constraint_id: str
    file_id: str  # "" for the standing over all documents
    revision: str
    pack_digest: str
    judge: str
    given: str  # Outcome
    claimed: str  # Outcome
    reason: str = Field(sa_type=Text)
    objector: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MoveRow(SQLModel, table=True):
    """A constraint that stands otherwise in a report than in the one before: a year of nights is a few rows."""

    __tablename__ = "move"
    __table_args__ = (
        ForeignKeyConstraint(["report_id"], ["report.id"], ondelete="CASCADE"),
        Index("ix_move_constraint", "product_id", "clause", "constraint_id", "moved_at"),
    )
    report_id: str = Field(primary_key=True)
    constraint_id: str = Field(primary_key=True)
    product_id: str
    clause: str
    moved_at: datetime = Field(sa_type=UtcDateTime)  # when the report was made
    outcome: str  # Outcome
    decided: str = Field(default="", sa_column_kwargs={"server_default": ""})  # WaiverKind of what was in force


class SuggestionRow(SQLModel, table=True):
    """A file that the source's search found by words of a clause, and what a person said to it."""

    __tablename__ = "suggestion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["connection_id", "file_id"], ["source_file.connection_id", "source_file.file_id"], ondelete="CASCADE"
        ),
        Index("ix_suggestion_state", "connection_id", "clause", "state"),
    )
    connection_id: str = Field(primary_key=True)
    file_id: str = Field(primary_key=True)
    clause: str = Field(primary_key=True)
    words: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    count: int  # of the words: what speaks of most comes first
    state: str  # SuggestionState
    found_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SearchRow(SQLModel, table=True):
    """When the source was last searched for suggestions, and why that may have left something out."""

    __tablename__ = "search"
    __table_args__ = (ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),)
    connection_id: str = Field(primary_key=True)
    searched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: it never came to an end
    because: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class ChoiceRow(SQLModel, table=True):
    """The names of the folders that a connection is limited to, and a person's wish for others."""

    __tablename__ = "choice"
    __table_args__ = (ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),)
    connection_id: str = Field(primary_key=True)
    names: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    wished: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    wanted: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    because: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
