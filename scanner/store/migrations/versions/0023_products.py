"""Several products of one connection: the folders of a source, those of a product, its other names and its naming.

What belongs to a product that is there stays everything.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("source_file") as table:
        table.add_column(sa.Column("folder", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("product") as table:
        table.add_column(sa.Column("also_called", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("naming", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "source_folder",
        sa.Column("connection_id", sa.String(), primary_key=True),
        sa.Column("folder_id", sa.String(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=False),
        sa.Column("sync_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_source_folder_parent", "source_folder", ["connection_id", "parent_id"])
    for name, more in (("product_folder", [sa.Column("name", sa.Text(), nullable=False)]), ("belonging", [])):
        op.create_table(
            name,
            sa.Column("product_id", sa.String(), primary_key=True),
            sa.Column("folder_id", sa.String(), primary_key=True),
            *more,
            sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("belonging")
    op.drop_table("product_folder")
    op.drop_table("source_folder")
    with op.batch_alter_table("product") as table:
        table.drop_column("naming")
        table.drop_column("also_called")
    with op.batch_alter_table("source_file") as table:
        table.drop_column("folder")
