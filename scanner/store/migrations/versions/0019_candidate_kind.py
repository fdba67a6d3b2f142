"""What kind of document a candidate is, in a column of its own, so that pages can count by it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

KIND = {"sqlite": "json_extract(facts, '$.kind')", "postgresql": "facts ->> 'kind'"}


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("candidate") as table:
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default=""))
    kind = KIND[op.get_bind().dialect.name]
    op.execute(sa.text(f"UPDATE candidate SET kind = COALESCE({kind}, '')"))  # noqa: S608 -- our own words


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("candidate") as table:
        table.drop_column("kind")
