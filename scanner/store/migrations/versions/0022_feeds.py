"""Feeds of tags and releases that are read each night."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go to this version."""
    moments = ("looked_at", "answered_at", "failing_since", "told_at", "wait_until")
    op.create_table(
        "feed",
        sa.Column("product_id", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in moments),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified", sa.String(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Go back to the version before, which knows no feed: the releases that one told of stay, as told by hand."""
    op.execute("UPDATE product_release SET origin = 'by hand', via = '' WHERE origin = 'tag feed'")
    op.execute("DELETE FROM mail WHERE kind = 'unheard'")
    op.execute("UPDATE mail SET notice = '', notice_about = '' WHERE notice = 'unheard'")
    op.drop_table("feed")
