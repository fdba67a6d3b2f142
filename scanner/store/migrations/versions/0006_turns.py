"""Whose turn it is among connections needs no table any more, and a claim finds it however long the backlog is."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0006"
down_revision = "0005"

QUEUED, DONE, FAILED = (sa.text(f"state = '{state}'") for state in ("queued", "done", "failed"))


def upgrade() -> None:
    """Go to this version."""
    op.drop_table("job_turn")
    with op.batch_alter_table("job") as table:
        table.drop_index("ix_job_pick")
        columns = ["priority", "connection", "run_at", "id"]
        table.create_index("ix_job_turn", columns, sqlite_where=QUEUED, postgresql_where=QUEUED)
        table.create_index("ix_job_connection", ["connection", "state"])
        table.create_index("ix_job_failed", ["id"], sqlite_where=FAILED, postgresql_where=FAILED)
        table.create_index("ix_job_done_key", ["key"], sqlite_where=DONE, postgresql_where=DONE)
        table.create_index("ix_job_ended", ["ended_at"])


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("job") as table:
        for name in ("ix_job_ended", "ix_job_done_key", "ix_job_failed", "ix_job_connection", "ix_job_turn"):
            table.drop_index(name)
        table.create_index("ix_job_pick", ["state", "connection", "priority", "run_at"])
    op.create_table(
        "job_turn",
        sa.Column("connection", sa.String(), primary_key=True),
        sa.Column("served_at", UtcDateTime(), nullable=False),
    )
