"""When the last complete sync ended, a quick way to what could not be checked, and which older code may run on this."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0009"
down_revision = "0006"

UNCHECKED = sa.text("state = 'undetermined'")


def upgrade() -> None:
    """Go to this version."""
    op.add_column("connection", sa.Column("complete_at", UtcDateTime(), nullable=True))
    known = sa.table("connection", sa.column("coverage", sa.JSON), sa.column("synced_at"), sa.column("complete_at"))
    complete = known.c.coverage["completeness"].as_string() == "complete"
    op.execute(known.update().where(complete).values(complete_at=known.c.synced_at))
    op.create_index(
        "ix_candidate_undetermined",
        "candidate",
        ["connection_id", "file_id"],
        sqlite_where=UNCHECKED,
        postgresql_where=UNCHECKED,
    )
    schema = op.create_table("schema_serves", sa.Column("oldest", sa.String(), primary_key=True))
    op.bulk_insert(schema, [{"oldest": revision}])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("schema_serves")
    op.drop_index("ix_candidate_undetermined", "candidate")
    with op.batch_alter_table("connection") as table:
        table.drop_column("complete_at")
