"""Candidates are counted and put in order from an index alone: their rows are wide, and a page has thousands."""

from alembic import op

revision = "0021"
down_revision = "0020"

INDEX = "ix_candidate_state"


def upgrade() -> None:
    """Go to this version."""
    op.drop_index(INDEX, table_name="candidate")
    op.create_index(INDEX, "candidate", ["connection_id", "state", "clause", "file_id"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(INDEX, table_name="candidate")
    op.create_index(INDEX, "candidate", ["connection_id", "state"])
