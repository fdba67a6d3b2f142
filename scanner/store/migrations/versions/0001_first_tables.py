"""The first tables: connections, files, candidates, verdicts, products, releases, reports, jobs."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "connection",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_because", sa.String(), nullable=False),
        sa.Column("connected_at", UtcDateTime(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("pack_digest", sa.String(), nullable=False),
        sa.Column("coverage", sa.JSON(), nullable=False),
        sa.Column("synced_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connection_subject"), ["subject"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("unwanted", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_pick", ["state", "connection", "priority", "run_at"], unique=False)
        batch_op.create_index(
            "uq_job_live_key",
            ["key"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "job_turn",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("served_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("connection"),
    )
    op.create_table(
        "sealed_token",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("connection_id"),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("notify", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_connection_id"), ["connection_id"], unique=False)

    op.create_table(
        "source_file",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("blocked", sa.String(), nullable=True),
        sa.Column("drive", sa.String(), nullable=False),
        sa.Column("sync_id", sa.String(), nullable=False),
        sa.Column("gone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("connection_id", "file_id"),
    )
    with op.batch_alter_table("source_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_file_drive"), ["drive"], unique=False)
        batch_op.create_index("ix_source_file_sync", ["connection_id", "sync_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("scanned_revision", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id", "file_id"], ["source_file.connection_id", "source_file.file_id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "file_id", "clause"),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index("ix_candidate_state", ["connection_id", "state"], unique=False)

    op.create_table(
        "product_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("product_id", "version"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("worth_telling", sa.Boolean(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_where", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_product", ["product_id", "created_at"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("constraint_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id", "file_id", "clause"],
            ["candidate.connection_id", "candidate.file_id", "candidate.clause"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", "file_id", "clause", "constraint_id"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("verdict")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_product")

    op.drop_table("report")
    op.drop_table("product_release")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_candidate_state")

    op.drop_table("candidate")
    with op.batch_alter_table("source_file", schema=None) as batch_op:
        batch_op.drop_index("ix_source_file_sync")
        batch_op.drop_index(batch_op.f("ix_source_file_drive"))

    op.drop_table("source_file")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_connection_id"))

    op.drop_table("product")
    op.drop_table("sealed_token")
    op.drop_table("job_turn")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_live_key",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index("ix_job_pick")

    op.drop_table("job")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_subject"))

    op.drop_table("connection")
