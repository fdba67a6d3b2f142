"""Why a connection can no longer be read, since when, whether its person was told; and when she last consented."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("connection") as table:
        table.add_column(sa.Column("consented_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("lost", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("lost_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE connection SET consented_at = connected_at")
    op.execute("UPDATE connection SET lost = 'revoked', lost_at = connected_at WHERE state = 'consent lost'")
    with op.batch_alter_table("connection") as table:
        table.alter_column("consented_at", existing_type=UtcDateTime(), nullable=False)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("connection") as table:
        for column in ("told_at", "lost_at", "lost", "consented_at"):
            table.drop_column(column)
