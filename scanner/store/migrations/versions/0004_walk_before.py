"""What the look at the whole before the last one has seen, to compare the last one with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("connection") as table:
        table.add_column(sa.Column("walk_before", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("connection") as table:
        table.drop_column("walk_before")
