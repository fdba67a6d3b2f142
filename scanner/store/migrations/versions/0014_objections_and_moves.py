"""What people say against verdicts, who entered a decision, and how constraints moved from report to report."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0014"
down_revision = "0013"

BATCH = 200  # reports in memory at a time
REPORT = sa.table(
    "report",
    sa.column("id", sa.String()),
    sa.column("product_id", sa.String()),
    sa.column("clause", sa.String()),
    sa.column("created_at", UtcDateTime()),
    sa.column("body", sa.JSON()),
)


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("waiver") as table:
        table.add_column(sa.Column("entered_by", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("constraint_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("pack_digest", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("claimed", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("objector", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_objection_product_id", "objection", ["product_id"])
    moves = op.create_table(
        "move",
        sa.Column("report_id", sa.String(), primary_key=True),
        sa.Column("constraint_id", sa.String(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_move_constraint", "move", ["product_id", "clause", "constraint_id", "moved_at"])
    _note_moves(moves)


def _note_moves(moves: sa.Table) -> None:
    """Take the moves from the reports that are kept; the newest of each batch is what the next one is held against."""
    last: dict[tuple[str, str, str], tuple[str, str]] = {}
    connection, done = op.get_bind(), 0
    query = sa.select(REPORT).order_by(REPORT.c.created_at, REPORT.c.id).limit(BATCH)
    while reports := connection.execute(query.offset(done)).all():
        done += len(reports)
        found = []
        for report in reports:
            for standing in (report.body or {}).get("standings", ()):
                key = (report.product_id, report.clause, standing["constraint"])
                now = (standing["outcome"], (standing.get("waiver") or {}).get("kind", ""))
                if last.get(key) != now:
                    last[key] = now
                    found.append(
                        {
                            "report_id": report.id,
                            "constraint_id": standing["constraint"],
                            "product_id": report.product_id,
                            "clause": report.clause,
                            "moved_at": report.created_at,
                            "outcome": now[0],
                            "decided": now[1],
                        }
                    )
        op.bulk_insert(moves, found)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("move")
    op.drop_table("objection")
    with op.batch_alter_table("waiver") as table:
        table.drop_column("entered_by")
