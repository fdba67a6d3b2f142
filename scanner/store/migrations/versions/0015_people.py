"""Who signed in where, with whom products are shared, and who did what."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_sign_in_subject", "sign_in", ["subject"])
    op.create_table(
        "member",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_member_product_id", "member", ["product_id"])
    op.create_index("ix_member_subject", "member", ["subject"])
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("by_whom", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_deed_connection", "deed", ["connection_id", "at"])


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("deed", "member", "sign_in"):
        op.drop_table(table)
