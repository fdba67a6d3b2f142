"""Verdicts that give nothing are grouped, and what left the picture is left out, from an index alone.

What was judged before keeps an empty note and is grouped as it was until now; so is what an older process writes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

GONE = sa.text("gone IS NOT NULL")


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("verdict") as table:
        table.add_column(sa.Column("alike", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_verdict_constraint", table_name="verdict")
    columns = ["connection_id", "clause", "constraint_id", "outcome", "alike", "file_id"]
    op.create_index("ix_verdict_alike", "verdict", columns)
    op.create_index(
        "ix_source_file_gone", "source_file", ["connection_id", "file_id"], sqlite_where=GONE, postgresql_where=GONE
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_source_file_gone", table_name="source_file")
    op.drop_index("ix_verdict_alike", table_name="verdict")
    with op.batch_alter_table("verdict") as table:
        table.drop_column("alike")
    op.create_index("ix_verdict_constraint", "verdict", ["connection_id", "clause", "constraint_id", "outcome"])
