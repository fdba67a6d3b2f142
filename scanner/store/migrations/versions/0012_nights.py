"""Each product's night: its hour and time zone where it has its own, and the last one that was queued."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go to this version."""
    op.add_column("product", sa.Column("night_hour", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("night_minute", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("product", sa.Column("night_zone", sa.String(), nullable=False, server_default=""))
    op.add_column("product", sa.Column("night_queued", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("product") as table:
        for column in ("night_queued", "night_zone", "night_minute", "night_hour"):
            table.drop_column(column)
