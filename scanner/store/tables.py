"""Every table but the queue's: metadata, verdicts and short quotes; no column can hold a document's text."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from scanner.store.columns import UtcDateTime

UNCHECKED = text("state = 'undetermined'")
GONE = text("gone IS NOT NULL")
BYTES = BigInteger().with_variant(Integer, "sqlite")  # a film in a Drive has more bytes than 32 bits count


class ConnectionRow(SQLModel, table=True):
    """One person's revocable, read-only consent to one Google account."""

    __tablename__ = "connection"
    id: str = Field(primary_key=True)
    subject: str = Field(index=True)  # the person's stable id at the identity provider
    email: str
    state: str  # ConnectionState
    state_because: str = ""
    connected_at: datetime = Field(sa_type=UtcDateTime)
    consented_at: datetime = Field(sa_type=UtcDateTime)  # when the consent in use was given
    lost: str = Field(default="", sa_column_kwargs={"server_default": ""})  # LostBecause, "" while it can be read
    lost_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the email about the loss was handed over
    cursor: str | None = Field(default=None, sa_type=Text)
    pack_digest: str = ""  # the pack that the candidates were matched with
    coverage: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the last sync ended
    complete_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the last complete one did
    walk: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    walked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    walk_before: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    doubted: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    within: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    hinted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # a hint waits for its sync
    outage: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))  # why nights fail
    outage_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # since when
    outage_told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the mails about it were made
    outage_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when a night came to its end again


class SchemaServesRow(SQLModel, table=True):
    """The oldest revision whose code runs on this schema: a migration that takes something away writes its own."""

    __tablename__ = "schema_serves"
    oldest: str = Field(primary_key=True)


class SealedTokenRow(SQLModel, table=True):
    """A refresh token, sealed by the connector's vault; useless without its key."""

    __tablename__ = "sealed_token"
    connection_id: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ChannelRow(SQLModel, table=True):
    """A channel over which the source hints at changes; what its hints prove themselves with is kept nowhere."""

    __tablename__ = "push_channel"
    __table_args__ = (ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    connection_id: str = Field(index=True)
    resource_id: str  # the source's name for what is watched
    feed: str  # "" for the person's own, else a shared drive's
    address: str = Field(sa_type=Text)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class FileRow(SQLModel, table=True):
    """A source file's metadata as last seen."""

    __tablename__ = "source_file"
    __table_args__ = (
        ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        Index("ix_source_file_sync", "connection_id", "sync_id"),
        # What left the picture is little: to leave it out costs a look here, and not one at each file that is there.
        Index("ix_source_file_gone", "connection_id", "file_id", sqlite_where=GONE, postgresql_where=GONE),
    )
    connection_id: str = Field(primary_key=True)
    file_id: str = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    media_type: str
    fingerprint: str
    modified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    link: str = Field(default="", sa_type=Text)
    size: int | None = Field(default=None, sa_type=BYTES)
    blocked: str | None = None
    drive: str = Field(default="", index=True)  # the shared drive that it lives in, "" for none
    sync_id: str  # the last sync that saw it
    gone: str | None = None  # why it left the picture, None while it is in it
    owner: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    folder: str = Field(default="", sa_column_kwargs={"server_default": ""})  # that it lies in, "" where none is known


class CandidateRow(SQLModel, table=True):
    """A source file that a signal flagged, and how far its scan is: the truth that jobs are made from."""

    __tablename__ = "candidate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["connection_id", "file_id"], ["source_file.connection_id", "source_file.file_id"], ondelete="CASCADE"
        ),
        Index("ix_candidate_state", "connection_id", "state", "clause", "file_id"),  # all that counts and lists need
        Index(
            "ix_candidate_undetermined", "connection_id", "file_id", sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
        ),
    )
    connection_id: str = Field(primary_key=True)
    file_id: str = Field(primary_key=True)
    clause: str = Field(primary_key=True)
    hits: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: str  # ScanState
    revision: str  # what is to be scanned: fingerprint, pack and judge in one digest
    scanned_revision: str = ""  # what the verdicts were made from
    because: str = ""  # why it could not be checked, or of a scanned one, why it was read only in part
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of the facts, to count by
    earlier: list[dict[str, Any]] = Field(  # what former revisions said of themselves, the oldest first
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    seconds: float = 0.0
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VerdictRow(SQLModel, table=True):
    """One document's outcome on one constraint, with its short quotes."""

    __tablename__ = "verdict"
    __table_args__ = (
        ForeignKeyConstraint(
            ["connection_id", "file_id", "clause"],
            ["candidate.connection_id", "candidate.file_id", "candidate.clause"],
            ondelete="CASCADE",
        ),
        # All that groups of verdicts that give nothing are counted by.
        Index("ix_verdict_alike", "connection_id", "clause", "constraint_id", "outcome", "alike", "file_id"),
    )
    connection_id: str = Field(primary_key=True)
    file_id: str = Field(primary_key=True)
    clause: str = Field(primary_key=True)
    constraint_id: str = Field(primary_key=True)
    place: int  # the constraint's place in the pack
    outcome: str
    reason: str = Field(sa_type=Text)
    alike: str = Field(default="", sa_column_kwargs={"server_default": ""})  # short for its reason and document kind
    facets: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    citations: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class ProductRow(SQLModel, table=True):
    """What the customer ships."""

    __tablename__ = "product"
    __table_args__ = (ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    connection_id: str = Field(index=True)
    name: str = ""  # "" until a release or a document names it
    also_called: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    naming: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    quotes: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # mails show what stands there
    night_hour: int | None = None  # None for the night of the settings
    night_minute: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    night_zone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    night_queued: date | None = None  # the last night whose sync was queued


class ReleaseRow(SQLModel, table=True):
    """One version of a product, and how we came to know of it."""

    __tablename__ = "product_release"
    __table_args__ = (
        ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        UniqueConstraint("product_id", "version"),
    )
    id: int | None = Field(default=None, primary_key=True)
    product_id: str
    product: str = ""  # the product's name as the source of the release gives it
    version: str
    released_on: date | None = None
    source: str = Field(default="", sa_type=Text)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    origin: str = Field(default="by hand", sa_column_kwargs={"server_default": "by hand"})  # ReleaseOrigin
    via: str = Field(default="", sa_column_kwargs={"server_default": ""})  # the hook, where one told of it
    state: str = Field(default="confirmed", sa_column_kwargs={"server_default": "confirmed"})  # ReleaseState


class ReportRow(SQLModel, table=True):
    """A gap report as reviewed."""

    __tablename__ = "report"
    __table_args__ = (
        ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        Index("ix_report_product", "product_id", "created_at"),
    )
    id: str = Field(primary_key=True)
    product_id: str
    clause: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # the GapReport, but for its drift
    worth_telling: bool  # the first report, or one with drift
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when a review last found just this
    weighed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when it was decided who is mailed about it


class DriftRow(SQLModel, table=True):
    """One difference that a report found, kept before anything is sent."""

    __tablename__ = "drift"
    __table_args__ = (ForeignKeyConstraint(["report_id"], ["report.id"], ondelete="CASCADE"),)
    report_id: str = Field(primary_key=True)
    place: int = Field(primary_key=True)  # in a reader's order
    ours: bool  # a change of the pack or the judge made it; never mailed
    kind: str  # DriftKind
    cause: str  # DriftCause
    constraint_id: str
    before_outcome: str
    now_outcome: str
    reason: str = Field(sa_type=Text)
    file: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    old_quote: str = Field(default="", sa_type=Text)
    waiver: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class RecipientRow(SQLModel, table=True):
    """A person who gets mail about a product."""

    __tablename__ = "recipient"
    __table_args__ = (ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),)
    product_id: str = Field(primary_key=True)
    address: str = Field(primary_key=True)  # in its normal form, as that of a mail: no two spellings of one
    rhythm: str  # Rhythm
    unsubscribed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_because: str = Field(default="", sa_type=Text)


class MailRow(SQLModel, table=True):
    """The outbox: one mail to one person, of which what it tells is named and no word is kept."""

    __tablename__ = "mail"
    __table_args__ = (
        ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        UniqueConstraint("connection_id", "kind", "address", "about"),
        Index("ix_mail_state", "connection_id", "state"),
    )
    id: str = Field(primary_key=True)
    connection_id: str
    kind: str  # MailKind
    address: str
    about: str
    weekly: bool
    state: str  # MailState
    said: str = Field(default="", sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notice: str = Field(default="", sa_column_kwargs={"server_default": ""})  # MailKind of what a summary tells as well
    notice_about: str = Field(default="", sa_column_kwargs={"server_default": ""})


class MailPartRow(SQLModel, table=True):
    """What a summary tells of one product on one clause."""

    __tablename__ = "mail_part"
    __table_args__ = (ForeignKeyConstraint(["mail_id"], ["mail.id"], ondelete="CASCADE"),)
    mail_id: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    product_id: str
    clause: str
    report_id: str
    since_id: str
    since_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
