"""What people wish a connection to be limited to, and the names of what it is."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "choice",
        sa.Column("connection_id", sa.String(), primary_key=True),
        sa.Column("names", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("wished", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("wanted", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("choice")
