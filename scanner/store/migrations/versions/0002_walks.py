"""When a connection was last looked at as a whole, what that saw, and which folders it is limited to."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("connection") as table:
        table.add_column(sa.Column("walk", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("walked_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("doubted", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("within", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("connection") as table:
        for column in ("within", "doubted", "walked_at", "walk"):
            table.drop_column(column)
