"""Suggestions from the source's own search, when it was last asked, and a way to all verdicts on one constraint."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "suggestion",
        sa.Column("connection_id", sa.String(), primary_key=True),
        sa.Column("file_id", sa.String(), primary_key=True),
        sa.Column("clause", sa.String(), primary_key=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id", "file_id"], ["source_file.connection_id", "source_file.file_id"], ondelete="CASCADE"
        ),
    )
    op.create_index("ix_suggestion_state", "suggestion", ["connection_id", "clause", "state"])
    op.create_index("ix_verdict_constraint", "verdict", ["connection_id", "clause", "constraint_id", "outcome"])
    op.create_table(
        "search",
        sa.Column("connection_id", sa.String(), primary_key=True),
        sa.Column("searched_at", UtcDateTime(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_verdict_constraint", "verdict")
    op.drop_table("search")
    op.drop_table("suggestion")
